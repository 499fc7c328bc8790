"""Boxes between a user's own devices: XSalsa20-Poly1305 under a key that only they have.

A box says inside on which ledger, from whom and for whom it is, so that one can't be handed on as
another's.
"""

from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from consensus.encoding import decode, encode
from consensus.fields import Fields
from consensus.identifiers import NodeKey
from consensus.rejections import RejectionError

KEY_BYTES: Final = SecretBox.KEY_SIZE
NONCE_BYTES: Final = SecretBox.NONCE_SIZE
MAX_WORD_BYTES: Final = 127 * 1024


def sealed_word(
    key: bytes, network: str, sender: NodeKey, receiver: NodeKey, word: bytes, nonce: bytes
) -> bytes:
    """A box; `nonce` is 24 random bytes, new each time."""
    assert len(nonce) == NONCE_BYTES
    said = encode((network, sender, receiver, word))
    return bytes(SecretBox(key).encrypt(said, nonce))


def opened_word(
    key: bytes, network: str, sender: NodeKey, receiver: NodeKey, box: bytes
) -> bytes | None:
    """What is in a box; None where this key doesn't open it, or it is for somebody else."""
    try:
        said = SecretBox(key).decrypt(box)
        fields = Fields("box", decode(said, MAX_WORD_BYTES + 256), 4)
        about = fields.text(32), fields.exactly(32), fields.exactly(32)
        word = fields.binary(0, MAX_WORD_BYTES)
    except (CryptoError, ValueError, RejectionError):
        return None
    return word if about == (network, sender, receiver) else None
