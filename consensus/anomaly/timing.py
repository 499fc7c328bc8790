"""Three features of how a person keeps time: spread, memory and drift.

All are free of a constant offset, which belongs to the device and not to the player. They are
rounded, because the last bits of numpy's sums and transforms differ between processors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consensus.judgement import JudgedNote

Floats: TypeAlias = NDArray[np.float64]

DECIMALS: Final = 6
LOW_FREQUENCY_SHARE: Final = 10
"""The lowest tenth of the frequencies counts as low."""

NO_POWER: Final = 1e-9
"""Square milliseconds: what rounding leaves of errors that are all alike."""


@dataclass(frozen=True, slots=True)
class TimingFeatures:
    """How presses lie around the notes that they hit."""

    hits: int
    """Notes that were hit."""
    moments: int
    """Different times at which they were asked for; a chord is one."""
    error_sd_ms: float
    """Standard deviation of press minus note, over hits."""
    median_deviation_ms: float
    """Half of the hits are at most this far from the median: wild presses can't hide it."""
    distinct_errors: int
    """How many different errors, in microseconds, there are."""
    lag_1: float
    """Correlation of the error of a moment with that of the moment before; 0 if there is none."""
    low_frequency_share: float
    """Share of the errors' power in the lowest tenth of the frequencies; 0 if there is none."""


def timing_features(hits: Sequence[JudgedNote]) -> TimingFeatures:
    """The features of the notes that were hit, in order of time; all 0 when there are none."""
    starts_us = np.array([hit.note.start_us for hit in hits], dtype=np.int64)
    errors_us = np.array([(hit.press_us or 0) - hit.note.start_us for hit in hits], dtype=np.int64)
    errors_ms = errors_us / 1_000
    by_moment = moment_errors(starts_us, errors_ms)
    return TimingFeatures(
        hits=len(hits),
        moments=len(by_moment),
        error_sd_ms=_rounded(spread(errors_ms)),
        median_deviation_ms=_rounded(median_deviation(errors_ms)),
        distinct_errors=len(np.unique(errors_us)),
        lag_1=_rounded(lag_1(by_moment)),
        low_frequency_share=_rounded(low_frequency_share(by_moment)),
    )


def moment_errors(starts_us: NDArray[np.int64], errors_ms: Floats) -> Floats:
    """The mean error of each moment of the chart, in order of time."""
    _, moment = np.unique(starts_us, return_inverse=True)
    counts = np.bincount(moment)
    return np.bincount(moment, errors_ms) / np.maximum(counts, 1)


def spread(errors: Floats) -> float:
    """The standard deviation; 0 for fewer than two."""
    return float(np.std(errors, ddof=1)) if len(errors) > 1 else 0.0


def median_deviation(errors: Floats) -> float:
    """The median distance from the median; 0 for none (Hampel, J. Am. Stat. Assoc. 69, 1974)."""
    return float(np.median(np.abs(errors - np.median(errors)))) if len(errors) else 0.0


def lag_1(errors: Floats) -> float:
    """r1 = sum (x_i - m)(x_{i+1} - m) / sum (x_i - m)^2.

    Source: Box and Jenkins, Time Series Analysis, 1976, section 2.1. Tapping people remember and
    correct (Vorberg and Wing, 1996); independent jitter has -1/n on average.
    """
    centred = errors - errors.mean() if len(errors) > 1 else errors[:0]
    power = float(centred @ centred)
    return float(centred[:-1] @ centred[1:]) / power if power > NO_POWER else 0.0


def low_frequency_share(errors: Floats) -> float:
    """Power of the periodogram in its lowest tenth over its whole power, frequency 0 left out.

    Source: people drift like 1/f (Gilden, Thornton and Mallon, Science 267, 1995), which puts
    most power there; independent jitter spreads it evenly.
    """
    if len(errors) < 2:
        return 0.0
    power = np.abs(np.fft.rfft(errors - errors.mean()))[1:] ** 2
    total = float(power.sum())
    return float(power[: low_frequencies(len(errors))].sum()) / total if total > NO_POWER else 0.0


def low_frequencies(moments: int) -> int:
    """How many of the periodogram's frequencies are the lowest tenth; at least one."""
    return max(1, moments // 2 // LOW_FREQUENCY_SHARE)


def _rounded(value: float) -> float:
    return round(value, DECIMALS)
