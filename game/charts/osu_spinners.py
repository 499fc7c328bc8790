"""The lanes of spinners, which osu!mania draws by lot, the same lot for everybody.

Source: LegacyRandom, ManiaBeatmapConverter and SpinnerPatternGenerator of https://github.com/ppy/osu,
held against that game's own conversion of map 4869637. The generator is Marsaglia's xorshift128.
"""

from collections.abc import Mapping
from typing import Final

from game.charts.lines import Line
from game.charts.osu_lines import number_of

STATE: Final = (842502087, 3579807591, 273326509)
MASK: Final = 0xFFFFFFFF
POSITIVE: Final = 0x7FFFFFFF
FINISH: Final = 4
"""The sound that puts a short spinner on the first of eight lanes."""
SHORT_US: Final = 1_000_000
SPECIAL_KEYS: Final = 8
"""With so many lanes the first is for the scratch."""


class SpinnerLanes:
    """Draws a lane for each spinner, in order of time."""

    def __init__(self, settings: Mapping[str, Line], keys: int) -> None:
        self._state = (_seed(settings, keys) & MASK, *STATE)
        self._keys = keys

    def next_lane(self, duration_us: int, sounds: int) -> int:
        """The lane of the next spinner."""
        if self._keys != SPECIAL_KEYS:
            return self._drawn(0)
        return 0 if sounds & FINISH and duration_us < SHORT_US else self._drawn(1)

    def _drawn(self, lowest: int) -> int:
        x, y, z, w = self._state
        t = x ^ (x << 11) & MASK
        last = (w ^ (w >> 19)) ^ (t ^ (t >> 8))
        self._state = (y, z, w, last)
        return lowest + (last & POSITIVE) * (self._keys - lowest) // (POSITIVE + 1)


def _seed(settings: Mapping[str, Line], keys: int) -> int:
    def setting(name: str, default: float) -> float:
        line = settings.get(name)
        return default if line is None else number_of(line, line.text)

    strictness = setting("OverallDifficulty", 5.0)
    speed = setting("ApproachRate", strictness)
    drain = setting("HPDrainRate", 5.0)
    return round(drain + keys) * 20 + int(strictness * 41.2) + round(speed)
