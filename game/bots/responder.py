"""A machine that answers riffs, so that a recorded play can be shown as a live one.

It is labelled automated wherever it plays: a recording can't know the riffs, and this is exactly
what an attacker would add to one. It reads the nonce as it arrives and errs like a person who
reads four new notes: later and wider than in a piece they know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.challenge import riff_notes
from consensus.chart import Note
from consensus.evidence import KeyEvent, NonceEvent
from game.bots.riffs import with_answers
from game.bots.strokes import Stroke

LABEL: Final = "automated"


@dataclass(frozen=True, slots=True)
class Responder:
    """How it answers."""

    label: str = LABEL
    """What it must be shown as."""
    late_us: int = 12_000
    """Mean lateness of its presses."""
    sd_us: int = 20_000
    """Spread of its presses."""
    tap_us: tuple[int, int] = (60_000, 110_000)
    """Between what times it holds a key."""
    miss_ppm: int = 3_000
    """How often it does not press a note."""

    def answer(self, nonce: NonceEvent, keys: int, rng: Random) -> tuple[Stroke, ...]:
        """Its strokes for the riff of one nonce, none before the nonce arrived."""
        return self.strokes(riff_notes(nonce, keys), rng)

    def strokes(self, riff: Sequence[Note], rng: Random) -> tuple[Stroke, ...]:
        """Its strokes for the notes of one riff."""
        return tuple(
            Stroke(press_us, note.lane, press_us + rng.randint(*self.tap_us))
            for note in riff
            for press_us in (note.start_us + round(rng.gauss(self.late_us, self.sd_us)),)
            if rng.randrange(1_000_000) >= self.miss_ppm
        )

    def join(
        self,
        events: Sequence[KeyEvent],
        nonces: Sequence[NonceEvent],
        keys: int,
        window_us: int,
        rng: Random,
    ) -> tuple[KeyEvent, ...]:
        """`events` with the riffs answered, and silent where the riffs clear the chart."""
        answers = [stroke for nonce in nonces for stroke in self.answer(nonce, keys, rng)]
        return with_answers(events, answers, nonces, keys, window_us)
