"""The book is bounded, tries what is promising, and leaves room for whom the user wants."""

from consensus.identifiers import NodeKey
from popd.net.address_book import (
    LONGEST_PAUSE_US,
    MAX_ADDRESSES_PER_PEER,
    MAX_PEERS,
    SPARE_PATIENCE_US,
    TARGET_PEERS,
    AddressBook,
    Known,
    Reached,
    Source,
)
from popd.net.subnets import Endpoint, Transport

OWN = NodeKey(b"o" * 32)
RELAY = "/ip4/192.0.2.9/tcp/1/p2p/Relay/p2p-circuit/p2p/Peer"


def key(number: int) -> NodeKey:
    return NodeKey(number.to_bytes(32))


def tcp(host: str, port: int = 1) -> str:
    return f"/ip4/{host}/tcp/{port}/p2p/Peer"


def due(book: AddressBook, now_us: int = 0, **reached: Reached) -> list[str]:
    connected = {key(int(name[1:])): how for name, how in reached.items()}
    return [known.address for known in book.due(connected, now_us)]


def only(book: AddressBook) -> Known:
    (known,) = book.all()
    return known


def test_only_addresses_of_others_that_can_be_dialled_are_kept() -> None:
    book = AddressBook(OWN)
    book.note(OWN, tcp("192.0.2.1"), Source.LAN, 0)
    book.note(key(1), "/ip4/192.0.2.1/udp/1/quic-v1/p2p/Peer", Source.LAN, 0)
    book.note(key(1), tcp("192.0.2.1"), Source.TABLE, 0)
    book.note(key(1), tcp("192.0.2.1"), Source.LAN, 5)
    assert (only(book).source, only(book).told_us) == (Source.LAN, 5)


def test_an_address_that_fails_is_tried_ever_more_rarely() -> None:
    book = AddressBook(OWN)
    book.note(key(1), tcp("192.0.2.1"), Source.LAN, 0)
    pauses = []
    for _ in range(10):
        now_us = only(book).due_us
        assert due(book, now_us) == [tcp("192.0.2.1")]
        book.note_failure(only(book), "refused", now_us)
        pauses.append(only(book).due_us - now_us)
        assert due(book, now_us) == []
    assert pauses == sorted(pauses)
    assert pauses[0] == 500_000
    assert pauses[-1] == LONGEST_PAUSE_US[Source.LAN]
    book.note_success(only(book), 0)
    assert (only(book).failures, only(book).error) == (0, "")


def test_strangers_are_dialled_up_to_the_target_and_wanted_peers_beyond() -> None:
    book = AddressBook(OWN)
    for number in range(1, 40):
        book.note(key(number), tcp("192.0.2.1", number), Source.TABLE, 0)
    assert len(due(book)) == TARGET_PEERS
    reached = {f"p{n}": Reached({Endpoint(Transport.TCP, "192.0.2.1")}, 0) for n in range(1, 13)}
    assert due(book, **reached) == []
    book.note(key(39), tcp("192.0.2.1", 39), Source.USER, 0)
    assert due(book, **reached) == [tcp("192.0.2.1", 39)]


def test_a_connected_peer_gets_one_spare_over_another_way_after_a_while() -> None:
    book = AddressBook(OWN)
    first, second = Endpoint(Transport.TCP, "192.0.2.1"), Endpoint(Transport.TCP, "198.51.100.1")
    book.note(key(1), tcp("192.0.2.1", 7), Source.PEER, 0)
    book.note(key(1), tcp("198.51.100.1"), Source.PEER, 0)
    book.note(key(1), tcp("203.0.113.1"), Source.PEER, 0)
    book.note(key(1), RELAY, Source.PEER, 0)
    late_us = SPARE_PATIENCE_US
    assert due(book, 0, p1=Reached({first}, 0)) == []
    assert due(book, late_us, p1=Reached({first}, 0)) == [RELAY]
    assert due(book, late_us, p1=Reached({first, second}, 0)) == []


def test_a_relayed_peer_is_tried_directly_again_and_again() -> None:
    book = AddressBook(OWN)
    book.note(key(1), tcp("192.0.2.1"), Source.LAN, 0)
    relayed = Reached({Endpoint(Transport.RELAY, "Relay")}, 0)
    assert due(book, SPARE_PATIENCE_US, p1=relayed) == [tcp("192.0.2.1")]


def test_the_book_forgets_what_was_told_longest_ago_and_never_whom_the_user_wants() -> None:
    book = AddressBook(OWN)
    book.note(key(0), tcp("192.0.2.1"), Source.USER, 0)
    for number in range(1, MAX_PEERS + 10):
        book.note(key(number), tcp("192.0.2.1"), Source.TABLE, number)
    assert len(book) == MAX_PEERS
    kept = {known.key for known in book.all()}
    assert key(0) in kept
    assert key(1) not in kept
    for number in range(MAX_ADDRESSES_PER_PEER + 5):
        book.note(key(0), tcp("192.0.2.1", number + 2), Source.PEER, number)
    mine = [known.address for known in book.all() if known.key == key(0)]
    assert len(mine) == MAX_ADDRESSES_PER_PEER
    assert tcp("192.0.2.1") in mine
