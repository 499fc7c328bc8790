"""Signatures: Ed25519 over a payload that names the network and the purpose.

One verifier everywhere: libsodium's, with its strict rules (no small-order keys, no
non-canonical encodings), one signature at a time.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Final

from nacl import bindings, exceptions

from consensus.rejections import RejectionError, RejectionReason

SIGNATURE_SIZE: Final = 64
PUBLIC_KEY_SIZE: Final = 32


class Domain(StrEnum):
    """What a signature is for; one made for one purpose is worth nothing for another."""

    ENTRY = "entry"
    FRAME = "frame"
    OPENING = "opening"
    NONCE = "nonce"
    GUEST = "guest"
    ROOM = "room"
    PAIRING = "pairing"
    PRESENCE = "presence"
    HELLO = "hello"


@lru_cache(maxsize=64)
def payload_prefix(network: str, domain: Domain) -> bytes:
    """The bytes that precede a 32-byte digest in everything that is signed."""
    return f"popd/1/{network}/{domain.value}".encode() + b"\0"


def sign(seed: bytes, network: str, domain: Domain, subject: bytes) -> bytes:
    """The 64-byte signature by the key with this 32-byte seed over `subject` (a digest)."""
    _, secret = bindings.crypto_sign_seed_keypair(seed)
    signed = bindings.crypto_sign(payload_prefix(network, domain) + subject, secret)
    return signed[:SIGNATURE_SIZE]


def public_key(seed: bytes) -> bytes:
    """The 32-byte public key of a 32-byte seed."""
    public, _ = bindings.crypto_sign_seed_keypair(seed)
    return public


def is_public_key(key: bytes) -> bool:
    """Whether these bytes are a key that a signature can be checked with.

    A canonical point of the prime-order subgroup of Ed25519, as libsodium has it.
    """
    return len(key) == PUBLIC_KEY_SIZE and bindings.crypto_core_ed25519_is_valid_point(key)


def check_signature(
    key: bytes, signature: bytes, network: str, domain: Domain, subject: bytes
) -> None:
    """Raises RejectionError(BAD_SIGNATURE) unless `key` signed `subject` for this purpose."""
    if len(key) != PUBLIC_KEY_SIZE or len(signature) != SIGNATURE_SIZE:
        raise RejectionError(RejectionReason.BAD_SIGNATURE, "a key or signature of a wrong size")
    try:
        bindings.crypto_sign_open(signature + payload_prefix(network, domain) + subject, key)
    except exceptions.CryptoError as error:
        raise RejectionError(
            RejectionReason.BAD_SIGNATURE, f"the {domain.value} is not signed by its author"
        ) from error
