"""Is a play one of these notes? Judged by what it hits: what it says of its chart may be false."""

from collections.abc import Iterator
from fractions import Fraction
from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from consensus.anomaly.traces import Flags, Integers, Traces, traces_of
from consensus.chart import Note
from consensus.evidence import KeyEvent
from consensus.judgement import judge_notes
from consensus.parameters import HIT_WINDOWS_US
from popd.cli.inspect_plays import Play

FEWEST_NOTES: Final = 20
"""Fewer notes in common say nothing."""
LEAST_HIT: Final = Fraction(1, 3)
"""Of the notes of a chart; a play with less was of another one."""
SHIFTS_US: Final = (-1_710_000, -1_130_000, -610_000, 370_000, 830_000, 1_390_000)
"""No beat: by how much a play is moved to see how many notes any keys near in time would hit."""
ABOVE_CHANCE: Final = 0.02
"""How much more of the notes a play hits where it belongs: dense charts fit most of any play."""
CHANCE_SIGMAS: Final = 0.5
"""And how much more than that in a few notes, over the root of their number."""


class Asked(NamedTuple):
    """A chart as it was heard: what the library's plays are judged on."""

    chart: str
    """MD5 of the chart's file."""
    keys: int
    """Its lanes."""
    rate: Fraction
    """How much faster than written it ran."""
    notes: tuple[Note, ...]
    """All its notes, as they were heard."""


def fitting_traces(play: Play, asked: Asked) -> Traces | None:
    """What a play comes to on the notes that another was asked for; None where it isn't of them.

    One that names the chart is of it; any other must hit a third, and more than by chance.
    """
    columns = np.array([note[:2] for note in asked.notes], dtype=np.int64).reshape(-1, 2)
    best = max(_placed(play, asked, columns), default=None, key=lambda placed: placed.share)
    if best is None:
        return None
    if play.chart_md5 == asked.chart:
        return _traces(best, asked)
    if best.share < LEAST_HIT or not _belongs(best, columns):
        return None
    traces = _traces(best, asked)
    return traces if np.mean(traces.is_hit[best.span]) >= LEAST_HIT else None


class _Placed(NamedTuple):
    """A play, laid over the notes in one of the ways that are possible."""

    times_us: Integers
    lanes: Integers
    is_press: Flags
    span: slice
    """The notes that it was asked for."""
    share: float
    """Of them, those with a press near enough."""


def _placed(play: Play, asked: Asked, columns: Integers) -> Iterator[_Placed]:
    """As it is or from right to left; evidence at the chart's beginning or at its window's."""
    lanes = play.lanes_on(asked.keys)
    ways = [lanes, asked.keys - 1 - lanes]
    if not play.fits(asked.keys):
        return
    window = play.window
    places = {0} if window is None else {0, window.window * window.duration_us}
    for place_us in sorted(places):
        times_us = _heard_us(play.times_us + place_us, asked)
        first, last = 0, len(columns)
        if window is not None:
            bounds_us = np.array([place_us, place_us + window.duration_us])
            first, last = np.searchsorted(columns[:, 0], _heard_us(bounds_us, asked))
        if last - first >= FEWEST_NOTES:
            span = slice(int(first), int(last))
            for way in ways:
                placed = _Placed(times_us, way, play.is_press, span, 0.0)
                yield placed._replace(share=_share_near(placed, columns))


def _heard_us(times_us: Integers, asked: Asked) -> Integers:
    """Times of the chart as it is written, in the time of the notes."""
    heard: Integers = times_us * asked.rate.denominator // asked.rate.numerator
    return heard


def _belongs(placed: _Placed, columns: Integers) -> bool:
    by_chance = max(_share_near(placed, columns, shift_us) for shift_us in SHIFTS_US)
    count = len(columns[placed.span])
    return placed.share >= by_chance + ABOVE_CHANCE + CHANCE_SIGMAS / sqrt(count)


def _share_near(placed: _Placed, columns: Integers, shift_us: int = 0) -> float:
    """The share of notes with a press in their lane that is near enough to hit them."""
    reach_us = HIT_WINDOWS_US[-1]
    notes = columns[placed.span]
    presses_us = placed.times_us[placed.is_press] + shift_us
    lanes = placed.lanes[placed.is_press]
    # One axis for all lanes: each lane is moved beyond all times of the lanes before it.
    far_us = 4 * (1 + int(max(np.abs(notes).max(), np.abs(presses_us).max(initial=0)) + reach_us))
    pressed_us = np.sort(presses_us + lanes * far_us)
    asked_us = notes[:, 0] + notes[:, 1] * far_us
    found = np.searchsorted(pressed_us, asked_us - reach_us)
    is_near = np.append(pressed_us, asked_us.max() + 2 * far_us)[found] <= asked_us + reach_us
    return float(np.mean(is_near))


def _traces(placed: _Placed, asked: Asked) -> Traces:
    columns = (placed.times_us.tolist(), placed.lanes.tolist(), placed.is_press.tolist())
    judged = judge_notes(asked.notes, tuple(map(KeyEvent, *columns)))
    return traces_of(judged, asked.keys)
