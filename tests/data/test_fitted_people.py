"""A model of a person plays like that person, on 51 recorded plays; a new play is no known one."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median

import numpy as np
import pytest

from game.bots.columns import columns_of
from game.bots.fitted import Fitted
from game.bots.grid import on_grid
from game.bots.recording import Recording
from game.bots.residuals import moment_means, residuals_of
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from game.play.rate import chart_at_rate, events_at_rate
from game.play.window import cut_window
from tests.game.bots.measures import lag_1, low_frequency_share, median_deviation, spread

pytestmark = [pytest.mark.data, pytest.mark.slow]

WINDOW_US = 40_000_000


def windows(data_folder: Path) -> Iterator[Recording]:
    for path in sorted((data_folder / "replays_mania").glob("*/*.osr")):
        chart = chart_from_osu(next(path.parent.glob("*.osu")).read_bytes())
        replay = replay_from_osr(path.read_bytes(), chart.keys)
        heard = chart_at_rate(chart, replay.rate)
        events = events_at_rate(replay.events, replay.rate)
        yield Recording(*cut_window(heard, events, WINDOW_US))


def features(recording: Recording) -> dict[str, float]:
    notes, residuals = columns_of(recording.chart), residuals_of(recording)
    errors = residuals.errors_us / 1_000
    hit = ~np.isnan(errors)
    moments = moment_means(notes, errors)
    apart = (errors - moments[notes.moments])[hit & (notes.sizes[notes.moments] > 1)]
    moments = moments[~np.isnan(moments)]
    holds = (residuals.tails_us / 1_000)[hit & (notes.durations_us == 0)]
    low, middle, high = np.nanquantile(holds, [0.25, 0.5, 0.75])
    lanes = [np.median(errors[hit & (notes.lanes == lane)]) for lane in np.unique(notes.lanes)]
    return {
        "spread": spread(errors[hit]),
        "median deviation": median_deviation(errors[hit]),
        "lag 1": lag_1(moments),
        "low frequencies": low_frequency_share(moments),
        "hold": float(middle),
        "hold range": float(high - low),
        "chord": spread(apart),
        "lanes": spread(np.array(lanes)),
        "misses": float((~hit).mean()),
    }


TOLERANCES = {
    "spread": 1.5,
    "median deviation": 1.1,
    "lag 1": 0.09,
    "low frequencies": 0.07,
    "hold": 2.5,
    "hold range": 2.5,
    "chord": 0.9,
    "lanes": 0.9,
    "misses": 0.004,
}
"""Largest median distance between a person and their model, by feature, in its own unit (ms)."""


def test_a_model_has_its_persons_features_and_not_their_errors(data_folder: Path):
    distances: dict[str, list[float]] = {name: [] for name in TOLERANCES}
    likeness = []
    for source in windows(data_folder):
        before = features(source)
        events = Fitted().forge([source], WINDOW_US, Random(1))
        play = Recording(source.chart, on_grid(events, 1_000, WINDOW_US, Random(1)))
        for name, value in features(play).items():
            distances[name].append(abs(value - before[name]))
        pair = [residuals_of(recording).errors_us for recording in (source, play)]
        both = ~np.isnan(pair[0]) & ~np.isnan(pair[1])
        likeness.append(float(np.corrcoef(pair[0][both], pair[1][both])[0, 1]))
    assert len(likeness) == 51
    far = {name: round(median(found), 3) for name, found in distances.items()}
    assert all(far[name] < most for name, most in TOLERANCES.items()), far
    assert median(likeness) < 0.25
