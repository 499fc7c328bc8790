"""How alike two people play who never met, and how unlikely a likeness is by that.

Fisher's z = artanh r of two people's residuals is normal around that of the common rest, with the
variance of the sample and of pairs of people: two who learned alike play alike. On two charts, 556
pairs of 48 people had r = 0.036 on average with a standard deviation of 0.047 once the mean of the
others was taken off, and 0.27 and 0.13 before; docs/decisions/copies.md tells more.
"""

from math import atanh, erfc, exp, lgamma, log, pi, sqrt
from typing import Final

HABITS: Final = 0.33
"""What two people's residuals correlate by on a chart of unknown mean: more than was measured."""
PAIR_SPREAD: Final = 0.055
"""Standard deviation of z between pairs of people over whole charts: 0.042 measured."""
PER_MOMENT: Final = 2.1
"""Variance of z that is added in a part, times its moments: 1.5 to 1.85 measured, not 1, because
moments near each other are passages that two people have in their fingers, or have not."""
CLOSEST: Final = 0.999999
"""Correlations beyond count as this one."""
FAR: Final = 30.0
"""Standard deviations from which the tail is taken by its asymptote."""


def common_rest(plays: float) -> float:
    """The correlation that is left of two people's when a mean of so many others is taken off.

    The mean of k plays that correlate by r, shrunk as a posterior, leaves r / (1 + k r): measured
    0.037 and 0.036 where this gives 0.036 for both.
    """
    return HABITS / (1 + plays * HABITS)


def log_chance(correlation: float, moments: float, rest: float) -> float:
    """Natural logarithm of the chance that two people's residuals correlate by so much.

    `moments` are independent ones, `rest` is what all people have in common.
    """
    beyond = atanh(max(min(correlation, CLOSEST), -CLOSEST)) - atanh(rest)
    spread = sqrt(PAIR_SPREAD**2 + PER_MOMENT / max(moments - 3.0, 1.0))
    return log_tail(beyond / spread)


def independent(moments: int, memory: float, other_memory: float) -> float:
    """How many independent moments tell as much as so many with memory from one to the next.

    Source: Bartlett, J. R. Stat. Soc. 98, 1935, for two processes of first order.
    """
    both = max(memory, 0.0) * max(other_memory, 0.0)
    return moments * (1 - both) / (1 + both)


def log_tail(deviations: float) -> float:
    """Natural logarithm of the chance that a normal value is so many deviations above its mean."""
    if deviations < FAR:
        return log(erfc(deviations / sqrt(2)) / 2)
    return -deviations * deviations / 2 - log(deviations * sqrt(2 * pi))


def log_chance_of_all(log_chances: list[float]) -> float:
    """Natural logarithm of the chance that independent chances have so small a product.

    Source: Fisher's method; the product P of k uniform values is below p with probability
    p sum_{j < k} (-ln p)^j / j!. It is 0, certainty, for none.
    """
    total = -sum(log_chances)
    if not log_chances or total <= 0:
        return 0.0
    terms = [count * log(total) - lgamma(count + 1) for count in range(len(log_chances))]
    largest = max(terms)
    return min(0.0, largest + log(sum(exp(term - largest) for term in terms)) - total)
