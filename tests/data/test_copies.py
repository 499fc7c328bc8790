"""Recorded people are not taken for each other's copies, and copies of them are found."""

from pathlib import Path
from random import Random

import pytest

from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.play import play_of
from consensus.chart import Chart
from consensus.evidence import Evidence, KeyEvent
from consensus.identifiers import EntryId
from consensus.judgement import judge
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from game.play.window import events_between

pytestmark = [pytest.mark.data, pytest.mark.slow]

WINDOW_US = 120_000_000
START_US = 20_000_000
Events = tuple[KeyEvent, ...]


@pytest.fixture(scope="module", params=["Aegleseeker", "MAGiCVLGiRL_ZVPH"])
def people(request: pytest.FixtureRequest, data_folder: Path) -> tuple[Chart, list[Events]]:
    folder = data_folder / "replays_mania" / request.param
    chart = chart_from_osu(next(folder.glob("*.osu")).read_bytes())
    replays = [replay_from_osr(path.read_bytes(), chart.keys) for path in folder.glob("*.osr")]
    window = (START_US, START_US + WINDOW_US)
    return chart, [events_between(replay.events, *window) for replay in replays]


def play(chart: Chart, events: Events, number: int):
    log = Evidence(EntryId(bytes(32)), number, WINDOW_US, events, ())
    return play_of(chart, log, judge(chart, log, START_US), START_US)


@pytest.fixture(scope="module")
def library(people: tuple[Chart, list[Events]]) -> Library:
    chart, played = people
    library = Library()
    for number, events in enumerate(played):
        library.add(play(chart, events, number))
    return library


def test_nobody_is_a_copy_of_anybody_else(people: tuple[Chart, list[Events]], library: Library):
    chart, played = people
    assert len(library) == len(played) >= 22
    for number, events in enumerate(played):
        nearest = library.nearest(play(chart, events, number))
        assert nearest is not None
        assert nearest.kind == "none"
        assert nearest.correlation < 0.35


def test_copies_with_8_ms_of_noise_are_found(people: tuple[Chart, list[Events]], library: Library):
    chart, played = people
    rng = Random(1)
    for number, events in enumerate(played):
        blurred = [
            event._replace(time_us=max(0, event.time_us + 9_000 + round(rng.gauss(0, 8_000))))
            for event in events
        ]
        nearest = library.nearest(play(chart, tuple(sorted(blurred)), -1))
        assert nearest is not None
        assert (nearest.kind, nearest.id[1]) == ("copy", number)
