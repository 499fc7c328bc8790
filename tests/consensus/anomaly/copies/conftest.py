"""Plays with chosen errors, on a chart of 500 moments."""

from collections.abc import Callable

import numpy as np
import pytest

from consensus.anomaly.copies.moments import key_of
from consensus.anomaly.copies.play import Play
from consensus.anomaly.copies.residuals import from_errors
from consensus.anomaly.traces import Floats
from tests.consensus.anomaly.copies.people import MOMENTS

STEP_US = 130_000

MakePlay = Callable[..., Play]


@pytest.fixture(scope="session")
def make_play() -> MakePlay:
    key = key_of(1_000_000 + STEP_US * np.arange(MOMENTS))

    def make(errors_ms: Floats, number: int = -1, author: str = "", first: int = 0) -> Play:
        (at,) = np.nonzero(np.isfinite(errors_ms))
        residuals = from_errors(at + first, errors_ms[at])
        return Play((b"play", number), key, residuals, author)

    return make
