"""Personhood: whether somebody is a real, single person, by how many different people say so.

Somebody is believed by the effective number of their acknowledgers: of those who acknowledge,
each counts for its freshness w, over the crowd that says the same,

    N_eff = sum over i of w_i / (1 + sum over j != i of w_j Z_ij),

with Z how alike i and j are. This is Leinster and Cobbold's similarity-sensitive diversity
("Measuring diversity: the importance of species similarity", 2012), kept from forgetting amounts:
see docs/decisions/personhood.md. It is at most the sum of the weights; n copies of one person make
at most 1; a word from somebody unlike all others adds exactly its weight; groups unlike each other
add up. A later word by anybody at all takes nothing away: the number is the largest that those
who acknowledged first, second, ... made together.
"""

from dataclasses import dataclass
from math import expm1, log2
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.trust.freshness import Said, Ties, ties_of
from consensus.trust.similarity import Acquaintances, acquaintances, likeness, shared

CONVINCING: Final = 10.0
"""So many independent people convince to 63 %."""
MAX_TOGETHER: Final = 1_024
"""Acknowledgers compared with one another; of more, the best such group counts: a lower bound."""
MAX_GROUPS: Final = 64
"""Groups of acknowledgers looked at, the latest to come."""
MAX_DENSE: Final = 4_096
"""Up to so many people a table of all pairs is the quickest; with what makes it, some 250 MB."""


@dataclass(frozen=True, slots=True)
class Personhood:
    """How real somebody is to everybody."""

    n_eff: float
    """The effective number of different people who acknowledge them."""

    @property
    def belief(self) -> float:
        """That this is a real, single person, in [0, 1)."""
        return -expm1(-self.n_eff / CONVINCING)

    @property
    def stratum(self) -> float:
        """How widely and diversely they are acknowledged: 0, and 1 more for each doubling."""
        return log2(1 + self.n_eff)


NOBODY: Final = Personhood(0.0)
"""Whom nobody acknowledged."""


def effective_number(weights: NDArray[np.float64], alike: NDArray[np.float64]) -> float:
    """N_eff of acknowledgers in the order in which they came.

    `weights` in [0, 1], shape (n,); `alike` in [0, 1], symmetric with a diagonal of 0: (n, n).
    """
    if not len(weights):
        return 0.0
    crowds = np.cumsum(alike * weights, axis=1)
    counted = np.triu(weights[:, None] / (1 + crowds))
    return float(counted.sum(axis=0).max())


def personhoods(said: Said, people: int, now_ms: int) -> list[Personhood]:
    """Everybody's personhood, in order of their numbers."""
    ties = ties_of(said, people, now_ms)
    return [Personhood(float(number)) for number in effective_numbers(ties, people)]


def effective_numbers(ties: Ties, people: int) -> NDArray[np.float64]:
    """N_eff of everybody: shape (people,)."""
    if people > MAX_DENSE:
        # Here, because it is compiled when it is first used, and most circles are smaller.
        from consensus.trust.crowds import effective_numbers_compiled

        return effective_numbers_compiled(ties, people)
    known = acquaintances(ties.source, ties.target, people, longest=people)
    common = shared(known)
    found = np.zeros(people)
    for person in range(people):
        found[person] = max(
            (
                effective_number(ties.weight[group], _alike(known, common, ties.source[group]))
                for group in groups(ties, person)
            ),
            default=0.0,
        )
    return found


def groups(ties: Ties, person: int, together: int = MAX_TOGETHER) -> list[slice]:
    """Who acknowledges somebody, as ranges of pairs in the order in which they came."""
    first, end = int(ties.starts[person]), int(ties.starts[person + 1])
    begins = range(first, end, together)[-MAX_GROUPS:]
    return [slice(begin, min(begin + together, end)) for begin in begins]


def _alike(
    known: Acquaintances, common: NDArray[np.float32], who: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Likeness among acknowledgers of one person, who is in all their rows: hence less one."""
    together = common[np.ix_(who, who)].astype(np.float64) - 1
    count = known.count[who].astype(np.float64) - 1
    return likeness(together, count, known.population)
