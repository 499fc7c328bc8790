"""The user's devices: the one that holds the pen, its companions, and what follows the user."""

from collections.abc import Awaitable, Callable
from typing import Final

import trio

from consensus.identifiers import IdentityId, NodeKey
from popd.node.effects import Sign
from popd.node.events import PeerBlamed, SignatureMade
from popd.node.offences import Offence
from popd.node.own_effects import Confided
from popd.node.own_words import (
    Here,
    NotesKnown,
    NotesTold,
    OwnWord,
)
from popd.node.pen_words import (
    PenAsked,
    PenGiven,
    PenLeft,
    PenRefused,
    PenStale,
    PenUnasked,
)
from popd.own_devices import DeviceError, OwnDevice, PairingTicket, PenState
from popd.wiring.companion import Companion
from popd.wiring.keyholder import KeyHolder
from popd.wiring.notes_sync import NotesSync
from popd.wiring.own import OwnKeeper
from popd.wiring.own_channel import Surroundings, say
from popd.wiring.pen_holder import PenHolder
from wallet.devices import BorrowedPen

TICK_S: Final = 0.5


class Devices:
    """All devices of the user, as this one knows them."""

    def __init__(
        self,
        around: Surroundings,
        keys: KeyHolder,
        identity: IdentityId,
        pen: BorrowedPen | None,
        keeper: OwnKeeper,
        name: str,
        on_change: Callable[[], None],
    ) -> None:
        """`pen` is whose pen this device borrows, or None. Raises KeystoreError."""
        self._around = around
        self._keys = keys
        self._name = name
        self.companion = None
        self.holder = None
        if pen is None:
            self.holder = PenHolder(
                around, keys.place.devices, identity, keys.signed_digest, lambda: keys.is_locked
            )
        else:
            self.companion = Companion(around, keys.place.pen, pen, lambda: keys.is_locked)
        self._nursery: trio.Nursery | None = None
        self._notes = NotesSync(keeper, self.tell, around.give, self._start, on_change)

    @property
    def pen(self) -> PenState:
        """Whether something can be written now."""
        return PenState.OWN if self.companion is None else self.companion.state

    def all(self) -> list[OwnDevice]:
        """Every device that is known."""
        if self.holder is not None:
            return self.holder.devices(self._name)
        assert self.companion is not None
        return self.companion.devices()

    def ticket(self) -> PairingTicket:
        """A link for one more device. Raises DeviceError."""
        return self._own_pen().ticket()

    def forget(self, node: NodeKey) -> None:
        """From now on a device hears nothing and is heard no more. Raises DeviceError, KeyError."""
        self._own_pen().forget(node)

    def signed(self, effect: Sign) -> SignatureMade | None:
        """The signature, or None where it has to wait."""
        return (self.companion or self._keys).signed(effect)

    def read(self, peer: NodeKey, box: bytes) -> None:
        """A box came; before devices are kept together it is let go, and comes again."""
        if self._nursery is None:
            return
        word = self._part.heard(peer, box)
        match word:
            case NotesKnown() | NotesTold():
                self._notes.hear(peer, word)
            case PenAsked() if self.holder is not None:
                if not self._keys.is_locked:  # else it would be signed later; it is asked again
                    self._around.give(Confided(peer, word))
            case PenUnasked() if self.holder is not None:
                self._around.give(Confided(peer, word))
            case PenGiven() | PenStale() | PenRefused() | PenLeft() if self._is_holder(peer):
                self._around.give(Confided(peer, word))
            case None | Here():
                pass
            case _:
                why = "it said to a device what only the other side says"
                self._around.give(PeerBlamed(peer, Offence.UNASKED, why))

    def _is_holder(self, peer: NodeKey) -> bool:
        return self.companion is not None and peer == self.companion.holder

    def tell(self, peer: NodeKey, word: OwnWord) -> None:
        """Says something to another device, if it still is one.

        While the keys are locked here, nothing is asked for: the node asks again by itself.
        """
        if isinstance(word, PenAsked) and self._keys.is_locked:
            return
        if peer in self._part.group:
            say(self._around, peer, word, self._part.group_key)

    async def run(self) -> None:
        """Keeps devices together until cancelled."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            try:
                while True:
                    self.tick()
                    await self._part.filed.flush()
                    await trio.sleep(TICK_S)
            finally:
                with trio.CancelScope(shield=True):
                    await self._part.filed.flush()

    def tick(self) -> None:
        """What is due."""
        self._part.tick()
        present = set(self._part.group) & set(self._around.peers())
        self._notes.tick(present, self._around.now_us())

    @property
    def _part(self) -> PenHolder | Companion:
        part = self.holder or self.companion
        assert part is not None
        return part

    def _own_pen(self) -> PenHolder:
        if self.holder is None:
            raise DeviceError(
                "This device borrows the pen.", "Do that on the device that holds it."
            )
        return self.holder

    def _start(self, task: Callable[[], Awaitable[None]]) -> None:
        assert self._nursery is not None
        self._nursery.start_soon(task)
