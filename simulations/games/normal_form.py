"""Symmetric games of two players: best responses, stable mixtures, and who can invade whom.

A payoff matrix A of shape (n, n) has in row i what whoever plays i gets from meeting a j. Sources:
Maynard Smith and Price 1973 (evolutionarily stable strategies), Hofbauer and Sigmund, Evolutionary
Games and Population Dynamics, 1998, chapters 6 and 7.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TIE: Final = 1e-9
"""Payoffs that differ by less, relative to the largest, are alike."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """A population at rest, of which nobody gains by doing something else."""

    shares: Floats
    """How many do what; shape (n,), of sum 1."""
    payoff: float
    """What everybody in it gets."""
    is_stable: bool
    """Few who do anything else, whatever it is, do worse (an ESS)."""


def best_responses(payoffs: Floats) -> tuple[frozenset[int], ...]:
    """For each strategy of the other player, the strategies that answer it best."""
    best = payoffs.max(axis=0) - _tie(payoffs)
    return tuple(
        frozenset(np.flatnonzero(row >= least).tolist())
        for row, least in zip(payoffs.T, best, strict=True)
    )


def equilibria(payoffs: Floats) -> tuple[Mixture, ...]:
    """All symmetric equilibria in which a unique mix of some strategies is at rest."""
    return tuple(_equilibria(payoffs))


def replicator(payoffs: Floats, shares: Floats, time: float = 200.0, step: float = 0.02) -> Floats:
    """Where a population ends whose strategies grow by how much better they do than the mean.

    dx_i / dt = x_i ((A x)_i - x A x), by the classical Runge-Kutta method; payoffs are scaled to a
    spread of 1. Whoever is not there at the beginning never comes.
    """
    scaled = payoffs / max(float(np.ptp(payoffs)), 1e-300)
    x: Floats = shares / shares.sum()
    for _ in range(round(time / step)):
        first = _growth(scaled, x)
        second = _growth(scaled, x + step / 2 * first)
        third = _growth(scaled, x + step / 2 * second)
        fourth = _growth(scaled, x + step * third)
        x = np.maximum(x + step / 6 * (first + 2 * second + 2 * third + fourth), 0.0)
        x /= x.sum()
    return x


def invades(payoffs: Floats, resident: Floats, strategy: int) -> bool:
    """Whether a few who do `strategy` grow among residents."""
    share = 1e-6
    mutant = np.eye(len(payoffs))[strategy]
    mixed = (1 - share) * resident + share * mutant
    return bool((mutant - resident) @ payoffs @ mixed > _tie(payoffs) * share)


def basins(payoffs: Floats, steps: int = 12) -> dict[int, float]:
    """Which share of mixed populations each stable mixture draws in, by its place in `equilibria`.

    Of a grid of inner points; what ends nowhere stable is not counted.
    """
    rest = equilibria(payoffs)
    starts = list(_grid(len(payoffs), steps))
    drawn = {place: 0 for place, one in enumerate(rest) if one.is_stable}
    for start in starts:
        end = replicator(payoffs, start)
        for place in drawn:
            if np.abs(end - rest[place].shares).max() < 0.01:
                drawn[place] += 1
    return {place: count / len(starts) for place, count in drawn.items()}


def _equilibria(payoffs: Floats) -> Iterator[Mixture]:
    size, tie = len(payoffs), _tie(payoffs)
    for count in range(1, size + 1):
        for support in combinations(range(size), count):
            shares = _at_rest(payoffs, support)
            if shares is None:
                continue
            gets = payoffs @ shares
            payoff = float(shares @ gets)
            if (gets <= payoff + tie).all():
                yield Mixture(shares, payoff, _is_stable(payoffs, shares, gets >= payoff - tie))


def _at_rest(payoffs: Floats, support: tuple[int, ...]) -> Floats | None:
    """The only mix of exactly these strategies in which all of them do alike."""
    count = len(support)
    system = np.zeros((count + 1, count + 1))
    system[:count, :count] = payoffs[np.ix_(support, support)]
    system[:count, count] = -1.0
    system[count, :count] = 1.0
    if np.linalg.matrix_rank(system) < count + 1:
        return None
    solved = np.linalg.solve(system, np.eye(count + 1)[count])[:count]
    if (solved <= TIE).any():
        return None
    shares = np.zeros(len(payoffs))
    shares[list(support)] = solved
    return shares


def _is_stable(payoffs: Floats, shares: Floats, is_best: NDArray[np.bool_]) -> bool:
    """Whether mutants among the best answers do worse against themselves (Haigh 1975).

    With one strategy of the support taken as reference, the quadratic form of what mutants gain on
    those who are in the support must be negative on all others that answer as well. Where mutants
    outside the support answer as well, this asks a little more than needed.
    """
    best = np.flatnonzero(is_best)
    reference = int(np.argmax(shares))
    others = [one for one in best.tolist() if one != reference]
    if not others:
        return True
    moves = np.eye(len(payoffs))[others] - np.eye(len(payoffs))[reference]
    form = moves @ payoffs @ moves.T
    return bool(np.linalg.eigvalsh(form + form.T).max() < -_tie(payoffs))


def _growth(payoffs: Floats, x: Floats) -> Floats:
    gets = payoffs @ x
    growth: Floats = x * (gets - x @ gets)
    return growth


def _grid(size: int, steps: int) -> Iterator[Floats]:
    """Inner points of a simplex, evenly."""
    for cuts in combinations(range(1, steps), size - 1):
        edges = np.array([0, *cuts, steps])
        yield np.diff(edges) / steps


def _tie(payoffs: Floats) -> float:
    return TIE * max(float(np.abs(payoffs).max()), 1e-300)
