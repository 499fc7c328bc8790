"""Who keeps their place in a full hall."""

from collections.abc import Sequence

import pytest

from consensus.encoding import digest, encode
from consensus.identifiers import IdentityId, NodeKey
from consensus.parameters import MAX_PAGE_RATINGS
from consensus.presence import Presence
from popd.node.concert_ballots import BallotBox, Nearness, Rank
from popd.node.concert_opinions import MAX_VOICES
from popd.node.messages.concerts import MAX_BALLOTS, MAX_PAGES, MAX_TELLERS
from popd.node.messages.crowds import MAX_BATCH, Ballot

PEER = NodeKey(bytes(32))
HONEST = IdentityId(b"\xff" * 32)


def voices(count: int) -> list[Ballot]:
    return [Ballot(number.to_bytes(32), bytes(32)) for number in range(count)]


def put(box: BallotBox, who: IdentityId, rank: Rank, ballots: Sequence[Ballot]) -> int:
    """Somebody tells, in as many messages as it takes; returns how many were refused."""
    refused = 0
    for number, start in enumerate(range(0, len(ballots), MAX_BATCH), start=1):
        batch = ballots[start : start + MAX_BATCH]
        refused += len(box.put(who, Nearness(rank, Presence.SAME_LINK, PEER), number, batch))
    return refused


def full(rank: Rank) -> BallotBox:
    """A hall that a few fresh keys filled."""
    box = BallotBox()
    for key in range(-(-MAX_BALLOTS // MAX_VOICES)):
        put(box, IdentityId(key.to_bytes(32)), rank, voices(MAX_VOICES))
    assert box.count == MAX_BALLOTS
    return box


def test_a_full_hall_s_ratings_fit_on_the_pages() -> None:
    box = full(Rank.NEAR)
    others = IdentityId(b"\xfe" * 32)
    assert put(box, others, Rank.STRANGER, voices(1)) == 1
    assert box.count <= MAX_PAGES * MAX_PAGE_RATINGS


@pytest.mark.parametrize("rank", [Rank.TRUSTED, Rank.NEAR])
def test_in_a_full_hall_whoever_holds_the_most_gives_way_to_equals(rank: Rank) -> None:
    box = full(rank)
    assert put(box, HONEST, rank, voices(100)) == 0
    assert len(box.tellers[HONEST].held) == 100
    assert box.count == MAX_BALLOTS


def test_nobody_takes_more_of_a_full_hall_than_equals_keep() -> None:
    box = full(Rank.NEAR)
    put(box, HONEST, Rank.NEAR, voices(MAX_VOICES))
    held = sorted(len(teller.held) for teller in box.tellers.values())
    assert len(box.tellers[HONEST].held) - held[0] <= MAX_BATCH
    assert len(box.tellers[HONEST].held) <= held[-2]
    assert box.count == MAX_BALLOTS


@pytest.mark.parametrize("other", [Rank.NEAR, Rank.STRANGER])
def test_those_who_are_trusted_give_way_to_nobody_farther(other: Rank) -> None:
    box = full(Rank.TRUSTED)
    before = {who: teller.mark for who, teller in box.tellers.items()}
    assert put(box, HONEST, other, voices(1)) == 1
    assert {who: teller.mark for who, teller in box.tellers.items()} == before


def test_strangers_give_way_before_those_who_hold_more_but_are_near() -> None:
    box, stranger = BallotBox(), IdentityId(b"\xfe" * 32)
    put(box, stranger, Rank.STRANGER, voices(10))
    for key in range(-(-MAX_BALLOTS // MAX_VOICES)):
        put(box, IdentityId(key.to_bytes(32)), Rank.NEAR, voices(MAX_VOICES))
    assert stranger not in box.tellers
    assert box.count == MAX_BALLOTS


def test_a_mind_changes_even_where_there_is_no_room() -> None:
    box = full(Rank.NEAR)
    who, changed = IdentityId(bytes(32)), Ballot(bytes(32), b"\1" * 32)
    assert box.put(who, Nearness(Rank.NEAR, Presence.SAME_LINK, PEER), 99, [changed]) == ()
    assert box.digest(who, changed.voice) == changed.digest


def comes(box: BallotBox, number: int, rank: Rank, subnet: str) -> bool:
    """Whether a teller with one ballot finds a place."""
    near = Nearness(rank, Presence.REMOTE, NodeKey(digest(encode(subnet))), subnet)
    return box.put(IdentityId(number.to_bytes(32)), near, 1, voices(1)) == ()


@pytest.mark.parametrize("rank", [Rank.NEAR, Rank.STRANGER])
def test_nodes_of_one_network_leave_places_to_those_of_others(
    rank: Rank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("popd.node.concert_ballots.MAX_STRANGERS_OF_PEER", MAX_TELLERS)
    box = BallotBox()
    found = [comes(box, number, rank, "192.0.2.0/24") for number in range(MAX_TELLERS + 50)]
    assert sum(found) == len(box.tellers) == MAX_TELLERS
    assert all(comes(box, 2_000 + n, rank, "198.51.100.0/24") for n in range(MAX_TELLERS // 2))
    assert not comes(box, 4_000, rank, "198.51.100.0/24")
    assert not comes(box, 4_001, rank, "192.0.2.0/24")
    assert comes(box, 4_002, rank, "203.0.113.0/24")
    assert len(box.tellers) == MAX_TELLERS


def test_those_who_are_trusted_keep_their_places_wherever_they_come_from() -> None:
    box = BallotBox()
    assert all(comes(box, n, Rank.TRUSTED, "192.0.2.0/24") for n in range(MAX_TELLERS))
    assert not comes(box, 4_000, Rank.TRUSTED, "198.51.100.0/24")
    assert not comes(box, 4_001, Rank.NEAR, "198.51.100.0/24")
