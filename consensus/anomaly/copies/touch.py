"""How wide a play's errors are and how long it touches the keys, stretch by stretch of its chart.

Residuals are free of scale, so that a copy can't hide by it; whether a scale is a person's own is
asked by comparing these with other people's on the very same stretch.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.copies.moments import ChartKey
from consensus.anomaly.traces import NEVER, Floats, Integers, Traces

Logarithms: TypeAlias = NDArray[np.float32]

SEGMENT: Final = 64
"""Moments in a stretch, counted from the chart's first."""
FEWEST_ERRORS: Final = 24
"""Moments of a stretch that must be hit to have a spread."""
FEWEST_TAPS: Final = 12
"""Taps of a stretch that must be let go to have a hold."""
LEAST_SPREAD_MS: Final = 0.05
LEAST_HOLD_MS: Final = 1.0
REACH: Final = 4.0
"""Median deviations beyond which an error counts as lying here: one slip is no wide play."""


@dataclass(frozen=True, slots=True)
class Touch:
    """Spread and hold on each stretch of a chart, from its first that was played on."""

    first: int
    """Stretch of the chart that the first values are of."""
    spreads: Logarithms
    """[stretches] ln of the mean deviation of errors in ms; NaN where too few were hit."""
    holds: Logarithms
    """[stretches] ln of the median hold of taps in ms; NaN where there are too few."""


def touch_of(key: ChartKey, traces: Traces, start_us: int = 0) -> Touch | None:
    """The touch of a window that begins at `start_us` of the chart with that key.

    None where no stretch has enough. Never raises.
    """
    felt = np.isfinite(traces.moment_errors_ms)
    moments, errors_ms = traces.moment_starts_us[felt], traces.moment_errors_ms[felt]
    is_tap = (traces.presses_us != NEVER) & (traces.releases_us != NEVER)
    is_tap &= traces.durations_us == 0
    holds_ms = (traces.releases_us[is_tap] - traces.presses_us[is_tap]) / 1_000
    errors_of = _by_stretch(key, moments + start_us, errors_ms)
    holds_of = _by_stretch(key, traces.starts_us[is_tap] + start_us, holds_ms)
    spreads = {at: _spread(part) for at, part in errors_of.items() if len(part) >= FEWEST_ERRORS}
    holds = {at: _hold(part) for at, part in holds_of.items() if len(part) >= FEWEST_TAPS}
    played = sorted({*spreads, *holds})
    if not played:
        return None
    stretches = range(played[0], played[-1] + 1)
    return Touch(played[0], _row(spreads, stretches), _row(holds, stretches))


def laid_out_touch(touch: Touch | None, first: int, count: int) -> Floats:
    """[2, count] Spreads and holds of the stretches from that one on; NaN where there is none."""
    rows = np.full((2, count), np.nan)
    if touch is None:
        return rows
    begin, end = max(touch.first, first), min(touch.first + len(touch.spreads), first + count)
    if begin < end:
        source = slice(begin - touch.first, end - touch.first)
        rows[:, begin - first : end - first] = touch.spreads[source], touch.holds[source]
    return rows


def _by_stretch(key: ChartKey, times_us: Integers, values: Floats) -> dict[int, Floats]:
    """The values of each stretch, their times ascending; what is no moment of it is left out."""
    at = np.searchsorted(key.starts_us, times_us)
    is_there = at < len(key.starts_us)
    is_there[is_there] = key.starts_us[at[is_there]] == times_us[is_there]
    stretches, values = at[is_there] // SEGMENT, values[is_there]
    if not len(stretches):
        return {}
    found, begins = np.unique(stretches, return_index=True)
    return dict(zip(found.tolist(), np.split(values, begins[1:]), strict=True))


def _spread(errors_ms: Floats) -> float:
    """ln of the mean distance from the median, far errors counted as less far."""
    away_ms = np.abs(errors_ms - np.median(errors_ms))
    return float(
        np.log(max(np.minimum(away_ms, REACH * np.median(away_ms)).mean(), LEAST_SPREAD_MS))
    )


def _hold(holds_ms: Floats) -> float:
    return float(np.log(max(float(np.median(holds_ms)), LEAST_HOLD_MS)))


def _row(values: dict[int, float], stretches: range) -> Logarithms:
    return np.array([values.get(at, np.nan) for at in stretches], dtype=np.float32)
