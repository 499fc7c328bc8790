"""Challenges: from a witness's nonce to a riff, and whether the riff was answered live."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Final

from consensus.chart import Note
from consensus.encoding import tagged_digest
from consensus.evidence import KeyEvent, NonceEvent
from consensus.identifiers import EntryId
from consensus.parameters import (
    HIT_WINDOWS_US,
    RIFF_ANSWER_LIMIT_MS,
    RIFF_CLEARANCE_US,
    RIFF_HITS_NEEDED,
    RIFF_NOTE_TIMES_US,
    RIFF_ROUND_TRIP_CREDIT_MS,
)
from consensus.units import Milliseconds

RIFF_LENGTH_US: Final = RIFF_NOTE_TIMES_US[-1]
RIFF_TOLERANCE_US: Final = HIT_WINDOWS_US[-1]


def slot_holder(session: EntryId, window: int, slot: int, openings: int) -> int:
    """Which of the session's openings releases the nonce of a slot."""
    ticket = tagged_digest("slot", session, window, slot)
    return int.from_bytes(ticket) % openings


def riff_lanes(nonce: bytes, lanes: int) -> tuple[int, ...]:
    """The four lanes of the riff: a BLAKE2b stream with rejection sampling, so no lane is likelier.

    `lanes` is the number of lanes of the chart, 1 to 255.
    """
    limit = 256 - 256 % lanes
    found: list[int] = []
    block = 0
    while True:
        for byte in tagged_digest("riff", nonce, block):
            if byte < limit:
                found.append(byte % lanes)
                if len(found) == len(RIFF_NOTE_TIMES_US):
                    return tuple(found)
        block += 1


def riff_notes(event: NonceEvent, lanes: int) -> tuple[Note, ...]:
    """The notes that a nonce puts on the player's lanes, in window time."""
    return tuple(
        Note(event.time_us + after_us, lane)
        for after_us, lane in zip(RIFF_NOTE_TIMES_US, riff_lanes(event.nonce, lanes), strict=True)
    )


def without_cleared(notes: Sequence[Note], riffs: Iterable[Sequence[Note]]) -> tuple[Note, ...]:
    """The chart notes that stay: none within 500 ms of a riff note; player and judge alike.

    `notes` are in order of time.
    """
    starts_us = [note.start_us for note in notes]
    is_kept = [True] * len(notes)
    for asked_us in {note.start_us for riff in riffs for note in riff}:
        first = bisect_right(starts_us, asked_us - RIFF_CLEARANCE_US)
        end = bisect_left(starts_us, asked_us + RIFF_CLEARANCE_US)
        is_kept[first:end] = [False] * (end - first)
    return tuple(compress(notes, is_kept))


def answering_hits(riff: Sequence[Note], events: Sequence[KeyEvent]) -> tuple[KeyEvent, ...]:
    """The presses that hit the riff's notes, each press and each note once, in order of notes.

    `events` are in order of time.
    """
    first = bisect_left(events, riff[0].start_us - RIFF_TOLERANCE_US, key=_time_us)
    end = bisect_right(events, riff[-1].start_us + RIFF_TOLERANCE_US, key=_time_us)
    free = [event for event in events[first:end] if event.is_press]
    hits: list[KeyEvent] = []
    for note in riff:
        for event in free:
            near = abs(event.time_us - note.start_us) <= RIFF_TOLERANCE_US
            if near and event.lane == note.lane:
                hits.append(event)
                free.remove(event)
                break
    return tuple(hits)


def is_answered(riff: Sequence[Note], events: Sequence[KeyEvent]) -> bool:
    """Whether enough notes of the riff were hit, by the log alone; `events` in order of time."""
    return len(answering_hits(riff, events)) >= RIFF_HITS_NEEDED


def is_answered_live(
    delays_ms: Sequence[Milliseconds], round_trip_ms: Milliseconds = Milliseconds(0)
) -> bool:
    """Whether the answer reached a witness in time, by that witness's own clock.

    `delays_ms` are, for each answering hit, the time from when the witness had the nonce to when
    it had the frame with that hit. `round_trip_ms` is what the path to the player takes; the
    credit for it is capped.
    """
    limit = RIFF_ANSWER_LIMIT_MS + min(round_trip_ms, RIFF_ROUND_TRIP_CREDIT_MS)
    return sum(0 <= delay <= limit for delay in delays_ms) >= RIFF_HITS_NEEDED


def _time_us(event: KeyEvent) -> int:
    return event.time_us
