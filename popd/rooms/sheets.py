"""Sheets as pycrdt documents: read from bytes that anybody may have made, and edited."""

from collections.abc import Mapping
from typing import Any, Final

from pycrdt import Doc, Map

from consensus.entry import MAX_TIME_MS
from consensus.identifiers import ChartId, ContentId, IdentityId
from popd.node.sheets import (
    MAX_LABEL_BYTES,
    MAX_MEMBERS,
    MAX_RATINGS,
    MAX_SHEET_SIZE,
    MAX_TITLE_BYTES,
    Sheet,
)
from popd.rooms.bounds import ROOT, SheetError, check_document

MEMBER: Final = "member "
PLAYER: Final = "player "

Values = Mapping[str, str | bool]
SheetDoc = Doc[Any]


def read_sheet(document: bytes) -> Sheet:
    """What a document says; raises SheetError when it is no sheet."""
    return _sheet(_values(_opened(document, 0)))


def edited(document: bytes, sheet: Sheet, writer: int) -> bytes:
    """A document that says `sheet` after all that `document` said; empty bytes said nothing.

    `writer` is a mark below 2**53 that nobody else writes with. A document that grew too large
    is written anew: what it said before is nobody's concern any more.
    """
    doc = _opened(document, writer) if document else Doc(client_id=writer)
    _write(doc, sheet)
    grown = bytes(doc.get_update())
    if len(grown) <= MAX_SHEET_SIZE // 2:
        return grown
    fresh: SheetDoc = Doc(client_id=writer)
    _write(fresh, sheet)
    return bytes(fresh.get_update())


def _opened(document: bytes, writer: int) -> SheetDoc:
    check_document(document)
    doc: SheetDoc = Doc(client_id=writer)
    try:
        doc.apply_update(document)
    except ValueError as error:
        raise SheetError(str(error)[:100]) from None
    return doc


def _values(doc: SheetDoc) -> Values:
    values: Values = doc.get(ROOT, type=Map).to_py() or {}
    return values


def _write(doc: SheetDoc, sheet: Sheet) -> None:
    wanted, has = values_of(sheet), _values(doc)
    sheet_map = doc.get(ROOT, type=Map)
    with doc.transaction():
        for name, value in sorted(wanted.items()):
            if has.get(name) != value:
                sheet_map[name] = value
        for name in sorted(has.keys() - wanted.keys()):
            del sheet_map[name]


def values_of(sheet: Sheet) -> Values:
    """A sheet as named values; what is as in an empty sheet is left out.

    Numbers travel as text, because pycrdt makes 1.0 of 1.
    """
    values: dict[str, str | bool] = {}
    values.update((MEMBER + member.hex(), True) for member in sheet.members)
    values.update((PLAYER + player.hex(), True) for player in sheet.players)
    for name in _FLAGS:
        if getattr(sheet, name):
            values[name] = True
    for name in (*_TEXTS, *_NUMBERS):
        if getattr(sheet, name):
            values[name] = str(getattr(sheet, name))
    if sheet.chart is not None:
        values["chart"] = sheet.chart.hex()
    return values


def _sheet(values: Values) -> Sheet:
    texts = {name: _text(values, name, high) for name, high in _TEXTS.items()}
    numbers = {name: _number(values, name, high) for name, high in _NUMBERS.items()}
    chart = _text(values, "chart", 64)
    return Sheet(
        title=texts["title"],
        members=_people(values, MEMBER),
        players=_people(values, PLAYER),
        t0_ms=numbers["t0_ms"],
        is_over=_flag(values, "is_over"),
        chart=ChartId(ContentId(_id(chart))) if chart else None,
        label=texts["label"],
        is_ready=_flag(values, "is_ready"),
        is_here=_flag(values, "is_here"),
        is_playing=_flag(values, "is_playing"),
        ratings=numbers["ratings"],
    )


_FLAGS: Final = ("is_over", "is_ready", "is_here", "is_playing")
_TEXTS: Final[Mapping[str, int]] = {"title": MAX_TITLE_BYTES, "label": MAX_LABEL_BYTES}
_NUMBERS: Final[Mapping[str, int]] = {"t0_ms": MAX_TIME_MS, "ratings": MAX_RATINGS}


def _flag(values: Values, name: str) -> bool:
    value = values.get(name, False)
    if not isinstance(value, bool):
        raise SheetError(f"{name} is not yes or no")
    return value


def _text(values: Values, name: str, high: int) -> str:
    value = values.get(name, "")
    if not isinstance(value, str) or len(value.encode()) > high:
        raise SheetError(f"{name} is not text of at most {high} bytes")
    return value


def _number(values: Values, name: str, high: int) -> int:
    value = _text(values, name, 20)
    if not value:
        return 0
    if not (value.isascii() and value.isdigit()) or int(value) > high:
        raise SheetError(f"{name} is not a number up to {high}")
    return int(value)


def _people(values: Values, prefix: str) -> frozenset[IdentityId]:
    keys = [name.removeprefix(prefix) for name in values if name.startswith(prefix)]
    if len(keys) > MAX_MEMBERS:
        raise SheetError(f"more than {MAX_MEMBERS} people")
    return frozenset(IdentityId(_id(key)) for key in keys)


def _id(digits: str) -> bytes:
    try:
        found = bytes.fromhex(digits)
    except ValueError:
        found = b""
    if len(found) != 32 or found.hex() != digits:
        raise SheetError("an identifier is not 64 hexadecimal digits")
    return found
