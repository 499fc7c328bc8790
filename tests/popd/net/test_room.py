"""When all places are taken, strangers give way to whom the user wants, and nobody else does."""

from consensus.identifiers import NodeKey
from popd.net.room import MAX_PEERS, has_room, one_too_many


def key(number: int) -> NodeKey:
    return NodeKey(number.to_bytes(32))


FULL = {key(number): 1_000 - number for number in range(MAX_PEERS)}
NEW = key(MAX_PEERS)


def test_there_is_room_until_all_places_are_taken() -> None:
    almost = dict(list(FULL.items())[1:])
    assert has_room(NEW, almost, lambda key: False)
    assert has_room(key(5), FULL, lambda key: False)
    assert not has_room(NEW, FULL, lambda key: False)


def test_a_wanted_peer_gets_the_place_of_a_stranger_only() -> None:
    assert has_room(NEW, FULL, NEW.__eq__)
    assert not has_room(NEW, FULL, lambda key: True)


def test_the_most_silent_stranger_goes() -> None:
    over = {**FULL, NEW: 0}
    assert one_too_many(FULL, lambda key: False) is None
    assert one_too_many(over, NEW.__eq__) == key(MAX_PEERS - 1)
    assert one_too_many(over, lambda key: True) is None
