"""Judged by osu!mania's rules, recorded plays get the grades that their headers state."""

from pathlib import Path
from statistics import median

import pytest

from game.charts.osu import chart_from_osu
from game.charts.osu_strictness import overall_difficulty_of
from game.play.osr import replay_from_osr
from game.play.osu_mania import judge_osu_mania

pytestmark = [pytest.mark.data, pytest.mark.slow]


def differences(data_folder: Path, holds_matter: bool) -> list[float]:
    """For each replay: |our count - the header's|, over the grades, by the notes of the chart."""
    found = []
    for folder in sorted((data_folder / "replays_mania").iterdir()):
        for written in folder.glob("*.osu"):
            chart = chart_from_osu(written.read_bytes())
            holds = sum(note.duration_us > 0 for note in chart.notes)
            if (holds > 0.05 * len(chart.notes)) != holds_matter:
                continue
            for path in sorted(folder.glob("*.osr")):
                replay = replay_from_osr(path.read_bytes(), chart.keys)
                difficulty = overall_difficulty_of(written.read_bytes())
                record = judge_osu_mania(chart, replay, difficulty)
                counts = zip(record.grades.values(), record.counted.values(), strict=True)
                found.append(sum(abs(ours - theirs) for ours, theirs in counts) / len(chart.notes))
    return found


def test_charts_without_many_holds_agree_exactly(data_folder: Path):
    found = differences(data_folder, holds_matter=False)
    assert len(found) >= 20
    assert (median(found), max(found)) == (0.0, 0.0)


def test_charts_with_holds_agree_within_one_note_in_a_hundred(data_folder: Path):
    found = differences(data_folder, holds_matter=True)
    assert len(found) >= 25
    assert median(found) <= 0.001
    assert max(found) <= 0.01
