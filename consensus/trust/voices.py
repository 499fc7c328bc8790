"""What each acknowledger of one person adds: how fresh, and how much of it others say already."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consensus.trust.freshness import Ties
from consensus.trust.personhood import groups
from consensus.trust.similarity import Acquaintances, likeness


@dataclass(frozen=True, slots=True)
class Voice:
    """One acknowledger of somebody."""

    source: int
    """Who, by number."""
    weight: float
    """How fresh, in [0, 1]."""
    alike: float
    """0 for somebody unlike all others, towards 1 where many say the same."""

    @property
    def counted(self) -> float:
        """What is counted of them."""
        return self.weight * (1 - self.alike)


def voices_of(ties: Ties, known: Acquaintances, person: int) -> list[Voice]:
    """The acknowledgers of somebody, the one that counts most first.

    Of very many, those of the group in which most is counted: see `MAX_TOGETHER`.
    """
    heard = [_together(ties, known, group) for group in groups(ties, person)]
    best = max(heard, key=lambda voices: sum(voice.counted for voice in voices), default=[])
    return sorted(best, key=lambda voice: (-voice.counted, -voice.weight, voice.source))


def alike_among(known: Acquaintances, who: NDArray[np.int64]) -> NDArray[np.float64]:
    """How alike some acknowledgers of one person are: shape (n, n)."""
    from scipy.sparse import csr_array

    people = len(known.count)
    ones = np.ones(len(known.known))
    rows: Any = csr_array((ones, known.known, known.starts), shape=(people, people))[who]
    common: Any = (rows @ rows.T).toarray() / np.minimum.outer(known.share[who], known.share[who])
    # They all know whom they acknowledge: hence less one.
    count = known.count[who].astype(np.float64) - 1
    return likeness(common - 1, count, known.population)


def _together(ties: Ties, known: Acquaintances, group: slice) -> list[Voice]:
    who, weights = ties.source[group], ties.weight[group]
    crowds = alike_among(known, who) @ weights
    return [
        Voice(int(source), float(weight), float(crowd / (1 + crowd)))
        for source, weight, crowd in zip(who, weights, crowds, strict=True)
    ]
