"""Attacks put in what they say, and every rule measures the same thing on them."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from simulations.sybils.attacks import EVASIONS, SHAPES, WEIGHT, attacked, tricked
from simulations.sybils.graphs import GRAPHS
from simulations.sybils.measuring import index_of, rules_on, scores_by
from simulations.sybils.ranking import auc_at
from simulations.sybils.rivals import hitting_time, once_per_walk, pagerank, shares
from simulations.sybils.trials import evasions_trial, goals_trial, rivals_trial

SIZES = {"preferential": 2_000, "communities": 2_000, "village": 50, "two_towns": 1_000}


@pytest.mark.parametrize("name", GRAPHS)
def test_ties_of_honest_people_are_mutual_and_the_same_for_the_same_seed(name):
    graph, again = (GRAPHS[name](np.random.default_rng(5)) for _ in range(2))
    assert graph.shape == (SIZES[name], SIZES[name])
    assert (graph != again).nnz == 0
    assert ((graph > 0) != (graph > 0).T).nnz == 0
    assert graph.diagonal().sum() == 0


@pytest.mark.parametrize("shape", [*SHAPES, *EVASIONS])
def test_an_attack_leaves_honest_ties_and_says_what_its_shape_says(shape):
    rng = np.random.default_rng(1)
    graph = GRAPHS["village"](rng)
    people, keys = np.array([3, 5, 8]), np.arange(50, 60)
    after = attacked(graph, 10, {**SHAPES, **EVASIONS}[shape](people, keys, rng))
    said = (after[:50, :50] - graph).tocsr()
    said.eliminate_zeros()
    assert set(np.unique(said.data)) <= {WEIGHT}
    speakers = set(after.nonzero()[0][after.nonzero()[1] >= 50].tolist())
    assert speakers <= {*people.tolist(), *keys.tolist()}
    assert (shape == "ring") == (after[:, 50:].nnz == 0)


def test_tricked_people_acknowledge_one_key_each_as_one_of_theirs():
    rng = np.random.default_rng(1)
    graph = attacked(GRAPHS["village"](rng), 4, [])
    after = tricked(graph, np.array([1, 2, 7]), np.arange(50, 54), rng)
    added = (after - graph).tocoo()
    assert added.data.tolist() == [1.0, 1.0, 1.0]
    assert sorted(added.row.tolist()) == [1, 2, 7]
    assert set(added.col.tolist()) <= {50, 51, 52, 53}


def test_meeting_each_once_is_what_pagerank_says_where_nothing_comes_back():
    chain = attacked(GRAPHS["village"](np.random.default_rng(1))[:0, :0], 5, [
        (np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4]))
    ])  # fmt: skip
    passed = shares(chain)
    assert pagerank(passed, 0) == pytest.approx([1, 0.6, 0.36, 0.216, 0.1296])
    assert once_per_walk(passed, 0, 1) == pytest.approx(pagerank(passed, 0), abs=0.02)
    assert hitting_time(passed, 0, 1) == pytest.approx([1, 0.9, 0.8, 0.7, 0.6])


def test_all_rules_agree_roughly_on_who_is_near_in_an_honest_village():
    graph = GRAPHS["village"](np.random.default_rng(2))
    rules = rules_on(graph, 1)
    ours = rules["popd"](7)
    for name, rule in rules.items():
        assert spearmanr(ours, rule(7)).statistic > 0.85, name


def test_the_index_of_a_graph_scores_everybody_by_number():
    graph = GRAPHS["village"](np.random.default_rng(2))
    scores = scores_by(index_of(graph), 7)
    assert scores.shape == (50,)
    assert scores[7] == scores.max() == 1


def test_trials_tell_of_every_attack_under_every_rule():
    goals = goals_trial("village", 1)
    assert {(one.colluders, one.shape, one.keys) for one in goals.outcomes} == {
        (colluders, shape, keys)
        for colluders in (1, 2, 5, 10)
        for shape in SHAPES
        for keys in (10, 100, 1_000)
    }
    assert len(goals.honest) == 3
    assert {one.rule for one in rivals_trial("village", 1).outcomes} == {
        "popd", "pagerank", "once_per_walk", "hitting_time",
    }  # fmt: skip
    assert "sparse net" in {one.shape for one in evasions_trial("village", 1).outcomes}


def test_keys_that_look_like_a_town_rank_below_people_where_few_are_tricked():
    assert auc_at(100, town=20)["popd"] > 0.95
