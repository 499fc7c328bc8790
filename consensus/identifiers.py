"""What names a thing: distinct types over bytes, and how a person's key is written for people."""

from typing import Final, NewType

IdentityId = NewType("IdentityId", bytes)
"""An identity's Ed25519 public key, 32 bytes."""

NodeKey = NewType("NodeKey", bytes)
"""A libp2p host's Ed25519 public key, 32 bytes; separate from any identity's."""

SessionKey = NewType("SessionKey", bytes)
"""The Ed25519 public key that signs the frames of one session, 32 bytes."""

EntryId = NewType("EntryId", bytes)
"""BLAKE2b-256 of an entry's canonical bytes."""

LotId = NewType("LotId", bytes)
"""The mint entry in which a lot was born, or the stake or other entry that made it; 32 bytes."""

ContentId = NewType("ContentId", bytes)
"""BLAKE2b-256 of a blob (salted where the blob is human text)."""

ChartId = NewType("ChartId", ContentId)
"""BLAKE2b-256 of a chart's canonical bytes."""

EvidenceId = NewType("EvidenceId", ContentId)
"""BLAKE2b-256 of a window's evidence."""

NO_ENTRY: Final = EntryId(bytes(32))
"""The `prev` of an author's entry number 0."""

BASE58_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_MULTICODEC: Final = b"\xed\x01"
ED25519_PEER_ID_PREFIX: Final = bytes.fromhex("002408011220")
"""Identity multihash of a protobuf that says: Ed25519, 32 bytes. The key itself follows."""
DID_KEY_PREFIX: Final = "did:key:z"


def to_base58(data: bytes) -> str:
    """`data` in base58btc (the Bitcoin alphabet); leading zero bytes become `1`."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number = int.from_bytes(data)
    digits = ""
    while number:
        number, remainder = divmod(number, 58)
        digits = BASE58_ALPHABET[remainder] + digits
    return "1" * zeros + digits


def from_base58(text: str) -> bytes:
    """The inverse of `to_base58`; raises ValueError at a character outside the alphabet."""
    number = 0
    for character in text:
        digit = BASE58_ALPHABET.find(character)
        if digit < 0:
            raise ValueError(f"{character!r} is not a base58 character")
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def to_peer_id(key: NodeKey) -> str:
    """The libp2p peer id of a node key, as it stands in multiaddresses."""
    return to_base58(ED25519_PEER_ID_PREFIX + key)


def to_did(identity: IdentityId) -> str:
    """The identity as `did:key:z6Mk…` (W3C did:key method, Ed25519)."""
    return DID_KEY_PREFIX + to_base58(ED25519_MULTICODEC + identity)


def from_did(did: str) -> IdentityId:
    """The identity that a `did:key:z6Mk…` names; raises ValueError when it names none."""
    if not did.startswith(DID_KEY_PREFIX) or len(did) > 64:
        raise ValueError(f"not a did:key of an Ed25519 key: {did[:80]!r}")
    data = from_base58(did.removeprefix(DID_KEY_PREFIX))
    if len(data) != 34 or not data.startswith(ED25519_MULTICODEC):
        raise ValueError(f"not a did:key of an Ed25519 key: {did[:80]!r}")
    return IdentityId(data[2:])
