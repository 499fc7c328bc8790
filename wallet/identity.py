"""An identity is an Ed25519 key: whoever holds the seed is that person."""

from dataclasses import dataclass, field
from typing import Self

from nacl.signing import SigningKey

from wallet.mnemonic import SEED_BYTES, seed_from_words, words_from_seed


@dataclass(frozen=True, slots=True)
class Identity:
    """The one signing key of a person, which stays on the device that holds the pen."""

    signing_key: SigningKey = field(repr=False)
    """The Ed25519 key; its seed is secret and never leaves the wallet unencrypted."""

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the identity of a secret seed of 32 bytes."""
        assert len(seed) == SEED_BYTES
        return cls(SigningKey(seed))

    @classmethod
    def from_words(cls, words: str) -> Self:
        """Return the identity that 24 BIP39 words stand for. Raises MnemonicError."""
        return cls.from_seed(seed_from_words(words))

    @property
    def public_key(self) -> bytes:
        """The 32 bytes by which everybody knows this identity."""
        return bytes(self.signing_key.verify_key)

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes."""
        return bytes(self.signing_key)

    @property
    def words(self) -> str:
        """The seed as 24 BIP39 words."""
        return words_from_seed(self.seed)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature (RFC 8032) of a domain-separated message."""
        return self.signing_key.sign(message).signature
