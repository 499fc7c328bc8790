"""The three secrets of a node, which live and move together."""

import secrets
from dataclasses import dataclass, field

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keyring:
    """What the keystore protects. Each field is 32 bytes."""

    identity_seed: bytes = field(repr=False)
    """Seed of the identity's Ed25519 key; the 24 recovery words are this seed and no other."""

    node_key_seed: bytes = field(repr=False)
    """Seed of the libp2p host's Ed25519 key, so that an address on the network is not a person."""

    node_secret: bytes = field(repr=False)
    """What the node derives values from that nobody may predict and that a restart must repeat."""

    def __post_init__(self) -> None:
        for secret in (self.identity_seed, self.node_key_seed, self.node_secret):
            assert len(secret) == SECRET_BYTES


def keyring_of(identity_seed: bytes) -> Keyring:
    """Return a keyring for a known identity, with a fresh node key and node secret.

    Recovery from words takes this way: the network sees a new node, the ledger the same person.
    """
    return Keyring(
        identity_seed=identity_seed,
        node_key_seed=secrets.token_bytes(SECRET_BYTES),
        node_secret=secrets.token_bytes(SECRET_BYTES),
    )


def random_keyring() -> Keyring:
    """Return the keyring of a new identity, from the system's source of secrets."""
    return keyring_of(secrets.token_bytes(SECRET_BYTES))
