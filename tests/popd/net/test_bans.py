"""A ban ends when it should, and the list of bans has an end, too."""

from consensus.identifiers import NodeKey
from popd.net.bans import MAX_BANS, Bans


def key(number: int) -> NodeKey:
    return NodeKey(number.to_bytes(32))


def test_a_ban_ends_and_is_never_shortened() -> None:
    bans = Bans()
    bans.ban(key(1), 100)
    bans.ban(key(1), 50)
    assert [bans.is_banned(key(1), now_us) for now_us in (0, 99, 100)] == [True, True, False]
    assert len(bans) == 0


def test_beyond_the_bound_the_ban_that_ends_first_is_forgotten() -> None:
    bans = Bans()
    for number in range(MAX_BANS + 1):
        bans.ban(key(number), 1_000 + number)
    assert len(bans) == MAX_BANS
    assert not bans.is_banned(key(0), 0)
    assert bans.is_banned(key(1), 0)
