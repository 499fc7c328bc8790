"""Rows of chance and a small model trained on them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from consensus.anomaly.features.book import NAMES
from simulations.detection import training
from simulations.detection.dataset import HUMAN, Rows

COUNT = 240


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """A pool of threads waits for itself for seconds where others work too."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def rows() -> Rows:
    """People and scripts that differ in lag_1 alone."""
    features = np.random.default_rng(1).normal(size=(COUNT, len(NAMES)))
    number = np.arange(COUNT)
    is_script = number % 2 == 1
    features[is_script, NAMES.index("lag_1")] -= 2
    return Rows(
        features,
        np.where(is_script, "gaussian", HUMAN),
        np.array([f"person {one}" for one in number // 2 % 10]),
        np.full(COUNT, "mania"),
        np.full(COUNT, "piece"),
        np.full(COUNT, 100),
    )


@pytest.fixture(scope="session")
def arrays(rows: Rows) -> dict[str, NDArray[Any]]:
    """The arrays of a model of few trees."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "TREES", 10)
        patch.setattr(training, "ROUNDS", 10)
        return training.trained(rows, 1)
