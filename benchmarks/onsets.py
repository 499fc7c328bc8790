"""How many strokes of real drummers end up in a chart of the densest level, and how many more.

    POPD_DATA=DATA python -m benchmarks.onsets

F-measure with a tolerance of 50 ms, onsets within 30 ms merged, over moments of the chart.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from statistics import mean, median
from typing import Final

import mir_eval
import numpy as np

from benchmarks.common import Row, at_least, informs, run
from benchmarks.drums import SAMPLE_RATE, Performance, drum_files, one_shots, performance
from game.charts.making.make import make_chart

DATA: Final = Path(os.environ.get("POPD_DATA", Path(__file__).parents[2] / "shared" / "data"))
PER_DRUMMER: Final = 12
LONGEST_SECONDS: Final = 60.0
FEWEST: Final = 4
"""A fill of three strokes says nothing."""
TOLERANCE_SECONDS: Final = 0.05


def agreement(played: Performance, keys: int) -> tuple[float, float, float]:
    """F-measure, precision and recall of the chart's moments."""
    chart = make_chart(played.samples, SAMPLE_RATE, keys=keys, level=5)
    moments = np.array(sorted({note.start_us for note in chart.notes})) / 1e6
    found = mir_eval.onset.f_measure(played.onsets, moments, window=TOLERANCE_SECONDS)
    return float(found[0]), float(found[1]), float(found[2])


def measure() -> Iterable[Row]:
    """Agreement over performances of all drummers, on 4 keys."""
    sounds = one_shots(DATA / "audio" / "cc0_sonicpi")
    played = (
        performance(path, sounds, LONGEST_SECONDS)
        for path in drum_files(DATA / "drums_midi", PER_DRUMMER)
    )
    figures = [agreement(one, 4) for one in played if len(one.onsets) >= FEWEST]
    scores, precisions, recalls = zip(*figures, strict=True)
    yield informs("drum_performances", len(figures), "files")
    yield at_least("drum_onsets_f_mean", mean(scores), 0.90, "F")
    yield at_least("drum_onsets_f_median", median(scores), 0.90, "F")
    yield informs("drum_onsets_f_least", min(scores), "F")
    yield informs("drum_onsets_precision", mean(precisions), "share")
    yield informs("drum_onsets_recall", mean(recalls), "share")


if __name__ == "__main__":
    run("Onsets of drummers in charts that were made from sound.", measure)
