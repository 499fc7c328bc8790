"""A show: a session that is on, and its windows until each is sealed or lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from consensus.challenge import RIFF_LENGTH_US, RIFF_TOLERANCE_US, riff_notes, slot_holder
from consensus.chart import Chart
from consensus.draw import is_ticket_of
from consensus.entries import Body
from consensus.entries.performance import Block, Session
from consensus.evidence import KeyEvent, NonceEvent
from consensus.identifiers import EntryId
from consensus.parameters import MAX_WINDOW_EVENTS
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from consensus.units import Microseconds, Milliseconds, day_of
from popd.node.blobs import Blobs
from popd.node.context import Context
from popd.node.effects import JudgePlay, Sign
from popd.node.events import PlayJudged
from popd.node.messages.live import MAX_FRAME_EVENTS, Nonce, Reveal, frame_digest, nonce_digest
from popd.node.notices import RiffDue, SessionEnded, WindowChanged, WindowState
from popd.node.pen import Pen
from popd.node.purposes import ForFrame, OwnWindow
from popd.node.window import OpenWindow

FRAME_MS: Final = 250
SILENT_MS: Final = 2_000
"""After so long without news an empty frame says that the play goes on."""
GRACE_MS: Final = 300
"""How long after a window the player's last events may take to arrive."""
TICKET_WAIT_MS: Final = 3_000
"""How long to wait for tickets; the block must be written within ten seconds of the window."""
LATE_NONCE_US: Final = 500_000
"""A nonce may come this much after its slot."""


