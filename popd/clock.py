"""The one place that reads the machine's clock."""

import time

import trio

from consensus.units import Microseconds


class Clock:
    """Wall time that does not jump while the daemon runs.

    It is read once from the machine and then follows the monotonic clock, so that a correction of
    the system's time can't tear a window apart. A restart takes the correction over.
    """

    def __init__(self) -> None:
        """Starts from the machine's wall time."""
        self._offset_us = time.time_ns() // 1_000 - self._monotonic_us()

    def now_us(self) -> Microseconds:
        """The time since 1970."""
        return Microseconds(self._offset_us + self._monotonic_us())

    async def sleep_until(self, time_us: int) -> None:
        """Waits until a time; returns at once when it is past."""
        await trio.sleep(max(0.0, (time_us - self.now_us()) / 1_000_000))

    @staticmethod
    def _monotonic_us() -> int:
        return time.monotonic_ns() // 1_000
