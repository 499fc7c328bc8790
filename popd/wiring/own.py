"""Keeps the user's own notes in a file of the home, written whole or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random  # noqa: TID251 (the type of an argument)
from typing import Final, NamedTuple

import structlog
import trio

from popd.own_file import MAX_OWN_BYTES, OwnError
from popd.own_notes import NotKeptError, OwnNotes
from popd.rooms.own import (
    content_digest,
    read_own,
    rewritten_own,
    taken_in,
    told_since,
    vector_of,
)
from wallet.keystore_errors import KeystoreError
from wallet.private_files import create_private_file, read_private_file, replace_private_file

MAX_FILE_BYTES: Final = MAX_OWN_BYTES + 1_024

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class OwnVersion:
    """How far the notes of one device came."""

    vector: bytes
    """How far each writer's words are known."""
    digest: bytes
    """Of what the notes say, 32 bytes."""


class Held(NamedTuple):
    """A document of own notes, read."""

    notes: OwnNotes
    """What it says."""
    version: OwnVersion
    """How far it came."""
    data: bytes
    """As it is in the file."""


def held_in(data: bytes) -> Held:
    """What is in a file of own notes. Raises OwnError."""
    return Held(read_own(data), OwnVersion(vector_of(data), content_digest(data)), data)


class OwnKeeper:
    """The notes of one home. A file that can't be read is left as it is, and nothing is kept."""

    def __init__(self, path: Path, chance: Random) -> None:
        """Reads what is there."""
        self.path = path
        self.notes = OwnNotes()
        self.trouble = ""
        """Why the file can't be used; empty where all is well."""
        self.version = OwnVersion(vector_of(b""), content_digest(b""))
        self._writer = chance.getrandbits(53)
        self._data = b""
        self._writing = trio.Lock()
        try:
            if path.exists():
                self._hold(held_in(read_private_file(path, MAX_FILE_BYTES)))
        except (OwnError, KeystoreError, OSError) as error:
            self.trouble = str(error).splitlines()[0] if str(error) else "It can't be read."
            log.warning("own notes can't be used", path=str(path), why=self.trouble)

    async def keep(self, place: str, key: str, text: str) -> OwnNotes:
        """Keeps a text under a name in one of the maps, or forgets it where it is empty.

        Raises NotKeptError, and nothing is changed, where the file is damaged or can't be written.
        """
        return await self.keep_all(place, {key: text})

    async def keep_all(self, place: str, texts: Mapping[str, str]) -> OwnNotes:
        """Keeps several texts in one of the maps, all or none. Raises as `keep`."""
        return await self._change(
            lambda data: rewritten_own(data, self._writer, place, texts) if texts else data
        )

    async def take_in(self, update: bytes) -> OwnNotes:
        """Keeps what another device told. Raises as `keep`, and SheetError where it is none."""
        return await self._change(lambda data: taken_in(data, update))

    async def told_since(self, vector: bytes) -> bytes:
        """What the notes say beyond a state vector; raises SheetError where it is none."""
        return await trio.to_thread.run_sync(told_since, self._data, vector)

    async def _change(self, change: Callable[[bytes], bytes]) -> OwnNotes:
        async with self._writing:
            if self.trouble:
                raise NotKeptError(
                    f"{self.path} can't be used: {self.trouble}.",
                    "Move it away to begin anew, or put a copy of it back; then start again.",
                )
            data = await trio.to_thread.run_sync(partial(change, self._data))
            if data == self._data:
                return self.notes
            try:
                held = await trio.to_thread.run_sync(self._written, data)
            except (KeystoreError, OSError) as error:
                why = getattr(error, "strerror", None) or error
                step = "Look whether the disk is full; what was kept before still is."
                raise NotKeptError(f"{self.path} can't be written ({why}).", step) from None
            self._hold(held)
        return self.notes

    def _hold(self, held: Held) -> None:
        self.notes, self.version, self._data = held

    def _written(self, data: bytes) -> Held:
        """Runs in a thread: reads what it is about to write, since that takes a while, too."""
        held = held_in(data)
        if self.path.exists():
            replace_private_file(self.path, data)
        else:
            create_private_file(self.path, data)
        return held
