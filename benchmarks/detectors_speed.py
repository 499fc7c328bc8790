"""What it costs to look at a window, held against one answer of scikit-learn's isolation forest.

The window has 1,000 key events. From its judged notes to the model's log-odds: columns, features,
trees. Both sides are measured in turns, in CPU time of this process, and the medians of their
rounds compared; the forest is asked about one row of as many features. Without a model in the
package, one trained on rows of chance stands in for it: a walk down trees costs the same whatever
they say.
"""

from collections.abc import Callable, Iterator
from importlib.resources import files
from random import Random
from statistics import median
from time import process_time
from typing import Final

import numpy as np
from sklearn.ensemble import IsolationForest
from threadpoolctl import threadpool_limits

from benchmarks.common import Row, at_most, informs, progress, run
from consensus.anomaly.features.book import NAMES, features_of
from consensus.anomaly.model import FILE, Model, model_from_arrays, shipped_model
from consensus.anomaly.traces import traces_of
from consensus.chart import Chart, Note, TimingPoint
from consensus.judgement import JudgedNote, judge_notes
from game.bots.human_like import HumanLike
from simulations.detection.dataset import HUMAN, Rows
from simulations.detection.training import trained

NOTES: Final = 500
KEYS: Final = 7
STEP_US: Final = 120_000
CHORD_SHARE: Final = 0.3
EXAMPLES: Final = 800
TREES: Final = 100
SAMPLES: Final = 256
ROUNDS: Final = 60
CALLS: Final = 5
"""Calls in a row of ours, and one of theirs, in every round."""
GOAL: Final = 0.15


def played(rng: Random) -> tuple[JudgedNote, ...]:
    """A window of 500 notes on seven lanes, some in chords, as an imagined person plays it."""
    notes: list[Note] = []
    while len(notes) < NOTES:
        size = 2 if len(notes) < NOTES - 1 and rng.random() < CHORD_SHARE else 1
        start_us = (notes[-1].start_us if notes else 0) + STEP_US * rng.choice((1, 1, 1, 2, 4))
        notes += [Note(start_us, lane) for lane in sorted(rng.sample(range(KEYS), size))]
    chart = Chart("", "", KEYS, (TimingPoint(0, 4 * STEP_US),), tuple(notes))
    window_us = notes[-1].start_us + 1_000_000
    return judge_notes(chart.notes, HumanLike().play(chart, window_us, rng))


def rows_of_chance(seed: int) -> Rows:
    """Rows that tell nothing, of as many people and attacks as a training needs."""
    features = np.random.default_rng(seed).normal(size=(EXAMPLES, len(NAMES)))
    number = np.arange(EXAMPLES)
    return Rows(
        features,
        np.where(number % 2 == 0, HUMAN, "gaussian"),
        np.array([f"person {one}" for one in number % 20]),
        np.full(EXAMPLES, "mania"),
        np.full(EXAMPLES, "piece"),
        np.full(EXAMPLES, NOTES),
    )


def the_model() -> Model:
    """The model of the package, or one of chance where it has none."""
    if files("consensus.anomaly").joinpath("models", FILE).is_file():
        return shipped_model()
    progress("the package has no model: training one on rows of chance")
    with threadpool_limits(1):  # the threads of the boosting would go on spinning beside us
        return model_from_arrays(trained(rows_of_chance(1), 1))


def speed() -> Iterator[Row]:
    """The share of the reference's time, and what it consists of."""
    notes, model = played(Random(1)), the_model()
    traces = traces_of(notes, KEYS)
    row = features_of(traces)
    reference = IsolationForest(n_estimators=TREES, max_samples=SAMPLES, random_state=1)
    reference.fit(rows_of_chance(2).features)
    works: dict[str, Callable[[], object]] = {
        "reference": lambda: reference.score_samples(row[None]),
        "traces": lambda: traces_of(notes, KEYS),
        "traces_and_features": lambda: features_of(traces_of(notes, KEYS)),
        "model": lambda: model.log_odds(row),
        "window": lambda: model.log_odds(features_of(traces_of(notes, KEYS))),
    }
    rounds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            rounds[name].append(_seconds(work, 1 if name == "reference" else CALLS))
    microseconds = {name: 1e6 * median(times) for name, times in rounds.items()}
    yield at_most(
        "window_over_isolation_forest",
        microseconds["window"] / microseconds["reference"],
        GOAL,
        "share",
    )
    yield informs("isolation_forest", microseconds["reference"], "us")
    yield informs("window", microseconds["window"], "us")
    yield informs("traces", microseconds["traces"], "us")
    yield informs("features", microseconds["traces_and_features"] - microseconds["traces"], "us")
    yield informs("model", microseconds["model"], "us")


def _seconds(work: Callable[[], object], calls: int) -> float:
    """CPU seconds that one call takes, of several in a row."""
    start = process_time()
    for _ in range(calls):
        work()
    return (process_time() - start) / calls


if __name__ == "__main__":
    run("What it costs to look at a window.", speed)
