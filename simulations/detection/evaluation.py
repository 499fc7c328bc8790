"""How many fakes are caught for how many false alarms, and how sure that is.

Scores rise with suspicion. People, not plays, are drawn again for the intervals: the windows of one
person are alike, and a thousand windows of fifty people are fifty people (Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, chapter 8).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from consensus.anomaly.traces import Floats, Integers

RESAMPLES: Final = 1_000
INTERVAL: Final = (2.5, 97.5)
"""Percentiles of the resamples that bound an interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of some windows."""

    values: Floats
    """[windows] How suspicious each is; any of them may be infinite."""
    people: Integers
    """[windows] Whose it is, or is made from: a column of the weights."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of windows, and where it may lie."""

    value: float
    """The share; NaN where there was no window."""
    low: float
    """The interval's lower end."""
    high: float
    """The interval's upper end."""


def resamples(people: int, seed: int, count: int = RESAMPLES) -> Floats:
    """[1 + count, people] How often each person counts: once in the first row, then by lot."""
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(people, np.full(people, 1 / people), size=count)
    return np.concatenate([np.ones((1, people)), drawn.astype(np.float64)])


def thresholds(innocent: Scores, weights: Floats, rate: float) -> Floats:
    """[rows of weights] The lowest score that at most `rate` of the innocent windows exceed.

    With fewer than 1 / rate windows it is the highest score.
    """
    order = np.argsort(-innocent.values, kind="stable")
    descending = innocent.values[order]
    each = weights[:, innocent.people[order]]
    upto = np.concatenate([np.zeros((len(weights), 1)), each.cumsum(axis=1)], axis=1)
    above = upto[:, np.searchsorted(-descending, -descending, side="left")]
    allowed = rate * upto[:, -1:] + 1e-9
    last = np.count_nonzero(above <= allowed, axis=1) - 1
    limits: Floats = descending[last]
    return limits


def shares_above(scores: Scores, limits: Floats, weights: Floats) -> Floats:
    """[rows of weights] Share of the windows whose score exceeds the row's limit; NaN for none."""
    each = weights[:, scores.people]
    caught = (each * (scores.values > limits[:, None])).sum(axis=1)
    totals = each.sum(axis=1)
    shares: Floats = np.divide(caught, totals, out=np.full(len(totals), np.nan), where=totals > 0)
    return shares


def rate_caught(innocent: Scores, fakes: Scores, weights: Floats, rate: float) -> Rate:
    """Share of the fakes above the threshold; threshold and share from the same people."""
    return rate_of(shares_above(fakes, thresholds(innocent, weights, rate), weights))


def rate_above(scores: Scores, limit: float, weights: Floats) -> Rate:
    """Share of the windows above a fixed limit."""
    return rate_of(shares_above(scores, np.full(len(weights), limit), weights))


def rate_of(shares: Floats) -> Rate:
    """The first share, with the interval that the others span."""
    drawn = shares[1:][np.isfinite(shares[1:])]
    if not len(drawn):
        return Rate(float(shares[0]), np.nan, np.nan)
    low, high = np.percentile(drawn, INTERVAL)
    return Rate(float(shares[0]), float(low), float(high))


def curve(innocent: Scores, fakes: Scores) -> tuple[Floats, Floats]:
    """False alarms and caught fakes, as shares, at every limit, from strict to lenient."""
    limits = np.unique(np.concatenate([innocent.values, fakes.values]))[::-1]
    alarms, caught = (
        1 - np.searchsorted(np.sort(scores.values), limits, side="right") / len(scores.values)
        for scores in (innocent, fakes)
    )
    return np.append(alarms, 1.0), np.append(caught, 1.0)


def calibration(
    log_odds: Floats, is_fake: Floats, weights: Floats, bins: int
) -> tuple[Floats, Floats, Floats]:
    """[bins] Mean probability predicted, share that is fake, and how many windows it is from.

    `weights` are what each window counts for. Bins without a window are left out.
    """
    predicted = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    places = np.minimum((predicted * bins).astype(int), bins - 1)
    windows = np.bincount(places, minlength=bins)
    mass = np.bincount(places, weights, minlength=bins)
    filled = mass > 0
    mean = np.bincount(places, weights * predicted, minlength=bins)[filled] / mass[filled]
    share = np.bincount(places, weights * is_fake, minlength=bins)[filled] / mass[filled]
    return mean, share, windows[filled].astype(np.float64)
