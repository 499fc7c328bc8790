"""Locked keys sign nothing, and what waited is signed once they are unlocked."""

from pathlib import Path

import pytest
import trio

from consensus.encoding import digest
from consensus.entry import Entry
from consensus.identifiers import NO_ENTRY, EntryId, IdentityId
from consensus.signing import Domain, check_signature, public_key
from consensus.units import Milliseconds
from popd.node.effects import Sign
from popd.node.own_effects import Unsign
from popd.node.purposes import ForEntry, ForHello
from popd.wiring.keyholder import MAX_HELD, KeyHolder
from wallet.keyring import Keyring
from wallet.keystore import create_keystore, create_practice_keystore
from wallet.keystore_errors import KeystoreError, KeystoreReason
from wallet.places import FIRST, place_named
from wallet.sealing import LEAST_COST

KEYRING = Keyring(b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)
ME = IdentityId(public_key(KEYRING.identity_seed))
ENTRY = Entry(1, "practice", ME, 0, NO_ENTRY, (), Milliseconds(0), "profile", (b"", 0))
SUBJECT = digest(b"something")
OWN = Sign(ForHello(Milliseconds(1)), Domain.PRESENCE, SUBJECT, None)


@pytest.fixture
def holder(tmp_path: Path) -> KeyHolder:
    place = place_named(tmp_path / "home", FIRST)
    create_keystore(place.keystore, KEYRING, "pass", LEAST_COST)
    return KeyHolder("practice", place, KEYRING)


def test_while_locked_only_session_keys_sign(holder: KeyHolder) -> None:
    holder.lock()
    assert holder.signed(OWN) is None
    made = holder.signed(Sign(ForHello(Milliseconds(1)), Domain.FRAME, SUBJECT, b"\x07" * 32))
    assert made is not None
    key = public_key(b"\x07" * 32)
    check_signature(key, made.signature, "practice", Domain.FRAME, SUBJECT)


def test_what_waited_is_signed_in_order_and_the_entry_among_it_is_never_given_up(
    holder: KeyHolder,
) -> None:
    holder.lock()
    for number in range(2 * MAX_HELD):
        purpose = ForEntry(ENTRY) if number == 5 else ForHello(Milliseconds(1))
        holder.signed(Sign(purpose, Domain.ENTRY, digest(bytes([number % 256])), None))
    made = trio.run(holder.unlock, "pass")
    assert len(made) == MAX_HELD
    assert isinstance(made[0].purpose, ForEntry)
    check_signature(ME, made[0].signature, "practice", Domain.ENTRY, digest(bytes([5])))
    assert trio.run(holder.unlock, "pass") == []


def test_an_entry_that_waits_and_is_withdrawn_is_never_signed(holder: KeyHolder) -> None:
    holder.lock()
    first, second = (EntryId(digest(bytes([number]))) for number in range(2))
    for entry in (first, second):
        holder.signed(Sign(ForEntry(ENTRY), Domain.ENTRY, entry, None))
    holder.signed(Sign(ForHello(Milliseconds(1)), Domain.PRESENCE, first, None))
    holder.unsign(Unsign(first))
    made = trio.run(holder.unlock, "pass")
    assert [type(one.purpose) for one in made] == [ForEntry, ForHello]
    check_signature(ME, made[0].signature, "practice", Domain.ENTRY, second)


def test_a_wrong_passphrase_and_other_keys_leave_it_locked(holder: KeyHolder) -> None:
    holder.lock()
    with pytest.raises(KeystoreError) as caught:
        trio.run(holder.unlock, "wrong")
    assert caught.value.reason is KeystoreReason.WRONG_PASSPHRASE
    holder.place.keystore.unlink()
    other = Keyring(b"\x09" * 32, b"\x02" * 32, b"\x03" * 32)
    create_keystore(holder.place.keystore, other, "pass", LEAST_COST)
    with pytest.raises(KeystoreError, match="other keys"):
        trio.run(holder.unlock, "pass")
    assert holder.is_locked


def test_keys_without_a_passphrase_are_unlocked_without_one(tmp_path: Path) -> None:
    place = place_named(tmp_path / "home", FIRST)
    create_practice_keystore(place.folder, KEYRING)
    holder = KeyHolder("practice", place, KEYRING)
    assert not holder.has_passphrase
    holder.lock()
    trio.run(holder.unlock, "")
    assert not holder.is_locked
