"""What the piece asks for and how the errors answer it: a script errs alike everywhere.

Errors depend on the interval before and after (Repp, Psychon. Bull. Rev. 12, 2005), on how many
fingers move, and on how soon the same finger must move again.
"""

from typing import Final

import numpy as np

from consensus.anomaly.features.series import FEWEST, Products, log_gaps
from consensus.anomaly.traces import Floats, Integers, Pairs

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
    sizes: Integers,
    notes: Floats,
    note_starts_us: Integers,
    following: Pairs,
) -> tuple[float, ...]:
    """Correlations of robust scores with what surrounds a moment or note; all 0 for a few.

    `moments` are scores of moments at `starts_us` with `sizes` fingers; `notes` those of notes, of
    which `following` are the pairs that follow each other on a lane.

    - gap_before, gap_after: scores of moments with ln time since the last, and to the next one.
    - chord_size: with how many fingers move.
    - lane_gap_before, lane_gap_after: scores of notes with ln time since and to the lane's next.
    - volatility_...: distances from the median with the same.
    """
    if len(moments) < 2 * FEWEST:
        return NOTHING
    distances = np.abs(moments)
    gaps = log_gaps(starts_us[1:] - starts_us[:-1])
    rest = Products(moments[1:], moments[:-1], distances[1:], distances[:-1], gaps)
    fingers = Products(moments, distances, sizes)
    before, after = following
    lane = Products(
        notes[before], notes[after], log_gaps(note_starts_us[after] - note_starts_us[before])
    )
    return (
        rest.correlation(0, 4),
        rest.correlation(1, 4),
        fingers.correlation(0, 2),
        lane.correlation(1, 2),
        lane.correlation(0, 2),
        rest.correlation(2, 4),
        rest.correlation(3, 4),
        fingers.correlation(1, 2),
    )
