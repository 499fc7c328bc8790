"""Recorded people err where others do and are as large; scripts and sped-up plays are not."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from consensus.anomaly.company.company import Company, company_of
from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.play import Play, play_of
from consensus.chart import Chart
from consensus.evidence import Evidence, KeyEvent
from consensus.identifiers import EntryId
from consensus.judgement import judge
from game.bots.book import bot_named, perform
from game.bots.recording import Recording
from game.bots.timewarp import Timewarp
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from game.play.window import events_between

pytestmark = [pytest.mark.data, pytest.mark.slow]

WINDOW_US = 90_000_000
START_US = 20_000_000
Events = tuple[KeyEvent, ...]


class Crowd:
    """People on one chart, a window of each; everybody is held against all others."""

    def __init__(self, folder: Path) -> None:
        self.chart: Chart = chart_from_osu(next(folder.glob("*.osu")).read_bytes())
        paths = sorted(folder.glob("*.osr"))
        replays = [replay_from_osr(path.read_bytes(), self.chart.keys) for path in paths]
        window = (START_US, START_US + WINDOW_US)
        self.played = [events_between(replay.events, *window) for replay in replays]
        self.part = self.chart.cut(START_US, WINDOW_US)
        self.library = Library()
        for number, events in enumerate(self.played):
            self.library.add(self._play(events, number))

    def recordings(self) -> Iterator[tuple[int, Recording]]:
        """Of every other person."""
        for number in range(0, len(self.played), 2):
            yield number, Recording(self.part, self.played[number])

    def company(self, events: Events, number: int) -> Company:
        """Of what a person plays, or is made from that person, among all others."""
        found = company_of(self.library, self._play(events, number))
        assert found is not None
        assert found.plays == len(self.played) - 1
        return found

    def _play(self, events: Events, number: int) -> Play:
        log = Evidence(EntryId(bytes(32)), number, WINDOW_US, events, ())
        return play_of(self.chart, log, judge(self.chart, log, START_US), START_US)


@pytest.fixture(scope="module", params=["Aegleseeker", "MAGiCVLGiRL_ZVPH"])
def crowd(request: pytest.FixtureRequest, data_folder: Path) -> Crowd:
    return Crowd(data_folder / "replays_mania" / request.param)


def test_nobody_is_taken_for_a_script_or_for_sped_up(crowd: Crowd):
    found = [crowd.company(events, number) for number, events in enumerate(crowd.played)]
    assert max(one.script_odds for one in found) < 2.3
    assert max(one.warp_odds for one in found) < 2.3
    assert sum(one.script_odds < 0 for one in found) >= 0.9 * len(found)


@pytest.mark.parametrize(
    ("name", "least"), [("human", 0.9), ("resampled_blocks", 0.9), ("fitted", 0.6)]
)
def test_new_errors_are_told_from_peoples(crowd: Crowd, name: str, least: float):
    odds = []
    for number, recording in crowd.recordings():
        rng = Random(f"{name} {number}")
        events = perform(bot_named(name), crowd.part, [recording], WINDOW_US, rng)
        odds.append(crowd.company(events, number).script_odds)
    assert sum(one > 2 for one in odds) >= least * len(odds)


def test_plays_of_a_slowed_chart_are_told(crowd: Crowd):
    odds = []
    for number, recording in crowd.recordings():
        rng = Random(number)
        events = Timewarp(rng.uniform(0.5, 0.65)).forge([recording], WINDOW_US, rng)
        odds.append(crowd.company(events, number).warp_odds)
    assert sum(one > 2 for one in odds) >= 0.75 * len(odds)
