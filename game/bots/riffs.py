"""A play with riffs answered in it."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Protocol

from consensus.challenge import riff_notes
from consensus.chart import Chart
from consensus.evidence import KeyEvent, NonceEvent
from consensus.parameters import RIFF_CLEARANCE_US
from game.bots.grid import on_grid
from game.bots.strokes import Player, Stroke, events_of, strokes_of


class Answering(Protocol):
    """A player of charts that answers riffs as well."""

    @property
    def base(self) -> Player:
        """Who plays the chart, in microseconds."""
        ...

    @property
    def grid_us(self) -> int:
        """How often its client looks."""
        ...

    def answer(self, nonces: Sequence[NonceEvent], keys: int, rng: Random) -> tuple[Stroke, ...]:
        """Its strokes for the riffs."""
        ...


def played_live(
    bot: Answering, chart: Chart, nonces: Sequence[NonceEvent], window_us: int, rng: Random
) -> tuple[KeyEvent, ...]:
    """The chart with the bot's answers in it, as its client captures both."""
    answers = bot.answer(nonces, chart.keys, rng)
    events = bot.base.play(chart, window_us, rng)
    joined = with_answers(events, answers, nonces, chart.keys, window_us)
    return on_grid(joined, bot.grid_us, window_us, rng)


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
