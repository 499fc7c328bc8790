"""The file of a user's notes: a heading, a digest, and the document that the digest is of.

Whoever only keeps the file, or hands it on in a backup, can tell here whether it is whole without
opening the document.
"""

from hashlib import blake2b
from typing import Final

OWN_NAME: Final = "own"
"""What it is called in the home folder, and in a backup."""
MAGIC: Final = b"popd own 1\n"
MAX_OWN_BYTES: Final = 4 * 1024 * 1024
"""A document of the most names, each changed dozens of times."""
_DIGEST_SIZE: Final = 32


class OwnError(ValueError):
    """These bytes are no own document; the message says why."""


def filed_document(document: bytes) -> bytes:
    """The file of a document."""
    return MAGIC + _digest(document) + document


def document_in(data: bytes) -> bytes:
    """The document in a file; raises OwnError where it is damaged, or none."""
    if not data.startswith(MAGIC):
        raise OwnError("it is another kind of file, or of another version")
    written, document = data[len(MAGIC) :][:_DIGEST_SIZE], data[len(MAGIC) + _DIGEST_SIZE :]
    if len(document) > MAX_OWN_BYTES or written != _digest(document):
        raise OwnError("it is damaged: its bytes are not those that were written")
    return document


def damage_in(name: str, data: bytes) -> str:
    """What is wrong with a private file of a home; empty where nothing can be told against it."""
    if name != OWN_NAME:
        return ""
    try:
        document_in(data)
    except OwnError as error:
        return str(error)
    return ""


def _digest(document: bytes) -> bytes:
    return blake2b(document, digest_size=_DIGEST_SIZE, person=b"popd own").digest()
