"""A play as it is compared: whose, of which chart, and how it erred."""

from dataclasses import dataclass
from typing import TypeAlias

from consensus.anomaly.copies.moments import ChartKey, chart_key
from consensus.anomaly.copies.residuals import Residuals, residuals_of
from consensus.anomaly.copies.touch import Touch, touch_of
from consensus.anomaly.traces import traces_of
from consensus.chart import Chart
from consensus.evidence import Evidence
from consensus.judgement import Judgement

PlayId: TypeAlias = tuple[bytes, int]
"""A session and the number of its window: readings of one window, early or late, are one play."""


@dataclass(frozen=True, slots=True)
class Play:
    """One judged window, or a whole song."""

    id: PlayId
    """What it is known by."""
    key: ChartKey
    """The chart's moments."""
    residuals: Residuals | None
    """Its errors; None where there is nothing to compare."""
    author: str = ""
    """Whose it is, where that is known."""
    touch: Touch | None = None
    """How wide its errors are and how long it holds; None where there is too little."""


def play_of(chart: Chart, evidence: Evidence, judgement: Judgement, start_us: int) -> Play:
    """The play of a window that begins at `start_us` of its chart, by whomever. Never raises."""
    key = chart_key(chart)
    traces = traces_of(judgement.notes, chart.keys)
    residuals = residuals_of(key, traces, start_us)
    touch = touch_of(key, traces, start_us)
    return Play((evidence.session, evidence.window), key, residuals, touch=touch)
