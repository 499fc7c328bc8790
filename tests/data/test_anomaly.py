"""Recorded people are believed, and scripts on the same charts are not."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from consensus.anomaly.assess import assess
from consensus.chart import Chart
from consensus.evidence import Evidence
from consensus.identifiers import EntryId
from consensus.judgement import judge
from game.bots.exact import Exact
from game.bots.gaussian import Gaussian
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from game.play.rate import chart_at_rate, events_at_rate
from game.play.window import events_between

pytestmark = [pytest.mark.data, pytest.mark.slow]

SESSION = EntryId(bytes(32))


def human_windows(data_folder: Path, window_us: int) -> Iterator[tuple[Chart, Evidence]]:
    """Of each play every third window of 20 s, or every one of 120 s."""
    step_us = max(window_us, 60_000_000)
    for path in sorted((data_folder / "replays_mania").glob("*/*.osr")):
        chart = chart_from_osu(next(path.parent.glob("*.osu")).read_bytes())
        replay = replay_from_osr(path.read_bytes(), chart.keys)
        heard = chart_at_rate(chart, replay.rate)
        events = events_at_rate(replay.events, replay.rate)
        for start_us in range(0, heard.duration_us - window_us // 2, step_us):
            part = heard.cut(start_us, window_us)
            played = events_between(events, start_us, start_us + window_us)
            if part.notes:
                yield part, Evidence(SESSION, 0, window_us, played, ())


def anomaly(chart: Chart, evidence: Evidence) -> int:
    return assess(chart, evidence, judge(chart, evidence)).anomaly_ppm


@pytest.mark.parametrize("window_us", [20_000_000, 120_000_000])
def test_at_most_one_human_window_in_a_hundred_is_flagged(data_folder: Path, window_us: int):
    found = [anomaly(*window) for window in human_windows(data_folder, window_us)]
    assert len(found) > 100
    assert sum(score >= 500_000 for score in found) <= len(found) / 100
    assert max(found) < 900_000


@pytest.mark.parametrize("window_us", [20_000_000, 120_000_000])
def test_exact_scripts_are_always_rejected_and_with_3_ms_of_jitter_in_long_windows(
    data_folder: Path, window_us: int
):
    rng = Random(1)
    charts = {part.id: part for part, _ in human_windows(data_folder, window_us)}
    for chart in charts.values():
        if len(chart.notes) < 20:
            continue
        players = [Exact(), Gaussian(1_000)]
        players += [Gaussian(3_000)] if len(chart.notes) >= 250 else []
        for player in players:
            events = player.play(chart, window_us, rng)
            assert anomaly(chart, Evidence(SESSION, 0, window_us, events, ())) >= 900_000
