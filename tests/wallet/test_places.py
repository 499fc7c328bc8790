"""Several identities of one home: where their keys lie, and which are in use."""

from pathlib import Path

import pytest

from wallet.keyring import random_keyring
from wallet.keystore import create_practice_keystore, open_practice_keystore
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.places import CHOICE_NAME, FIRST, place_in_use, place_named, places_in, use_place


def test_the_first_identity_lies_in_the_home_and_is_in_use_from_the_start(tmp_path: Path) -> None:
    assert place_in_use(tmp_path) == place_named(tmp_path, FIRST)
    assert place_in_use(tmp_path).keystore == tmp_path / "keystore"
    assert places_in(tmp_path) == []


def test_each_identity_has_keys_of_its_own_and_one_of_them_is_in_use(tmp_path: Path) -> None:
    seeds = {}
    for name in ("band", FIRST, "alone-2"):
        keyring = random_keyring()
        create_practice_keystore(place_named(tmp_path, name).folder, keyring)
        seeds[name] = keyring.identity_seed
    assert [place.name for place in places_in(tmp_path)] == [FIRST, "alone-2", "band"]
    for name in ("band", FIRST, "band"):
        use_place(tmp_path, place_named(tmp_path, name))
        opened = open_practice_keystore(place_in_use(tmp_path).folder)
        assert opened.identity_seed == seeds[name]


def test_an_identity_without_keys_is_not_taken_up(tmp_path: Path) -> None:
    with pytest.raises(KeystoreError) as caught:
        use_place(tmp_path, place_named(tmp_path, "nobody"))
    assert caught.value.reason is KeystoreReason.MISSING
    assert place_in_use(tmp_path).name == FIRST


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "-a", "ä", "x" * 33, "a b", "a\n"])
def test_a_name_can_be_no_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(KeystoreError) as caught:
        place_named(tmp_path, name)
    assert caught.value.reason is KeystoreReason.BAD_NAME


@pytest.mark.parametrize("content", [b"", b"../../etc", b"\xff\xfe", b"x" * 10_000])
def test_a_damaged_choice_is_the_first_identity(content: bytes, tmp_path: Path) -> None:
    (tmp_path / CHOICE_NAME).write_bytes(content)
    assert place_in_use(tmp_path).name == FIRST
