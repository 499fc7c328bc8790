"""What a batch of effects leaves on disk: of each entry the last word counts."""

from consensus.identifiers import ContentId
from consensus.parameters import PRACTICE
from consensus.units import Microseconds
from popd.node.effects import DropBlobs, Forget, KeepNote, Store, StoreBlob, WakeAt
from popd.wiring.outcome import dropped_in_the_end, kept_in_the_end, noted_in_the_end
from simulations import scribe

ONE, TWO, THREE = (scribe.begin(PRACTICE, scribe.author(f"{i}"), 1) for i in range(3))


def test_what_is_stored_after_it_was_forgotten_stays_and_the_other_way_round() -> None:
    effects = [
        Store((ONE, TWO)),
        WakeAt(Microseconds(1)),
        Forget((ONE.id, THREE.id)),
        Store((ONE,)),
        Forget((TWO.id,)),
    ]
    assert kept_in_the_end(effects) == ([ONE], [TWO.id, THREE.id])
    assert kept_in_the_end([]) == ([], [])


def test_of_each_note_the_last_word_counts() -> None:
    effects = [KeepNote("a", b"1"), KeepNote("b", b"2"), KeepNote("a", None), KeepNote("b", b"3")]
    assert noted_in_the_end(effects) == {"a": None, "b": b"3"}


def test_a_blob_that_is_stored_after_it_was_dropped_stays() -> None:
    one, two = ContentId(bytes(32)), ContentId(bytes([1]) * 32)
    effects = [StoreBlob(two, b"2"), DropBlobs((one, two)), StoreBlob(one, b"1")]
    assert dropped_in_the_end(effects) == {two}
