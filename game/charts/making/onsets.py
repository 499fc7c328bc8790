"""When something begins to sound: peaks of how much louder it becomes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from game.charts.making.recording import SAMPLE_RATE
from game.charts.making.spectrum import HOP, Bands

FRAME_SECONDS: Final = HOP / SAMPLE_RATE
PEAK_REACH: Final = 3
"""Frames on both sides above which a peak stands: 15 ms."""
MEAN_REACH: Final = 6
"""Frames on both sides whose mean a peak exceeds: 30 ms."""
MOST_ASKED: Final = 0.03
"""By how much, in mean loudness over all bands, where strokes are strong."""
LEAST_ASKED: Final = 0.01
"""By how much at the least: what is weaker could be anything."""
STRONG_SHARE: Final = 0.06
"""Between the two, this share of what strong peaks have: soft music is heard out too."""
MERGED_SECONDS: Final = 0.030
"""Onsets nearer than this are one moment."""
LATENCY_SECONDS: Final = 0.0
"""By how much peaks come after the strokes that cause them."""


@dataclass(frozen=True, slots=True, eq=False)
class Onsets:
    """What begins to sound, in order of time."""

    seconds: NDArray[np.float64]
    """When, from the start of the recording."""
    frames: NDArray[np.int64]
    """The frame in which each rises most."""
    strengths: NDArray[np.float64]
    """How much louder it becomes."""
    bands: Bands
    """In which bands: a row an onset."""

    def __len__(self) -> int:
        return len(self.seconds)

    def only(self, chosen: NDArray[np.bool_]) -> "Onsets":
        """Those that were chosen."""
        return Onsets(
            self.seconds[chosen], self.frames[chosen], self.strengths[chosen], self.bands[chosen]
        )


def onsets_in(risen: Bands) -> Onsets:
    """The onsets: peaks of the mean rise that stand out, merged where they nearly coincide."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    strength = risen.mean(axis=0, dtype=np.float64)
    highest = maximum_filter1d(strength, 2 * PEAK_REACH + 1)
    usual = uniform_filter1d(strength, 2 * MEAN_REACH + 1)
    peaks = np.flatnonzero((strength == highest) & (strength >= usual + LEAST_ASKED))
    peaks = peaks[strength[peaks] >= usual[peaks] + _asked(strength[peaks])]
    seconds = (peaks + _shift(strength, peaks)) * FRAME_SECONDS - LATENCY_SECONDS
    kept = _first_of_each(seconds)
    peaks = peaks[kept]
    return Onsets(np.maximum(seconds[kept], 0.0), peaks, strength[peaks], risen[:, peaks].T)


def _asked(peaks: NDArray[np.float64]) -> float:
    """How far a peak must stand out in music whose peaks are these.

    Strong is a peak that has half of all strength in peaks above it, so that however many weak
    ones of noise or a room there are, they hardly count.
    """
    if not len(peaks):
        return MOST_ASKED
    ordered = np.sort(peaks)
    summed = np.cumsum(ordered)
    strong = float(ordered[np.searchsorted(summed, summed[-1] / 2)])
    return min(max(STRONG_SHARE * strong, LEAST_ASKED), MOST_ASKED)


def _shift(strength: NDArray[np.float64], peaks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Where between the frames each peak is, by a parabola through three of them."""
    padded = np.pad(strength, 1)
    left, middle, right = padded[peaks], padded[peaks + 1], padded[peaks + 2]
    curve = left - 2 * middle + right
    shift: NDArray[np.float64] = np.where(
        curve < 0, 0.5 * (left - right) / np.minimum(curve, -1e-12), 0.0
    )
    return np.clip(shift, -0.5, 0.5)


def _first_of_each(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    kept: list[int] = []
    for position, second in enumerate(seconds):
        if not kept or second - seconds[kept[-1]] >= MERGED_SECONDS:
            kept.append(position)
    return np.array(kept, np.int64)
