"""The device that holds the pen: lets others join by a ticket, and forgets them again."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Final

import msgspec
import structlog

from consensus.identifiers import IdentityId, NodeKey
from consensus.signing import Domain
from popd.node.events import PeerBlamed
from popd.node.messages.greeting import hello_digest
from popd.node.offences import Offence
from popd.node.own_effects import DeviceForgotten
from popd.node.own_words import (
    Forgotten,
    Grouped,
    HelloAsked,
    Here,
    OwnWord,
    PairAsked,
    PenLocked,
    SignAsked,
    SignGiven,
)
from popd.own_devices import DeviceError, OwnDevice, PairingTicket
from popd.wiring.filed import Filed
from popd.wiring.own_channel import Surroundings, heard, say
from wallet.devices import (
    MAX_DEVICES,
    MAX_NAME,
    Device,
    DeviceBook,
    GoneDevice,
    read_book,
)
from wallet.keystore_errors import KeystoreError
from wallet.own_boxes import KEY_BYTES
from wallet.pairing import MAX_ADDRESSES, SECRET_BYTES, PairingLink, to_link, without_peer_id

TICKET_US: Final = 300_000_000
"""How long a link is good."""
MAX_TICKETS: Final = 4
"""Links that are good at once; the oldest gives way."""
WRITTEN_AGAIN_MS: Final = 600_000
"""When a device was seen is written down no more often."""
SIGNED_FOR: Final = frozenset({Domain.PRESENCE, Domain.OPENING, Domain.NONCE, Domain.ROOM})
"""What is signed for companions without looking; an entry or a hello never is."""
MAX_AHEAD_MS: Final = 300_000
"""How far the clock of a companion may be ahead: what is signed is soon void."""

log = structlog.get_logger()


@dataclass(slots=True)
class Ticket:
    """A link that was shown."""

    until_us: int
    """When it is void."""
    node: NodeKey | None = None
    """Who used it; from then on it is nobody else's."""


