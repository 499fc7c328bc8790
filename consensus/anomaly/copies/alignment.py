"""Which chart is another one at another speed, cut, or with some notes more or less.

Whoever wants to pass a copy for a new play can play it on a chart that is nearly the known one.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from consensus.anomaly.copies.residuals import FEWEST
from consensus.anomaly.traces import Flags, Floats, Integers

ROUNDING_US: Final = 3_000
"""Charts are written in whole milliseconds: two of them, at both ends and in between."""
MAX_RATE: Final = 4.0
"""Nobody plays a chart faster than so, or slower than its inverse."""
LEAST_IN_BOTH: Final = 0.9
"""Share of the moments of a common stretch that must be in both charts: an easy chart, whose
moments are some of a hard one's, has habits of its own."""
LEAST_COVERED: Final = 0.8
"""Share of the shorter chart that the common stretch must have."""
PROBE: Final = 24
"""Moments by which one chart is looked for in the other."""
PROBES: Final = 3
"""Stretches of a chart that are looked for: edits may spoil one of them."""
REFINEMENTS: Final = 3
"""Times that speed and start are taken anew from all that fits."""


class Fit(NamedTuple):
    """How the times of one chart lie in another."""

    rate: float
    """Times of the known chart over those of the other."""
    start_us: float
    """Where the other's time 0 is in the known chart."""


def places(known_us: Integers, other_us: Integers) -> Integers | None:
    """Which moment of a known chart each moment of another is; -1 for none.

    Both are ascending. None where no stretch, at no speed, is long enough and the same in both.
    """
    if min(len(known_us), len(other_us)) < FEWEST:
        return None
    for fit in _fits(known_us, other_us):
        if _is_likely(fit, known_us, other_us):
            found, is_same = _under(_refined(fit, known_us, other_us), known_us, other_us)
            if _is_enough(found[is_same], is_same, len(known_us)):
                return np.where(is_same, found, -1)
    return None


def _is_likely(fit: Fit, known_us: Integers, other_us: Integers) -> bool:
    """Whether it is worth refining: a tenth of the moments would lie so near by chance."""
    if not 1 / MAX_RATE <= fit.rate <= MAX_RATE:
        return False
    is_same = _under(fit, known_us, other_us)[1]
    return int(is_same.sum()) >= LEAST_COVERED / 2 * min(len(known_us), len(other_us))


def _fits(known_us: Integers, other_us: Integers) -> Iterator[Fit]:
    """First as if both were whole, then by stretches of the other that are found in the known."""
    yield _through(known_us[[0, -1]], other_us[[0, -1]])
    if len(known_us) > PROBE and len(other_us) > PROBE:
        shapes = _shapes(known_us)
        for begin in _probes(other_us):
            probe = other_us[begin : begin + PROBE + 1]
            apart = np.abs(shapes - np.diff(probe) / (probe[-1] - probe[0])).max(axis=1)
            at = int(np.argmin(apart))
            length_us = min(known_us[at + PROBE] - known_us[at], probe[-1] - probe[0])
            if apart[at] * length_us <= 2 * ROUNDING_US:
                yield _through(known_us[[at, at + PROBE]], probe[[0, -1]])


def _shapes(times_us: Integers) -> Floats:
    """[stretches, PROBE] Each stretch's intervals as shares of its length."""
    intervals = np.lib.stride_tricks.sliding_window_view(np.diff(times_us), PROBE)
    shapes: Floats = intervals / intervals.sum(axis=1, keepdims=True)
    return shapes


def _probes(times_us: Integers) -> list[int]:
    """Where the most irregular stretches begin, one in each part: they tell where they are."""
    spreads = _shapes(times_us).std(axis=1)
    parts = np.array_split(np.arange(len(spreads)), PROBES)
    return [int(part[np.argmax(spreads[part])]) for part in parts if len(part)]


def _through(known_us: Integers, other_us: Integers) -> Fit:
    rate = float(known_us[1] - known_us[0]) / float(other_us[1] - other_us[0])
    return Fit(rate, float(known_us[0]) - rate * float(other_us[0]))


def _refined(fit: Fit, known_us: Integers, other_us: Integers) -> Fit:
    """The line through all that lies near it."""
    for _ in range(REFINEMENTS):
        found, is_same = _under(fit, known_us, other_us, slack=4)
        theirs, ours = other_us[is_same].astype(float), known_us[found[is_same]].astype(float)
        if len(theirs) < 2:
            return fit
        centred = theirs - theirs.mean()
        rate = float(centred @ (ours - ours.mean()) / (centred @ centred))
        fit = Fit(rate, float(ours.mean() - rate * theirs.mean()))
    return fit


def _under(
    fit: Fit, known_us: Integers, other_us: Integers, slack: int = 1
) -> tuple[Integers, Flags]:
    """[others] The nearest moment of the known chart, and whether it is the same."""
    expected = fit.start_us + fit.rate * other_us
    above = np.clip(np.searchsorted(known_us, expected), 1, len(known_us) - 1)
    is_below = expected - known_us[above - 1] < known_us[above] - expected
    found: Integers = above - is_below
    is_same = np.abs(known_us[found] - expected) <= slack * ROUNDING_US * max(fit.rate, 1.0)
    (near,) = np.nonzero(is_same)
    is_same[near[1:]] = np.diff(found[near]) > 0
    return found, is_same


def _is_enough(found: Integers, is_same: Flags, known: int) -> bool:
    """Whether the common stretch is long enough, and the same in both."""
    if len(found) < FEWEST:
        return False
    (here,) = np.nonzero(is_same)
    stretch = max(int(here[-1] - here[0]), int(found[-1] - found[0])) + 1
    shorter = min(known, len(is_same))
    return len(found) >= max(LEAST_IN_BOTH * stretch, LEAST_COVERED * shorter)
