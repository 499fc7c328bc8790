"""Where people differ: axes of linear discriminant analysis, learned from recorded people."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.history import Axes
from consensus.anomaly.traces import Floats
from simulations.detection.dataset import Rows

AXES: Final = 12
SHRINKAGE: Final = 0.1
"""Share of the within-person covariance that is replaced by its diagonal: few people are known."""
FEWEST_NOTES: Final = 250


def axes_of(rows: Rows) -> Axes:
    """Axes on which one person's stretches have variance 1 and people differ the most.

    People of one kind of recording are compared with each other: kinds differ by instrument.
    """
    chosen = rows.where(~rows.is_attack & (rows.notes >= FEWEST_NOTES))
    features = chosen.features
    centred = features - _means_by(features, chosen.kinds)
    own = centred - _means_by(centred, chosen.people)
    people = np.array(
        [centred[chosen.people == person].mean(axis=0) for person in np.unique(chosen.people)]
    )
    within = own.T @ own / len(own)
    within = (
        (1 - SHRINKAGE) * within + SHRINKAGE * np.diag(np.diag(within)) + 1e-6 * np.eye(len(within))
    )
    whiten = np.linalg.inv(np.linalg.cholesky(within)).T
    between = whiten.T @ (people.T @ people / len(people)) @ whiten
    variances, directions = np.linalg.eigh(between)
    order = np.argsort(-variances)[:AXES]
    return Axes(features.mean(axis=0), whiten @ directions[:, order], variances[order])


def _means_by(numbers: Floats, groups: NDArray[Any]) -> Floats:
    """[rows, features] Of each row the mean over its group."""
    means = np.empty_like(numbers)
    for group in np.unique(groups):
        chosen = groups == group
        means[chosen] = numbers[chosen].mean(axis=0)
    return means
