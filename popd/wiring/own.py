"""Keeps the user's own notes in a file of the home, written whole or not at all."""

from pathlib import Path
from random import Random  # noqa: TID251 (the type of an argument)
from typing import Final

import structlog
import trio

from popd.own_notes import NotKeptError, OwnNotes
from popd.rooms.own import MAX_OWN_BYTES, OwnError, edited_own, read_own
from wallet.keystore_errors import KeystoreError
from wallet.private_files import create_private_file, read_private_file, replace_private_file

MAX_FILE_BYTES: Final = MAX_OWN_BYTES + 1_024

log = structlog.get_logger()


class OwnKeeper:
    """The notes of one home. A file that can't be read is left as it is, and nothing is kept."""

    def __init__(self, path: Path, chance: Random) -> None:
        """Reads what is there."""
        self.path = path
        self.notes = OwnNotes()
        self.trouble = ""
        """Why the file can't be used; empty where all is well."""
        self._writer = chance.getrandbits(53)
        self._data = b""
        self._writing = trio.Lock()
        try:
            if path.exists():
                self._data = read_private_file(path, MAX_FILE_BYTES)
                self.notes = read_own(self._data)
        except (OwnError, KeystoreError, OSError) as error:
            self.trouble = str(error).splitlines()[0] if str(error) else "It can't be read."
            log.warning("own notes can't be used", path=str(path), why=self.trouble)

    async def keep(self, place: str, key: str, text: str) -> OwnNotes:
        """Keeps a text under a name in one of the maps, or forgets it where it is empty.

        Raises NotKeptError, and nothing is changed, where the file is damaged or can't be written.
        """
        async with self._writing:
            if self.trouble:
                raise NotKeptError(
                    f"{self.path} can't be used: {self.trouble}.",
                    "Move it away to begin anew, or put a copy of it back; then start again.",
                )
            data = edited_own(self._data, self._writer, place, key, text)
            try:
                await trio.to_thread.run_sync(self._write, data)
            except (KeystoreError, OSError) as error:
                why = getattr(error, "strerror", None) or error
                step = "Look whether the disk is full; what was kept before still is."
                raise NotKeptError(f"{self.path} can't be written ({why}).", step) from None
            self._data, self.notes = data, read_own(data)
        return self.notes

    def _write(self, data: bytes) -> None:
        if self.path.exists():
            replace_private_file(self.path, data)
        else:
            create_private_file(self.path, data)
