"""What a device keeps of others, in its file: by a thread, or at once where an answer needs it.

A disk may take a tenth of a second, in which nothing else would be heard. Whoever was seen when is
written by a thread; the last word wins, and nothing older ever replaces it.
"""

from pathlib import Path
from threading import Lock

import structlog
import trio

from wallet.devices import BorrowedPen, DeviceBook, write_devices
from wallet.keystore_errors import KeystoreError

log = structlog.get_logger()

Kept = DeviceBook | BorrowedPen


class Filed:
    """One file, written whole or not at all."""

    def __init__(self, path: Path) -> None:
        """Nothing is read."""
        self._path = path
        self._lock = Lock()
        self._number = 0
        self._written = 0
        self._waiting: tuple[int, Kept] | None = None

    def write(self, kept: Kept) -> None:
        """Writes at once; raises KeystoreError or OSError, and what was there stays."""
        self._number += 1
        self._write(self._number, kept)
        self._waiting = None

    def write_soon(self, kept: Kept) -> None:
        """Writes with the next flush, unless something newer comes before."""
        self._number += 1
        self._waiting = self._number, kept

    async def flush(self) -> None:
        """Writes what waits, in a thread; where that can't be, it holds until the daemon ends."""
        if self._waiting is None:
            return
        number, kept = self._waiting
        self._waiting = None
        try:
            await trio.to_thread.run_sync(self._write, number, kept)
        except (KeystoreError, OSError) as error:
            log.warning("devices not written down", path=str(self._path), why=str(error))

    def _write(self, number: int, kept: Kept) -> None:
        with self._lock:
            if number > self._written:
                write_devices(self._path, kept)
                self._written = number
