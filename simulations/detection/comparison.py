"""Simpler detectors to be held against: single measures, and outliers among raw errors.

Unstable rate, average time between frames and the similarity of two replays are what players'
tools look at: circleguard, a tool of the osu! community, names them for relax, timewarp and stolen
replays (its README, and issues #146 and #149 of circleguard/circlecore). Its limits are of cursors
in pixels and of frames that our logs don't have; here all get the limit at which as many people are
accused as by everybody else.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor

from consensus.anomaly.features.capture import capture_interval_us
from consensus.anomaly.features.series import autocorrelations
from consensus.anomaly.traces import NEVER, Floats, Traces

MEASURES: Final = (
    "lag-1 memory",
    "frame time",
    "unstable rate low",
    "unstable rate high",
    "mean event interval",
    "similarity",
)
"""Columns of the measures; each rises with suspicion."""
OUTLIERS: Final = ("isolation forest", "local outlier factor")
UNSTABLE: Final = 10
"""An unstable rate is ten standard deviations of the errors in milliseconds."""
UNLIKE: Final = -1e6
"""Similarity where there is nothing to be like."""
FEWEST_SHARED: Final = 15
TREES: Final = 100
NEIGHBOURS: Final = 20


def measures_of(traces: Traces, known_ms: Floats) -> Floats:
    """[MEASURES] Single measures of a window.

    `known_ms` [plays, moments] are the errors of other plays on the same moments, NaN for misses.
    """
    errors_ms = traces.moment_errors_ms
    felt = errors_ms[np.isfinite(errors_ms)]
    unstable = UNSTABLE * float(np.nanstd(traces.errors_ms))
    return np.array(
        [
            -float(autocorrelations(felt, 1)[0]),
            -capture_interval_us(traces),
            -unstable,
            unstable,
            -_mean_interval_us(traces),
            _similarity(errors_ms, known_ms),
        ]
    )


def _mean_interval_us(traces: Traces) -> float:
    times_us = np.unique(np.concatenate([traces.presses_us, traces.releases_us]))
    times_us = times_us[times_us != NEVER]
    return float(np.diff(times_us).mean()) if len(times_us) > 1 else 0.0


def _similarity(errors_ms: Floats, known_ms: Floats) -> float:
    """Minus the mean distance, in milliseconds, of the presses from those of the nearest play."""
    apart = np.abs(known_ms - errors_ms)
    shared = np.isfinite(apart).sum(axis=1)
    apart = apart[shared >= FEWEST_SHARED]
    return -float(np.nanmean(apart, axis=1).min()) if len(apart) else UNLIKE


def raw_errors(traces: Traces, length: int) -> Floats:
    """[length] The first errors, in milliseconds; 0 for a miss."""
    errors: Floats = np.zeros(length)
    first = np.nan_to_num(traces.errors_ms[:length])
    errors[: len(first)] = first
    return errors


def outlier_scores(people: Floats, asked: Floats, seed: int) -> Floats:
    """[asked, OUTLIERS] How far each row of errors lies from the people's rows."""
    forest = IsolationForest(n_estimators=TREES, random_state=seed).fit(people)
    factor = LocalOutlierFactor(min(NEIGHBOURS, len(people) - 1), novelty=True).fit(people)
    return np.column_stack([-forest.score_samples(asked), -factor.score_samples(asked)])


def column_of(name: str, names: Sequence[str] = MEASURES) -> int:
    """Where a measure stands."""
    return list(names).index(name)
