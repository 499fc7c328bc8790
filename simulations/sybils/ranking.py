"""Ranking as SybilRank does it: seeds all over the town, scores over what one is acknowledged.

Cao, Sirivianos, Yang and Pregueiro, "Aiding the detection of fake accounts in large scale social
online services" (2012): known honest people in every community pass trust on for a short walk, and
what arrives is divided by how much everybody is acknowledged in all.
"""

from typing import Any, Final

import numpy as np
from numpy.random import Generator
from scipy.sparse import block_diag, csr_array
from sklearn.metrics import roc_auc_score

from consensus.trust.index import LEAST_FORCE
from simulations.sybils.graphs import SPREAD, communities
from simulations.sybils.measuring import index_of, scores_by
from simulations.sybils.rivals import shares

SEEDS_EACH: Final = 5
"""People known to be honest in each community of 100."""
STEPS: Final = 16
"""Of SybilRank's own walk: about the logarithm of the number of people."""


def auc_at(attack_edges: int, town: int, seed: int = 1) -> dict[str, float]:
    """The chance that an honest person ranks above an invented key, by rule.

    There are `town` honest communities and half as many of keys, tied among themselves like honest
    people; `attack_edges` are mutual acknowledgements of honest people, drawn at random, with keys.
    """
    rng = np.random.default_rng(seed)
    graph, honest = infiltrated(rng, attack_edges, town)
    index = index_of(graph)
    index.find_pockets()
    people = np.arange(graph.shape[0])
    seeds = (np.arange(town)[:, None] * 100 + np.arange(SEEDS_EACH)).ravel()
    acknowledged = np.asarray(graph.sum(axis=0)).ravel()
    told = ~np.isin(people, seeds)

    def auc(trust: Any) -> float:
        rank = trust / np.where(acknowledged > 0, acknowledged, 1)
        return float(roc_auc_score((people < honest)[told], rank[told]))

    near = np.sum([scores_by(index, int(one), LEAST_FORCE) for one in seeds], axis=0)
    return {"popd": auc(near), "sybilrank": auc(_spread(shares(graph), seeds))}


def _spread(passed: Any, seeds: Any) -> Any:
    """Where trust is after a few steps of a walk that doesn't tire."""
    force = np.zeros(passed.shape[0])
    force[seeds] = 1 / len(seeds)
    for _ in range(STEPS):
        force = passed.T @ force
    return force


def infiltrated(rng: Generator, attack_edges: int, town: int) -> tuple[Any, int]:
    """A town and a copy of one made of keys, with ties between; and how many people are honest."""
    real, fakes = communities(rng, town), communities(rng, town // 2)
    honest = int(real.shape[0])
    both = block_diag([real, fakes]).tocoo()
    people = rng.integers(honest, size=attack_edges)
    keys = honest + rng.integers(fakes.shape[0], size=attack_edges)
    sources = np.concatenate([both.row, people, keys])
    targets = np.concatenate([both.col, keys, people])
    weights = np.concatenate([both.data, rng.lognormal(0, SPREAD, 2 * attack_edges)])
    return csr_array((weights, (sources, targets)), shape=both.shape), honest
