"""A watch: what a witness or a spectator sees of one session live, by its own clock."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from consensus.challenge import answering_hits, is_answered_live, riff_notes
from consensus.chart import Chart, Note
from consensus.entries.performance import Session
from consensus.evidence import MAX_NONCES, Evidence, KeyEvent, NonceEvent
from consensus.identifiers import EntryId, IdentityId
from consensus.parameters import MAX_WINDOW_EVENTS
from consensus.units import Milliseconds
from popd.node.messages.live import Frame, frame_digest

MAX_WINDOW_FRAMES: Final = 1_024
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
    logged: dict[NonceEvent, int] = field(default_factory=dict)
    """Challenges that the player says to have had, and when this node heard of it."""
    since_us: int | None = None
    """The first moment of the window of which nothing was missed; None before any frame."""
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
    """One session that this node follows, as a candidate or as a spectator."""

    id: EntryId
    """The session entry."""
    performer: IdentityId
    """Who plays."""
    session: Session
    """What it says."""
    position: int | None
    """Which of its openings is ours; None for a spectator."""
    tickets: tuple[bytes, ...]
    """Our ticket for each window; none for a spectator."""
    chart: Chart | None = None
    """What is played, once it is here."""
    windows: dict[int, WatchedWindow] = field(default_factory=dict)
    """What was seen so far."""

    def window(self, number: int) -> WatchedWindow:
        """What was seen of a window."""
        return self.windows.setdefault(number, WatchedWindow())

    def see_frame(self, frame: Frame, now_us: int) -> bool:
        """Takes in a frame whose signature was checked; returns whether it brings anything new.

        Frames may be lost, but not contradict each other.
        """
        window = self.window(frame.window)
        number, digest = window.last_frame
        if window.frames >= MAX_WINDOW_FRAMES or frame.number <= number:
            return False
        if frame.number == number + 1 and frame.previous != digest:
            window.is_linked = False
        if window.since_us is None:
            window.since_us = 0 if frame.number == 0 else _first_us(frame)
        window.last_frame = (frame.number, frame_digest(frame))
        window.frames += 1
        for event in frame.keys:
            if len(window.received_us) < MAX_WINDOW_EVENTS:
                window.received_us.setdefault(event, now_us)
        for challenge in frame.nonces:
            if len(window.logged) < MAX_NONCES:
                window.logged.setdefault(challenge, now_us)
        return True

    def is_in_log(self, evidence: Evidence) -> bool:
        """Whether the sealed log holds everything that was seen live."""
        window = self.window(evidence.window)
        seen = Counter(e for e in window.received_us if e.time_us < evidence.duration_us)
        logged = {event for event in window.logged if event.time_us < evidence.duration_us}
        has_all = seen <= Counter(evidence.keys) and logged <= set(evidence.nonces)
        return window.is_linked and has_all

    def so_far(self, number: int, until_us: int) -> tuple[Evidence, int] | None:
        """What was seen of a window up to a moment of it, and where in the window that begins.

        None while nothing can be said of it.
        """
        window = self.windows.get(number)
        if window is None or window.since_us is None or until_us <= window.since_us:
            return None
        since_us = window.since_us
        keys = sorted(e for e in window.received_us if since_us <= e.time_us < until_us)
        nonces = sorted(e for e in window.logged if since_us <= e.time_us < until_us)
        evidence = Evidence(
            self.id,
            number,
            until_us - since_us,
            tuple(event._replace(time_us=event.time_us - since_us) for event in keys),
            tuple(event._replace(time_us=event.time_us - since_us) for event in nonces),
        )
        return evidence, since_us

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


def _first_us(frame: Frame) -> int:
    """The first moment that a frame tells of; 0 where it tells of none."""
    times_us = [event.time_us for event in frame.keys]
    times_us += [event.time_us for event in frame.nonces]
    return min(times_us, default=0)
