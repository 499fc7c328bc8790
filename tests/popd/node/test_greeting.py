"""Who says that a node is theirs says so again and again: what was signed once is soon void."""

import pytest

from consensus.identifiers import NodeKey
from consensus.parameters import PRACTICE
from consensus.signing import Domain, sign
from consensus.units import Milliseconds
from popd.node.greeting import AHEAD_MS, GOOD_MS, LOOK_MS, RENEW_MS
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.notices import NeighbourSeen
from popd.node.purposes import ForHello
from simulations.scribe import author
from tests.popd.node.driven import NOW_MS, PEER, Driven, parted, sent

ANA = author("Ana")


def hello(time_ms: int, node: NodeKey = PEER, domain: Domain = Domain.HELLO) -> Hello:
    dated = Milliseconds(time_ms)
    signature = sign(ANA.seed, PRACTICE.name, domain, hello_digest(ANA.id, node, dated))
    return Hello(ANA.id, "Ana", False, dated, signature)


def known(node: Driven, peer: NodeKey = PEER) -> bool:
    return node.node.context.peers[peer].identity == ANA.id


@pytest.mark.parametrize(
    ("age_ms", "counts"),
    [(0, True), (GOOD_MS, True), (GOOD_MS + 1, False), (-AHEAD_MS, True), (-AHEAD_MS - 1, False)],
)
def test_a_hello_is_good_for_some_hours_and_costs_nobody_later(age_ms: int, counts: bool) -> None:
    node = Driven()
    node.say(hello(NOW_MS - age_ms))
    assert known(node) is counts
    assert node.incidents == []


def test_a_forgotten_device_that_replays_its_hello_is_soon_nobody_s_node() -> None:
    node, replayed = Driven(), hello(NOW_MS)
    node.say(replayed)
    node.wait(GOOD_MS + LOOK_MS)
    assert not known(node)
    node.say(replayed)
    assert not known(node)


def test_who_renews_stays_known_and_is_no_news() -> None:
    node = Driven()
    node.say(hello(NOW_MS))
    for hours in range(2, 24, 2):
        node.wait(RENEW_MS)
        node.say(hello(NOW_MS + hours * 3_600_000))
    node.wait(LOOK_MS)
    assert known(node)
    assert node.notices.count(NeighbourSeen(ANA.id)) == 1


def test_a_hello_for_another_node_or_another_purpose_is_blamed() -> None:
    for forged in (hello(NOW_MS, NodeKey(bytes([9]) * 32)), hello(NOW_MS, PEER, Domain.PRESENCE)):
        node = Driven()
        assert parted(node.say(forged)) == [PEER]
        assert not known(node)


def test_the_own_hello_is_signed_anew_and_an_older_one_never_replaces_it() -> None:
    node = Driven()
    first = node.node.greeting.hello
    assert first is not None
    told = [message for message in sent(node.wait(RENEW_MS)) if isinstance(message, Hello)]
    assert [one.time_ms for one in told] == [first.time_ms + RENEW_MS]
    node.node.greeting.introduce(ForHello(first.time_ms), first.signature)
    assert node.node.greeting.hello == told[0]
