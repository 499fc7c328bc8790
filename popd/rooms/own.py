"""The own document: what the user keeps for themselves, as pycrdt, so that devices can merge it.

Maps of text: `petnames` (an identity in hexadecimal digits: what the user calls them), `settings`
(what they chose: its value), `keymaps` (a device and its lanes: the keys) and `runs` (a chart: the
best accuracy). In a file the document stands behind its digest, and pycrdt never sees one whose
digest is wrong; what another device sends is read byte by byte before it is merged.
"""

from collections.abc import Mapping
from typing import Any, Final

from pycrdt import Doc, Map

from consensus.encoding import digest, encode
from consensus.identifiers import IdentityId
from popd.own_file import MAX_OWN_BYTES, OwnError, document_in, filed_document
from popd.own_notes import (
    KEYMAPS,
    MAX_PETNAME,
    MAX_PETNAMES,
    PETNAMES,
    RUNS,
    SETTINGS,
    NotKeptError,
    OwnNotes,
)
from popd.rooms.bounds import Bounds, SheetError, check_document, writers_in

MAX_SETTINGS: Final = 256
MAX_SETTING: Final = 256
"""Characters of a name or a value."""
MAX_RUNS: Final = 4_096
"""Charts; more than anybody plays well."""
MAPS: Final = (PETNAMES, SETTINGS, KEYMAPS, RUNS)
OWN: Final = Bounds(frozenset(MAPS), MAX_OWN_BYTES, 8_192, 4 * MAX_SETTING, 4 * MAX_SETTING)
"""A device writes with a new mark after each start in which something was changed."""

OwnDoc = Doc[Any]


def read_own(data: bytes) -> OwnNotes:
    """What a file says; raises OwnError where it is damaged, or none."""
    doc = _opened(data, None)
    names = {
        IdentityId(bytes.fromhex(key)): name[:MAX_PETNAME]
        for key, name in sorted(_texts(doc, PETNAMES).items())[:MAX_PETNAMES]
        if _is_identity(key) and name
    }
    return OwnNotes(names, *(_short(doc, place) for place in (SETTINGS, KEYMAPS, RUNS)))


def edited_own(data: bytes, writer: int, place: str, key: str, text: str) -> bytes:
    """A file that says `text` under `key` of the map `place`, or nothing for empty text.

    Arguments and errors as of `rewritten_own`.
    """
    return rewritten_own(data, writer, place, {key: text})


def rewritten_own(data: bytes, writer: int, place: str, texts: Mapping[str, str]) -> bytes:
    """A file that says these texts under their names in the map `place`; nothing for empty text.

    `data` is what the file said before, empty for nothing; `writer` is a mark below 2**53 that
    nobody else writes with. Raises OwnError for a damaged file, NotKeptError where it is full.
    """
    doc = _opened(data, writer) if data else Doc(client_id=writer)
    has = _texts(doc, place)
    new = {key for key, text in texts.items() if text} - has.keys()
    if new and len(has) + len(new) > _most(place):
        raise NotKeptError(
            f"There are {_most(place):,} of them already.", "Take another back first."
        )
    with doc.transaction():
        kept = doc.get(place, type=Map)
        for key, text in sorted(texts.items()):
            if text and has.get(key) != text:
                kept[key] = text
            elif not text and key in has:
                del kept[key]
    return _filed(doc)


def merged_own(one: bytes, other: bytes) -> bytes:
    """A file that says what both said, whichever comes first; `other` is of one's own device.

    Raises OwnError where either is damaged, NotKeptError where it grew too large.
    """
    doc = _opened(one, None)
    doc.apply_update(document_in(other))
    return _filed(doc)


def vector_of(data: bytes) -> bytes:
    """How far each writer came in a file: what another device needs to know to send the rest."""
    return bytes(_opened(data, None).get_state()) if data else b"\0"


def content_digest(data: bytes) -> bytes:
    """A digest of what a file says, whichever way it came to say so; 32 bytes."""
    if not data:
        return digest(b"")
    doc = _opened(data, None)
    return digest(encode(tuple(tuple(sorted(_texts(doc, place).items())) for place in MAPS)))


def told_since(data: bytes, vector: bytes) -> bytes:
    """What a file says beyond a state vector of another device; raises SheetError where it is none.

    Deletions are always among it.
    """
    writers_in(vector, OWN)
    return bytes(_opened(data, None).get_update(vector)) if data else b"\0\0"


def taken_in(data: bytes, update: bytes) -> bytes:
    """A file that says what another device told, too; it may be anything.

    Raises SheetError where it is no part of an own document, GapError where it builds on what is
    not here, NotKeptError where there is no room, OwnError for a damaged file.
    """
    known = writers_in(vector_of(data), OWN)
    check_document(update, OWN, known)
    doc = _opened(data, None) if data else Doc()
    try:
        doc.apply_update(update)
    except ValueError as error:
        raise SheetError(str(error)[:100]) from None
    if max(len(_texts(doc, place)) - _most(place) for place in MAPS) > 0:
        raise NotKeptError("Another device keeps too much.", "Take something back there first.")
    return _filed(doc)


def _most(place: str) -> int:
    return {PETNAMES: MAX_PETNAMES, RUNS: MAX_RUNS}.get(place, MAX_SETTINGS)


def _short(doc: OwnDoc, place: str) -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(_texts(doc, place).items())[: _most(place)]
        if max(len(name), len(value)) <= MAX_SETTING
    }


def _filed(doc: OwnDoc) -> bytes:
    document = bytes(doc.get_update())
    if len(document) > MAX_OWN_BYTES:
        raise NotKeptError("Your own notes are full.", "Start anew: move the file `own` away.")
    return filed_document(document)


def _opened(data: bytes, writer: int | None) -> OwnDoc:
    doc: OwnDoc = Doc() if writer is None else Doc(client_id=writer)
    try:
        doc.apply_update(document_in(data))
    except ValueError as error:
        raise OwnError(str(error)[:100]) from None
    return doc


def _texts(doc: OwnDoc, place: str) -> Mapping[str, str]:
    values = doc.get(place, type=Map).to_py() or {}
    return {key: value for key, value in values.items() if isinstance(value, str)}


def _is_identity(key: str) -> bool:
    try:
        return len(bytes.fromhex(key)) == 32
    except ValueError:
        return False
