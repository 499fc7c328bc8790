"""The clock of a client: keys are seen when it looks, and it writes whole milliseconds.

Of 51 recorded plays some hold every millisecond, most show frames 2 to 5 ms apart and a few up to
16 ms, none quite regular. A bot that writes microseconds where people have frames, or a perfect
comb where theirs wobbles, is told apart by that alone: so every bot can write like a client.
"""

from collections.abc import Sequence
from math import exp, log
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.evidence import KeyEvent
from game.bots.noise import generator

TICK_US: Final = 1_000
"""Clients write whole milliseconds."""
GRID_US: Final = (1_000, 10_000)
"""Between what times from one look to the next a client is drawn."""
WOBBLE: Final = (0.02, 0.4)
"""Between what spreads a client's frames lie, as a share of their length."""
NO_GRID_SHARE: Final = 0.15
MILLISECOND_SHARE: Final = 0.25


def drawn_grid_us(rng: Random) -> int:
    """A client: some write microseconds, some every millisecond, most look every few of them."""
    kind = rng.random()
    if kind < NO_GRID_SHARE:
        return 0
    if kind < NO_GRID_SHARE + MILLISECOND_SHARE:
        return TICK_US
    return round(GRID_US[0] * exp(rng.uniform(0, log(GRID_US[1] / GRID_US[0]))))


def on_grid(
    events: Sequence[KeyEvent], grid_us: int, window_us: int, rng: Random
) -> tuple[KeyEvent, ...]:
    """The events as a client that looks every `grid_us` would write them; 0 is microseconds.

    `events` are in order of time, each key going down and up by turns. What a key does between
    two looks is spread over the next ones, and what does not fit in the window is dropped.
    """
    if not grid_us or not events:
        return tuple(events)
    frames_us = _frames_us(grid_us, window_us, rng)
    times_us = np.array([event.time_us for event in events])
    lanes = np.array([event.lane for event in events])
    seen = np.searchsorted(frames_us, times_us)
    for lane in np.unique(lanes):
        own = np.flatnonzero(lanes == lane)
        order = np.arange(len(own))
        seen[own] = np.maximum.accumulate(seen[own] - order) + order
    return tuple(
        sorted(
            KeyEvent(int(frames_us[frame]), event.lane, event.is_press)
            for event, frame in zip(events, seen.tolist(), strict=True)
            if frame < len(frames_us)
        )
    )


def _frames_us(grid_us: int, window_us: int, rng: Random) -> NDArray[np.int64]:
    """When the client looks: rising whole milliseconds within the window."""
    if grid_us <= TICK_US:
        return np.arange(0, window_us, TICK_US)
    chance = generator(rng)
    gaps = 1 + rng.uniform(*WOBBLE) * chance.standard_normal(window_us // grid_us + 2)
    ends_us = np.cumsum(grid_us * np.clip(gaps, 0.3, 3.0)) - grid_us * rng.random()
    frames_us: NDArray[np.int64] = np.unique(ends_us.astype(np.int64) // TICK_US) * TICK_US
    return frames_us[(frames_us >= 0) & (frames_us < window_us)]
