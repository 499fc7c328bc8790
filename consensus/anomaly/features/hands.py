"""What fingers share and what they don't: habits of each lane, and fingers of a chord.

The fingers of a chord start from one decision, so they err together (Repp, Psychon. Bull. Rev. 12,
2005, on synchrony of effectors); each finger has a lateness and a steadiness of its own.
"""

from typing import Final

import numpy as np

from consensus.anomaly.features.series import (
    FEWEST,
    autocorrelations,
    correlation,
    followers,
    group_means,
    log_of,
    mean_of,
)
from consensus.anomaly.traces import Flags, Floats, Integers

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
    scores: Floats, spread_ms: float, lanes: Integers, starts_us: Integers, keys: int
) -> tuple[float, ...]:
    """What the robust scores of the notes that were hit tell of lanes and chords.

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
    means, sizes = group_means(scores, lanes, keys)
    offsets = means - mean_of(scores)
    total = float(scores.var()) + 1e-9
    chance = (np.count_nonzero(sizes) - 1) / count
    bias = float(sizes @ (offsets * offsets)) / count / total - chance
    centred = scores - means[lanes]
    squares = centred * centred
    variances = group_means(squares, lanes, keys)[0][sizes >= FEWEST]
    before, after = followers(lanes)
    distances = np.abs(centred)
    is_chord = np.diff(starts_us) == 0
    is_left = lanes < keys / 2
    is_same = is_left[1:] == is_left[:-1]
    return (
        bias,
        float(np.log(variances + 1e-3).std()) if len(variances) > 1 else 0.0,
        correlation(centred[before], centred[after]),
        correlation(distances[before], distances[after]),
        *_chords(centred, spread_ms, is_chord),
        _follows(centred, is_same & ~is_chord, UNKNOWN_HANDS[0]),
        _follows(centred, ~is_same & ~is_chord, UNKNOWN_HANDS[1]),
    )


def _follows(centred: Floats, chosen: Flags, usual: float) -> float:
    """Correlation of the chosen notes with those before; what is usual where there are few."""
    if np.count_nonzero(chosen) < FEWEST:
        return usual
    return correlation(centred[1:][chosen], centred[:-1][chosen])


def _chords(centred: Floats, spread_ms: float, is_chord: Flags) -> tuple[float, ...]:
    one, other = centred[:-1][is_chord], centred[1:][is_chord]
    apart = other - one
    if len(apart) < FEWEST:
        return UNKNOWN_CHORD
    typical = max(float(np.sqrt(apart @ apart / len(apart))), 1e-3)
    close = np.count_nonzero(np.abs(apart) < CLOSE_MS / spread_ms) / len(apart)
    expected = np.sqrt(2 / np.pi) * min(CLOSE_MS / spread_ms / typical, 1.0)
    return (
        log_of(typical / 2**0.5, 1e-2),
        float(close - expected),
        correlation(np.abs(one), np.abs(other)),
        float(autocorrelations(np.sign(apart), 1)[0]),
    )
