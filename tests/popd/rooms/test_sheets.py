"""A sheet comes back as it was written; what a stranger makes of one is a sheet or a refusal."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map

from consensus.identifiers import ChartId, ContentId, IdentityId
from popd.node.sheets import MAX_MEMBERS, MAX_SHEET_SIZE, Sheet
from popd.rooms.bounds import SheetError, check_document
from popd.rooms.sheets import edited, read_sheet

PEOPLE = st.frozensets(st.binary(min_size=32, max_size=32).map(IdentityId), max_size=MAX_MEMBERS)
SHEETS = st.builds(
    Sheet,
    title=st.text(max_size=20),
    members=PEOPLE,
    players=PEOPLE,
    t0_ms=st.integers(0, 2**48),
    is_over=st.booleans(),
    chart=st.none() | st.binary(min_size=32, max_size=32).map(lambda b: ChartId(ContentId(b))),
    label=st.text(max_size=16),
    is_ready=st.booleans(),
    is_here=st.booleans(),
    is_playing=st.booleans(),
    ratings=st.integers(0, 1_000_000),
)
FULL = Sheet(
    "A song with a title as long as titles may be, which is eighty bytes and no more....",
    frozenset(IdentityId(bytes([n]) * 32) for n in range(MAX_MEMBERS)),
    frozenset(IdentityId(bytes([n]) * 32) for n in range(MAX_MEMBERS)),
    2**48,
    True,
    ChartId(ContentId(bytes(32))),
    "x" * 64,
    True,
    True,
    True,
    1_000_000,
)


@given(SHEETS, SHEETS)
def test_a_sheet_says_what_was_written_last(first: Sheet, second: Sheet) -> None:
    before = edited(b"", first, 1)
    after = edited(before, second, 2)
    assert (read_sheet(before), read_sheet(after)) == (first, second)


def test_the_fullest_sheet_travels() -> None:
    full = Sheet(**{**_fields(FULL), "title": FULL.title[:80]})
    document = edited(b"", full, 2**53 - 1)
    assert len(document) <= MAX_SHEET_SIZE
    assert read_sheet(document) == full


def test_a_sheet_that_changes_all_evening_never_grows_beyond_its_bound() -> None:
    chance, document = Random(1), b""
    for turn in range(3_000):
        sheet = Sheet(t0_ms=chance.randrange(2**40), is_ready=turn % 2 == 0, is_here=turn % 3 == 0)
        document = edited(document, sheet, 1 + turn // 20)
        assert len(document) <= MAX_SHEET_SIZE
        assert read_sheet(document) == sheet


def _fields(sheet: Sheet) -> dict[str, object]:
    return {name: getattr(sheet, name) for name in Sheet.__dataclass_fields__}


def _document(write: object, root: str = "sheet") -> bytes:
    doc: Doc = Doc(client_id=9)
    sheet = doc.get(root, type=Map)
    with doc.transaction():
        write(sheet)  # type: ignore[operator]
    return bytes(doc.get_update())


@pytest.mark.parametrize(
    ("write", "root"),
    [
        (lambda sheet: sheet.update({"is_ready": True}), "somebody else's"),
        (lambda sheet: sheet.update({"t0_ms": 12.0}), "sheet"),
        (lambda sheet: sheet.update({"t0_ms": "-12"}), "sheet"),
        (lambda sheet: sheet.update({"t0_ms": str(2**48 + 1)}), "sheet"),
        (lambda sheet: sheet.update({"t0_ms": "²"}), "sheet"),
        (lambda sheet: sheet.update({"is_ready": "yes"}), "sheet"),
        (lambda sheet: sheet.update({"title": True}), "sheet"),
        (lambda sheet: sheet.update({"title": "x" * 81}), "sheet"),
        (lambda sheet: sheet.update({"chart": "ab"}), "sheet"),
        (lambda sheet: sheet.update({"chart": "AB" * 32}), "sheet"),
        (lambda sheet: sheet.update({"title": ["a"]}), "sheet"),
        (lambda sheet: sheet.update({"title": Array([1])}), "sheet"),
        (lambda sheet: sheet.update({"more": Map({"title": "a"})}), "sheet"),
        (lambda sheet: sheet.update({"member " + "zz" * 32: True}), "sheet"),
        (lambda sheet: sheet.update({f"member {n:064x}": True for n in range(17)}), "sheet"),
        (lambda sheet: sheet.update({"x" * 97: True}), "sheet"),
        (lambda sheet: sheet.update({"more": "x" * 257}), "sheet"),
        (lambda sheet: sheet.update({f"{n:04}": "x" * 200 for n in range(21)}), "sheet"),
    ],
)
def test_what_no_sheet_holds_is_refused(write: object, root: str) -> None:
    with pytest.raises(SheetError):
        read_sheet(_document(write, root))


def test_a_part_of_a_document_is_refused_because_it_would_wait_for_the_rest_for_ever() -> None:
    doc: Doc = Doc(client_id=9)
    sheet = doc.get("sheet", type=Map)
    sheet["title"] = "one"
    state = doc.get_state()
    sheet["title"] = "two"
    with pytest.raises(SheetError):
        read_sheet(bytes(doc.get_update(state)))


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes((*out, value))


HUGE = _number(2**32 - 1)
HEAD = b"\x01\x01\x09\x00"
NAMED = b"\x01\x05sheet\x01a"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        HUGE + bytes(20),
        b"\x01" + HUGE + bytes(20),
        b"\x00" + HUGE + bytes(20),
        b"\x00\x01\x07" + HUGE + bytes(20),
        b"\x00\x01\x07\x01\x00" + HUGE,
        HEAD + b"\x00" + HUGE + b"\x00",
        HEAD + b"\x00\x00\x00",
        HEAD + b"\x0a" + HUGE + b"\x00",
        HEAD + b"\x28" + NAMED + HUGE,
        HEAD + b"\x28" + NAMED + b"\x01\x75" + HUGE,
        HEAD + b"\x28" + NAMED + b"\x01w" + HUGE,
        HEAD + b"\x28" + NAMED + b"\x01w\x01\xff\x00",
        HEAD + b"\xa8\x09\x05\x01x\x00",
        HEAD + b"\x28" + NAMED + b"\x01x\x00\x00",
        b"\x02" + (b"\x01\x09\x00\x28" + NAMED + b"\x01x") * 2 + b"\x00",
        b"\x80" * 30,
        bytes(MAX_SHEET_SIZE + 1),
    ],
)
def test_numbers_that_would_fill_the_memory_are_refused_before_they_are_believed(
    document: bytes,
) -> None:
    with pytest.raises(SheetError):
        check_document(document)


@given(st.binary(max_size=300))
def test_noise_is_a_sheet_or_a_refusal(noise: bytes) -> None:
    _read_or_refuse(noise)


@given(SHEETS, SHEETS, st.data())
def test_a_sheet_with_changed_bytes_is_a_sheet_or_a_refusal(
    first: Sheet, second: Sheet, data: st.DataObject
) -> None:
    document = bytearray(edited(edited(b"", first, 1), second, 2))
    for _ in range(data.draw(st.integers(1, 3))):
        document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
    _read_or_refuse(bytes(document))


def _read_or_refuse(document: bytes) -> None:
    try:
        sheet = read_sheet(document)
    except SheetError:
        return
    assert read_sheet(edited(b"", sheet, 3)) == sheet


LONGEST = _number(2**31 - 1)
FLAG = b"\x01x"


@pytest.mark.parametrize(
    "document",
    [
        HEAD + b"\x00" + LONGEST + b"\x01\x09" + _number(600) + (b"\x00" + LONGEST) * 600,
        HEAD + b"\x21" + NAMED + LONGEST + b"\x01\x09" + _number(500) + (b"\x00" + LONGEST) * 500,
        b"\x02\x01\x09\x00\xa8\x0a\x00" + FLAG + b"\x01\x0a\x00\xa8\x09\x00" + FLAG + b"\x00",
        b"\x01" + _number(300) + b"\x09\x00" + (b"\x28" + NAMED + FLAG) * 300 + b"\x00",
    ],
    ids=["endless gap", "endless deletion", "two that follow each other", "one name, many values"],
)
def test_a_document_that_would_keep_its_reader_busy_is_read_or_refused(document: bytes) -> None:
    assert len(document) <= MAX_SHEET_SIZE
    _read_or_refuse(document)
