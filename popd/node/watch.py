"""A watch: what a candidate sees of one session live, by its own clock."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from consensus.challenge import answering_hits, is_answered_live, riff_notes
from consensus.chart import Chart, Note
from consensus.entries.performance import Session
from consensus.evidence import Evidence, KeyEvent, NonceEvent
from consensus.identifiers import EntryId, IdentityId
from consensus.parameters import MAX_WINDOW_EVENTS
from consensus.units import Milliseconds
from popd.node.messages.live import Frame, frame_digest

MAX_WINDOW_FRAMES = 1_024
"""Four a second for two minutes, and room for bursts."""


class SeenNonce(NamedTuple):
    """A challenge that reached this node."""

    nonce: bytes
    """Its value."""
    received_us: int
    """When, by this node's clock."""


@dataclass(slots=True)
class WatchedWindow:
    """What was seen of one window."""

    nonces: dict[int, SeenNonce] = field(default_factory=dict)
    """By slot."""
    received_us: dict[KeyEvent, int] = field(default_factory=dict)
    """When each event of the player's was seen, by this node's clock."""
    frames: int = 0
    """Frames taken in."""
    last_frame: tuple[int, bytes] = (-1, bytes(32))
    """Number and digest of the last one."""
    is_linked: bool = True
    """No two frames contradict each other."""
    has_revealed: bool = False
    """The ticket went out."""


class LiveRiffs(NamedTuple):
    """What the riffs of a window came to by this node's clock."""

    seen: int
    """Challenges that reached this node."""
    answered: int
    """Of these, answered in time."""


@dataclass(slots=True)
class Watch:
    """One session in which this node is a candidate."""

    id: EntryId
    """The session entry."""
    performer: IdentityId
    """Who plays."""
    session: Session
    """What it says."""
    position: int
    """Which of its openings is ours."""
    tickets: tuple[bytes, ...]
    """Our ticket for each window."""
    chart: Chart | None = None
    """What is played, once it is here."""
    windows: dict[int, WatchedWindow] = field(default_factory=dict)
    """What was seen so far."""

    def window(self, number: int) -> WatchedWindow:
        """What was seen of a window."""
        return self.windows.setdefault(number, WatchedWindow())

    def see_frame(self, frame: Frame, now_us: int) -> None:
        """Takes in a frame whose signature was checked. Frames may be lost, but not contradict."""
        window = self.window(frame.window)
        number, digest = window.last_frame
        if window.frames >= MAX_WINDOW_FRAMES or frame.number <= number:
            return
        if frame.number == number + 1 and frame.previous != digest:
            window.is_linked = False
        window.last_frame = (frame.number, frame_digest(frame))
        window.frames += 1
        for event in frame.keys:
            if len(window.received_us) < MAX_WINDOW_EVENTS:
                window.received_us.setdefault(event, now_us)

    def is_in_log(self, evidence: Evidence) -> bool:
        """Whether the sealed log holds everything that was seen live."""
        window = self.window(evidence.window)
        seen = Counter(e for e in window.received_us if e.time_us < evidence.duration_us)
        return window.is_linked and seen <= Counter(evidence.keys)

    def live_riffs(self, evidence: Evidence, lanes: int, round_trip_us: int) -> LiveRiffs:
        """How many of the riffs that this node saw were answered in time, by its own clock."""
        window = self.window(evidence.window)
        logged = {event.nonce: event for event in evidence.nonces}
        answered = 0
        for seen in window.nonces.values():
            event = logged.get(seen.nonce)
            if event is None:
                continue
            hits = answering_hits(self._asked(event, lanes), evidence.keys)
            delays_ms = [
                Milliseconds((window.received_us[hit] - seen.received_us) // 1_000)
                for hit in hits
                if hit in window.received_us
            ]
            answered += is_answered_live(delays_ms, Milliseconds(round_trip_us // 1_000))
        return LiveRiffs(len(window.nonces), answered)

    def _asked(self, event: NonceEvent, lanes: int) -> tuple[Note, ...]:
        """The notes of a riff, when a press that is right on time reaches the log."""
        input_us = self.session.calibration.input_us
        return tuple(
            note._replace(start_us=note.start_us + input_us) for note in riff_notes(event, lanes)
        )
