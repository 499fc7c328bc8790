"""Keys and identities, as JSON."""

from typing import Annotated

import msgspec
from msgspec import Meta

from popd.api.shapes import Identity

MAX_LOCK_AFTER_S = 30 * 24 * 3_600


class KeyName(msgspec.Struct, frozen=True):
    """An identity that has keys on this machine."""

    name: str
    """What its owner calls it here."""
    active: bool
    """The running node is for it."""


class Restoring(msgspec.Struct, frozen=True):
    """Nothing is written before it is known how far the chain came."""

    asked: int
    """Peers whose answer is here, with all that they know."""
    needed: int
    entries: int
    """Of the own chain, as far as it came back."""
    why: str = ""
    """What is waited for, as a sentence."""
    next_step: str = msgspec.field(name="next", default="")
    """What to do."""


class WalletState(msgspec.Struct, frozen=True):
    """The user's keys."""

    identity: Identity
    identities: list[KeyName]
    network: str
    locked: bool
    """Nothing is signed; what is to be written waits."""
    lock_after_s: int
    """They lock themselves when nothing was asked of them for so long; 0 for never."""
    has_passphrase: bool
    """False where it lies beside the keys, as on practice."""
    remembered: bool
    """The system's keyring keeps the passphrase."""
    restoring: Restoring | None
    receives: str
    """Which transfers are received without asking: all, valued or asked."""


class UnlockBody(msgspec.Struct, frozen=True):
    """The passphrase of the keys."""

    passphrase: Annotated[str, Meta(max_length=1_024)] = ""
    """Empty where nobody chose one."""

    def __repr__(self) -> str:
        """Without the passphrase: errors and logs show it."""
        return "UnlockBody(…)"


class LockingBody(msgspec.Struct, frozen=True):
    """When keys lock themselves, as long as this node runs."""

    lock_after_s: Annotated[int, Meta(ge=0, le=MAX_LOCK_AFTER_S)]


class Words(msgspec.Struct, frozen=True):
    """The words that stand for keys (BIP39, English), in order."""

    words: list[str]
