"""One daemon a home: a lock that the kernel lets go of when the process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from popd.config import Home


class HomeInUseError(Exception):
    """Another daemon runs in this home."""


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Holds the home while the context is open; raises HomeInUseError when somebody else does."""
    home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise HomeInUseError(
                f"A daemon already runs in {home.path}. Stop it with `popctl down`, "
                "or choose another folder with --home."
            ) from error
        yield
    finally:
        os.close(descriptor)
