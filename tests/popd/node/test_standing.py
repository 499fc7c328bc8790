"""Who costs too much or does wrong is parted from; who plays by the rules never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import NodeKey
from consensus.presence import Presence
from popd.node.effects import Part
from popd.node.events import MessageReceived, PeerConnected
from popd.node.messages.fresh import Hints
from popd.node.messages.pulling import WantEntries
from popd.node.offences import Offence
from popd.node.spreading import PUSHED_PER_S
from popd.node.standing import (
    BAN_MS,
    MAX_BAN_DOUBLINGS,
    MAX_BANS,
    MAX_INCIDENTS,
    PARTING_POINTS,
    Bucket,
)
from tests.popd.node.conversations import people, written
from tests.popd.node.driven import NOW_MS, PEER, Driven, parted, sent


@given(
    st.integers(1, 1_000_000),
    st.integers(1, 10_000_000),
    st.lists(st.tuples(st.integers(0, 2_000_000), st.integers(0, 100_000)), max_size=60),
)
def test_a_bucket_never_gives_more_than_its_burst_and_its_rate(
    per_s: int, burst: int, takings: list[tuple[int, int]]
) -> None:
    bucket = Bucket(per_s, burst, burst, 0)
    now_us = taken = last = 0
    for pause_us, amount in takings:
        now_us += pause_us
        if bucket.has(now_us):
            bucket.take(amount)
            taken, last = taken + amount, amount
    assert taken - last <= burst + now_us * per_s / 1_000_000


@pytest.mark.parametrize("offence", Offence)
def test_every_offence_says_in_words_why_we_part(offence: Offence) -> None:
    driven = Driven()
    times = -(-PARTING_POINTS // offence.points)
    for _ in range(times):
        driven.node.standings.note(PEER, offence, "detail")
    (part,) = [e for e in driven.node.context.outbox if isinstance(e, Part)]
    assert (part.peer, part.why, part.ban_ms) == (PEER, offence.words, BAN_MS)
    assert offence.words.endswith(".")


def test_small_offences_are_forgotten_with_time() -> None:
    driven = Driven()
    for _ in range(50):
        driven.node.standings.note(PEER, Offence.SILENT)
        driven.wait(Offence.SILENT.points * 1_000)
    assert driven.node.standings.of[PEER].points <= 2 * Offence.SILENT.points
    assert PEER not in driven.node.standings.bans


def test_who_was_parted_from_is_refused_until_the_ban_ends_and_longer_the_next_time() -> None:
    driven = Driven()
    bans: list[int] = []
    for _ in range(MAX_BAN_DOUBLINGS + 3):
        parting = driven.give(MessageReceived(PEER, b"rubbish"))
        assert parted(parting) == [PEER]
        bans.append(driven.node.standings.bans[PEER].until_ms - driven.now_ms)
        refused = driven.give(PeerConnected(PEER, Presence.SAME_LINK))
        assert parted(refused) == [PEER]
        assert PEER not in driven.node.context.peers
        driven.wait(bans[-1])
        driven.meet(PEER)
        assert PEER in driven.node.context.peers
    assert bans == [BAN_MS << min(turn, MAX_BAN_DOUBLINGS) for turn in range(len(bans))]


def test_what_a_banned_peer_says_is_not_looked_at() -> None:
    driven = Driven()
    driven.give(MessageReceived(PEER, b"rubbish"))
    before = driven.node.ledger.digest()
    assert sent(driven.hear(*written(people(1), 1))) == []
    assert driven.node.ledger.digest() == before


def test_bans_and_incidents_are_bounded() -> None:
    driven = Driven()
    for number in range(MAX_BANS + 20):
        peer = NodeKey(number.to_bytes(32))
        driven.meet(peer)
        driven.give(MessageReceived(peer, b"rubbish"))
    assert len(driven.node.standings.bans) == MAX_BANS
    other = NodeKey(b"\3" * 32)
    driven.meet(other)
    for number in range(4 * MAX_INCIDENTS):
        offence = Offence.FLOOD if number % 2 else Offence.SILENT
        driven.wait(60_000)
        driven.node.standings.note(other, offence)
    assert len(driven.node.standings.of[other].incidents) == MAX_INCIDENTS


def test_a_flood_is_cut_off_and_costs_no_more_than_it_may() -> None:
    driven = Driven()
    hints = Hints(tuple(number.to_bytes(8) for number in range(1_000)))
    parting: list[NodeKey] = []
    for _ in range(1_000_000):
        parting = parted(driven.say(hints))
        if parting:
            break
    assert parting == [PEER]
    (incident,) = driven.node.standings.bans[PEER].incidents
    assert incident.offence is Offence.FLOOD


def test_a_peer_that_pushes_as_much_as_an_honest_node_ever_does_is_never_parted_from() -> None:
    driven = Driven()
    writers = people(PUSHED_PER_S)
    for turn in range(6):
        for start in range(0, len(writers), 100):
            driven.hear(*written(writers[start : start + 100], 1, NOW_MS + turn))
        driven.wait(1_000)
    assert driven.incidents == []


def test_asking_for_much_is_answered_within_a_budget() -> None:
    driven = Driven()
    given = written(people(200), 1)
    driven.hear(*given)
    ids = tuple(statement.id for statement in given)
    sent_bytes = 0
    for number in range(10_000):
        effects = driven.say(WantEntries(number, ids))
        sent_bytes += sum(len(getattr(effect, "data", b"")) for effect in effects)
        if parted(effects):
            break
    assert sent_bytes < 40_000_000
