"""Whoever moves from one part of the map to another sees values glide, not jump."""

from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.identifiers import IdentityId, LotId
from consensus.trust.graph import Acknowledgement, graph_from
from consensus.trust.proximity import proximity
from consensus.value.lot import LotView
from consensus.value.policy import Policy
from consensus.value.ready import ready_policies
from consensus.value.surroundings import Surroundings, trust_shares
from consensus.value.valuation import value_of

OBSERVER = IdentityId(b"o" * 32)
EAST = [IdentityId(bytes([number]) * 32) for number in range(1, 13)]
WEST = [IdentityId(bytes([number]) * 32) for number in range(101, 113)]
CLUSTERS = dict.fromkeys(EAST, "east") | dict.fromkeys(WEST, "west")
STEPS = 40
AMOUNT_UJAM = 800_000
STEEPEST = 16.0
"""How much a whole coin's value may change for a whole move, over its amount: words may double
their pace where a policy wants close friends, continuity answers with 1 - g, and both move by the
share of the ties that moved, once for each step of the walk."""


def town(seed: int) -> list[Acknowledgement[IdentityId]]:
    """Two parts that know themselves well, and each other through two people."""
    chance = Random(seed)
    ties = [
        Acknowledgement(who, other, chance.uniform(0.5, 3.0), 0)
        for part in (EAST, WEST)
        for who in part
        for other in chance.sample([one for one in part if one != who], 4)
    ]
    bridges = ((EAST[0], WEST[0]), (WEST[0], EAST[0]))
    return [*ties, *(Acknowledgement(one, other, 1.0, 0) for one, other in bridges)]


def seen_from(
    ties: list[Acknowledgement[IdentityId]], way: float
) -> tuple[dict[IdentityId, float], Surroundings]:
    """What the observer sees with this share of their ties in the west."""
    own = [Acknowledgement(OBSERVER, EAST[place], 2.0 * (1 - way), 0) for place in range(3)]
    own += [Acknowledgement(OBSERVER, WEST[place], 2.0 * way, 0) for place in range(3)]
    near = proximity(graph_from([*ties, *own], 0), OBSERVER)
    shares = trust_shares(OBSERVER, near, CLUSTERS)
    return near, Surroundings(clusters=CLUSTERS, shares=shares)


@settings(max_examples=10, deadline=None)
@given(
    st.integers(0, 10_000), st.sampled_from([one for one in ready_policies() if one.rules == ()])
)
def test_a_step_of_the_observers_ties_is_a_step_of_the_value(seed: int, policy: Policy):
    ties, chance = town(seed), Random(seed)
    lots = [
        LotView(
            LotId(bytes(32)),
            tuple((who, 100_000) for who in chance.sample(part, 8)),
            tuple(chance.sample(EAST + WEST, 3)),
            AMOUNT_UJAM,
            800_000,
        )
        for part in (EAST, WEST, EAST + WEST)
    ]
    views = [seen_from(ties, step / STEPS) for step in range(STEPS + 1)]
    for lot in lots:
        values = [
            value_of(lot, near, policy, surroundings=around).value_ujam for near, around in views
        ]
        largest = max(abs(b - a) for a, b in pairwise(values))
        assert largest <= STEEPEST * AMOUNT_UJAM / STEPS


def test_coins_of_the_old_town_fade_and_those_of_the_new_one_come():
    ties = town(1)
    east, west = (
        LotView(LotId(bytes(32)), tuple((who, 100_000) for who in part[:8]), (part[9],), 1, 8)
        for part in (EAST, WEST)
    )
    for way, sign in ((0.0, 1), (1.0, -1)):
        near, around = seen_from(ties, way)
        difference = (
            value_of(east, near, surroundings=around).value_ujam
            - value_of(west, near, surroundings=around).value_ujam
        )
        assert difference * sign > 0
