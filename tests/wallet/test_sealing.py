import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.keyring import Keyring
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.sealing import (
    HIGHEST_COST,
    LEAST_COST,
    MODERATE_COST,
    StretchingCost,
    opened_keyring,
    sealed_keyring,
)

KEYRING = Keyring(b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)
CONTENT = sealed_keyring(KEYRING, "tune", LEAST_COST, salt=b"s" * 16, nonce=b"n" * 24)
SECRETS = st.binary(min_size=32, max_size=32)


def refusal_of(content: bytes, passphrase: str = "tune") -> KeystoreReason:
    with pytest.raises(KeystoreError) as refusal:
        opened_keyring(content, passphrase)
    return refusal.value.reason


def with_fields(**changes: object) -> bytes:
    """A file that somebody altered with care: its second line agrees with its first."""
    fields = json.loads(CONTENT.partition(b"\n")[0]) | changes
    line = json.dumps(fields, separators=(",", ":")).encode()
    return line + b"\n" + hashlib.blake2b(line, digest_size=32).hexdigest().encode() + b"\n"


@given(st.builds(Keyring, SECRETS, SECRETS, SECRETS), st.text(min_size=1, max_size=40))
def test_what_was_sealed_opens_with_its_passphrase(keyring: Keyring, passphrase: str) -> None:
    content = sealed_keyring(keyring, passphrase, LEAST_COST, salt=b"s" * 16, nonce=b"n" * 24)
    assert opened_keyring(content, passphrase) == keyring


def test_the_layout_of_version_1_stays_for_ever() -> None:
    assert CONTENT.decode() == (
        '{"format":"popd keystore","version":1,"operations":1,"memory_bytes":8192,'
        '"salt":"c3Nzc3Nzc3Nzc3Nzc3Nzcw==",'
        '"sealed":"bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5uWLVTBzbDno32/VjbEPlaijmBGujh'
        "FbNj/GOe7kykgiYoT5j1VLvSe33TkjsrcdRzaYJ5M1yk73sYf1kb+JUk2fjrHSRp3TDben8EhxAGR9l7"
        'ufnLxsErnWdOU4FktC8DA/pAshaE2aGzThNAoVi4rg=="}\n'
        "d8c39acdb074c2ba7bd1712e4b6a12d8842d5ea242b96cd03f1521172783b62d\n"
    )


def test_a_passphrase_opens_however_its_accents_were_typed() -> None:
    content = sealed_keyring(KEYRING, "\u00e9tude", LEAST_COST, salt=b"s" * 16, nonce=b"n" * 24)
    assert opened_keyring(content, "e\u0301tude") == KEYRING


def test_a_wrong_passphrase_is_named() -> None:
    assert refusal_of(CONTENT, "tuna") is KeystoreReason.WRONG_PASSPHRASE


def test_an_empty_passphrase_seals_nothing() -> None:
    with pytest.raises(KeystoreError) as refusal:
        sealed_keyring(KEYRING, "", LEAST_COST, salt=b"s" * 16, nonce=b"n" * 24)
    assert refusal.value.reason is KeystoreReason.EMPTY_PASSPHRASE


def test_every_beginning_of_the_file_is_truncated() -> None:
    reasons = {refusal_of(CONTENT[:length]) for length in range(len(CONTENT))}
    assert reasons == {KeystoreReason.TRUNCATED}


def test_every_flipped_bit_is_seen_as_damage() -> None:
    """A flipped line end looks like a missing one; every other bit is damage."""
    line_ends = {CONTENT.index(b"\n"), len(CONTENT) - 1}
    for place in range(len(CONTENT)):
        expected = KeystoreReason.TRUNCATED if place in line_ends else KeystoreReason.DAMAGED
        for bit in range(8):
            flipped = bytearray(CONTENT)
            flipped[place] ^= 1 << bit
            assert refusal_of(bytes(flipped)) is expected


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused(content: bytes) -> None:
    assert refusal_of(content) in {KeystoreReason.TRUNCATED, KeystoreReason.DAMAGED}


@given(st.binary(max_size=100))
def test_arbitrary_bytes_with_their_checksum_are_damage(line: bytes) -> None:
    line = line.replace(b"\n", b"")
    checksum = hashlib.blake2b(line, digest_size=32).hexdigest().encode()
    assert refusal_of(line + b"\n" + checksum + b"\n") is KeystoreReason.DAMAGED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 2}, KeystoreReason.NEWER_VERSION),
        ({"version": 2, "curve": "unheard of"}, KeystoreReason.NEWER_VERSION),
        ({"version": 0}, KeystoreReason.DAMAGED),
        ({"version": "1"}, KeystoreReason.DAMAGED),
        ({"format": "another"}, KeystoreReason.DAMAGED),
        ({"salt": "c2hvcnQ="}, KeystoreReason.DAMAGED),
        ({"salt": "not base64"}, KeystoreReason.DAMAGED),
        ({"sealed": "c2hvcnQ="}, KeystoreReason.DAMAGED),
        ({"surplus": 1}, KeystoreReason.DAMAGED),
        ({"memory_bytes": 2**40}, KeystoreReason.COST_OUT_OF_BOUNDS),
        ({"memory_bytes": HIGHEST_COST.memory_bytes + 1}, KeystoreReason.COST_OUT_OF_BOUNDS),
        ({"memory_bytes": 8191}, KeystoreReason.COST_OUT_OF_BOUNDS),
        ({"operations": HIGHEST_COST.operations + 1}, KeystoreReason.COST_OUT_OF_BOUNDS),
        ({"operations": -1}, KeystoreReason.COST_OUT_OF_BOUNDS),
        ({"operations": 2}, KeystoreReason.WRONG_PASSPHRASE),
        ({"memory_bytes": 16384}, KeystoreReason.WRONG_PASSPHRASE),
        ({"salt": "AAAAAAAAAAAAAAAAAAAAAA=="}, KeystoreReason.WRONG_PASSPHRASE),
    ],
)
def test_an_altered_field_never_opens(changes: dict[str, object], reason: KeystoreReason) -> None:
    assert refusal_of(with_fields(**changes)) is reason


def test_the_cost_for_people_is_moderate_argon2id() -> None:
    assert StretchingCost(operations=3, memory_bytes=256 * 2**20) == MODERATE_COST
