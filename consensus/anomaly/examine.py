"""Examining a window: the law's judgement and metrics, and the detectors' advice, in one go."""

from collections.abc import Callable
from typing import NamedTuple

from consensus.anomaly.assess import Assessment, assess
from consensus.anomaly.comparison import Comparison
from consensus.anomaly.copies.play import Play, play_of
from consensus.calibration import Calibration
from consensus.chart import Chart
from consensus.evidence import Evidence
from consensus.judgement import judge
from consensus.quality import Metrics, measure
from consensus.units import Microseconds


class Examination(NamedTuple):
    """What a node knows of a window once it has its evidence."""

    metrics: Metrics
    """The law's measures; riffs in the log's own time."""
    assessment: Assessment
    """The detectors' advice."""


def examine(
    chart: Chart,
    evidence: Evidence,
    start_us: Microseconds,
    calibration: Calibration,
    compare: Callable[[Play], Comparison] | None = None,
) -> Examination:
    """Judges a window that begins at `start_us` of the chart. Never raises for odd evidence.

    `compare` tells what known plays tell of it, as a library of them does.
    """
    judgement = judge(chart, evidence, start_us, calibration)
    comparison = None
    if compare is not None:
        comparison = compare(play_of(chart, evidence, judgement, start_us))
    assessment = assess(chart, evidence, judgement, comparison=comparison)
    return Examination(measure(chart, judgement, start_us), assessment)
