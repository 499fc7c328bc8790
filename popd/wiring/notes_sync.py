"""Brings the own document of several devices together: what each knows, then what each lacks."""

from collections import deque
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Final

import structlog

from consensus.encoding import digest
from consensus.identifiers import NodeKey
from popd.node.events import Event, PeerBlamed
from popd.node.offences import Offence
from popd.node.own_words import (
    MAX_PIECE_BYTES,
    MAX_PIECES,
    NotesKnown,
    NotesTold,
    OwnWord,
)
from popd.own_notes import NotKeptError
from popd.rooms.bounds import GapError, SheetError
from popd.wiring.own import OwnKeeper, OwnVersion

AGAIN_US: Final = 15_000_000
"""How often devices compare though nothing changed: words may have been lost."""

MAX_WAITING: Final = 4
"""Words of one device that wait while another is worked on; more are let go, and said again."""

Work = Callable[[], Awaitable[None]]

log = structlog.get_logger()


class NotesSync:
    """The own document of this device, among those that are there."""

    def __init__(
        self,
        keeper: OwnKeeper,
        tell: Callable[[NodeKey, OwnWord], None],
        give: Callable[[Event], None],
        start: Callable[[Work], None],
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
        self._waiting: dict[NodeKey, deque[Work]] = {}

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
        if isinstance(word, NotesKnown):
            version = self._keeper.version
            if (word.vector, word.digest) != (version.vector, version.digest):
                self._begin(peer, partial(self._answer, peer, word))
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
                self._begin(peer, partial(self._take, peer, update))

    @property
    def is_busy(self) -> bool:
        """Whether something is told or merged now."""
        return bool(self._waiting)

    def _begin(self, peer: NodeKey, work: Work) -> None:
        """Works on what one device says in order, and on that of several at once."""
        waiting = self._waiting.get(peer)
        if waiting is None:
            self._waiting[peer] = deque([work])
            self._start(partial(self._work_off, peer))
        elif len(waiting) < MAX_WAITING:
            waiting.append(work)

    async def _work_off(self, peer: NodeKey) -> None:
        waiting = self._waiting[peer]
        try:
            while waiting:
                await self._try(peer, waiting[0])
                waiting.popleft()
        finally:
            del self._waiting[peer]

    async def _try(self, peer: NodeKey, work: Work) -> None:
        try:
            await work()
        except SheetError as error:
            self._give(PeerBlamed(peer, Offence.MALFORMED, str(error)))
        except NotKeptError as error:
            log.warning("notes of another device not kept", why=str(error))

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
