"""How near is near enough in osu!mania: its hit windows, in whole milliseconds.

Source: https://osu.ppy.sh/wiki/en/Gameplay/Judgement/osu!mania. Windows are cut to whole
milliseconds and closed: an error of exactly the window is still inside.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from consensus.judgement import Grade
from game.play.osr import EASY, HARD_ROCK, SCORE_V2

PERFECT_MS: Final = 16.0
"""The same for every difficulty, but for ScoreV2."""
STRICTEST_MS: Final = (34, 67, 97, 121, 158)
"""Great to meh, and how early a press is still taken, at difficulty 10; 3 ms more a point below."""
STRICTEST: Final = 10.0
MOD_FACTOR: Final = 1.4
"""How much wider Easy makes all windows, and how much narrower Hard Rock does."""


@dataclass(frozen=True, slots=True)
class HitWindows:
    """The largest errors of each grade, in milliseconds of the chart's time."""

    perfect_ms: int
    """Of a perfect."""
    great_ms: int
    """Of a great."""
    good_ms: int
    """Of a good."""
    ok_ms: int
    """Of an ok; a note is lost from this long after it."""
    meh_ms: int
    """Of a meh, which only an early press can get."""
    early_ms: int
    """From this long before a note a press is taken for it, and is a miss until meh begins."""

    def grade_of(self, error_ms: float) -> Grade:
        """The grade of a press this far from its note, either way."""
        for grade, reach_ms in zip(Grade, self.reaches_ms, strict=False):
            if abs(error_ms) <= reach_ms:
                return grade
        return Grade.MISS

    @property
    def reaches_ms(self) -> tuple[int, int, int, int, int]:
        """The windows from perfect to meh."""
        return (self.perfect_ms, self.great_ms, self.good_ms, self.ok_ms, self.meh_ms)


def hit_windows(
    overall_difficulty: float, mods: int = 0, rate: Fraction = Fraction(1)
) -> HitWindows:
    """The windows of a chart made for mania.

    Double Time and Half Time leave them alone in real time, so in the chart's time they grow
    with the rate. Easy and Hard Rock act on the windows, not on the difficulty.
    """
    lenience = STRICTEST - min(max(overall_difficulty, 0.0), STRICTEST)
    perfect_ms = _score_v2_perfect_ms(STRICTEST - lenience) if mods & SCORE_V2 else PERFECT_MS
    widths_ms = (perfect_ms, *(strictest + 3 * lenience for strictest in STRICTEST_MS))
    factor = 1 / MOD_FACTOR if mods & HARD_ROCK else MOD_FACTOR if mods & EASY else 1.0
    # A float such as 39.99999 stands for the 40 that was meant.
    return HitWindows(*(int(width * factor * rate + 1e-6) for width in widths_ms))


def _score_v2_perfect_ms(overall_difficulty: float) -> float:
    if overall_difficulty <= 5:
        return 22.4 - 0.6 * overall_difficulty
    return 24.9 - 1.1 * overall_difficulty
