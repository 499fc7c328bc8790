"""A companion: a device that borrows the pen of another, and asks it for every signature."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

import msgspec
import structlog

from consensus.identifiers import IdentityId, NodeKey
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature, sign
from popd.node.effects import Sign
from popd.node.events import PeerBlamed, SignatureMade
from popd.node.offences import Offence
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
from popd.node.purposes import ForHello
from popd.own_devices import OwnDevice, PenState
from popd.wiring.filed import Filed
from popd.wiring.own_channel import Surroundings, heard, say
from wallet.devices import MAX_KNOWN_ADDRESSES, BorrowedPen
from wallet.keystore_errors import KeystoreError

ASK_US: Final = 2_000_000
"""How often it asks again, where no answer came."""
MAX_ASKED: Final = 128
"""Signatures that are waited for; the oldest gives way: it is stale."""
WRITTEN_AGAIN_MS: Final = 600_000
"""When the pen was there is written down no more often."""

log = structlog.get_logger()


class Companion:
    """The device that holds the pen, from here."""

    def __init__(
        self, around: Surroundings, path: Path, pen: BorrowedPen, is_locked: Callable[[], bool]
    ) -> None:
        """What this device knows of it; while it `is_locked`, nothing is asked for."""
        self._is_locked = is_locked
        self._around = around
        self.filed = Filed(path)
        self._pen = pen
        self._asked: OrderedDict[tuple[Domain, bytes], list[Sign]] = OrderedDict()
        self._asked_us = 0
        self._met: set[NodeKey] = set()
        self._is_pen_locked = False
        around.remember(pen.addresses)

    @property
    def holder(self) -> NodeKey:
        """The device that holds the pen."""
        return NodeKey(self._pen.node)

    @property
    def identity(self) -> IdentityId:
        """For whom both are."""
        return IdentityId(self._pen.identity)

    @property
    def state(self) -> PenState:
        """Whether something can be written now."""
        if self._pen.is_forgotten:
            return PenState.FORGOTTEN
        if not self._pen.is_paired:
            return PenState.UNPAIRED
        if self.holder not in self._around.peers():
            return PenState.AWAY
        return PenState.LOCKED if self._is_pen_locked else PenState.HERE

    @property
    def group(self) -> Collection[NodeKey]:
        """Who may hear and say what all devices may."""
        return [self.holder, *map(NodeKey, self._pen.others)] if self._pen.is_paired else []

    @property
    def group_key(self) -> bytes:
        """Seals what all may read."""
        return self._pen.group_key

    def devices(self) -> list[OwnDevice]:
        """The one that holds the pen, this one, and the others."""
        peers, now_ms = self._around.peers(), self._around.now_ms
        is_here = self.holder in peers
        seen_ms = now_ms if is_here and self._pen.is_paired else self._pen.seen_ms
        return [
            OwnDevice(self.holder, "", True, False, is_here, seen_ms),
            OwnDevice(self._around.key, self._pen.name, False, True, True, now_ms),
            *(OwnDevice(NodeKey(o), "", False, False, o in peers, 0) for o in self._pen.others),
        ]

    def signed(self, effect: Sign) -> SignatureMade | None:
        """The signature where a session key makes it; otherwise the pen's device is asked."""
        assert effect.domain is not Domain.ENTRY, "the pen asks for entries by itself"
        if effect.seed is not None:
            made = sign(effect.seed, self._around.network, effect.domain, effect.subject)
            return SignatureMade(effect.purpose, made)
        self._asked.setdefault((effect.domain, effect.subject), []).append(effect)
        while len(self._asked) > MAX_ASKED:
            self._asked.popitem(last=False)
        if self.state in (PenState.HERE, PenState.LOCKED):
            self._ask_for(effect.domain, effect.subject)
        return None

    def tick(self) -> None:
        """Asks for what was not answered."""
        peers, now_us = self._around.peers(), self._around.now_us()
        self._met &= set(peers)
        if self.holder not in peers:
            self._is_pen_locked = False
            return
        if now_us - self._asked_us > ASK_US:
            self._asked_us = now_us
            self._ask_again()
        if self._pen.is_paired and self.holder not in self._met:
            self._met.add(self.holder)
            self._say(Here(tuple(self._around.addresses())[:MAX_KNOWN_ADDRESSES]))

    def heard(self, peer: NodeKey, box: bytes) -> OwnWord | None:
        """Opens a box; gives what all parts may hear, and follows the rest by itself."""
        if peer not in (self.holder, *self._pen.others) or self._pen.is_forgotten:
            return None
        keys = [self._pen.group_key]
        if peer == self.holder:
            keys += [self._pen.pair_key, self._pen.secret]
        found = heard(self._around, peer, box, [key for key in keys if len(key) == 32])
        if found is None:
            return None
        key, word = found
        if peer == self.holder:
            self._note_seen()
        if isinstance(word, Grouped | Forgotten):
            if peer == self.holder and key != self._pen.group_key:
                self._regroup(word)
            return None
        if isinstance(word, SignGiven | PenLocked) and peer == self.holder:
            self._is_pen_locked = isinstance(word, PenLocked) and word.is_locked
        if isinstance(word, PenLocked) and peer == self.holder:
            return None
        if isinstance(word, SignGiven):
            if peer == self.holder:
                self._take_signature(peer, word)
            return None
        return word if self._pen.is_paired and key == self._pen.group_key else None

    def _ask_again(self) -> None:
        if self._pen.is_paired:
            for domain, subject in self._asked:
                self._ask_for(domain, subject)
        elif self._pen.secret and not self._pen.is_forgotten:
            addresses = tuple(self._around.addresses())[:MAX_KNOWN_ADDRESSES]
            word = PairAsked(self._pen.name, addresses)
            say(self._around, self.holder, word, self._pen.secret)

    def _ask_for(self, domain: Domain, subject: bytes) -> None:
        if self._is_locked():
            return
        purposes = [effect.purpose for effect in self._asked[domain, subject]]
        hello = next((one for one in purposes if isinstance(one, ForHello)), None)
        if domain is Domain.HELLO and hello is not None:
            self._say(HelloAsked(hello.time_ms))
        else:
            self._say(SignAsked(domain, subject))

    def _say(self, word: OwnWord) -> None:
        say(self._around, self.holder, word, self._pen.group_key)

    def _regroup(self, word: Grouped | Forgotten) -> None:
        if isinstance(word, Forgotten):
            self._keep(msgspec.structs.replace(self._pen, is_forgotten=True, secret=b""))
            log.warning("forgotten by the device that holds the pen")
            return
        pen = msgspec.structs.replace(
            self._pen,
            group_key=word.group_key,
            pair_key=word.pair_key,
            others=tuple(other for other in word.others if other != self._around.key),
            secret=b"",
        )
        if pen != self._pen:
            is_new = not self._pen.is_paired
            self._keep(pen)
            if is_new:
                log.info("paired", pen=self.holder.hex())
                self._ask_again()

    def _take_signature(self, peer: NodeKey, word: SignGiven) -> None:
        network = self._around.network
        try:
            check_signature(self.identity, word.signature, network, word.domain, word.subject)
        except RejectionError as error:
            self._around.give(PeerBlamed(peer, Offence.MALFORMED, error.message))
            return
        for effect in self._asked.pop((word.domain, word.subject), []):
            self._around.give(SignatureMade(effect.purpose, word.signature))

    def _note_seen(self) -> None:
        now_ms = self._around.now_ms
        seen = msgspec.structs.replace(self._pen, seen_ms=now_ms)
        if now_ms - self._pen.seen_ms > WRITTEN_AGAIN_MS and self._pen.is_paired:
            self._pen = seen
            self.filed.write_soon(seen)

    def _keep(self, pen: BorrowedPen) -> None:
        """Written down where that can be; otherwise it holds until the daemon ends."""
        self._pen = pen
        try:
            self.filed.write(pen)
        except (KeystoreError, OSError) as error:
            log.warning("pen not written down", why=str(error))
