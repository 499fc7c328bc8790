"""How finely a client captured a play: known before anything else, or one learns a frame rate.

Recorded clients look at their keys every 1 to 17 ms, some in even steps and some not; browsers tell
microseconds. Presses within one look seem to be at once.
"""

from typing import Final

import numpy as np

from consensus.anomaly.traces import NEVER, Integers, Traces

FEWEST_GAPS: Final = 8
SHARE: Final = 20
"""The gap that a twentieth of all gaps fall short of: seldom is it the music's own."""
FINEST_US: Final = 100.0
SAME_LOOK_US: Final = 1_500
"""Gaps shorter than this may lie within one look, where microseconds were made up afterwards."""


def capture_interval_us(traces: Traces) -> float:
    """The time between two looks of the client; 100 us where it can't be told from none.

    The larger of two estimates: the greatest common divisor of all gaps between presses and
    releases (an even grid, as soon as no event lies off it), and, of the gaps longer than 1.5 ms,
    the one that one in twenty falls short of (an uneven grid). In a sparse play the second is the
    music's; it is an upper bound.
    """
    gaps_us = _gaps_us(traces)
    if np.count_nonzero(gaps_us) < FEWEST_GAPS:
        return FINEST_US
    even_us = float(np.gcd.reduce(gaps_us))
    longer_us = gaps_us[gaps_us > SAME_LOOK_US]
    place = len(longer_us) // SHARE
    uneven_us = float(np.partition(longer_us, place)[place]) if len(longer_us) else 0.0
    return max(even_us, uneven_us, FINEST_US)


def even_interval_us(traces: Traces) -> float:
    """The even grid on which all presses and releases lie; 0 where there are too few."""
    gaps_us = _gaps_us(traces)
    return float(np.gcd.reduce(gaps_us)) if np.count_nonzero(gaps_us) >= FEWEST_GAPS else 0.0


def _gaps_us(traces: Traces) -> Integers:
    """From each press or release to the next one."""
    times_us = np.concatenate((traces.presses_us, traces.releases_us))
    times_us = times_us[times_us != NEVER]
    times_us.sort(kind="stable")  # which is quick where much is in order, as it is here
    gaps_us: Integers = times_us[1:] - times_us[:-1]
    return gaps_us
