"""What fingers share and what they don't: habits of each lane, and fingers of a chord.

The fingers of a chord start from one decision, so they err together (Repp, Psychon. Bull. Rev. 12,
2005, on synchrony of effectors); each finger has a lateness and a steadiness of its own.
"""

from math import pi
from typing import Final

import numpy as np

from consensus.anomaly.features.series import (
    FEWEST,
    Products,
    autocorrelations,
    correlation,
    group_means,
    group_sizes,
    log_of,
    mean_of,
    variance_of,
)
from consensus.anomaly.traces import Flags, Floats, Integers, Pairs

NAMES: Final = (
    "lane_bias",
    "lane_spreads",
    "lane_memory",
    "lane_volatility",
    "chord_spread",
    "chord_close",
    "chord_volatility",
    "chord_roll",
    "hand_same",
    "hand_other",
)
CLOSE_MS: Final = 2.0
"""Fingers this near each other land together, on any client's capture grid."""
UNKNOWN_CHORD: Final = (-0.6, 0.3, 0.4, -0.06)
"""What people have, for a play without chords."""
UNKNOWN_HANDS: Final = (0.29, 0.12)


def hand_features(
    scores: Floats,
    spread_ms: float,
    lanes: Integers,
    starts_us: Integers,
    keys: int,
    following: Pairs,
) -> tuple[float, ...]:
    """What the robust scores of the notes that were hit tell of lanes and chords.

    `following` are the pairs of notes that follow each other on a lane.

    - lane_bias: variance between the lanes' means over the whole, above what chance gives.
    - lane_spreads: standard deviation of ln variance over lanes.
    - lane_memory: correlation of a note's score with that of the note before on its lane, the
      lanes' means removed.
    - lane_volatility: the same of distances from the lane's mean.
    - chord_spread: ln of the difference of two fingers of a chord, over that of any two notes.
    - chord_close: share of such fingers that land within 2 ms of each other, above what a normal
      distribution of that spread would give.
    - chord_volatility: correlation of the distances of two fingers of a chord.
    - chord_roll: correlation of the direction in which a chord rolls with the chord's before.
    - hand_same, hand_other: correlation of a note's score with that of the note before, where the
      same half of the keyboard plays it, and where the other does; chords left out.
    """
    count = len(scores)
    if count < FEWEST:
        return (0.0, 0.0, 0.0, 0.0, *UNKNOWN_CHORD, *UNKNOWN_HANDS)
    sizes = group_sizes(lanes, keys)
    means = group_means(scores, lanes, sizes)
    offsets = means - mean_of(scores)
    chance = (np.count_nonzero(sizes) - 1) / count
    bias = float(sizes @ (offsets * offsets)) / count / (variance_of(scores) + 1e-9) - chance
    centred = scores - means[lanes]
    variances = group_means(centred * centred, lanes, sizes)[sizes >= FEWEST]
    before, after = centred[following[0]], centred[following[1]]
    lane = Products(before, after, np.abs(before), np.abs(after))
    is_chord = starts_us[1:] == starts_us[:-1]
    is_left = lanes < keys / 2
    is_same = is_left[1:] == is_left[:-1]
    return (
        bias,
        variance_of(np.log(variances + 1e-3)) ** 0.5 if len(variances) > 1 else 0.0,
        lane.correlation(0, 1),
        lane.correlation(2, 3),
        *_chords(centred, spread_ms, is_chord),
        _follows(centred, is_same & ~is_chord, UNKNOWN_HANDS[0]),
        _follows(centred, ~(is_same | is_chord), UNKNOWN_HANDS[1]),
    )


def _follows(centred: Floats, chosen: Flags, usual: float) -> float:
    """Correlation of the chosen notes with those before; what is usual where there are few."""
    places = chosen.nonzero()[0]
    if len(places) < FEWEST:
        return usual
    return correlation(centred[places + 1], centred[places])


def _chords(centred: Floats, spread_ms: float, is_chord: Flags) -> tuple[float, ...]:
    places = is_chord.nonzero()[0]
    if len(places) < FEWEST:
        return UNKNOWN_CHORD
    one, other = centred[places], centred[places + 1]
    apart = other - one
    typical = max(float(apart @ apart / len(apart)) ** 0.5, 1e-3)
    close = float(np.count_nonzero(np.abs(apart) < CLOSE_MS / spread_ms)) / len(apart)
    expected = (2 / pi) ** 0.5 * min(CLOSE_MS / spread_ms / typical, 1.0)
    return (
        log_of(typical / 2**0.5, 1e-2),
        close - expected,
        correlation(np.abs(one), np.abs(other)),
        float(autocorrelations(np.sign(apart), 1)[0]),
    )
