"""Brings the own document of several devices together: what each knows, then what each lacks."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final

import structlog

from consensus.encoding import digest
from consensus.identifiers import NodeKey
from popd.node.events import Event, PeerBlamed
from popd.node.offences import Offence
from popd.node.own_words import MAX_PIECE_BYTES, MAX_PIECES, NotesKnown, NotesTold, OwnWord
from popd.own_notes import NotKeptError
from popd.rooms.bounds import GapError, SheetError
from popd.wiring.own import OwnKeeper, OwnVersion

AGAIN_US: Final = 15_000_000
"""How often devices compare though nothing changed: words may have been lost."""

log = structlog.get_logger()


class NotesSync:
    """The own document of this device, among those that are there."""

    def __init__(
        self,
        keeper: OwnKeeper,
        tell: Callable[[NodeKey, OwnWord], None],
        give: Callable[[Event], None],
        start: Callable[[Callable[[], Awaitable[None]]], None],
        on_change: Callable[[], None],
    ) -> None:
        """`tell` seals a word for a device; `start` runs a task; `on_change` is told of news."""
        self._keeper = keeper
        self._tell = tell
        self._give = give
        self._start = start
        self._on_change = on_change
        self._said: dict[NodeKey, tuple[OwnVersion, int]] = {}
        self._parts: dict[NodeKey, list[NotesTold]] = {}
        self._busy: set[NodeKey] = set()

    def tick(self, present: Collection[NodeKey], now_us: int) -> None:
        """Says how far this device is, where it changed or was not said for a while."""
        for gone in self._said.keys() - set(present):
            del self._said[gone]
            self._parts.pop(gone, None)
        for peer in sorted(present):
            version, said_us = self._said.get(peer, (None, 0))
            if version != self._keeper.version or now_us - said_us > AGAIN_US:
                self._said[peer] = self._keeper.version, now_us
                self._compare(peer, is_answer=False)

    def hear(self, peer: NodeKey, word: NotesKnown | NotesTold) -> None:
        """Takes in what a device says of its document."""
        if peer in self._busy:
            return
        if isinstance(word, NotesKnown):
            version = self._keeper.version
            if (word.vector, word.digest) != (version.vector, version.digest):
                self._begin(peer, lambda: self._answer(peer, word))
            return
        parts = self._parts.setdefault(peer, [])
        is_next = word.number == len(parts) and all(part.digest == word.digest for part in parts)
        if not is_next:
            parts.clear()
        if word.number == len(parts):
            parts.append(word)
        if len(parts) == word.pieces:
            update = b"".join(part.piece for part in parts)
            parts.clear()
            if digest(update) == word.digest:
                self._begin(peer, lambda: self._take(peer, update))

    def _begin(self, peer: NodeKey, work: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            try:
                await work()
            except SheetError as error:
                self._give(PeerBlamed(peer, Offence.MALFORMED, str(error)))
            except NotKeptError as error:
                log.warning("notes of another device not kept", why=str(error))
            finally:
                self._busy.discard(peer)

        self._busy.add(peer)
        self._start(run)

    async def _answer(self, peer: NodeKey, word: NotesKnown) -> None:
        update = await self._keeper.told_since(word.vector)
        pieces = [
            update[at : at + MAX_PIECE_BYTES] for at in range(0, len(update), MAX_PIECE_BYTES)
        ]
        if len(pieces) <= MAX_PIECES:
            for number, piece in enumerate(pieces):
                self._tell(peer, NotesTold(digest(update), number, len(pieces), piece))
        if not word.is_answer:
            self._compare(peer, is_answer=True)

    async def _take(self, peer: NodeKey, update: bytes) -> None:
        before = self._keeper.version
        try:
            await self._keeper.take_in(update)
        except GapError:
            self._compare(peer, is_answer=False)
            return
        if self._keeper.version != before:
            self._on_change()

    def _compare(self, peer: NodeKey, *, is_answer: bool) -> None:
        version = self._keeper.version
        self._tell(peer, NotesKnown(version.vector, version.digest, is_answer))
