"""An open window of one's own show: its log so far, and what has gone out of it."""

from bisect import insort
from dataclasses import dataclass, field

from consensus.evidence import Evidence, KeyEvent, NonceEvent
from consensus.identifiers import EntryId
from consensus.quality import Metrics
from consensus.units import Microseconds, Milliseconds
from popd.node.messages.live import Frame, frame_digest


@dataclass(slots=True)
class OpenWindow:
    """One window from its first event to its block."""

    number: int
    """Which window of the session."""
    start_us: Microseconds
    """When it begins, since 1970."""
    duration_ms: Milliseconds
    """How long it lasts."""
    keys: list[KeyEvent] = field(default_factory=list)
    """What was played, in window time, in order."""
    nonces: list[NonceEvent] = field(default_factory=list)
    """Nonces that arrived, in order."""
    unsent: list[KeyEvent] = field(default_factory=list)
    """What no frame has carried yet, in order of arrival."""
    untold: list[NonceEvent] = field(default_factory=list)
    """Nonces that no frame has carried yet."""
    frames: int = 0
    """Frames made."""
    last_frame: bytes = bytes(32)
    """Digest of the last one."""
    evidence: Evidence | None = None
    """The fixed log, once the window is closed."""
    tickets: dict[int, bytes] = field(default_factory=dict)
    """Tickets revealed, by opening."""
    metrics: Metrics | None = None
    """What the node itself measured."""
    is_late: bool = False
    """No more tickets are awaited."""
    is_asked: bool = False
    """The pen has been asked for the block."""

    @property
    def is_closed(self) -> bool:
        """The log is fixed."""
        return self.evidence is not None

    @property
    def end_us(self) -> Microseconds:
        """When it ends, since 1970."""
        return Microseconds(self.start_us + self.duration_ms * 1_000)

    def add(self, event: KeyEvent) -> None:
        """Takes in one event."""
        insort(self.keys, event)
        self.unsent.append(event)

    def challenge(self, event: NonceEvent) -> None:
        """A nonce arrived."""
        self.nonces.append(event)
        self.untold.append(event)

    @property
    def has_news(self) -> bool:
        """Whether there is anything for a frame to carry."""
        return bool(self.unsent or self.untold)

    def shorten(self, duration_ms: Milliseconds) -> None:
        """Ends the window early; what lies beyond never went into a frame and is left out."""
        self.duration_ms = duration_ms

    def close(self, session: EntryId) -> Evidence:
        """Fixes the log."""
        end_us = self.duration_ms * 1_000
        self.evidence = Evidence(
            session,
            self.number,
            end_us,
            tuple(event for event in self.keys if event.time_us < end_us),
            tuple(event for event in self.nonces if event.time_us < end_us),
        )
        self.unsent = [event for event in self.unsent if event.time_us < end_us]
        self.untold = [event for event in self.untold if event.time_us < end_us]
        return self.evidence

    def next_frame(self, session: EntryId, root: bytes, max_events: int) -> Frame:
        """The next frame, with what is unsent, still without its signature."""
        frame = Frame(
            session,
            self.number,
            self.frames,
            self.last_frame,
            tuple(self.unsent[:max_events]),
            tuple(self.untold),
            root,
            bytes(64),
        )
        del self.unsent[:max_events]
        self.untold.clear()
        self.frames += 1
        self.last_frame = frame_digest(frame)
        return frame
