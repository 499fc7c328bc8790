"""The channel between a user's own devices: seals what one says, opens what another said."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from secrets import token_bytes

from consensus.identifiers import NodeKey
from consensus.rejections import RejectionError
from popd.node.events import Event, PeerBlamed
from popd.node.offences import Offence
from popd.node.own_effects import SayOwnBox
from popd.node.own_words import OwnWord, read_word, word_bytes
from wallet.own_boxes import NONCE_BYTES, opened_word, sealed_word


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The daemon, as far as devices need it."""

    network: str
    """Which ledger."""
    key: NodeKey
    """This device's node key."""
    now_us: Callable[[], int]
    """Its clock, since 1970."""
    give: Callable[[Event], None]
    """Hands its node an event."""
    peers: Callable[[], Collection[NodeKey]]
    """Who can be reached."""
    addresses: Callable[[], Sequence[str]]
    """Where others reach it."""
    remember: Callable[[Iterable[str]], None]
    """Tries addresses when it is time; what is none is left out."""

    @property
    def now_ms(self) -> int:
        """Its clock, as files state it."""
        return self.now_us() // 1_000


def say(around: Surroundings, peer: NodeKey, word: OwnWord, key: bytes) -> None:
    """Says a word to another device, sealed with a key of both."""
    nonce = token_bytes(NONCE_BYTES)
    box = sealed_word(key, around.network, around.key, peer, word_bytes(word), nonce)
    around.give(SayOwnBox(peer, box))


def heard(
    around: Surroundings, peer: NodeKey, box: bytes, keys: Iterable[bytes]
) -> tuple[bytes, OwnWord] | None:
    """The key that opens a box and what is in it; None where none does, or there is no word in it.

    The latter costs whoever said it.
    """
    for key in keys:
        word = opened_word(key, around.network, peer, around.key, box)
        if word is not None:
            try:
                return key, read_word(word)
            except RejectionError as error:
                around.give(PeerBlamed(peer, Offence.MALFORMED, error.message))
                return None
    return None
