"""The user's own notes: they come back as written, merge alike, and damage is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.identifiers import IdentityId
from popd.own_file import MAGIC, OwnError
from popd.own_notes import MAX_PETNAME, PETNAMES, SETTINGS, NotKeptError, OwnNotes
from popd.rooms import own
from popd.rooms.own import edited_own, merged_own, read_own

BEN, CAT = (bytes([n]) * 32 for n in (1, 2))
KEYS = st.sampled_from([bytes([n]) * 32 for n in range(6)])
NAMES = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=MAX_PETNAME)
EDITS = st.lists(st.tuples(KEYS, NAMES | st.just("")), max_size=12)


def edited(data: bytes, writer: int, edits: list[tuple[bytes, str]]) -> bytes:
    for key, name in edits:
        data = edited_own(data, writer, PETNAMES, key.hex(), name)
    return data


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_the_last_name_of_everybody_comes_back(edits: list[tuple[bytes, str]]) -> None:
    data = edited(edited_own(b"", 7, SETTINGS, "receives", "all"), 7, edits)
    names = {key: name for key, name in dict(edits).items() if name}
    assert read_own(data) == OwnNotes(names, {"receives": "all"})


@settings(max_examples=40, deadline=None)
@given(EDITS, EDITS, EDITS)
def test_two_devices_merge_to_the_same_whichever_comes_first(
    before: list[tuple[bytes, str]], one: list[tuple[bytes, str]], other: list[tuple[bytes, str]]
) -> None:
    base = edited(edited_own(b"", 1, SETTINGS, "a", "b"), 1, before)
    left, right = edited(base, 2, one), edited(base, 3, other)
    both = read_own(merged_own(left, right))
    assert both == read_own(merged_own(right, left))
    only_one = {key for key, _ in one} - {key for key, _ in other}
    theirs = read_own(left).petnames
    assert {key: both.petnames.get(IdentityId(key)) for key in only_one} == {
        key: theirs.get(IdentityId(key)) for key in only_one
    }


def test_any_damage_is_an_error_and_never_other_names() -> None:
    data = edited(b"", 1, [(BEN, "Ben"), (CAT, "Cat")])
    for at in range(0, len(data), 3):
        with pytest.raises(OwnError):
            read_own(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        with pytest.raises(OwnError):
            read_own(data[:at])
    for other in (b"", b"\0" * 100, MAGIC, MAGIC + bytes(400), data + b"\0"):
        with pytest.raises(OwnError):
            read_own(other)
        with pytest.raises(OwnError):
            merged_own(data, other)


def test_what_another_release_or_hand_wrote_in_is_left_out() -> None:
    data = edited(b"", 1, [(BEN, "Ben")])
    for key, name in (("zz", "x"), ("00" * 31, "x"), ("", "x")):
        data = edited_own(data, 1, PETNAMES, key, name)
    data = edited_own(data, 1, PETNAMES, CAT.hex(), "C" * 100)
    data = edited_own(data, 1, SETTINGS, "long", "x" * 1_000)
    assert read_own(data) == OwnNotes({BEN: "Ben", CAT: "C" * MAX_PETNAME}, {})


def test_there_are_so_many_names_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "MAX_PETNAMES", 2)
    data = edited(b"", 1, [(BEN, "Ben"), (CAT, "Cat")])
    with pytest.raises(NotKeptError, match="2 of them"):
        edited(data, 1, [(bytes(32), "Dan")])
    assert len(read_own(edited(data, 1, [(BEN, "Benny")])).petnames) == 2
    monkeypatch.setattr(own, "MAX_OWN_BYTES", 40)
    with pytest.raises(NotKeptError, match="full"):
        edited(b"", 1, [(BEN, "B" * 32)])
