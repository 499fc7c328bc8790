"""Peers push thousands of valid identities at a node with little room: its people stay whole."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from consensus.entries.chains import Profile
from consensus.identifiers import ContentId, NodeKey
from consensus.parameters import PRACTICE
from consensus.presence import Presence
from consensus.statement import Statement
from popd.node.budgets import ENTRY_OVERHEAD, MAX_STRANGER_ENTRIES
from popd.node.context import NodeSettings
from popd.node.events import MessageReceived, PeerConnected, TrustChanged
from popd.node.messages import to_bytes
from popd.node.messages.fresh import Entries
from popd.node.offences import Offence
from popd.node.tiers import Tier
from simulations import scribe
from simulations.players import judge_play
from simulations.stories import village
from simulations.virtual_network import VirtualNetwork, VirtualNode

STORE_BYTES = 2_000_000
SHARE_BYTES = STORE_BYTES // 10
BATCH = 200
VILLAGE = village()


@cache
def pushed(name: str, count: int, length: int) -> list[Statement]:
    """Valid chains of nobody."""
    start_ms = VILLAGE.now_ms
    return [
        who.write(PRACTICE, start_ms + i, Profile(ContentId(bytes(32)), is_automated=False))
        for who in (scribe.author(f"{name} {number}") for number in range(count))
        for i in range(length)
    ]


def mallory(victim: VirtualNode, network: VirtualNetwork, number: int) -> NodeKey:
    """A peer that is no node of ours, and listens to nothing."""
    key = network.add(f"mallory {number}").key
    network.give(victim, PeerConnected(key, Presence.REMOTE, f"203.0.{number}.0/24"))
    return key


def push(
    network: VirtualNetwork, victim: VirtualNode, peer: NodeKey, told: list[Statement]
) -> Iterator[None]:
    for first in range(0, len(told), BATCH):
        wires = tuple(item.wire for item in told[first : first + BATCH])
        network.give(victim, MessageReceived(peer, to_bytes(Entries(wires))))
        yield


def town(store_bytes: int) -> tuple[VirtualNetwork, list[VirtualNode]]:
    """Three people of the village, who trust each other and one more."""
    network = VirtualNetwork(PRACTICE, judge_play, seed=3)
    network.now_us = (VILLAGE.now_ms + 3_600_000) * 1_000  # type: ignore[assignment]
    trusted = frozenset(scribe.author(name).id for name in "abce")
    nodes = []
    for name in "abc":
        who = scribe.author(name)
        virtual = VirtualNode(
            name, who.seed, NodeSettings(store_bytes=store_bytes), disk=list(VILLAGE.told)
        )
        network.nodes[virtual.key] = virtual
        nodes.append(virtual)
        network.start(virtual)
        network.give(virtual, TrustChanged(trusted))
    network.run(2)
    return network, nodes


def check_within(virtual: VirtualNode, slack: int) -> None:
    """Memory and disk hold what the budget allows, and everything near the user."""
    assert virtual.node is not None
    keeping, ledger = virtual.node.keeping, virtual.node.ledger
    assert keeping.accounts.bytes <= STORE_BYTES + slack
    assert keeping.accounts.strangers_bytes <= SHARE_BYTES + slack
    on_disk = sum(len(item.wire) + ENTRY_OVERHEAD for item in virtual.disk)
    assert on_disk <= STORE_BYTES + slack
    ids = {item.id for item in virtual.disk}
    assert len(ids) == len(virtual.disk)
    near = [
        item.id
        for item in VILLAGE.told
        if keeping.tiers.tier(item.entry.author) is not Tier.STRANGER
    ]
    assert len(near) > 20
    assert set(near) <= ledger.applied
    assert set(near) <= ids


@pytest.mark.slow
def test_ten_thousand_identities_and_a_chain_of_five_thousand_leave_honest_people_whole() -> None:
    network, nodes = town(STORE_BYTES)
    victim, others = nodes[0], nodes[1:]
    crowd, long = pushed("sybil", 10_000, 1), pushed("long", 1, 5_000)
    attackers = [mallory(victim, network, number) for number in range(4)]
    parts = [push(network, victim, peer, crowd[i::3]) for i, peer in enumerate(attackers[:3])]
    parts.append(push(network, victim, attackers[3], long))
    while parts:
        parts = [part for part in parts if next(part, True) is None]
        network.run(0.03)
        check_within(victim, 400_000)
    network.run(5)
    check_within(victim, 0)
    assert victim.node is not None
    ledger, keeping = victim.node.ledger, victim.node.keeping
    assert len(ledger.statements) < 1_500
    assert len(ledger.tips) < 1_000
    assert len(keeping.accounts.authors) < 1_000
    assert len(keeping.accounts.namers) < 1_500
    assert len(victim.node.admission.waiting) <= 4_096
    longest = keeping.accounts.authors.get(scribe.author("long 0").id)
    assert longest is None or len(longest.entries) <= MAX_STRANGER_ENTRIES
    assert {peer for peer, _ in victim.parted} == set(attackers[:3])
    assert {why for _, why in victim.parted} == {Offence.CROWDING.words}
    assert all(other.parted == [] for other in others)
    assert keeping.declined_authors
    for other in others:
        assert other.node is not None
        theirs = other.node
        both = [
            author
            for author in ledger.tips.keys() | theirs.ledger.tips.keys()
            if keeping.is_whole(author)
            and theirs.keeping.is_whole(author)
            and author in {item.entry.author for item in VILLAGE.told}
        ]
        assert len(both) >= 4
        for author in both:
            assert ledger.author_digest(author) == theirs.ledger.author_digest(author)
    network.crash(victim)
    network.start(victim)
    network.give(victim, TrustChanged(frozenset(scribe.author(name).id for name in "abce")))
    network.run(5)
    check_within(victim, 0)


def test_a_store_that_is_over_its_budget_at_the_start_is_emptied_in_steps() -> None:
    network, nodes = town(1_000_000_000)
    victim = nodes[0]
    peer = mallory(victim, network, 1)
    for _ in push(network, victim, peer, pushed("early", 1_500, 2)):
        network.run(0.01)
    assert victim.node is not None
    before = victim.node.ledger.digest()
    network.crash(victim)
    victim.settings = NodeSettings(store_bytes=STORE_BYTES)
    network.start(victim)
    assert victim.node.ledger.digest() == before
    sizes: list[int] = []

    def note(virtual: VirtualNode) -> None:
        if virtual is victim and virtual.node is not None:
            sizes.append(len(virtual.node.ledger.statements))

    network.after_step.append(note)
    network.give(victim, TrustChanged(frozenset(scribe.author(name).id for name in "abce")))
    network.run(3)
    drops = [one - other for one, other in pairwise(sizes)]
    assert max(drops) <= 1_000
    assert sum(drop > 0 for drop in drops) >= 4
    check_within(victim, 0)


def test_without_room_the_named_entries_of_strangers_still_mint_a_friends_coins() -> None:
    network, nodes = town(STORE_BYTES)
    victim = nodes[0]
    attackers = [mallory(victim, network, number) for number in range(4)]
    for i, peer in enumerate(attackers):
        for _ in push(network, victim, peer, pushed(f"crowd {i}", 400, 1)):
            network.run(0.03)
    assert victim.node is not None
    story = village()
    people = [scribe.author(f"newcomer {i}") for i in range(9)]
    story.tell(*(scribe.begin(PRACTICE, who, story.tick()) for who in people))
    friend = people[0]
    (played,) = story.performed(friend, people[1:])
    trusted = frozenset(scribe.author(name).id for name in "abce") | {friend.id}
    network.give(victim, TrustChanged(trusted))
    told = story.told[len(VILLAGE.told) :]
    honest = mallory(victim, network, 9)
    whole = [item for item in told if item.entry.author == friend.id]
    for _ in push(network, victim, honest, whole):
        network.run(0.1)
    for _ in range(10):
        wanted = list(victim.node.keeping.wanted)
        known = {item.id: item for item in told}
        answered = [known[one] for one in wanted if one in known]
        for _ in push(network, victim, honest, answered):
            network.run(0.1)
    assert played.mint.id in victim.node.ledger.applied
    check_within(victim, 0)
