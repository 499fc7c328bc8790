"""Who is near is told at the start and when the ledger grew, and inventing keys gains nobody."""

from random import Random

import trio

from consensus.identifiers import IdentityId
from consensus.parameters import PRACTICE
from consensus.trust.graph import Acknowledgement
from consensus.trust.kept import KeptTrust
from consensus.units import Microseconds
from popd.node.context import NodeSettings
from popd.node.events import Event, TrustChanged
from popd.node.node import Node
from popd.wiring.trusting import INTERVAL_S, NEAR_ENOUGH, keep_trusting, near_enough
from simulations import scribe
from simulations.stories import village
from tests.jumping import run_jumping

VILLAGE = village()
ME = scribe.author("a")


def test_neighbours_of_a_village_are_near_and_it_is_told_again_and_again() -> None:
    node = Node(
        PRACTICE, NodeSettings(), ME.id, ME.node, bytes(32), Random(1), list(VILLAGE.told)
    )  # fmt: skip
    given: list[Event] = []

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            now_us = Microseconds(VILLAGE.now_ms * 1_000)
            nursery.start_soon(keep_trusting, node, given.append, lambda: now_us)
            await trio.sleep(INTERVAL_S * 2.5)
            strangers = scribe.author("b")
            node.ledger.forget(
                node.ledger.forgettable(
                    [s.id for s in VILLAGE.told if s.entry.author == strangers.id]
                )
            )
            await trio.sleep(INTERVAL_S)
            nursery.cancel_scope.cancel()

    run_jumping(main)
    assert len(given) == 4
    first = given[0]
    assert isinstance(first, TrustChanged)
    verifiers = {
        s.entry.author for s in VILLAGE.told if s.entry.kind == "attestation"
    } - {ME.id}  # fmt: skip
    assert verifiers & first.trusted
    assert ME.id in first.trusted
    assert given[1] == first


def test_a_friend_who_invents_a_million_keys_gets_few_of_them_in() -> None:
    me, friend = IdentityId(bytes(32)), IdentityId(bytes([1]) * 32)
    invented = [IdentityId(i.to_bytes(32)) for i in range(2, 20_002)]
    words = [Acknowledgement(me, friend, 1.0, 0)]
    words += [Acknowledgement(friend, key, 1.0, 0) for key in invented]
    assert near_enough(trust_of(words), me) == {me, friend}
    few = words[:101]
    assert len(near_enough(trust_of(few), me)) == 102
    assert 0.67 / NEAR_ENOUGH < 6_701


def trust_of(words: list[Acknowledgement[IdentityId]]) -> KeptTrust[IdentityId]:
    trust: KeptTrust[IdentityId] = KeptTrust()
    trust.learn(words, 0)
    return trust
