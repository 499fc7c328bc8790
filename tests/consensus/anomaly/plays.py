"""Plays made of errors and holds, and their features by name."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.features.book import NAMES, features_of
from consensus.anomaly.traces import Floats, Traces

STEP_US = 180_000


def play(
    errors_ms: Sequence[float] | Floats,
    holds_ms: Sequence[float] | Floats | float = 180.0,
    lanes: Sequence[int] | NDArray[np.int64] | None = None,
    starts_us: Sequence[int] | NDArray[np.int64] | None = None,
    durations_us: int = 0,
    keys: int = 4,
) -> Traces:
    """A play in which every note is hit; on lanes in turns and at even steps if not told.

    Keys come up about when the next one goes down, so that its short gaps show a fine capture.
    """
    count = len(errors_ms)
    number = np.arange(count)
    starts = number * STEP_US if starts_us is None else np.array(starts_us)
    presses = starts + np.round(np.multiply(errors_ms, 1_000)).astype(np.int64)
    return Traces(
        keys,
        starts,
        number % keys if lanes is None else np.array(lanes),
        np.full(count, durations_us),
        presses,
        presses + np.round(np.multiply(holds_ms, 1_000)).astype(np.int64),
    )


def chords(count: int, size: int = 2) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The lanes and times of so many chords on four lanes, the first from lane 0 up."""
    moments = np.repeat(np.arange(count), size)
    lanes = np.tile(np.arange(size), count)
    return lanes, moments * STEP_US


def bell(seed: int, count: int, spread: float = 10.0) -> Floats:
    """Independent errors of a normal distribution."""
    drawn: Floats = np.random.default_rng(seed).normal(0, spread, count)
    return drawn


def remembered(seed: int, count: int, phi: float, spread: float = 10.0) -> Floats:
    """Errors of which each is `phi` times the one before and a throw."""
    found = bell(seed, count, spread)
    for place in range(1, count):
        found[place] += phi * found[place - 1]
    return found


def named(traces: Traces) -> dict[str, float]:
    """The features by name."""
    return dict(zip(NAMES, features_of(traces).tolist(), strict=True))
