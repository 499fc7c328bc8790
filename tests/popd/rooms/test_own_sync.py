"""Devices tell each other what changed: all say the same in the end, and no bytes break any."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from popd.own_notes import KEYMAPS, PETNAMES, RUNS, SETTINGS, NotKeptError
from popd.rooms import own
from popd.rooms.bounds import GapError, SheetError, writers_in
from popd.rooms.own import (
    OWN,
    content_digest,
    edited_own,
    read_own,
    rewritten_own,
    taken_in,
    told_since,
    vector_of,
)

DEVICES = 3
PLACES = (PETNAMES, SETTINGS, KEYMAPS, RUNS)
KEYS = st.integers(0, 5).map(lambda n: bytes([n]).hex() * 32)
TEXTS = st.text(alphabet="abcé☃", max_size=6)
EDIT = st.tuples(st.integers(0, DEVICES - 1), st.sampled_from(PLACES), KEYS, TEXTS)
WAY = st.tuples(st.integers(0, DEVICES - 1), st.integers(0, DEVICES - 1))
"""A device tells another what it lacks; told as of then, and taken in at some later moment."""


def told(files: list[bytes], giver: int, taker: int) -> bytes:
    return told_since(files[giver], vector_of(files[taker]))


@settings(max_examples=60, deadline=None)
@given(st.lists(EDIT | WAY, max_size=24), st.randoms(use_true_random=False))
def test_devices_come_to_say_the_same_whatever_is_lost_doubled_or_late(
    steps: list[tuple[int, ...]], chance: Random
) -> None:
    files = [b""] * DEVICES
    under_way: list[tuple[int, bytes]] = []
    for step in steps:
        if len(step) == 4:
            device, place, key, text = step
            files[device] = edited_own(files[device], device + 1, place, key, text)
        else:
            giver, taker = step
            under_way.append((taker, told(files, giver, taker)))
        if under_way and chance.random() < 0.5:
            taker, update = chance.choice(under_way)  # late, doubled, or never
            files[taker] = taken_in(files[taker], update)
    for _ in range(2):
        for giver in range(DEVICES):
            for taker in range(DEVICES):
                files[taker] = taken_in(files[taker], told(files, giver, taker))
    assert len({content_digest(data) for data in files}) == 1
    assert len({str(writers_in(vector_of(data), OWN)) for data in files}) == 1
    assert {str(read_own(data)) for data in files if data} <= {str(read_own(files[0] or files[1]))}


def test_the_last_word_wins_where_one_knew_of_the_other() -> None:
    one = edited_own(b"", 9, SETTINGS, "scroll.ms", "900")
    other = edited_own(taken_in(b"", told_since(one, b"\0")), 2, SETTINGS, "scroll.ms", "700")
    both = taken_in(one, told_since(other, vector_of(one)))
    assert read_own(both).settings == read_own(other).settings == {"scroll.ms": "700"}


def test_a_name_that_was_taken_back_is_gone_elsewhere_too() -> None:
    one = edited_own(b"", 1, PETNAMES, "01" * 32, "Ben")
    other = taken_in(b"", told_since(one, b"\0"))
    gone = edited_own(one, 1, PETNAMES, "01" * 32, "")
    assert content_digest(gone) != content_digest(other)
    assert read_own(taken_in(other, told_since(gone, vector_of(other)))).petnames == {}


def test_news_that_builds_on_what_never_came_is_not_taken_and_the_whole_is() -> None:
    one = edited_own(b"", 1, SETTINGS, "a", "1")
    later = edited_own(one, 1, SETTINGS, "a", "2")
    with pytest.raises(GapError):
        taken_in(b"", told_since(later, vector_of(one)))
    assert read_own(taken_in(b"", told_since(later, b"\0"))).settings == {"a": "2"}


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.binary(max_size=40))
def test_whatever_a_stolen_device_says_is_refused_or_within_bounds(
    chance: Random, noise: bytes
) -> None:
    mine = rewritten_own(b"", 1, SETTINGS, {f"k{n}": "v" for n in range(5)})
    theirs = rewritten_own(taken_in(b"", told_since(mine, b"\0")), 2, RUNS, {"c": "1", "d": "2"})
    good = told_since(theirs, vector_of(mine))
    at = chance.randrange(len(good))
    for bad in (
        noise,
        good[:at],
        good[:at] + noise + good[at:],
        good[:at] + noise[:1] + good[at + 1 :],
    ):
        try:
            after = taken_in(mine, bad)
        except (SheetError, NotKeptError):
            continue
        assert read_own(after).settings.keys() <= read_own(mine).settings.keys() | {*"cd"}
    for vector in (noise, good):
        try:
            told_since(mine, vector)
        except SheetError:
            continue


def test_a_device_that_says_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = rewritten_own(b"", 2, SETTINGS, {f"k{n}": "v" for n in range(9)})
    monkeypatch.setattr(own, "MAX_SETTINGS", 8)
    with pytest.raises(NotKeptError, match="too much"):
        taken_in(b"", told_since(theirs, b"\0"))
    long = rewritten_own(b"", 2, SETTINGS, {"k": "v" * 2_000})
    with pytest.raises(SheetError):
        taken_in(b"", told_since(long, b"\0"))
