"""A backup opens with its passphrase and is whole, or says what is wrong with it."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.secret import SecretBox

from consensus.encoding import digest, encode, keyed_digest
from consensus.identifiers import IdentityId
from consensus.signing import public_key
from consensus.units import Milliseconds
from simulations.scribe import author
from simulations.stories import village
from wallet.backup import HEADING, MAX_BACKUP_BYTES, Contents, opened_backup, sealed_backup
from wallet.keyring import Keyring, keyring_of
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.sealing import LEAST_COST, NONCE_BYTES, SALT_BYTES, sealed_keyring

STORY = village()
PASSPHRASE = "correct horse"


def keystore_of(keyring: Keyring) -> bytes:
    return sealed_keyring(keyring, PASSPHRASE, LEAST_COST, bytes(SALT_BYTES), bytes(NONCE_BYTES))


@pytest.fixture(scope="module")
def keyring() -> Keyring:
    return keyring_of(author("a").seed)


@pytest.fixture(scope="module")
def contents(keyring: Keyring) -> Contents:
    me = IdentityId(public_key(keyring.identity_seed))
    state = STORY.ledger.state(me)
    assert state is not None
    wires = tuple(item.wire for item in STORY.ledger.chain(state.head))
    files = {"policy.toml": b"name = 'mine'\n", "config.toml": b""}
    return Contents("practice", Milliseconds(1_700_000_000_000), wires, files)


@pytest.fixture(scope="module")
def data(keyring: Keyring, contents: Contents) -> bytes:
    return sealed_backup(keystore_of(keyring), keyring, contents)


def reason(data: bytes, passphrase: str = PASSPHRASE) -> KeystoreReason:
    with pytest.raises(KeystoreError) as caught:
        opened_backup(data, passphrase)
    return caught.value.reason


def test_all_of_it_comes_back(data: bytes, keyring: Keyring, contents: Contents) -> None:
    assert len(contents.wires) > 5
    assert opened_backup(data, PASSPHRASE) == (keyring, keystore_of(keyring), contents)


def test_nothing_in_it_can_be_read_without_the_passphrase(
    data: bytes, keyring: Keyring, contents: Contents
) -> None:
    secrets = (keyring.identity_seed, keyring.node_secret, contents.wires[3], b"policy.toml")
    assert not any(secret in data for secret in secrets)
    assert reason(data, "wrong horse") is KeystoreReason.WRONG_PASSPHRASE


@settings(max_examples=60)
@given(st.data())
def test_a_cut_or_flipped_backup_says_so(data: bytes, chosen: st.DataObject) -> None:
    size = chosen.draw(st.integers(0, len(data) - 1))
    assert reason(data[:size]) in (KeystoreReason.TRUNCATED, KeystoreReason.DAMAGED)
    bit = chosen.draw(st.integers(0, 8 * len(data) - 1))
    flipped = bytearray(data)
    flipped[bit // 8] ^= 1 << bit % 8
    assert reason(bytes(flipped)) in (
        KeystoreReason.TRUNCATED,
        KeystoreReason.DAMAGED,
        KeystoreReason.NEWER_VERSION,
    )


@given(st.binary(max_size=300))
def test_any_other_file_is_refused(content: bytes) -> None:
    for data in (content, HEADING + content, HEADING + content + digest(HEADING + content)):
        assert isinstance(reason(data), KeystoreReason)


def test_a_newer_backup_asks_for_a_newer_popd(data: bytes) -> None:
    assert reason(data.replace(b"backup 1", b"backup 2", 1)) is KeystoreReason.NEWER_VERSION


def boxed(keyring: Keyring, body: bytes) -> bytes:
    """A backup with any body, sealed as it should be."""
    box = SecretBox(keyed_digest(keyring.identity_seed, b"popd backup")).encrypt(body)
    whole = HEADING + keystore_of(keyring) + bytes(box)
    return whole + digest(whole)


def test_a_body_that_unfolds_without_end_is_not_unfolded(keyring: Keyring) -> None:
    bomb = zlib.compress(bytes(MAX_BACKUP_BYTES + 1), level=9)
    assert len(bomb) < 1_000_000
    assert reason(boxed(keyring, bomb)) is KeystoreReason.DAMAGED


@pytest.mark.parametrize(
    "body", [(), (1,), (2, "practice", 0, (), ()), (1, "practice", 0, (5,), ())]
)
def test_a_body_of_another_shape_is_damage(body: tuple[object, ...], keyring: Keyring) -> None:
    packed = zlib.compress(encode(body))  # type: ignore[arg-type]
    assert reason(boxed(keyring, packed)) is KeystoreReason.DAMAGED


def test_a_chain_with_a_gap_or_of_somebody_else_is_damage(
    keyring: Keyring, contents: Contents
) -> None:
    gap = (*contents.wires[:2], *contents.wires[3:])
    strange = next(
        s.wire for s in STORY.told if s.entry.author != author("a").id and not s.entry.number
    )
    for wires in (gap, (strange,), (contents.wires[0][:-1],)):
        broken = Contents(contents.network, contents.made_ms, wires, contents.files)
        sealed = sealed_backup(keystore_of(keyring), keyring, broken)
        assert reason(sealed) is KeystoreReason.DAMAGED
