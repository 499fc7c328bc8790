"""Watching: sessions that this node follows live, for a verdict or for its user to look at."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from consensus.chart import chart_from_bytes
from consensus.entries.performance import Session
from consensus.identifiers import ContentId, EntryId, IdentityId
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from consensus.units import Microseconds
from popd.node.air import Air
from popd.node.blobs import Blobs
from popd.node.context import Context
from popd.node.effects import JudgePlay
from popd.node.events import PlayJudged
from popd.node.mates import session_nodes
from popd.node.messages.live import Frame, frame_digest
from popd.node.notices import FrameSeen, PlayRead
from popd.node.purposes import ForReading
from popd.node.watch import Watch

MAX_WATCHES: Final = 32
"""Sessions followed at once, two of each performer at most; the oldest gives way."""
MAX_SHOWN: Final = 8
"""Of these, shown to the user; the oldest gives way."""
READING_MS: Final = 2_000
"""How often the detectors read what is shown."""
READING_LAG_US: Final = 1_000_000
"""What was played this recently may still be on its way, and isn't read yet."""
READING_LEAST_US: Final = 4_000_000
"""Less play than this says nothing."""


@dataclass(slots=True)
class Watching:
    """The sessions followed."""

    context: Context
    """The node."""
    blobs: Blobs
    """Fetches charts."""
    air: Air
    """Learns that a performance goes on."""
    on_left: Callable[[EntryId], None]
    """Lets the other parts forget a session that is not followed any more."""
    watches: OrderedDict[EntryId, Watch] = field(default_factory=OrderedDict)
    """By session, oldest first."""
    shown: OrderedDict[EntryId, None] = field(default_factory=OrderedDict)
    """Those that the user looks at, oldest first."""
    reading: set[EntryId] = field(default_factory=set)
    """Those that the detectors are reading now."""

    def follow(self, watch: Watch) -> None:
        """Follows a session; of its performer's others only the last, whose blocks may come yet."""
        session = watch.session
        before = [
            known.id
            for known in self.watches.values()
            if known.performer == watch.performer
            or known.session.performer_node == session.performer_node
        ]
        for known in before[:-1]:
            self.leave(known)
        self.watches[watch.id] = watch
        while len(self.watches) > MAX_WATCHES:
            self.leave(next(iter(self.watches)))
        self.blobs.want(session.chart, sorted(session_nodes(session)))

    def leave(self, session: EntryId) -> None:
        """Follows a session no more."""
        if self.watches.pop(session, None) is not None:
            self.shown.pop(session, None)
            self.on_left(session)

    def show(self, session: EntryId) -> None:
        """The user looks at a session that is followed."""
        if session in self.watches and session not in self.shown:
            self.shown[session] = None
            while len(self.shown) > MAX_SHOWN:
                self.shown.popitem(last=False)
            self.context.call_after(READING_MS, partial(self._read, session))

    def hide(self, session: EntryId) -> None:
        """The user looks at something else; a spectator has no other reason to follow it."""
        self.shown.pop(session, None)
        watch = self.watches.get(session)
        if watch is not None and watch.position is None:
            self.leave(session)

    def see_frame(self, frame: Frame) -> bool:
        """Takes in a frame of a session that is followed; returns whether it was new."""
        watch = self.watches.get(frame.session)
        if watch is None or frame.window >= watch.session.windows:
            return False
        if not is_frame_signed(self.context, watch.session, frame):
            return False
        now_us = self.context.now_us
        if not watch.see_frame(frame, now_us):
            return False
        self.air.heard(frame.session)
        if frame.session in self.shown:
            seen = FrameSeen(frame.session, frame.window, frame.keys, frame.nonces, now_us)
            self.context.tell(seen)
        return True

    def on_blob(self, blob: ContentId, data: bytes) -> list[Watch]:
        """A chart arrived, or something else; returns the watches that have their chart now."""
        waiting = [w for w in self.watches.values() if w.session.chart == blob]
        if not waiting:
            return []
        try:
            chart = chart_from_bytes(data)
        except RejectionError:
            return []
        for watch in waiting:
            watch.chart = chart
        return waiting

    def read(self, purpose: ForReading, result: PlayJudged) -> None:
        """The detectors read what was seen so far."""
        self.reading.discard(purpose.session)
        if purpose.session in self.shown:
            self.context.tell(
                PlayRead(
                    purpose.session,
                    purpose.window,
                    result.metrics,
                    result.anomaly_ppm,
                    result.reasons,
                )
            )

    def _read(self, session: EntryId) -> None:
        """Has the current window read, and plans the next reading."""
        watch = self.watches.get(session)
        if watch is None or session not in self.shown:
            return
        window_us = self.context.params.window_ms * 1_000
        elapsed_us = self.context.now_us - watch.session.start_ms * 1_000 - READING_LAG_US
        number, until_us = divmod(elapsed_us, window_us)
        if number >= watch.session.windows:
            return
        self.context.call_after(READING_MS, partial(self._read, session))
        seen = watch.so_far(number, until_us) if number >= 0 else None
        if seen is None or watch.chart is None or session in self.reading:
            return
        evidence, since_us = seen
        if evidence.duration_us < READING_LEAST_US:
            return
        self.reading.add(session)
        start_us = Microseconds(number * window_us + since_us)
        purpose, calibration = ForReading(session, number), watch.session.calibration
        self.context.do(JudgePlay(purpose, watch.chart, evidence, start_us, calibration))


def spectator_watch(session: EntryId, performer: IdentityId, announced: Session) -> Watch:
    """A watch of somebody who has no say in it."""
    return Watch(session, performer, announced, None, ())


def is_frame_signed(context: Context, session: Session, frame: Frame) -> bool:
    """Whether a frame is signed by the key of its session."""
    try:
        check_signature(
            session.session_key,
            frame.signature,
            context.params.name,
            Domain.FRAME,
            frame_digest(frame),
        )
    except RejectionError:
        return False
    return True
