"""How strictly the game judges the chart in an `.osu` file; our own judging doesn't ask."""

from typing import Final

from game.charts.lines import Line
from game.charts.osu_lines import number_of, sections_of, settings_of

DEFAULT_DIFFICULTY: Final = "5"
GREATEST_DIFFICULTY: Final = 10.0


def overall_difficulty_of(data: bytes | str) -> float:
    """The OverallDifficulty of an `.osu` file, 0 to 10; 5 where it doesn't say.

    Raises ChartImportError for what is no number, or no `.osu` file.
    """
    settings = settings_of(sections_of(data))
    stated = settings.get("OverallDifficulty", Line(0, DEFAULT_DIFFICULTY))
    return min(max(number_of(stated, stated.text), 0.0), GREATEST_DIFFICULTY)
