"""What a note asks of the hands, as numbers: errors and holds depend on it.

How long ago that finger moved, and any; how soon it must again; how many fingers move at once. All
are logarithms or flags, so that a straight line through them says what a person does with a chart.
"""

from typing import Final

import numpy as np

from consensus.chart import Chart
from game.bots.columns import Columns, columns_of
from game.bots.noise import Floats, Integers

GAP_US: Final = (30_000, 2_000_000)
"""Rests beyond this are all alike."""
LONG_GAP_US: Final = 10_000_000
USUAL_GAP_US: Final = 200_000
BENDS_US: Final = np.array((110_000, 160_000, 240_000, 400_000))
ERROR_SCALE_US: Final = 20_000
RUSH_MOMENTS: Final = 8
"""Over how many moments around it the rush at a note is measured."""


def patterns_of(chart: Chart) -> Floats:
    """[notes, features] The features of each note; the first columns flag the lanes."""
    notes = columns_of(chart)
    count = len(notes.starts_us)
    before_us, after_us = _finger_gaps_us(notes)
    moments_us = notes.starts_us[notes.firsts]
    gaps_us = np.diff(moments_us, prepend=moments_us[:1] - LONG_GAP_US)
    nexts_us = np.append(gaps_us[1:], [LONG_GAP_US] * bool(len(gaps_us)))
    rush_us = np.convolve(np.minimum(gaps_us, GAP_US[1]), np.ones(RUSH_MOMENTS), "same")
    features = (
        _logarithms(before_us),
        _logarithms(after_us),
        _logarithms(gaps_us[notes.moments]),
        _logarithms(nexts_us[notes.moments]),
        _logarithms(rush_us[notes.moments][:count] / RUSH_MOMENTS),
        np.log(notes.sizes[notes.moments]),
        np.log(notes.sizes[np.maximum(notes.moments - 1, 0)]),
        (notes.durations_us > 0) * 1.0,
        np.linspace(-1, 1, count),
    )
    lanes = (notes.lanes[:, None] == np.arange(chart.keys)) * 1.0
    return np.column_stack((lanes, *features, *_bends(features[0])))


def _bends(logarithms: Floats) -> list[Floats]:
    """How far each is below a few times: lines with bends there fit most curves."""
    return [np.minimum(logarithms - bend, 0) for bend in np.log(BENDS_US / USUAL_GAP_US)]


def played_patterns(notes: Columns, errors_us: Floats) -> Floats:
    """[notes, features] What a finger knows as it lets go: its error, and its next press.

    `errors_us` [notes] are NaN where a note was missed.
    """
    logarithms = _logarithms(played_gaps_us(notes, errors_us))
    errors = np.clip(np.nan_to_num(errors_us) / ERROR_SCALE_US, -3, 3)
    return np.column_stack((errors, logarithms, *_bends(logarithms)))


def played_gaps_us(notes: Columns, errors_us: Floats) -> Floats:
    """[notes] From when a finger presses to when it presses again; a miss counts as in time."""
    presses_us = notes.starts_us + np.nan_to_num(errors_us)
    gaps_us = np.full(len(presses_us), float(LONG_GAP_US))
    for own in fingers_of(notes):
        gaps_us[own[:-1]] = np.diff(presses_us[own])
    return gaps_us


def fingers_of(notes: Columns) -> list[Integers]:
    """The rows of each lane that has notes, in order of time."""
    return [np.flatnonzero(notes.lanes == lane) for lane in np.unique(notes.lanes)]


def _logarithms(gaps_us: Floats | Integers) -> Floats:
    logarithms: Floats = np.log(np.clip(gaps_us, *GAP_US) / USUAL_GAP_US)
    return logarithms


def _finger_gaps_us(notes: Columns) -> tuple[Integers, Integers]:
    """[notes] From the end of the finger's note before to each note, and from it to the next."""
    before_us = np.full(len(notes.starts_us), LONG_GAP_US)
    after_us = np.full(len(notes.starts_us), LONG_GAP_US)
    for own in fingers_of(notes):
        ends_us = notes.starts_us[own] + notes.durations_us[own]
        before_us[own[1:]] = notes.starts_us[own[1:]] - ends_us[:-1]
        after_us[own[:-1]] = np.diff(notes.starts_us[own])
    return before_us, after_us
