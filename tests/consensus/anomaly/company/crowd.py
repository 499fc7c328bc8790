"""A crowd of people who play one chart: what they share, and what is each one's own."""

import numpy as np

from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.moments import ChartKey, key_of
from consensus.anomaly.copies.play import Play
from consensus.anomaly.copies.residuals import residuals_of
from consensus.anomaly.copies.touch import touch_of
from consensus.anomaly.traces import Floats, Integers, Traces

MOMENTS = 512
STARTS_US: Integers = 1_000_000 + 140_000 * np.arange(MOMENTS)
KEY = key_of(STARTS_US)


def errors_of(person: int, common: float = 0.5) -> Floats:
    """[moments] Errors in ms of one person, of which a part is everybody's."""
    rng, everybody = np.random.default_rng(person), np.random.default_rng(10**6)
    own = rng.normal(0, 1, MOMENTS)
    shared = everybody.normal(0, 1, MOMENTS)
    width_ms = 12 * np.exp(rng.normal(0, 0.1))
    ms: Floats = width_ms * (common * shared + (1 - common**2) ** 0.5 * own) + rng.normal(0, 15)
    return ms


def holds_of(person: int) -> Floats:
    """[moments] Holds in ms of one person."""
    rng = np.random.default_rng(~person & 0xFFFF)
    ms: Floats = 75 * np.exp(rng.normal(0, 0.1)) * np.exp(rng.normal(0, 0.2, MOMENTS))
    return ms


def play_with(
    errors_ms: Floats,
    holds_ms: Floats,
    number: int = -1,
    author: str = "",
    part: slice = slice(0, MOMENTS),
    key: ChartKey = KEY,
) -> Play:
    """A play of a part of a chart with these errors and holds of the whole."""
    starts_us = key.starts_us[part]
    presses_us = starts_us + np.rint(errors_ms[part] * 1_000).astype(np.int64)
    releases_us = presses_us + np.rint(holds_ms[part] * 1_000).astype(np.int64)
    lanes, durations_us = np.arange(len(starts_us)) % 4, np.zeros(len(starts_us), np.int64)
    traces = Traces(4, starts_us, lanes, durations_us, presses_us, releases_us)
    return Play((b"play", number), key, residuals_of(key, traces), author, touch_of(key, traces))


def play_of(person: int, **more: object) -> Play:
    """A play by that person."""
    return play_with(errors_of(person), holds_of(person), person, **more)  # type: ignore[arg-type]


def library_of(people: int) -> Library:
    """A library that knows a play by each of so many people."""
    library = Library()
    for person in range(people):
        library.add(play_of(person))
    return library
