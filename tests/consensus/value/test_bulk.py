"""Many lots at once are worth what each is worth by itself."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import EntryId, IdentityId, LotId
from consensus.units import Milliseconds
from consensus.value.bulk import lot_table, values_of
from consensus.value.fresh import fresh_coins
from consensus.value.lot import LotView
from consensus.value.policy import MadeBy, PluginUse, Policy, Rule
from consensus.value.stance import Stance
from consensus.value.surroundings import Surroundings
from consensus.value.valuation import value_of

PEOPLE = [IdentityId(bytes([number]) * 32) for number in range(6)]
BLOCK = EntryId(b"b" * 32)
DAY_MS = 86_400_000

people = st.sampled_from(PEOPLE)
factors = st.floats(-3, 3) | st.sampled_from([0.0, 1_000.0, -1_000.0])
clusters = st.sampled_from(["east", "west", "the west end"])
lots = st.builds(
    lambda words, path, tags, contested, forked, stake, slashed, minter, day, made_by: LotView(
        LotId(bytes(32)),
        tuple(words.items()),
        tuple(path),
        sum(words.values()) // 2,
        sum(words.values()),
        tuple(tags),
        forked,
        contested,
        BLOCK,
        stake,
        slashed,
        minter,
        day * DAY_MS,
        made_by,
    ),
    st.dictionaries(people, st.integers(0, 375_000), max_size=6),
    st.lists(people, min_size=1, max_size=20),
    st.lists(st.sampled_from(["concert", "bot"]), unique=True),
    st.booleans(),
    st.booleans(),
    st.none() | st.just(BLOCK),
    st.booleans(),
    st.none() | people,
    st.integers(0, 60) | st.just(10**9),
    st.sampled_from(MadeBy),
)
rules = st.one_of(
    st.builds(Rule, factors, tag=st.sampled_from(["concert", "bot"])),
    st.builds(Rule, factors, witness=people, minter=st.none() | people),
    st.builds(Rule, factors, witness_cluster=clusters, holder=st.none() | people),
    st.builds(Rule, factors, holder_cluster=clusters, hands_over=st.none() | st.integers(0, 8)),
    st.builds(Rule, factors, minter_cluster=clusters, made_by=st.none() | st.sampled_from(MadeBy)),
    st.builds(Rule, factors, since=st.just(date(1970, 1, 10)), before=st.just(date(1970, 2, 1))),
    st.builds(Rule, factors, older_than_days=st.floats(0, 60)),
)
shares = st.floats(0, 1)
policies = st.builds(
    Policy,
    continuity_floor=shares,
    cluster_credit=shares,
    stranger_trust=shares,
    close_at=st.just(0.0) | st.floats(0.01, 1),
    contested_factor=factors,
    reported_factor=factors,
    forked_factor=factors,
    rules=st.lists(rules, max_size=5).map(tuple),
    plugins=st.sampled_from(
        [(), (PluginUse("fresh", {"half_life_days": 7}),), (PluginUse("missing"),)]
    ),
)
stances = st.builds(
    Stance, st.sampled_from([frozenset(), frozenset([BLOCK])]), st.frozensets(people)
)
AROUND = Surroundings(
    Milliseconds(61 * DAY_MS),
    {PEOPLE[0]: "east", PEOPLE[1]: "west", PEOPLE[2]: "west"},
    {"west": "the west end"},
    {"east": 0.7, "west": 0.3},
    {"fresh": fresh_coins},
)


@given(st.lists(lots, max_size=8), st.dictionaries(people, shares), policies, stances)
def test_lots_laid_out_as_columns_are_worth_the_same(some, near, policy, stance):
    found = values_of(lot_table(some), near, policy, stance, AROUND)
    clear = [value_of(lot, near, policy, stance, AROUND).value_ujam for lot in some]
    np.testing.assert_allclose(found, clear, rtol=1e-9, atol=1e-6)
