"""What is left of a play's errors without its shift, its drift and its spread.

All that a copy can change at no cost is gone then: a constant delay, a rate, a slow warp of time,
larger or smaller errors, and which lane a note is on. Spread is taken where one is, because in
hard parts everybody errs more, and a few of these would tell more than all the rest.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.copies.moments import ChartKey
from consensus.anomaly.traces import Flags, Floats, Integers, Traces

Steps: TypeAlias = NDArray[np.int8]

STEPS: Final = 40
"""Steps in one spread: finer than any clock that presses are read from."""
LARGEST: Final = 3.0
"""Larger errors, in spreads, count as this large: one slip must not make two plays alike."""
MISSED: Final = -128
"""The step of a moment that was not hit or not asked for."""
REACH: Final = 32
"""Moments to either side over which drift and spread are taken."""
LEAST_SHARE: Final = 0.3
"""Of the usual spread; where a stretch has less, it is not blown up to more than this allows."""
FEWEST: Final = 30
"""Moments that must be hit: less is no ground for any claim."""
LEAST_SPREAD_MS: Final = 0.5
"""A play without errors is like every other of its kind; other detectors see it."""
DEVIATION_TO_SPREAD: Final = 1.4826
"""Of normal errors, the standard deviation over the median deviation."""


@dataclass(frozen=True, slots=True)
class Residuals:
    """The errors of a play, free of shift, drift and scale, on the moments of its chart."""

    first: int
    """Moment of the chart that the first value is of."""
    values: Steps
    """[moments] Error in steps of a 40th of the spread, -120 to 120; MISSED where there is none."""

    @property
    def end(self) -> int:
        """The moment of the chart after the last."""
        return self.first + len(self.values)

    @property
    def is_hit(self) -> Flags:
        """[moments] Whether there is an error."""
        is_hit: Flags = self.values != MISSED
        return is_hit


def residuals_of(key: ChartKey, traces: Traces, start_us: int = 0) -> Residuals | None:
    """The residuals of a window that begins at `start_us` of the chart with that key.

    None where too little was hit, or with no errors to speak of. Never raises.
    """
    wanted_us = traces.moment_starts_us + start_us
    at = np.searchsorted(key.starts_us, wanted_us)
    is_there = np.isfinite(traces.moment_errors_ms) & (at < len(key.starts_us))
    is_there[is_there] &= key.starts_us[at[is_there]] == wanted_us[is_there]
    at, errors_ms = at[is_there], traces.moment_errors_ms[is_there]
    return from_errors(at, errors_ms)


def from_errors(at: Integers, errors_ms: Floats) -> Residuals | None:
    """The residuals of errors at these moments of a chart, ascending; None as above."""
    if len(at) < FEWEST:
        return None
    errors_ms = errors_ms - _middle_around(errors_ms)
    largest_ms = LARGEST * DEVIATION_TO_SPREAD * np.median(np.abs(errors_ms))
    tamed = np.clip(errors_ms, -largest_ms, largest_ms)
    steady = tamed - _around(tamed)
    sizes_ms = np.sqrt(_around(steady * steady))
    if np.median(sizes_ms) < LEAST_SPREAD_MS:
        return None
    even = steady / np.maximum(sizes_ms, LEAST_SHARE * np.median(sizes_ms))
    steps = np.rint(np.clip(even, -LARGEST, LARGEST) * STEPS)
    values = np.full(int(at[-1] - at[0]) + 1, MISSED, np.int8)
    values[at - at[0]] = steps
    return Residuals(int(at[0]), values)


def moved(residuals: Residuals, places: Integers) -> Residuals | None:
    """The same residuals on another chart, where moment i of theirs is moment `places[i]`.

    A place of -1 is none; None where too few have one.
    """
    here = np.flatnonzero(residuals.is_hit)
    at = places[here + residuals.first]
    here, at = here[at >= 0], at[at >= 0]
    if len(at) < FEWEST:
        return None
    values = np.full(int(at[-1] - at[0]) + 1, MISSED, np.int8)
    values[at - at[0]] = residuals.values[here]
    return Residuals(int(at[0]), values)


def laid_out_steps(residuals: Residuals, first: int, count: int) -> Steps:
    """[count] The steps from that moment on; MISSED where there is none."""
    steps = np.full(count, MISSED, np.int8)
    begin, end = max(residuals.first, first), min(residuals.end, first + count)
    if begin < end:
        source = residuals.values[begin - residuals.first : end - residuals.first]
        steps[begin - first : end - first] = source
    return steps


def _middle_around(errors_ms: Floats) -> Floats:
    """[hits] The median of the hits around each: it follows drift, and keeps up with a jump.

    Where two plays with different delays were put together, there is one.
    """
    padded = np.pad(errors_ms, REACH, mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1)
    middles: Floats = np.partition(windows, REACH, axis=1)[:, REACH]
    return middles


def _around(values: Floats) -> Floats:
    """[hits] The mean of the hits around each."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    here = np.arange(len(values))
    begin, end = np.maximum(here - REACH, 0), np.minimum(here + REACH + 1, len(values))
    means: Floats = (sums[end] - sums[begin]) / (end - begin)
    return means
