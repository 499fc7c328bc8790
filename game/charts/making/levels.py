"""Five levels: how many of the onsets are to be played, and which."""

from bisect import bisect_left, insort
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.charts.making.beat import FIRM, STEPS, Beat
from game.charts.making.onsets import Onsets

ON_BEAT: Final = 1.6
"""How much more an onset on the beat counts than one between."""
ON_HALF: Final = 1.2
"""The same for half a beat."""
NEAR_SECONDS: Final = 0.030
"""So near to a beat an onset is on it."""
COUNTED_SECONDS: Final = 2.0
"""Over so long a stretch density is counted."""


class Level(NamedTuple):
    """How dense a chart of a level is."""

    per_second: float
    """Moments a second where most happens, about."""
    apart_seconds: float
    """Least distance of two moments."""
    has_chords: bool
    """Whether what sounds low and high at once takes two lanes."""


LEVELS: Final = {
    1: Level(1.5, 0.350, has_chords=False),
    2: Level(2.5, 0.220, has_chords=False),
    3: Level(4.0, 0.140, has_chords=True),
    4: Level(6.5, 0.090, has_chords=True),
    5: Level(float("inf"), 0.0, has_chords=True),
}
"""From easy to everything that can be heard."""


def chosen_for(onsets: Onsets, beat: Beat, level: Level) -> Onsets:
    """The onsets that a level asks for: the strongest first, as long as there is room."""
    if level.apart_seconds == 0:
        return onsets
    chosen = np.zeros(len(onsets), np.bool_)
    taken: list[float] = []
    for position in np.argsort(-_importance(onsets, beat), kind="stable"):
        second = float(onsets.seconds[position])
        if _has_room(taken, second, level):
            insort(taken, second)
            chosen[position] = True
    return onsets.only(chosen)


def _importance(onsets: Onsets, beat: Beat) -> NDArray[np.float64]:
    if beat.locking < FIRM:
        return onsets.strengths
    return onsets.strengths * np.where(
        _is_near(onsets, beat, 1), ON_BEAT, np.where(_is_near(onsets, beat, STEPS // 2), ON_HALF, 1)
    )


def _is_near(onsets: Onsets, beat: Beat, division: int) -> NDArray[np.bool_]:
    step = beat.seconds / division
    distance = (onsets.seconds - beat.first_seconds + step / 2) % step - step / 2
    near: NDArray[np.bool_] = np.abs(distance) <= NEAR_SECONDS
    return near


def _has_room(taken: list[float], second: float, level: Level) -> bool:
    place = bisect_left(taken, second)
    neighbours = taken[max(place - 1, 0) : place + 1]
    if any(abs(second - other) < level.apart_seconds for other in neighbours):
        return False
    most = int(level.per_second * COUNTED_SECONDS)
    before = bisect_left(taken, second - COUNTED_SECONDS / 2)
    after = bisect_left(taken, second + COUNTED_SECONDS / 2)
    return after - before < most
