"""Trio runs whose clock jumps to the next deadline while nobody works, threads included.

Trio's own jumping clock takes no notice of threads: while one of them computes, minutes go by.
"""

import math
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

import trio
from trio.testing import MockClock


def run_jumping(main: Callable[[], Awaitable[None]]) -> None:
    """Runs a program in virtual time, from 0 s on."""
    clock, run_in_thread = MockClock(autojump_threshold=0), trio.to_thread.run_sync
    at_work = 0

    def count(change: int) -> None:
        nonlocal at_work
        at_work += change
        clock.autojump_threshold = math.inf if at_work else 0

    async def run_sync(*arguments: Any, **options: Any) -> Any:
        count(+1)
        try:
            return await run_in_thread(*arguments, **options)
        finally:
            count(-1)

    with patch.object(trio.to_thread, "run_sync", run_sync):
        trio.run(main, clock=clock)
