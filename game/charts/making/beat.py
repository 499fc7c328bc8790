"""The beat under the onsets: one tempo and one phase, and how firmly the onsets keep to it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from game.charts.making.onsets import Onsets

SLOWEST_BPM: Final = 70.0
FASTEST_BPM: Final = 190.0
LIKELIEST_BPM: Final = 120.0
OCTAVES: Final = 0.6
"""How far tempi spread around the likeliest, in octaves (a standard deviation)."""
STEPS: Final = 4
"""Parts of a beat that notes fall on."""
RESOLUTION: Final = 0.15
"""Tempi differ by this share of what would move the last onset by a whole step."""
MAX_TEMPI: Final = 4_000
"""Tempi that are tried; recordings longer than some minutes drift anyway."""
LOW_BANDS: Final = 6
"""The bands, up to about 600 Hz, that say where the beat is: kicks and basses fall on it."""
FINE_TEMPI: Final = 101
"""Tempi that are tried around the likeliest."""
SNAP_SECONDS: Final = 0.010
"""Onsets as near as this to a step are moved onto it: nobody hears or feels the difference."""
FIRM: Final = 0.5
"""Locking from which the beat is believed, 0 to 1."""
ENOUGH: Final = 8
"""Onsets without which there is no beat to find."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A steady beat."""

    seconds: float
    """From one beat to the next."""
    first_seconds: float
    """The first beat at or after 0."""
    locking: float
    """How closely the onsets keep to quarters of it: 0 not at all, 1 always."""

    def snapped(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """The moments, those near to a step of a firm beat moved onto it."""
        if self.locking < FIRM:
            return seconds
        step = self.seconds / STEPS
        nearest = np.round((seconds - self.first_seconds) / step) * step + self.first_seconds
        is_near = (np.abs(nearest - seconds) <= SNAP_SECONDS) & (nearest >= 0)
        return np.where(is_near, nearest, seconds)


def beat_of(onsets: Onsets) -> Beat:
    """The beat that the onsets fit best, weighted by their strength.

    The tempo is the one at which the resultant of the onsets' phases is longest, on the beat and
    on its halves and quarters (N. I. Fisher, Statistical Analysis of Circular Data, 1993, section
    2.3), more likely near LIKELIEST_BPM. Without enough onsets it is that tempo, from 0 on.
    """
    if len(onsets) < ENOUGH:
        return Beat(60 / LIKELIEST_BPM, 0.0, 0.0)
    span = float(onsets.seconds[-1] - onsets.seconds[0])
    count = int(np.ceil((FASTEST_BPM - SLOWEST_BPM) / 60 * STEPS * span / RESOLUTION)) + 1
    tempi = np.linspace(SLOWEST_BPM, FASTEST_BPM, min(count, MAX_TEMPI))
    coarse = _likeliest(onsets, tempi)
    near = float(tempi[1] - tempi[0])
    per_second = _likeliest(onsets, np.linspace(coarse - near, coarse + near, FINE_TEMPI)) / 60
    low = onsets.bands[:, :LOW_BANDS].sum(axis=1, dtype=np.float64) + 1e-3 * onsets.strengths
    phase = float(np.angle(_resultant(onsets, per_second, low))) / (2 * np.pi)
    return Beat(
        float(1 / per_second),
        float(phase % 1.0 / per_second),
        float(abs(_resultant(onsets, per_second * STEPS))),
    )


def _likeliest(onsets: Onsets, tempi: NDArray[np.float64]) -> float:
    locked = [
        sum(abs(_resultant(onsets, bpm / 60 * division)) for division in (1, 2, STEPS))
        for bpm in tempi
    ]
    likely = np.exp(-0.5 * (np.log2(tempi / LIKELIEST_BPM) / OCTAVES) ** 2)
    return float(tempi[int(np.argmax(np.array(locked) * likely))])


def _resultant(
    onsets: Onsets, per_second: float, weights: NDArray[np.float64] | None = None
) -> complex:
    weights = onsets.strengths if weights is None else weights
    turns = np.exp(2j * np.pi * per_second * onsets.seconds)
    return complex((weights * turns).sum() / weights.sum())
