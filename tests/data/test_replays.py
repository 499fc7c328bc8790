"""Judging what real people played agrees with what the game said of it."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import osrparse
import pytest

from consensus.evidence import Evidence, check_evidence
from consensus.identifiers import EntryId
from consensus.judgement import Judgement, judge, judge_notes
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from game.play.rate import chart_at_rate, events_at_rate
from game.play.window import cut_window

pytestmark = [pytest.mark.data, pytest.mark.slow]


def pairs(data_folder: Path) -> Iterator[tuple[Path, Path]]:
    for path in sorted((data_folder / "replays_mania").glob("*/*.osr")):
        yield path, next(path.parent.glob("*.osu"))


def weighed(grades: tuple[int, ...]) -> float:
    weights = (6, 6, 4, 2, 1, 0)
    earned = sum(count * weight for count, weight in zip(grades, weights, strict=True))
    return earned / (6 * sum(grades))


def test_our_accuracy_is_within_five_points_of_the_games(data_folder: Path):
    gaps = []
    for replay_path, chart_path in pairs(data_folder):
        chart = chart_from_osu(chart_path.read_bytes())
        replay = replay_from_osr(replay_path.read_bytes(), chart.keys)
        events = events_at_rate(replay.events, replay.rate)
        judged = judge_notes(chart_at_rate(chart, replay.rate).notes, events)
        ours = Judgement(judged, (), 0)
        gap = ours.accuracy_ppm / 1e6 - weighed(replay.counted)
        gaps.append(abs(gap))
    assert len(gaps) >= 50
    assert max(gaps) < 0.05


def test_the_events_are_those_that_osrparse_sees_but_for_the_time_it_drops(data_folder: Path):
    for replay_path, chart_path in pairs(data_folder):
        chart = chart_from_osu(chart_path.read_bytes())
        ours = replay_from_osr(replay_path.read_bytes(), chart.keys)
        theirs = osrparse.Replay.from_path(replay_path)
        played = [frame for frame in theirs.replay_data if frame.time_delta >= 0]
        masks = [0, *(int(frame.keys) for frame in played)]
        changes = sum((now ^ before).bit_count() for before, now in pairwise(masks))
        assert len(ours.events) == changes, replay_path.name


@pytest.mark.parametrize("window_us", [20_000_000, 120_000_000])
def test_a_window_of_a_replay_is_possible_evidence_and_well_played(
    data_folder: Path, window_us: int
):
    for replay_path, chart_path in pairs(data_folder):
        chart = chart_from_osu(chart_path.read_bytes())
        replay = replay_from_osr(replay_path.read_bytes(), chart.keys)
        part, events = cut_window(chart, replay.events, window_us)
        evidence = Evidence(EntryId(bytes(32)), 0, window_us, events, ())
        check_evidence(evidence)
        assert len(part.to_bytes()) <= 256 * 1024
        assert judge(part, evidence).accuracy_ppm > 600_000, replay_path.name