@dataclass(slots=True)
class Show:
    """What is being played."""

    context: Context
    """The node."""
    pen: Pen
    """Writes blocks."""
    blobs: Blobs
    """Keeps evidence."""
    id: EntryId
    """The session entry."""
    session: Session
    """What it says."""
    chart: Chart
    """What is played."""
    session_seed: bytes
    """Signs the frames."""
    planned_ms: Milliseconds
    """How long it lasts."""
    on_over: Callable[[EntryId], None]
    """Tells those who watch that it is over."""
    windows: dict[int, OpenWindow] = field(default_factory=dict)
    """Windows that are open or not yet sealed."""
    is_on: bool = True
    """The player plays, or is about to."""
    told_us: int = 0
    """When the last frame was made."""

    def begin(self) -> None:
        """Plans the frames and the end of every window."""
        window_ms = self.context.params.window_ms
        for number in range(self.session.windows):
            duration_ms = min(window_ms, self.planned_ms - number * window_ms)
            window = OpenWindow(number, self._start_us(number), Milliseconds(duration_ms))
            self.windows[number] = window
            self.context.call_at(window.end_us + GRACE_MS * 1_000, partial(self._close, number))
        self._plan_frame(self._start_us(0))

    def play(self, keys: Sequence[KeyEvent]) -> None:
        """Takes in the player's events; those of closed windows come too late and are dropped."""
        window_us = self.context.params.window_ms * 1_000
        for event in keys:
            window = self.windows.get(event.time_us // window_us)
            if window is None or window.is_closed or event.lane >= self.chart.keys:
                continue
            if len(window.keys) < MAX_WINDOW_EVENTS:
                window.add(event._replace(time_us=event.time_us % window_us))

    def take_nonce(self, nonce: Nonce) -> None:
        """Puts a riff on the player's lanes, if the nonce is its slot's and comes in its time."""
        window = self.windows.get(nonce.window)
        if window is None or window.is_closed or not self.is_on:
            return
        time_us = self.context.now_us - window.start_us
        if not self._is_timely(window, nonce.slot, time_us) or not self._is_signed(nonce):
            return
        event = NonceEvent(time_us, nonce.slot, nonce.nonce)
        window.challenge(event)
        offset_us = nonce.window * self.context.params.window_ms * 1_000
        notes = tuple(
            note._replace(start_us=note.start_us + offset_us)
            for note in riff_notes(event, self.chart.keys)
        )
        at_us = Microseconds(offset_us + time_us)
        self.context.tell(RiffDue(nonce.window, nonce.slot, at_us, notes))

    def take_reveal(self, reveal: Reveal) -> None:
        """Keeps a ticket that is its opening's."""
        window = self.windows.get(reveal.window)
        if window is None or reveal.position >= len(self.session.openings):
            return
        anchor = self.session.openings[reveal.position].anchor
        if is_ticket_of(reveal.ticket, anchor, reveal.window + 1):
            window.tickets[reveal.position] = reveal.ticket
            self._seal_if_ready(window)

    def judged(self, number: int, result: PlayJudged) -> None:
        """The window's own metrics are there."""
        window = self.windows.get(number)
        if window is not None:
            window.metrics = result.metrics
            self._seal_if_ready(window)

    def stop(self) -> None:
        """Ends the play now: of the open window, at least a half is sealed, less is lost."""
        if not self.is_on:
            return
        window_ms = self.context.params.window_ms
        elapsed_ms = (self.context.now_us - self._start_us(0)) // 1_000
        for window in list(self.windows.values()):
            played_ms = elapsed_ms - window.number * window_ms
            if window.is_closed or played_ms >= window.duration_ms:
                continue
            if 2 * played_ms >= window_ms:
                window.shorten(Milliseconds(played_ms))
                self._close(window.number)
            else:
                del self.windows[window.number]
        self._end()

    def _start_us(self, number: int) -> Microseconds:
        start_ms = self.session.start_ms + number * self.context.params.window_ms
        return Microseconds(start_ms * 1_000)

    def _is_timely(self, window: OpenWindow, slot: int, time_us: int) -> bool:
        slot_us = self.context.params.slot_ms * 1_000
        fits = time_us + RIFF_LENGTH_US + RIFF_TOLERANCE_US < window.duration_ms * 1_000
        in_slot = slot * slot_us <= time_us < (slot + 1) * slot_us + LATE_NONCE_US
        return fits and in_slot and all(known.slot != slot for known in window.nonces)

    def _is_signed(self, nonce: Nonce) -> bool:
        position = slot_holder(self.id, nonce.window, nonce.slot, len(self.session.openings))
        subject = nonce_digest(nonce.session, nonce.window, nonce.slot, nonce.nonce)
        candidate = self.session.openings[position].candidate
        try:
            check_signature(
                candidate, nonce.signature, self.context.params.name, Domain.NONCE, subject
            )
        except RejectionError:
            return False
        return True

    def _plan_frame(self, time_us: int) -> None:
        self.context.call_at(time_us + FRAME_MS * 1_000, lambda: self._send_frames(time_us))

    def _send_frames(self, time_us: int) -> None:
        for window in self.windows.values():
            if not window.is_closed and (window.has_news or self._is_silent(window)):
                self._send_frame(window, b"")
        if any(not window.is_closed for window in self.windows.values()):
            self._plan_frame(max(time_us + FRAME_MS * 1_000, self.context.now_us))

    def _is_silent(self, window: OpenWindow) -> bool:
        """Whether those who watch have heard nothing of the window that is on for a while."""
        now_us = self.context.now_us
        is_now = window.start_us <= now_us < window.end_us
        return is_now and now_us - self.told_us >= SILENT_MS * 1_000

    def _send_frame(self, window: OpenWindow, root: bytes) -> None:
        frame = window.next_frame(self.id, root, MAX_FRAME_EVENTS)
        self.told_us = self.context.now_us
        subject = frame_digest(frame)
        self.context.do(Sign(ForFrame(frame), Domain.FRAME, subject, self.session_seed))

    def _close(self, number: int) -> None:
        """The window's log is fixed: its root goes out, and tickets are awaited."""
        window = self.windows.get(number)
        if window is None or window.is_closed:
            return
        evidence = window.close(self.id)
        if not evidence.keys:
            del self.windows[number]
            self._fail(number, "Nothing was played in this window.", "Play along next time.")
        else:
            while len(window.unsent) > MAX_FRAME_EVENTS:
                self._send_frame(window, b"")
            self._send_frame(window, evidence.root)
            self.blobs.keep(evidence.to_bytes())
            start_us = Microseconds(number * self.context.params.window_ms * 1_000)
            purpose, calibration = OwnWindow(self.id, number), self.session.calibration
            self.context.do(JudgePlay(purpose, self.chart, evidence, start_us, calibration))
            self._change(number, WindowState.SEALED)
            self.context.call_after(TICKET_WAIT_MS, lambda: self._seal_anyway(number))
        if number == self.session.windows - 1:
            self._end()

    def _seal_anyway(self, number: int) -> None:
        window = self.windows.get(number)
        if window is not None:
            window.is_late = True
            self._seal_if_ready(window)

    def _seal_if_ready(self, window: OpenWindow) -> None:
        is_full = len(window.tickets) == len(self.session.openings)
        is_measured = window.is_closed and window.metrics is not None
        if is_measured and (is_full or window.is_late) and not window.is_asked:
            window.is_asked = True
            self.pen.write(lambda time_ms: self._block(window))

    def _block(self, window: OpenWindow) -> Body | None:
        """The block, unless its time is over. The window is done with either way."""
        del self.windows[window.number]
        late_ms = self.context.now_us // 1_000 - window.end_us // 1_000
        assert window.evidence is not None
        assert window.metrics is not None
        if late_ms > self.context.params.block_deadline_ms:
            self._fail(
                window.number,
                "Your machine was too busy to seal it in time.",
                "Close other programs and play again.",
            )
            return None
        state = self.context.ledger.state(self.context.identity)
        day = day_of(Milliseconds(window.start_us // 1_000))
        is_same_day = state is not None and state.last_day == day
        return Block(
            session=self.id,
            window=window.number,
            duration_ms=window.duration_ms,
            root=window.evidence.root,
            evidence=window.evidence.id,
            chart=self.session.chart,
            metrics=window.metrics,
            day_index=state.blocks_on_last_day if state is not None and is_same_day else 0,
            tickets=tuple(sorted(window.tickets.items())),
        )

    def _end(self) -> None:
        if self.is_on:
            self.is_on = False
            self.context.tell(SessionEnded(self.id))
            self.on_over(self.id)

    def _change(self, number: int, state: WindowState) -> None:
        self.context.tell(WindowChanged(self.id, number, state, None, "", ""))

    def _fail(self, number: int, why: str, next_step: str) -> None:
        self.context.tell(WindowChanged(self.id, number, WindowState.FAILED, None, why, next_step))
