"""Is it too exact and too short in touch, all by one factor? So is a play of the slowed chart.

Sped up, errors and holds shrink alike, which practice doesn't do: how exact people are, and how
long they hold, hardly depend on each other. Against other people on the same stretches of the same
chart, both are told to a tenth. docs/decisions/company.md has the argument and the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma, log, pi
from typing import Final

import numpy as np

from consensus.anomaly.company.habits import FEWEST_PLAYS
from consensus.anomaly.copies.known import KnownPlay
from consensus.anomaly.copies.touch import SEGMENT, laid_out_touch
from consensus.anomaly.traces import Flags, Floats

BETWEEN: Final = (0.13, 0.14)
"""Standard deviation between people of ln spread (0.12 and 0.10 measured) and ln hold (0.07, 0.15).
"""
WITHIN: Final = (0.14, 0.07)
"""Standard deviation of each from one stretch to the next of a person."""
ALIKE: Final = 0.1
"""Correlation of the two between people: 0.01 and 0.20 measured."""
PRIOR_WEIGHT: Final = 8.0
"""The prior counts as so many people."""
SPREAD_NOISE: Final = 0.6
"""Variance of ln spread of normal errors, times their number."""
FACTORS: Final = np.linspace(0.5, 0.85, 15)
"""By what a play is shrunk, each as likely; what is nearer to 1 can't be told from a good day."""
OTHER_CLASS: Final = (0.35, 0.25)
"""Standard deviations of a person of another class than those who are known."""
OTHER_CLASS_SHARE: Final = 0.1
"""Of people, those who are much better or worse than all that are known; it bounds the odds."""
MOST: Final = 4.2
"""Odds are cut off here: nobody is rejected for being quick and exact alone."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a play's errors and holds are beside other people's."""

    width: float
    """Its errors over other people's on the same stretches."""
    hold: float
    """Its holds over theirs."""
    factor: float
    """The one factor that explains both best."""
    odds: float
    """ln of how much likelier both are in a play that was sped up than in one that was not."""


def scale_of(query: KnownPlay, others: Sequence[KnownPlay]) -> Scale | None:
    """How large a play is beside some others; None where too little is known."""
    first = query.residuals.first // SEGMENT
    stretches = -(-query.residuals.end // SEGMENT) - first
    rows = np.array([laid_out_touch(play.touch, first, stretches) for play in (query, *others)])
    is_there = np.isfinite(rows)
    is_there &= is_there[0] & (is_there[1:].sum(axis=0) >= FEWEST_PLAYS)
    counts = is_there.sum(axis=2)
    enough = (counts > 0).all(axis=1) & (2 * counts >= counts[0]).all(axis=1)
    others_count = int(enough[1:].sum())
    if not enough[0] or others_count < FEWEST_PLAYS:
        return None
    apart = rows - _middles(rows[1:], is_there[1:])
    apart = np.where(is_there, apart, 0.0).sum(axis=2) / np.maximum(counts, 1)
    theirs = apart[1:][enough[1:]] * (others_count / (others_count - 1))
    hits = max(int(query.residuals.is_hit.sum()), 1)
    return weighed(apart[0], theirs, int(counts[0].min()), hits)


def weighed(apart: Floats, theirs: Floats, stretches: int, hits: int) -> Scale:
    """Differences in ln spread and ln hold, [2], beside those of other people, [plays, 2]."""
    usual = _usual(theirs, stretches, hits)
    freedom = PRIOR_WEIGHT + len(theirs)
    logs = np.log(FACTORS)
    shrunk = np.array([_log_density(apart - at, usual, freedom) for at in logs])
    whole = _log_density(apart, usual, freedom)
    other = _log_density(apart, np.diag(np.square(OTHER_CLASS)) + usual, freedom)
    warped = float(np.logaddexp.reduce(shrunk)) - log(len(logs))
    honest = np.logaddexp(whole + log(1 - OTHER_CLASS_SHARE), other + log(OTHER_CLASS_SHARE))
    weights = np.linalg.solve(usual, np.ones(2))
    factor = float(np.exp(weights @ apart / weights.sum()))
    odds = float(np.clip(warped - honest, -MOST, MOST))
    return Scale(float(np.exp(apart[0])), float(np.exp(apart[1])), factor, odds)


def _usual(theirs: Floats, stretches: int, hits: int) -> Floats:
    """[2, 2] How people differ, from those who are known and a prior; and the query's own noise."""
    deviations = np.sqrt(np.square(BETWEEN) + np.square(WITHIN) / stretches)
    prior = np.outer(deviations, deviations) * np.array([[1.0, ALIKE], [ALIKE, 1.0]])
    usual: Floats = (PRIOR_WEIGHT * prior + theirs.T @ theirs) / (PRIOR_WEIGHT + len(theirs))
    usual *= 1 + 1 / len(theirs)
    usual[0, 0] += SPREAD_NOISE * max(0.0, 1 / hits - 1 / (SEGMENT * stretches))
    return usual


def _log_density(apart: Floats, scale: Floats, freedom: float) -> float:
    """ln of Student's t in two dimensions, around 0."""
    away = float(apart @ np.linalg.solve(scale, apart))
    log_peak = lgamma(freedom / 2 + 1) - lgamma(freedom / 2) - log(freedom * pi)
    log_peak -= log(float(np.linalg.det(scale))) / 2
    return log_peak - (freedom / 2 + 1) * log(1 + away / freedom)


def _middles(rows: Floats, is_there: Flags) -> Floats:
    """[2, stretches] The median of those who are there; 0 where nobody is."""
    ordered = np.sort(np.where(is_there, rows, np.inf), axis=0)
    counts = is_there.sum(axis=0)[np.newaxis]
    last = len(rows) - 1
    lower = np.take_along_axis(ordered, np.maximum(counts - 1, 0) // 2, axis=0)[0]
    upper = np.take_along_axis(ordered, np.minimum(counts // 2, last), axis=0)[0]
    middles: Floats = np.where(counts[0] > 0, lower / 2 + upper / 2, 0.0)
    return middles
