"""Pairing links and boxes between devices: read strictly, and only by whom they are for."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import IdentityId, NodeKey, to_peer_id
from consensus.signing import public_key
from wallet.devices import (
    MAX_FILE_BYTES,
    BorrowedPen,
    Device,
    DeviceBook,
    read_book,
    read_pen,
    write_devices,
)
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.links import MAX_LINK, LinkError
from wallet.own_boxes import MAX_WORD_BYTES, NONCE_BYTES, opened_word, sealed_word
from wallet.pairing import PairingLink, from_link, to_link

NODE, OTHER = (NodeKey(public_key(bytes([n]) * 32)) for n in (1, 2))
ME = IdentityId(public_key(bytes([3]) * 32))
LINK = PairingLink("practice", ME, NODE, ("/ip4/127.0.0.1/tcp/4001",), bytes(range(32)))
KEY = bytes(range(32))


@given(st.binary(min_size=32, max_size=32), st.integers(0, 4))
def test_a_link_says_the_same_after_a_way_through_letters(secret: bytes, addresses: int) -> None:
    places = tuple(f"/ip4/192.0.2.{n}/tcp/4001/ws" for n in range(addresses))
    pairing = replace(LINK, secret=secret, addresses=places)
    assert from_link(to_link(pairing)) == pairing
    assert all(one.endswith(f"/p2p/{to_peer_id(NODE)}") for one in pairing.dialled)


def test_what_is_no_link_is_refused_with_the_place() -> None:
    good = to_link(LINK)
    for bad, place in (
        ("", "begin"),
        ("popd:pay?to=me", "begin"),
        ("popd:device?", "takes"),
        (good + "x" * MAX_LINK, "longer"),
        (good[:-1], "secret"),
        (good + "&secret=x", "once"),
        (good + "&more=1", "takes"),
        (good.replace("network=practice", "network=mine"), "ledger"),
        (good.replace("who=did", "who=dad"), "who"),
        (good.replace(NODE.hex(), "0" * 64), "node"),
        (good.replace(NODE.hex(), NODE.hex()[:-1]), "node"),
        (good.replace("&at=/ip4", "&at=ip4"), "at"),
        (good.replace("&at=", "&at=/a&at=/b&at=/c&at=/d&at="), "at"),
        (good.replace("&at=/ip4", "&at=/ip4%00"), "at"),
        (good.partition("&node")[0], "missing"),
    ):
        with pytest.raises(LinkError, match=place):
            from_link(bad)


@given(st.text(max_size=200))
def test_any_letters_are_a_link_or_refused(text: str) -> None:
    for letters in (text, "popd:device?" + text):
        with pytest.raises(LinkError):
            from_link(letters)


def test_a_secret_shows_in_no_log() -> None:
    book = DeviceBook(KEY, (Device(NODE, "phone", KEY, 1, 2),))
    pen = BorrowedPen("practice", ME, NODE, (), "phone", KEY, KEY, KEY)
    for shown in (repr(LINK), repr(book), repr(pen)):
        assert not any(form in shown for form in (str(KEY), KEY.hex(), repr(KEY)[2:-1]))


@given(st.binary(max_size=100), st.integers(0, 200), st.integers(1, 255))
def test_a_box_opens_only_whole_for_its_receiver_and_with_its_key(
    word: bytes, at: int, change: int
) -> None:
    box = sealed_word(KEY, "practice", NODE, OTHER, word, bytes(NONCE_BYTES))
    assert opened_word(KEY, "practice", NODE, OTHER, box) == word
    assert opened_word(KEY, "main", NODE, OTHER, box) is None
    assert opened_word(KEY, "practice", OTHER, NODE, box) is None
    assert opened_word(bytes(32), "practice", NODE, OTHER, box) is None
    place = at % len(box)
    bent = box[:place] + bytes([box[place] ^ change]) + box[place + 1 :]
    assert opened_word(KEY, "practice", NODE, OTHER, bent) is None
    assert opened_word(KEY, "practice", NODE, OTHER, box[:place]) is None


def test_a_box_with_too_much_in_it_stays_shut() -> None:
    word = bytes(MAX_WORD_BYTES + 1)
    box = sealed_word(KEY, "practice", NODE, OTHER, word, bytes(NONCE_BYTES))
    assert opened_word(KEY, "practice", NODE, OTHER, box) is None


def test_files_come_back_are_private_and_damage_is_told(tmp_path: Path) -> None:
    book = DeviceBook(KEY, (Device(NODE, "phone", KEY, 1, 2, ("/ip4/192.0.2.1/tcp/1",)),))
    pen = BorrowedPen("practice", ME, NODE, (), "phone", secret=KEY)
    path = tmp_path / "devices"
    assert (read_book(path), read_pen(path)) == (None, None)
    write_devices(path, DeviceBook(bytes(32)))
    write_devices(path, book)
    assert read_book(path) == book
    assert path.stat().st_mode & 0o777 == 0o600
    write_devices(tmp_path / "pen", pen)
    assert read_pen(tmp_path / "pen") == pen
    for bad in (b"", b"{}", path.read_bytes()[:-2], b"x" * (MAX_FILE_BYTES + 1)):
        path.write_bytes(bad)
        with pytest.raises(KeystoreError) as told:
            read_book(path)
        assert told.value.reason is KeystoreReason.DAMAGED
