"""Files for their owner's eyes: written whole or not at all, and refused when others can read them.

A new file appears under its name by a hard link, which fails if the name is taken, so that two
processes can never both believe that theirs is the keystore. A kill at any moment leaves the old
file or the new one; at worst a hidden temporary file stays behind, as private as the file itself.
"""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wallet.keystore_errors import KeystoreError, KeystoreReason

DIRECTORY_MODE = 0o700
OTHERS_READ_OR_WRITE = 0o077
OTHERS_WRITE = 0o022


def create_private_file(path: Path, content: bytes) -> None:
    """Write a new file of mode 0600, in a directory that is made with mode 0700 if need be.

    Raises KeystoreError EXISTS, or OPEN_TO_OTHERS when others may write into the directory.
    """
    path.parent.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
    _check_directory(path.parent)
    with _temporary_file(path.parent, content) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise _refused_overwrite(path) from None
    _sync_directory(path.parent)


def check_absent(path: Path) -> None:
    """Raise KeystoreError EXISTS when something has this name."""
    if os.path.lexists(path):
        raise _refused_overwrite(path)


def replace_private_file(path: Path, content: bytes) -> None:
    """Put other content under the name of a private file, in one step."""
    with _temporary_file(path.parent, content) as temporary:
        temporary.replace(path)
    _sync_directory(path.parent)


def read_private_file(path: Path, max_bytes: int) -> bytes:
    """Return the content of a file that only its owner can read.

    Raises KeystoreError MISSING, OPEN_TO_OTHERS, or DAMAGED when it is longer than `max_bytes`.
    """
    try:
        with path.open("rb") as file:
            _check_file_mode(path, os.fstat(file.fileno()).st_mode)
            content = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise KeystoreError(KeystoreReason.MISSING, f"There is no file {path}.") from None
    _check_directory(path.parent)
    if len(content) > max_bytes:
        raise KeystoreError(
            KeystoreReason.DAMAGED, f"{path} is longer than {max_bytes} bytes; it is another file."
        )
    return content


def _refused_overwrite(path: Path) -> KeystoreError:
    return KeystoreError(
        KeystoreReason.EXISTS,
        f"{path} exists already and is never overwritten. Move it away to start anew.",
    )


def _check_file_mode(path: Path, mode: int) -> None:
    if stat.S_IMODE(mode) & OTHERS_READ_OR_WRITE:
        raise KeystoreError(
            KeystoreReason.OPEN_TO_OTHERS,
            f"Others on this machine can open {path}. Run: chmod 600 '{path}'",
        )


def _check_directory(directory: Path) -> None:
    if stat.S_IMODE(directory.stat().st_mode) & OTHERS_WRITE:
        raise KeystoreError(
            KeystoreReason.OPEN_TO_OTHERS,
            f"Others on this machine can swap files in {directory}. Run: chmod 700 '{directory}'",
        )


@contextmanager
def _temporary_file(directory: Path, content: bytes) -> Iterator[Path]:
    """Yield a file of mode 0600 whose content is on the disk; remove it if it is still there."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=directory)
    except OSError as error:
        raise _no_room(directory, error) from error
    temporary = Path(name)
    try:
        _fill(descriptor, content, directory)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _fill(descriptor: int, content: bytes, directory: Path) -> None:
    """Writes everything down to the disk; raises KeystoreError NO_ROOM where that can't be."""
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _no_room(directory, error) from error


def _no_room(directory: Path, error: OSError) -> KeystoreError:
    return KeystoreError(
        KeystoreReason.NO_ROOM,
        f"Nothing can be written in {directory} ({error.strerror or error}); what was there stays "
        "as it was. Make room, then try again.",
    )


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
