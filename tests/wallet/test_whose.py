"""Whose keys lie in a place is noted beside them, and told without a passphrase."""

from pathlib import Path

from consensus.identifiers import IdentityId, NodeKey
from consensus.signing import public_key
from wallet.devices import BorrowedPen, write_devices
from wallet.keyring import keyring_of
from wallet.keystore import create_keystore
from wallet.places import place_named
from wallet.sealing import LEAST_COST
from wallet.whose import identity_in, note_identity, places_of

ONE, OTHER = keyring_of(bytes(32)), keyring_of(bytes([1]) * 32)
ME, YOU = (IdentityId(public_key(keyring.identity_seed)) for keyring in (ONE, OTHER))


def test_a_note_names_the_keys_and_is_written_anew_where_it_is_wrong(tmp_path: Path) -> None:
    place = place_named(tmp_path, "first")
    create_keystore(place.keystore, ONE, "correct horse", LEAST_COST)
    assert identity_in(place) is None
    for keyring, identity in ((OTHER, YOU), (ONE, ME)):
        note_identity(place.folder, keyring)
        assert identity_in(place) == identity
    for damaged in (b"", b"\xff\n", b"did:key:z6Mk\n", b"x" * 1_000):
        (tmp_path / "did").write_bytes(damaged)
        assert identity_in(place) is None
    note_identity(place.folder, ONE)
    assert places_of(tmp_path, ME) == [place]
    assert places_of(tmp_path, YOU) == []


def test_a_companion_writes_for_whoever_lends_it_the_pen(tmp_path: Path) -> None:
    place = place_named(tmp_path, "first")
    create_keystore(place.keystore, OTHER, "correct horse", LEAST_COST)
    note_identity(place.folder, OTHER)
    pen = BorrowedPen("practice", ME, NodeKey(public_key(bytes([3]) * 32)), (), "laptop")
    write_devices(place.pen, pen)
    assert identity_in(place) == ME
    assert places_of(tmp_path, ME) == []
    place.pen.write_bytes(b"worn out")
    assert identity_in(place) is None
