"""The one who holds the keys: signs, and while they are locked lets what is to be signed wait.

Locking drops the identity's seed; Python can't promise that no copy of it is left in memory, so
this keeps out whoever sits down at the machine, not whoever can read its memory. The node key
stays: a locked node goes on keeping and passing on what others wrote.
"""

from collections import deque
from functools import partial
from pathlib import Path
from typing import Final

import trio

from consensus.signing import Domain, public_key, sign
from popd.node.effects import Sign
from popd.node.events import SignatureMade
from popd.node.own_effects import Unsign
from popd.node.purposes import ForEntry
from wallet.backup import Contents, sealed_backup
from wallet.keyring import Keyring
from wallet.keystore import open_keystore, read_passphrase_file
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.places import KeyPlace
from wallet.private_files import read_private_file
from wallet.sealing import MAX_KEYSTORE_BYTES

MAX_HELD: Final = 256
"""Live things that wait for a signature; they are stale soon. Entries come one at a time."""


class KeyHolder:
    """The keys of a running node."""

    def __init__(self, network: str, place: KeyPlace, keyring: Keyring) -> None:
        """They are unlocked."""
        self.network = network
        self.place = place
        self._identity = public_key(keyring.identity_seed)
        self._keyring: Keyring | None = keyring
        self._held: deque[Sign] = deque()

    @property
    def is_locked(self) -> bool:
        """Whether nothing is signed in the identity's name."""
        return self._keyring is None

    @property
    def has_passphrase(self) -> bool:
        """Whether somebody chose one; otherwise it lies beside the keys."""
        return not self.place.passphrase.exists()

    def signed(self, effect: Sign) -> SignatureMade | None:
        """The signature, or None where it has to wait."""
        if effect.seed is not None:
            seed = effect.seed
        elif self._keyring is not None:
            seed = self._keyring.identity_seed
        else:
            self._hold(effect)
            return None
        signature = sign(seed, self.network, effect.domain, effect.subject)
        return SignatureMade(effect.purpose, signature)

    def signed_digest(self, domain: Domain, subject: bytes) -> bytes | None:
        """A signature in the identity's name over a digest, or None while the keys are locked."""
        keyring = self._keyring
        return (
            None if keyring is None else sign(keyring.identity_seed, self.network, domain, subject)
        )

    def unsign(self, effect: Unsign) -> None:
        """An entry that waits for a signature gets none."""
        entry = Domain.ENTRY, effect.entry
        self._held = deque(held for held in self._held if (held.domain, held.subject) != entry)

    def lock(self) -> None:
        """Lets go of the seed."""
        self._keyring = None

    async def unlock(self, passphrase: str) -> list[SignatureMade]:
        """Takes the seed up again; returns the signatures that waited. Raises KeystoreError."""
        keyring = await trio.to_thread.run_sync(partial(_opened, self.place, passphrase))
        if public_key(keyring.identity_seed) != self._identity:
            raise KeystoreError(
                KeystoreReason.DAMAGED,
                f"{self.place.keystore} holds other keys than this node was started with. "
                "Restart the node.",
            )
        self._keyring = keyring
        held, self._held = list(self._held), deque()
        return [made for effect in held if (made := self.signed(effect)) is not None]

    async def backup(self, contents: Contents) -> bytes:
        """The bytes of a backup. Raises KeystoreError LOCKED, and as reading the keystore does."""
        keyring = self._keyring
        if keyring is None:
            raise KeystoreError(KeystoreReason.LOCKED, "The keys are locked. Unlock them first.")
        return await trio.to_thread.run_sync(
            partial(_backup, self.place.keystore, keyring, contents)
        )

    def _hold(self, effect: Sign) -> None:
        """Of too many the oldest that is no entry goes: the pen waits for its entry."""
        self._held.append(effect)
        if len(self._held) > MAX_HELD:
            stale = next(held for held in self._held if not isinstance(held.purpose, ForEntry))
            self._held.remove(stale)


def _opened(place: KeyPlace, passphrase: str) -> Keyring:
    if not passphrase and place.passphrase.exists():
        passphrase = read_passphrase_file(place.passphrase)
    return open_keystore(place.keystore, passphrase)


def _backup(keystore: Path, keyring: Keyring, contents: Contents) -> bytes:
    return sealed_backup(read_private_file(keystore, MAX_KEYSTORE_BYTES), keyring, contents)
