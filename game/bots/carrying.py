"""A play carried onto another chart: the same music faster, slower, or with other lanes.

Moment by moment: the k-th note of a moment gets the error and hold of the k-th note of the same
moment. So a play at one rate serves for all, and a play of the mirrored chart for the chart.
"""

import numpy as np

from consensus.chart import Chart
from game.bots.columns import columns_of
from game.bots.recording import Recording
from game.bots.residuals import residuals_of, rows_by_moment, strokes_with
from game.bots.strokes import Stroke, events_of

MARGIN_US = 1_000_000


def carried(recording: Recording, chart: Chart) -> Recording:
    """The recording as a play of `chart`; itself where it is one.

    Raises ValueError when the charts don't ask at equally many moments.
    """
    if recording.chart == chart:
        return recording
    source, target = columns_of(recording.chart), columns_of(chart)
    moments = len(target.firsts)
    if len(source.firsts) != moments or not moments:
        raise ValueError(
            f"the recording's chart has {len(source.firsts)} moments and this one {moments}: "
            "record a play of this chart, at any rate"
        )
    residuals = residuals_of(recording)
    rows = rows_by_moment(target, np.arange(moments), source)
    source_us = source.starts_us[source.firsts]
    target_us = target.starts_us[target.firsts]
    strays = [
        Stroke(at_us, stroke.lane, at_us + stroke.release_us - stroke.press_us)
        for stroke in residuals.strays
        if stroke.lane < chart.keys
        for at_us in (round(float(np.interp(stroke.press_us, source_us, target_us))),)
    ]
    moved = residuals.taken(rows)
    strokes = [*strokes_with(chart, moved)[: -len(moved.strays) or None], *strays]
    return Recording(chart, events_of(strokes, chart.duration_us + MARGIN_US))
