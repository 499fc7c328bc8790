"""What the API may ask of the daemon that it runs in."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import trio

from consensus.identifiers import ContentId, IdentityId, NodeKey
from consensus.units import Microseconds
from game.shelf import Shelf
from popd.config import Home, Settings
from popd.node.events import Event
from popd.node.node import Node
from popd.node.notices import Notice
from popd.node.stock import StoreSizes
from popd.own_devices import OwnDevice, PairingTicket, PenState
from popd.own_notes import OwnNotes
from popd.reports import EdgeReport
from wallet.backup import Contents


class Keys(Protocol):
    """Who signs in the identity's name."""

    @property
    def is_locked(self) -> bool:
        """Whether nothing is signed in the identity's name."""

    @property
    def has_passphrase(self) -> bool:
        """Whether somebody chose one; otherwise it lies beside the keys."""

    def lock(self) -> None:
        """Lets go of the seed."""

    async def unlock(self, passphrase: str) -> Sequence[Event]:
        """Takes the seed up again; returns what waited for it. Raises KeystoreError."""

    async def backup(self, contents: Contents) -> bytes:
        """The bytes of a backup. Raises KeystoreError."""


class DeviceKeeper(Protocol):
    """The user's devices, as one of them knows them."""

    @property
    def pen(self) -> PenState:
        """Whether something can be written now."""

    def all(self) -> Sequence[OwnDevice]:
        """Every device that is known."""

    def ticket(self) -> PairingTicket:
        """A link for one more device. Raises DeviceError."""

    def forget(self, node: NodeKey) -> None:
        """A device hears nothing any more. Raises DeviceError, KeyError."""


class Daemon(Protocol):
    """The running node with its clock and its store."""

    @property
    def node(self) -> Node:
        """The state machine, to read; only `give` changes it."""

    @property
    def settings(self) -> Settings:
        """The user's decisions."""

    @property
    def keys(self) -> Keys:
        """Who signs for its user."""

    @property
    def devices(self) -> DeviceKeeper:
        """Its user's devices."""

    @property
    def home(self) -> Home:
        """Where everything of it lies."""

    @property
    def shelf(self) -> Shelf:
        """What its user keeps for themselves."""

    @property
    def addresses(self) -> Sequence[str]:
        """Where peers reach it."""

    def edge(self) -> EdgeReport:
        """The network around it, and what waits."""

    def now_us(self) -> Microseconds:
        """The daemon's clock, since 1970."""

    def give(self, event: Event) -> None:
        """Hands the node an event; what it does follows later."""

    def notices(self) -> AbstractContextManager[trio.MemoryReceiveChannel[Notice]]:
        """All notices while the context is open; a listener that lags too far is cut off."""

    async def blob(self, blob: ContentId) -> bytes | None:
        """A chart or evidence from the store."""

    async def store_sizes(self) -> StoreSizes:
        """What the file of the ledger holds."""

    @property
    def own(self) -> OwnNotes:
        """What the user keeps for themselves."""

    async def keep_own(self, place: str, key: str, text: str) -> None:
        """Keeps a text in one of the maps of `own`, or forgets it where it is empty.

        Raises NotKeptError where it can't be kept.
        """

    async def keep_all_own(self, place: str, texts: Mapping[str, str]) -> None:
        """The same of several texts, all or none."""

    async def pin(self, pinned: frozenset[IdentityId]) -> None:
        """From now on everything is kept of these people, and of nobody else for this reason."""

    def stop(self) -> None:
        """Ends the daemon in good order."""
