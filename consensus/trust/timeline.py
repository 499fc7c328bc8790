"""How somebody came to be believed: the effective number of their acknowledgers, month by month."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.trust.freshness import MONTH_MS, Said, ties_of
from consensus.trust.personhood import MAX_TOGETHER, Personhood, effective_number
from consensus.trust.similarity import Acquaintances
from consensus.trust.voices import alike_among

MAX_MONTHS: Final = 36
"""Points of a curve; after three years a word weighs a 4,000th."""


@dataclass(frozen=True, slots=True)
class Grown:
    """Somebody's personhood at one moment."""

    time_ms: int
    """When, in UTC milliseconds."""
    person: Personhood
    """How real they were to everybody by then."""


def growth_of(said: Said, known: Acquaintances, person: int, now_ms: int) -> list[Grown]:
    """Personhood at the beginning of each month since somebody was first acknowledged, and now.

    Who says the same as whom is taken from what is known now. Of very many acknowledgers the
    latest to come are looked at.
    """
    is_theirs = (said.target == person) & (said.source != person)
    theirs = said.where(is_theirs)
    if not len(theirs.source):
        return []
    people, row = np.unique(theirs.source, return_inverse=True)
    times_ms = np.minimum(theirs.time_ms, now_ms)
    whole = Said(row, np.full_like(row, len(people)), times_ms, theirs.strength)
    latest = ties_of(whole, len(people) + 1, now_ms).source[-MAX_TOGETHER:]
    alike = alike_among(known, people[latest])
    place = np.full(len(people), -1, dtype=np.int64)
    place[latest] = np.arange(len(latest))
    return [
        Grown(moment, Personhood(_number_at(whole, place, alike, moment)))
        for moment in _moments(int(times_ms.min()), now_ms)
    ]


def _moments(first_ms: int, now_ms: int) -> list[int]:
    begins = range((first_ms // MONTH_MS + 1) * MONTH_MS, now_ms, MONTH_MS)
    return [*begins[-MAX_MONTHS + 1 :], now_ms]


def _number_at(
    whole: Said, place: NDArray[np.int64], alike: NDArray[np.float64], moment_ms: int
) -> float:
    by_then = whole.time_ms <= moment_ms
    ties = ties_of(whole.where(by_then), len(place) + 1, moment_ms)
    looked_at = place[ties.source] >= 0
    who = place[ties.source][looked_at]
    return effective_number(ties.weight[looked_at], alike[np.ix_(who, who)])
