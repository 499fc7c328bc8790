"""Pockets are sets for whom few vouch; the rule about them takes next to nothing from others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from consensus.trust.pockets import CARRIED, FEW, MANY, Pocket, find_pockets
from simulations.sybils.attacks import SHAPES, attacked, sparse_net, tricked
from simulations.sybils.graphs import GRAPHS
from simulations.sybils.measuring import gain, index_of, scores_by

KEYS = 100


def ground(name="communities", seed=1):
    rng = np.random.default_rng(seed)
    return rng, GRAPHS[name](rng)


def sets_of(graph):
    return [frozenset(pocket.members.tolist()) for pocket in find_pockets(graph)]


def gain_of(graph, after, people, observer):
    before, later = index_of(graph), index_of(after)
    before.find_pockets()
    later.find_pockets()
    return gain(scores_by(before, observer), scores_by(later, observer), people).times


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("colluders", [1, 2, 5, 10, 20])
def test_whom_only_colluders_vouch_for_is_in_a_pocket_and_gains_little(shape, colluders):
    rng, graph = ground()
    people = rng.choice(np.arange(1, 2_000), colluders, replace=False)
    keys = np.arange(2_000, 2_000 + KEYS)
    after = attacked(graph, KEYS, SHAPES[shape](people, keys, rng))
    inside = frozenset().union(*sets_of(after))
    assert set(keys.tolist()) <= inside
    assert gain_of(graph, after, people, 0) <= 1.10


def test_a_net_in_which_no_two_look_alike_is_a_pocket_all_the_same():
    rng, graph = ground("preferential")
    people = rng.choice(np.arange(1, 2_000), 10, replace=False)
    after = attacked(graph, KEYS, sparse_net(people, np.arange(2_000, 2_000 + KEYS), rng))
    assert gain_of(graph, after, people, 0) <= 1.10


def test_keys_that_date_their_words_long_ago_hide_no_better():
    rng, graph = ground()
    people, keys = (
        rng.choice(np.arange(1, 2_000), 10, replace=False),
        np.arange(2_000, 2_000 + KEYS),
    )
    after = attacked(graph, KEYS, sparse_net(people, keys, rng)).tocoo()
    after.data[np.isin(after.row, keys)] *= 1e-200
    assert gain_of(graph, after.tocsr(), people, 0) <= 1.10


def test_a_pocket_on_which_next_to_nothing_is_spent_is_one():
    ends = [0, 1, 0, 2, 3], [1, 0, 2, 3, 2]
    spent = csr_array(([1.0, 1.0, 1e-200, 1.0, 1.0], ends), shape=(4, 4))
    assert [2, 3] in [sorted(one) for one in sets_of(spent)]


@pytest.mark.parametrize("name", ["village", "communities"])
@pytest.mark.parametrize("ring", [0.0, 0.02, 1.0])
def test_keys_of_whom_nobody_hears_part_nobody_from_those_who_know_them(name, ring):
    _, graph = ground(name)
    people, keys = graph.shape[0], np.arange(graph.shape[0], graph.shape[0] + 300)
    praised = csr_array((np.ones(300), (keys, np.full(300, 5))), shape=(people + 300,) * 2)
    vouched = csr_array((np.full(300, ring), (keys, np.roll(keys, 1))), shape=praised.shape)
    padded = graph.copy().tocsr()
    padded.resize(praised.shape)
    after = (padded + praised + vouched).tocsr()
    after.eliminate_zeros()
    found = [sorted(one.members.tolist()) for one in find_pockets(after, [0])]
    assert found == [sorted(one.members.tolist()) for one in find_pockets(graph, [0])]


def test_whoever_vouches_for_nobody_sees_no_pockets():
    _, graph = ground("village")
    alone = graph.copy().tocsr()
    alone.resize((graph.shape[0] + 1,) * 2)
    assert find_pockets(alone, [graph.shape[0]]) == []


def test_a_few_honest_people_who_are_tricked_open_no_pocket():
    rng, graph = ground()
    chosen = rng.choice(np.arange(1, 2_000), 15, replace=False)
    keys = np.arange(2_000, 2_000 + KEYS)
    after = attacked(graph, KEYS, SHAPES["parallel"](chosen[:10], keys, rng))
    assert gain_of(graph, tricked(after, chosen[10:], keys, rng), chosen[:10], 0) <= 1.25


@pytest.mark.parametrize("name", GRAPHS)
def test_honest_people_lose_next_to_nothing_and_nobody_everything(name):
    rng, graph = ground(name)
    free, index = index_of(graph), index_of(graph)
    index.find_pockets()
    for observer in rng.choice(graph.shape[0], 3, replace=False):
        whole, kept = scores_by(free, int(observer)), scores_by(index, int(observer))
        assert kept.sum() >= 0.98 * whole.sum()
        assert ((kept > 0) == (whole > 0)).all()


def test_two_friends_who_know_each_other_and_many_are_no_pocket():
    graph = csr_array(1 - np.eye(12))
    assert find_pockets(graph) == []


@given(st.floats(0, 200), st.floats(0, 1))
def test_a_pocket_opens_gradually_as_more_people_vouch(vouchers, more):
    nobody = np.zeros(0, np.int64)
    before, after = Pocket(nobody, vouchers).carried, Pocket(nobody, vouchers + more).carried
    assert CARRIED <= before <= after <= 1
    assert after - before <= 0.1 * more + 1e-9
    assert (before == CARRIED) == (vouchers <= FEW)
    assert (before == 1) == (vouchers >= MANY)


@given(
    st.lists(
        st.tuples(st.integers(0, 15), st.integers(0, 15), st.floats(1e-12, 1e12)), max_size=60
    ),
)
@settings(deadline=None, max_examples=60)
def test_any_graph_has_pockets_of_known_people_with_vouchers_outside(edges):
    table = np.array([edge for edge in edges if edge[0] != edge[1]]).reshape(-1, 3)
    ends = table[:, :2].astype(int)
    graph = csr_array((table[:, 2], (ends[:, 0], ends[:, 1])), shape=(16, 16))
    for pocket in find_pockets(graph):
        members = set(pocket.members.tolist())
        outside = {source for source, target in ends.tolist() if target in members} - members
        assert members <= set(range(16))
        assert list(pocket.members) == sorted(members)
        assert 1 <= pocket.vouchers <= len(outside) + 1e-9
        assert pocket.vouchers <= 2 * len(members)


def test_numbering_people_otherwise_finds_the_same_keys():
    rng, graph = ground("village")
    people = np.array([3, 4])
    after = attacked(graph, 30, SHAPES["parallel"](people, np.arange(50, 80), rng))
    order = rng.permutation(80)
    shuffled = after[order][:, order].tocsr()
    keys = frozenset(range(50, 80))
    assert keys in sets_of(after)
    assert keys in {frozenset(order[list(found)].tolist()) for found in sets_of(shuffled)}
