"""What the piece asks for and how the errors answer it: a script errs alike everywhere.

Errors depend on the interval before and after (Repp, Psychon. Bull. Rev. 12, 2005), on how many
fingers move, and on how soon the same finger must move again.
"""

from typing import Final

import numpy as np

from consensus.anomaly.features.series import FEWEST, correlation, followers
from consensus.anomaly.traces import Floats, Integers

NAMES: Final = (
    "gap_before",
    "gap_after",
    "chord_size",
    "lane_gap_before",
    "lane_gap_after",
    "volatility_gap_before",
    "volatility_gap_after",
    "volatility_chord_size",
)
NOTHING: Final = (0.0,) * len(NAMES)


def setting_features(
    moments: Floats,
    starts_us: Integers,
    sizes: Floats,
    notes: Floats,
    note_starts_us: Integers,
    lanes: Integers,
) -> tuple[float, ...]:
    """Correlations of robust scores with what surrounds a moment or note; all 0 for a few.

    `moments` are scores of moments at `starts_us` with `sizes` fingers; `notes` those of notes.

    - gap_before, gap_after: scores of moments with ln time since the last, and to the next one.
    - chord_size: with how many fingers move.
    - lane_gap_before, lane_gap_after: scores of notes with ln time since and to the lane's next.
    - volatility_...: distances from the median with the same.
    """
    if len(moments) < 2 * FEWEST:
        return NOTHING
    gaps = np.log(np.maximum(np.diff(starts_us) / 1_000, 1.0))
    before, after = followers(lanes)
    lane_gaps = np.log(np.maximum((note_starts_us[after] - note_starts_us[before]) / 1_000, 1.0))
    distances = np.abs(moments)
    return (
        correlation(moments[1:], gaps),
        correlation(moments[:-1], gaps),
        correlation(moments, sizes),
        correlation(notes[after], lane_gaps),
        correlation(notes[before], lane_gaps),
        correlation(distances[1:], gaps),
        correlation(distances[:-1], gaps),
        correlation(distances, sizes),
    )
