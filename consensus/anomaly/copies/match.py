"""Exact comparison of a play with some others: as a whole, and piece by piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final, NamedTuple

import numpy as np

from consensus.anomaly.copies.background import (
    HABITS,
    common_rest,
    independent,
    log_chance,
    log_chance_of_all,
)
from consensus.anomaly.copies.pieces import BLOCK, pieces_of
from consensus.anomaly.copies.population import PRIOR_PLAYS, Population
from consensus.anomaly.copies.residuals import FEWEST, MISSED, STEPS, Residuals, laid_out_steps
from consensus.anomaly.traces import Flags, Floats, Integers

LEAST_CORRELATION: Final = 0.45
"""Two people who learned alike reach 0.25; a copy with 8 ms of noise keeps 0.55."""
OWN_CORRELATION: Final = 0.9
"""Nobody repeats themselves to 2 ms, which leaves 0.95 of a spread of 6 ms; a log file does."""
WAYS: Final = 2
"""Ways to compare two whole plays: with the habits of all, and without."""


class Known(NamedTuple):
    """A play to compare with."""

    residuals: Residuals
    """Its residuals, on the same chart as the query's."""
    is_counted: bool
    """It is part of the population's mean."""
    is_own: bool
    """It is by the query's performer."""


@dataclass(frozen=True, slots=True)
class Match:
    """How one known play explains a query, or a part of it."""

    row: int
    """Which of the plays."""
    correlation: float
    """Of the residuals, over moments that both hit."""
    log_chance: float
    """Natural logarithm of the chance that two people are so alike, among all that was tried."""
    share: float
    """Share of the query's moments that it explains."""


@dataclass(frozen=True, slots=True)
class Splice:
    """How several known plays together explain a query."""

    parts: tuple[Match, ...]
    """In order of the query; a play may come twice."""
    log_chance: float
    """Of all of them together."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A query beside each of some plays."""

    query: Floats
    """[plays, moments] In spreads, without habits; 0 where either is missing."""
    others: Floats
    """[plays, moments] Theirs."""
    is_common: Flags
    """[plays, moments] Both hit it."""
    hits: int
    """Moments that the query hit."""


def columns_of(query: Residuals, others: Sequence[Known], population: Population | None) -> Columns:
    """The query beside the others, without the habits of the population where one is given.

    The play itself is no part of the habits that are taken off it. The query is not counted.
    """
    count = len(query.values)
    ours = query.values[np.newaxis, :]
    theirs = np.array([laid_out_steps(known.residuals, query.first, count) for known in others])
    theirs = theirs.reshape(len(others), count)
    is_common = (ours != MISSED) & (theirs != MISSED)
    habits = _habits(query, others, theirs, population)
    return Columns(
        np.where(is_common, ours / STEPS - habits, 0.0),
        np.where(is_common, theirs / STEPS - habits, 0.0),
        is_common,
        int(query.is_hit.sum()),
    )


def matches(
    query: Residuals, others: Sequence[Known], population: Population, plays: int
) -> tuple[tuple[Match, ...], Splice]:
    """Each other play as the source of the whole query; and the best splice of them.

    `plays` is how many the others were chosen from: the more, the more are alike by chance.
    """
    apart, raw = columns_of(query, others, population), columns_of(query, others, None)
    common = population.counts[query.first : query.end]
    rest = common_rest(float(np.median(common)) if len(common) else 0.0)
    tried = log(max(plays, 1))
    both, everyone = tried + log(WAYS), range(len(others))
    whole = tuple(
        min(pair, key=lambda match: match.log_chance)
        for pair in zip(
            _matches(apart, everyone, rest, both),
            _matches(raw, everyone, HABITS, both),
            strict=True,
        )
    )
    is_own = [known.is_own for known in others]
    return _without_own(whole, is_own), _splice(apart, rest, tried, is_own)


