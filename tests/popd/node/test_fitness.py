"""A node passes on only what the next one would not blame it for."""

from consensus.identifiers import EntryId
from consensus.parameters import MAIN, PRACTICE
from popd.node.fitness import is_fit_to_pass_on
from popd.node.messages import Entries, Hello, Reveal, to_bytes
from simulations.scribe import author, begin

NOW_MS = 1_700_000_000_000
GOOD = begin(PRACTICE, author("good"), NOW_MS)


def is_fit(data: bytes) -> bool:
    return is_fit_to_pass_on(data, PRACTICE.name, NOW_MS)


def test_signed_entries_of_the_network_and_live_messages_are_passed_on() -> None:
    assert is_fit(to_bytes(Entries((GOOD.wire,))))
    assert is_fit(to_bytes(Reveal(EntryId(bytes(32)), 0, 0, bytes(32))))


def test_junk_is_not() -> None:
    forged = bytes(64) + GOOD.wire[64:]
    elsewhere = begin(MAIN, author("elsewhere"), NOW_MS).wire
    early = begin(PRACTICE, author("early"), NOW_MS + 1).wire
    private = Hello(author("good").id, "Ana", False, bytes(64))
    for data in (
        b"junk",
        to_bytes(Entries((GOOD.wire, forged))),
        to_bytes(Entries((elsewhere,))),
        to_bytes(Entries((early,))),
        to_bytes(private),
    ):
        assert not is_fit(data)
