"""What is struck and what sounds on: which onsets belong to the part that is asked for."""

from typing import Final, Literal, get_args

import numpy as np

from game.charts.making.onsets import Onsets
from game.charts.making.spectrum import Bands, harmonic_shares

Parts = Literal["percussive", "harmonic", "both"]
PARTS: Final[tuple[Parts, ...]] = get_args(Parts)
AFTER_FRAMES: Final = 16
"""Frames after an onset over which its sound is looked at: 80 ms."""
MOST_HARMONIC: Final = 0.8
"""From this harmonic share on an onset isn't percussive; drums ring too."""
LEAST_HARMONIC: Final = 0.5
"""From this harmonic share on an onset is harmonic."""


def onsets_of_part(found: Onsets, levels: Bands, parts: Parts) -> Onsets:
    """The onsets of a part; some sounds belong to both."""
    if parts == "both":
        return found
    shares = harmonic_shares(levels)
    harmonic = np.zeros(len(found))
    for position, frame in enumerate(found.frames.tolist()):
        after = slice(frame + 1, frame + 1 + AFTER_FRAMES)
        sounding = levels[:, after] * (found.bands[position] > 0)[:, np.newaxis]
        total = float(sounding.sum())
        harmonic[position] = float((sounding * shares[:, after]).sum()) / max(total, 1e-12)
    is_wanted = harmonic >= LEAST_HARMONIC if parts == "harmonic" else harmonic < MOST_HARMONIC
    return found.only(is_wanted)
