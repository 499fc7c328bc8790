"""A play with riffs answered in it."""

from collections.abc import Iterable, Sequence

from consensus.challenge import riff_notes
from consensus.evidence import KeyEvent, NonceEvent
from consensus.parameters import RIFF_CLEARANCE_US
from game.bots.strokes import Stroke, events_of, strokes_of


def with_answers(
    events: Sequence[KeyEvent],
    answers: Iterable[Stroke],
    nonces: Sequence[NonceEvent],
    keys: int,
    window_us: int,
) -> tuple[KeyEvent, ...]:
    """`events` with `answers` in them, and silent where the riffs clear the chart."""
    riff_us = [note.start_us for nonce in nonces for note in riff_notes(nonce, keys)]
    kept = [
        stroke
        for stroke in strokes_of(events, window_us)
        if not any(abs(stroke.press_us - at_us) < RIFF_CLEARANCE_US for at_us in riff_us)
    ]
    return events_of([*kept, *answers], window_us)
