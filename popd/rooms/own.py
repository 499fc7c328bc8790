"""The own document: what the user keeps for themselves, as pycrdt, so that devices can merge it.

Two maps of text: `petnames` (an identity in hexadecimal digits: what the user calls them) and
`settings` (what they chose in the page: its value). In a file the document stands behind its
digest, and pycrdt never sees one whose digest is wrong.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from pycrdt import Doc, Map

from consensus.identifiers import IdentityId
from popd.own_notes import (
    MAX_PETNAME,
    MAX_PETNAMES,
    PETNAMES,
    SETTINGS,
    NotKeptError,
    OwnNotes,
)

MAX_SETTINGS: Final = 256
MAX_SETTING: Final = 256
"""Characters of a name or a value."""
MAX_OWN_BYTES: Final = 4 * 1024 * 1024
"""A document of the most names, each changed dozens of times."""
MAGIC: Final = b"popd own 1\n"
_DIGEST_SIZE: Final = 32

OwnDoc = Doc[Any]


class OwnError(ValueError):
    """These bytes are no own document; the message says why."""


def read_own(data: bytes) -> OwnNotes:
    """What a file says; raises OwnError where it is damaged, or none."""
    doc = _opened(data, None)
    names = {
        IdentityId(bytes.fromhex(key)): name[:MAX_PETNAME]
        for key, name in sorted(_texts(doc, PETNAMES).items())[:MAX_PETNAMES]
        if _is_identity(key) and name
    }
    settings = {
        name: value
        for name, value in sorted(_texts(doc, SETTINGS).items())[:MAX_SETTINGS]
        if max(len(name), len(value)) <= MAX_SETTING
    }
    return OwnNotes(names, settings)


def edited_own(data: bytes, writer: int, place: str, key: str, text: str) -> bytes:
    """A file that says `text` under `key` of the map `place`, or nothing for empty text.

    `data` is what the file said before, empty for nothing; `writer` is a mark below 2**53 that
    nobody else writes with. Raises OwnError for a damaged file, NotKeptError where it is full.
    """
    doc = _opened(data, writer) if data else Doc(client_id=writer)
    has = _texts(doc, place)
    most = MAX_PETNAMES if place == PETNAMES else MAX_SETTINGS
    if text and key not in has and len(has) >= most:
        raise NotKeptError(f"There are {most:,} of them already.", "Take another back first.")
    with doc.transaction():
        kept = doc.get(place, type=Map)
        if text:
            kept[key] = text
        elif key in has:
            del kept[key]
    return _filed(doc)


def merged_own(one: bytes, other: bytes) -> bytes:
    """A file that says what both said, whichever comes first; `other` is of one's own device.

    Raises OwnError where either is damaged, NotKeptError where it grew too large.
    """
    doc = _opened(one, None)
    doc.apply_update(_document(other))
    return _filed(doc)


def _filed(doc: OwnDoc) -> bytes:
    document = bytes(doc.get_update())
    if len(document) > MAX_OWN_BYTES:
        raise NotKeptError("Your own notes are full.", "Start anew: move the file `own` away.")
    return MAGIC + _digest(document) + document


def _opened(data: bytes, writer: int | None) -> OwnDoc:
    doc: OwnDoc = Doc() if writer is None else Doc(client_id=writer)
    try:
        doc.apply_update(_document(data))
    except ValueError as error:
        raise OwnError(str(error)[:100]) from None
    return doc


def _document(data: bytes) -> bytes:
    if not data.startswith(MAGIC):
        raise OwnError("it is another kind of file, or of another version")
    digest, document = data[len(MAGIC) :][:_DIGEST_SIZE], data[len(MAGIC) + _DIGEST_SIZE :]
    if len(document) > MAX_OWN_BYTES or digest != _digest(document):
        raise OwnError("it is damaged: its bytes are not those that were written")
    return document


def _digest(document: bytes) -> bytes:
    return blake2b(document, digest_size=_DIGEST_SIZE, person=b"popd own").digest()


def _texts(doc: OwnDoc, place: str) -> Mapping[str, str]:
    values = doc.get(place, type=Map).to_py() or {}
    return {key: value for key, value in values.items() if isinstance(value, str)}


def _is_identity(key: str) -> bool:
    try:
        return len(bytes.fromhex(key)) == 32
    except ValueError:
        return False
