"""Symmetric games end where the books say, and nobody gains at an equilibrium by leaving it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulations.games.normal_form import basins, best_responses, equilibria, invades, replicator

PRISONERS = np.array([[3.0, 0.0], [5.0, 1.0]])
HAWK_DOVE = np.array([[-1.0, 4.0], [0.0, 2.0]])
"""With a prize of 4 and wounds of 6, two thirds are hawks."""
ROCK_PAPER_SCISSORS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
INTENDED = np.array([[10.0, 0.0, 0.0], [3.0, 1.0, -2.0], [0.0, 0.0, 0.0]])
"""Play honestly, fake, refuse to verify."""
GAMES = arrays(
    np.float64, st.integers(2, 4).map(lambda n: (n, n)), elements=st.integers(-9, 9).map(float)
)


def stable(payoffs: np.ndarray) -> list[list[float]]:
    return [one.shares.round(6).tolist() for one in equilibria(payoffs) if one.is_stable]


def test_known_games_rest_where_the_books_say() -> None:
    assert stable(PRISONERS) == [[0.0, 1.0]]
    assert stable(HAWK_DOVE) == [[pytest.approx(2 / 3, abs=1e-6), pytest.approx(1 / 3, abs=1e-6)]]
    assert stable(ROCK_PAPER_SCISSORS) == []
    assert [one.payoff for one in equilibria(ROCK_PAPER_SCISSORS)] == [pytest.approx(0.0)]


def test_in_the_intended_game_only_honest_play_is_stable() -> None:
    assert best_responses(INTENDED) == (frozenset({0}), frozenset({1}), frozenset({0, 2}))
    found = [one for one in equilibria(INTENDED) if one.is_stable]
    assert [1.0, 0.0, 0.0] in [one.shares.tolist() for one in found]
    honest, faked = np.eye(3)[0], np.eye(3)[1]
    assert not any(invades(INTENDED, honest, one) for one in (1, 2))
    assert not invades(INTENDED, faked, 0)
    assert basins(INTENDED, 8)[0] > 0.5


@given(GAMES)
def test_at_an_equilibrium_nobody_gains_by_doing_something_else(payoffs: np.ndarray) -> None:
    for one in equilibria(payoffs):
        assert one.shares.sum() == pytest.approx(1.0)
        assert (payoffs @ one.shares).max() <= one.payoff + 1e-6
        if one.is_stable:
            away = [mutant for mutant in range(len(payoffs)) if one.shares[mutant] < 1.0 - 1e-9]
            assert not any(invades(payoffs, one.shares, mutant) for mutant in away)


@given(GAMES, st.integers(0, 1_000))
def test_a_population_stays_one_and_the_absent_never_come(payoffs: np.ndarray, seed: int) -> None:
    start = np.random.default_rng(seed).dirichlet(np.ones(len(payoffs)))
    start[0] = 0.0
    end = replicator(payoffs, start, time=2.0)
    assert end.sum() == pytest.approx(1.0)
    assert end[0] == 0.0
    assert (end >= 0.0).all()