class PenHolder:
    """The companions of this device."""

    def __init__(
        self,
        around: Surroundings,
        path: Path,
        identity: IdentityId,
        sign: Callable[[Domain, bytes], bytes | None],
        is_locked: Callable[[], bool],
    ) -> None:
        """Reads who they are; `sign` gives None while the keys are locked. Raises KeystoreError."""
        self._is_locked = is_locked
        self._told_locked: dict[NodeKey, bool] = {}
        self._around = around
        self._path = path
        self.filed = Filed(path)
        self._identity = identity
        self._sign = sign
        self._book = read_book(path) or DeviceBook(token_bytes(KEY_BYTES))
        self._tickets: OrderedDict[bytes, Ticket] = OrderedDict()
        self._met: set[NodeKey] = set()
        around.remember([address for one in self._book.devices for address in one.addresses])

    @property
    def group(self) -> Collection[NodeKey]:
        """Who may hear and say what all devices may."""
        return [NodeKey(device.node) for device in self._book.devices]

    @property
    def group_key(self) -> bytes:
        """Seals what all may read."""
        return self._book.group_key

    def devices(self, own_name: str) -> list[OwnDevice]:
        """This one, and those that joined."""
        peers = self._around.peers()
        mine = OwnDevice(self._around.key, own_name, True, True, True, self._around.now_ms)
        return [
            mine,
            *(
                OwnDevice(
                    NodeKey(device.node),
                    device.name,
                    holds_pen=False,
                    is_this=False,
                    is_connected=device.node in peers,
                    seen_ms=device.seen_ms,
                )
                for device in self._book.devices
            ),
        ]

    def ticket(self) -> PairingTicket:
        """A link for one more device. Raises DeviceError where there are too many."""
        if len(self._book.devices) >= MAX_DEVICES:
            raise DeviceError(f"There are {MAX_DEVICES} devices already.", "Forget one first.")
        addresses = self._dialled()
        if not addresses:
            raise DeviceError("This node can't be reached by others.", "See: popctl doctor.")
        secret = token_bytes(SECRET_BYTES)
        link = to_link(
            PairingLink(self._around.network, self._identity, self._around.key, addresses, secret)
        )
        until_us = self._around.now_us() + TICKET_US
        self._tickets[secret] = Ticket(until_us)
        while len(self._tickets) > MAX_TICKETS:
            self._tickets.popitem(last=False)
        return PairingTicket(link, until_us)

    def _dialled(self) -> tuple[str, ...]:
        """Addresses as links have them; those that every machine has for itself come last."""
        found = dict.fromkeys(map(without_peer_id, self._around.addresses()))
        return tuple(sorted(found, key=lambda address: "/127." in address))[:MAX_ADDRESSES]

    def forget(self, node: NodeKey) -> None:
        """From now on a device hears nothing and is heard no more. Raises DeviceError, KeyError.

        Links that were shown are void, since it may know them.
        """
        device = self._device(node)
        if device is None:
            raise KeyError(node)
        staying = tuple(one for one in self._book.devices if one is not device)
        gone = (*self._book.gone, GoneDevice(node, device.pair_key))[-MAX_DEVICES:]
        self._keep(DeviceBook(token_bytes(KEY_BYTES), staying, gone))
        self._tickets.clear()
        say(self._around, node, Forgotten(), device.pair_key)
        self._met.clear()
        self._around.give(DeviceForgotten(node))

    def tick(self) -> None:
        """Tells whoever is there again which key is good now."""
        self._drop_void()
        peers = self._around.peers()
        self._met &= set(peers)
        for device in self._book.devices:
            if device.node in peers and device.node not in self._met:
                self._met.add(NodeKey(device.node))
                self._tell_group(device, device.pair_key)
                self._told_locked.pop(NodeKey(device.node), None)
        self._tell_locked()

    def _tell_locked(self) -> None:
        """Whoever is there hears whether keys are locked here, at first and when it changes."""
        is_locked, peers = self._is_locked(), self._around.peers()
        here = [node for node in self.group if node in peers]
        for node in here:
            if self._told_locked.get(node) is not is_locked:
                say(self._around, node, PenLocked(is_locked), self._book.group_key)
        self._told_locked = dict.fromkeys(here, is_locked)

    def heard(self, peer: NodeKey, box: bytes) -> OwnWord | None:
        """Opens a box; gives what all parts may hear, and answers the rest by itself."""
        device = self._device(peer)
        self._drop_void()
        secrets = [s for s, ticket in self._tickets.items() if ticket.node in (None, peer)]
        keys = [] if device is None else [self._book.group_key, device.pair_key]
        found = heard(self._around, peer, box, [*keys, *secrets])
        if found is None:
            self._refuse(peer, device)
            return None
        key, word = found
        if isinstance(word, PairAsked):
            if key in self._tickets:
                self._pair(peer, word, key)
            return None
        if device is None or key in self._tickets:
            return None
        self._note_seen(device, word)
        if isinstance(word, SignAsked):
            self._sign_for(peer, word)
            return None
        if isinstance(word, HelloAsked):
            self._greet_for(peer, word)
            return None
        return word

    def _refuse(self, peer: NodeKey, device: Device | None) -> None:
        """A box that nobody here can open: its sender may lack the newest key, or be forgotten."""
        gone = next((one for one in self._book.gone if one.node == peer), None)
        if device is not None:
            self._tell_group(device, device.pair_key)
        elif gone is not None:
            say(self._around, peer, Forgotten(), gone.pair_key)
        else:
            why = "it is no device of this user, or its link is void"
            self._around.give(PeerBlamed(peer, Offence.STRANGE_BOX, why))

    def _pair(self, peer: NodeKey, word: PairAsked, secret: bytes) -> None:
        """Whoever was shown the link is a device from now on; asked again, it hears the same.

        A device that was forgotten stays forgotten, whatever link it has.
        """
        if any(one.node == peer for one in self._book.gone):
            say(self._around, peer, Forgotten(), secret)
            return
        device = self._device(peer)
        if device is None or self._tickets[secret].node is None:
            if device is None and len(self._book.devices) >= MAX_DEVICES:
                return
            now_ms, name = self._around.now_ms, clean_name(word.name)
            key = token_bytes(KEY_BYTES)
            device = Device(peer, name, key, now_ms, now_ms, tuple(word.addresses))
            others = tuple(one for one in self._book.devices if one.node != peer)
            try:
                self._keep(DeviceBook(self._book.group_key, (*others, device), self._book.gone))
            except DeviceError as error:
                log.warning("device not kept", why=str(error))
                return
            self._met.clear()  # the others hear of it
            log.info("paired", device=peer.hex(), name=name)
        self._tickets[secret].node = peer
        self._tell_group(device, secret)

    def _tell_group(self, device: Device, key: bytes) -> None:
        others = tuple(NodeKey(one.node) for one in self._book.devices if one is not device)
        word = Grouped(self._book.group_key, device.pair_key, others)
        say(self._around, NodeKey(device.node), word, key)

    def _sign_for(self, peer: NodeKey, word: SignAsked) -> None:
        if word.domain not in SIGNED_FOR:
            why = f"it asked for a signature for {word.domain.value}"
            self._around.give(PeerBlamed(peer, Offence.MALFORMED, why))
            return
        self._give_signature(peer, word.domain, word.subject)

    def _greet_for(self, peer: NodeKey, word: HelloAsked) -> None:
        """That a node is the user's is signed for that node alone, and never for tomorrow."""
        if word.time_ms > self._around.now_ms + MAX_AHEAD_MS:
            log.warning("clock of a device is ahead", device=peer.hex())
            return
        subject = hello_digest(self._identity, peer, word.time_ms)
        self._give_signature(peer, Domain.HELLO, subject)

    def _give_signature(self, peer: NodeKey, domain: Domain, subject: bytes) -> None:
        signature = self._sign(domain, subject)
        if signature is not None:
            given = SignGiven(domain, subject, signature)
            say(self._around, peer, given, self._book.group_key)
        else:
            say(self._around, peer, PenLocked(is_locked=True), self._book.group_key)

    def _note_seen(self, device: Device, word: OwnWord) -> None:
        now_ms = self._around.now_ms
        addresses = tuple(word.addresses) if isinstance(word, Here) else device.addresses
        is_due = now_ms - device.seen_ms > WRITTEN_AGAIN_MS or addresses != device.addresses
        seen = msgspec.structs.replace(device, seen_ms=now_ms, addresses=addresses)
        devices = tuple(seen if one is device else one for one in self._book.devices)
        book = msgspec.structs.replace(self._book, devices=devices)
        self._book = book
        if is_due:
            self.filed.write_soon(book)

    def _device(self, node: NodeKey) -> Device | None:
        return next((one for one in self._book.devices if one.node == node), None)

    def _drop_void(self) -> None:
        now_us = self._around.now_us()
        for secret in [s for s, ticket in self._tickets.items() if ticket.until_us <= now_us]:
            del self._tickets[secret]

    def _keep(self, book: DeviceBook) -> None:
        try:
            self.filed.write(book)
        except (KeystoreError, OSError) as error:
            why = f"{self._path} can't be written ({getattr(error, 'strerror', None) or error})."
            raise DeviceError(why, "Look whether the disk is full, then try again.") from None
        self._book = book


def clean_name(name: str) -> str:
    """A device's name without anything that can't be seen."""
    visible = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(visible.split())[:MAX_NAME]
