"""Charts by chance, and a play of one that forgers may start from."""

from collections.abc import Callable
from random import Random

import pytest

from consensus.chart import Chart, Note, TimingPoint
from game.bots.human_like import HumanLike
from game.bots.recording import Recording

WINDOW_US = 60_000_000
MakeChart = Callable[..., Chart]
MakeRecording = Callable[[int], Recording]


def chart_by(seed: int, moments: int, keys: int = 4) -> Chart:
    """Moments 90 to 400 ms apart with one to three fingers, some of them held."""
    rng, notes, now_us = Random(seed), [], 1_000_000
    busy_us = [0] * keys
    for _ in range(moments):
        now_us += rng.choice((90_000, 125_000, 250_000, 400_000))
        for lane in sorted(rng.sample(range(keys), min(rng.choice((1, 1, 2, 3)), keys))):
            if busy_us[lane] <= now_us:
                held_us = rng.choice((0, 0, 0, 0, 0, 300_000))
                notes.append(Note(now_us, lane, held_us))
                busy_us[lane] = now_us + held_us + 80_000
    return Chart("", "", keys, (TimingPoint(0, 500_000),), tuple(notes))


@pytest.fixture(scope="session")
def make_chart() -> MakeChart:
    return chart_by


@pytest.fixture(scope="session")
def song() -> Chart:
    return chart_by(1, 240)


@pytest.fixture(scope="session")
def recorded(song: Chart) -> MakeRecording:
    def make(seed: int) -> Recording:
        player = HumanLike(grid_us=1_000)
        return Recording(song, player.play(song, WINDOW_US, Random(seed)))

    return make