def _habits(
    query: Residuals, others: Sequence[Known], theirs: Floats, population: Population | None
) -> Floats:
    """[plays, moments] What everybody but that play does; 0 without a population."""
    if population is None:
        return np.zeros((1, len(query.values)))
    part = slice(query.first, query.end)
    is_counted = np.array([known.is_counted for known in others], dtype=bool)[:, np.newaxis]
    taken = is_counted & (theirs != MISSED)
    sums = population.sums[part] - np.where(taken, theirs, 0)
    habits: Floats = sums / (STEPS * (population.counts[part] - taken + PRIOR_PLAYS))
    return habits


def _matches(
    columns: Columns,
    rows: Sequence[int],
    rest: float,
    tried: float,
    begin: int = 0,
    end: int | None = None,
) -> list[Match]:
    """Each of some plays as the source of a part, at the cost of what was tried."""
    ours, theirs = columns.query[rows, begin:end], columns.others[rows, begin:end]
    moments = columns.is_common[rows, begin:end].sum(axis=1)
    correlations = correlations_of(ours, theirs, moments)
    memories = zip(memories_of(ours).tolist(), memories_of(theirs).tolist(), strict=True)
    found = zip(rows, moments.tolist(), correlations.tolist(), memories, strict=True)
    return [
        Match(
            row,
            correlation,
            min(0.0, log_chance(correlation, independent(count, *memory), rest) + tried),
            count / columns.hits,
        )
        for row, count, correlation, memory in found
    ]


def correlations_of(ours: Floats, theirs: Floats, moments: Integers) -> Floats:
    """[plays] Of rows that are 0 where they have nothing in common; 0 for too few moments."""
    counts = np.maximum(moments, 1)
    products = _products(ours, theirs) - ours.sum(axis=1) * theirs.sum(axis=1) / counts
    powers = [_products(side, side) - side.sum(axis=1) ** 2 / counts for side in (ours, theirs)]
    power = np.sqrt(np.maximum(powers[0], 0.0) * np.maximum(powers[1], 0.0))
    is_enough = (moments >= FEWEST) & (power > 0)
    correlations: Floats = np.divide(products, power, out=np.zeros(len(ours)), where=is_enough)
    return np.clip(correlations, -1.0, 1.0)


def memories_of(values: Floats) -> Floats:
    """[plays] Correlation of each value with the one before."""
    powers = _products(values, values)
    steps = _products(values[:, :-1], values[:, 1:])
    memories: Floats = np.divide(steps, powers, out=np.zeros(len(values)), where=powers > 0)
    return memories


def _products(ours: Floats, theirs: Floats) -> Floats:
    """[plays] The inner product of each row of one with that of the other."""
    products: Floats = np.einsum("ij,ij->i", ours, theirs)
    return products


def _without_own(whole: tuple[Match, ...], is_own: Sequence[bool]) -> tuple[Match, ...]:
    return tuple(
        match for match in whole if not is_own[match.row] or match.correlation >= OWN_CORRELATION
    )


def _splice(columns: Columns, rest: float, tried: float, is_own: Sequence[bool]) -> Splice:
    """Each piece pays for the choice of its source and of both its ends."""
    tried += 2 * log(max(1, columns.query.shape[1] // BLOCK))
    parts = []
    for piece in pieces_of(_even(columns.query), _even(columns.others), tried):
        (part,) = _matches(columns, [piece.row], rest, tried, piece.begin, piece.end)
        least = OWN_CORRELATION if is_own[piece.row] else LEAST_CORRELATION
        if part.log_chance < 0 and part.correlation >= least:
            parts.append(part)
    return Splice(tuple(parts), log_chance_of_all([part.log_chance for part in parts]))


def _even(values: Floats) -> Floats:
    """Rows of mean square 1 where they are not 0."""
    counts = np.maximum(np.count_nonzero(values, axis=1), 1)
    sizes = np.sqrt((values**2).sum(axis=1) / counts)
    return values / np.where(sizes > 0, sizes, 1.0)[:, np.newaxis]
