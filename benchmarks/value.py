"""How fast many lots are valued for one observer, beside the clear version that it must equal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from random import Random
from time import process_time

import numpy as np

from benchmarks.common import Row, at_most, below, informs, median_of, run
from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.trust.graph import Acknowledgement, graph_from
from consensus.trust.proximity import proximity
from consensus.units import MILLISECONDS_PER_DAY, Milliseconds
from consensus.value.bulk import lot_table, values_of
from consensus.value.lot import LotView
from consensus.value.policy import MadeBy, Policy, Rule
from consensus.value.stance import Stance
from consensus.value.surroundings import Surroundings, trust_shares
from consensus.value.valuation import value_of

LOTS = 10_000
TOWN = 1_000
TOWNS = 10
VERIFIERS = 8
ROUNDS = 9
GOAL_MS = 100.0
NOW_MS = Milliseconds(20_000 * MILLISECONDS_PER_DAY)
PEOPLE = [IdentityId(bytes([number // 256, number % 256]) * 16) for number in range(TOWN)]
TEN_RULES = Policy(
    rules=(
        Rule(0.0, made_by=MadeBy.MACHINE),
        Rule(0.5, made_by=MadeBy.DOUBTFUL),
        Rule(1.5, tag="concert"),
        Rule(2.0, witness=PEOPLE[3]),
        Rule(0.0, witness=PEOPLE[4]),
        Rule(1.2, witness_cluster="town 0"),
        Rule(0.5, holder=PEOPLE[5]),
        Rule(0.7, holder_cluster="town 9"),
        Rule(0.9, hands_over=8),
        Rule(0.8, older_than_days=20),
    )
)


def a_lot(number: int, chance: Random) -> LotView:
    """A lot of some town: eight words, up to twelve hands."""
    town = chance.randrange(TOWNS)
    locals_ = PEOPLE[town::TOWNS]
    words = tuple((who, chance.randrange(375_000)) for who in chance.sample(locals_, VERIFIERS))
    minted = sum(amount for _, amount in words)
    path = tuple(chance.sample(PEOPLE if chance.random() < 0.2 else locals_, chance.randint(1, 12)))
    return LotView(
        LotId(number.to_bytes(32)),
        words,
        path,
        chance.randrange(1, minted + 1),
        minted,
        ("concert",) if chance.random() < 0.2 else (),
        block=EntryId(number.to_bytes(32)),
        minter=path[0],
        minted_ms=NOW_MS - chance.randrange(60) * MILLISECONDS_PER_DAY,
        made_by=chance.choice([MadeBy.PERSON, MadeBy.PERSON, MadeBy.MACHINE]),
    )


def ms_of(work: Callable[[], object]) -> float:
    """How much CPU time of this process `work` takes, in milliseconds."""
    start = process_time()
    work()
    return (process_time() - start) * 1_000


def measured() -> Iterable[Row]:
    """Figures by the default policy and by one with ten rules."""
    chance = Random(1)
    lots = [a_lot(number, chance) for number in range(LOTS)]
    words = (
        Acknowledgement(who, PEOPLE[(place + chance.randrange(1, 9) * TOWNS) % TOWN], 1.0, NOW_MS)
        for place, who in enumerate(PEOPLE)
        for _ in range(20)
    )
    near = proximity(graph_from(words, NOW_MS), PEOPLE[0])
    clusters = {who: f"town {place % TOWNS}" for place, who in enumerate(PEOPLE)}
    around = Surroundings(NOW_MS, clusters, {}, trust_shares(PEOPLE[0], near, clusters))
    table = lot_table(lots)
    laid_ms = median_of(3, lambda: ms_of(lambda: lot_table(lots)))
    yield informs("laying 10,000 lots out, once for all observers", laid_ms, "ms")
    for policy, called in ((Policy(), "default policy"), (TEN_RULES, "ten rules")):
        at_once = partial(values_of, table, near, policy, Stance(), around)
        by_one = partial(one_by_one, lots, near, policy, around)
        quick_ms = median_of(ROUNDS, partial(ms_of, at_once))
        yield below(f"10,000 lots, {called}", quick_ms, GOAL_MS, "ms")
        clear_ms = median_of(3, partial(ms_of, by_one))
        yield informs(f"10,000 lots one by one, {called}", clear_ms, "ms")
        clear = np.array(by_one())
        apart = np.max(np.abs(at_once() - clear) / np.maximum(np.abs(clear), 1.0))
        yield at_most(f"difference between the two, {called}", float(apart), 1e-9, "ratio")


def one_by_one(
    lots: Sequence[LotView],
    near: Mapping[IdentityId, float],
    policy: Policy,
    around: Surroundings,
) -> list[float]:
    """The clear version."""
    return [value_of(lot, near, policy, surroundings=around).value_ujam for lot in lots]


if __name__ == "__main__":
    run("How fast many lots are valued.", measured)
