"""The difficulty that the game judges by is read from an `.osu` file."""

import pytest

from game.charts.errors import ChartImportError
from game.charts.osu_strictness import overall_difficulty_of

HEAD = "osu file format v14\n[Difficulty]\n"


@pytest.mark.parametrize(
    ("line", "difficulty"),
    [
        ("OverallDifficulty: 7.2", 7.2),
        ("OverallDifficulty:11", 10.0),
        ("OverallDifficulty:-1", 0.0),
        ("CircleSize:4", 5.0),
    ],
)
def test_the_difficulty_is_read_and_kept_within_bounds(line: str, difficulty: float):
    assert overall_difficulty_of(HEAD + line) == difficulty


@pytest.mark.parametrize("bad", ["hard", "nan", "1e99", ""])
def test_what_is_no_number_is_named_with_its_line(bad: str):
    with pytest.raises(ChartImportError, match=f"line 3: '{bad}' is not a number"):
        overall_difficulty_of(f"{HEAD}OverallDifficulty:{bad}")
