"""One daemon a home: a lock that the kernel lets go of when the process ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from popd.config import Home

ATTEMPTS: Final = 20
PAUSE_S: Final = 0.05
"""Whoever asks whether a daemon runs holds the lock for an instant; that is waited out."""


class HomeInUseError(Exception):
    """Another daemon runs in this home."""


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Holds the home while the context is open, with the pid of this process in the lock file.

    Raises HomeInUseError when somebody else holds it, and OSError where it can't be written.
    """
    home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, home)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _take(descriptor: int, home: Home) -> None:
    for _ in range(ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE_S)
        else:
            return
    raise HomeInUseError(
        f"A daemon already runs in {home.path}. Stop it with `popctl down`, "
        "or choose another folder with --home."
    )
