"""An observer's rules of value, as data that can be read, changed and shared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Final

from consensus.identifiers import IdentityId

MAX_FACTOR: Final = 1_000.0
"""No rule multiplies by more, either way."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Factors: above 1 raises, below 1 lowers, 0 zeroes, below 0 counts against."""

    name: str = "raw continuity"
    """What people call it."""
    continuity_floor: float = 0.5
    """g: what is left of a coin that passed through somebody whom the observer doesn't know."""
    contested_factor: float = 0.0
    """For lots that two branches of a fork moved, where they came over the branch that the
    observer does not count."""
    reported_factor: float = 0.0
    """For lots of a performance whose reports the observer believes, and for what those who
    vouched for it have at stake."""
    forked_factor: float = 0.0
    """For lots that somebody minted after their chain forked."""
    tags: Mapping[str, float] = field(default_factory=dict)
    """For lots whose session has the tag."""
    words: Mapping[IdentityId, float] = field(default_factory=dict)
    """For the word of one verifier, beside its proximity."""
    holders: Mapping[IdentityId, float] = field(default_factory=dict)
    """For lots that one identity holds or held."""

    def __post_init__(self) -> None:
        """Raises ValueError for a floor outside [0, 1] and factors that are no use."""
        if not 0 <= self.continuity_floor <= 1:
            raise ValueError("the continuity floor lies between 0 and 1")
        rules = (self.tags, self.words, self.holders)
        factors = [factor for rule in rules for factor in rule.values()]
        factors += [self.contested_factor, self.reported_factor, self.forked_factor]
        if not all(isfinite(factor) and abs(factor) <= MAX_FACTOR for factor in factors):
            raise ValueError(f"a factor lies between -{MAX_FACTOR:,.0f} and {MAX_FACTOR:,.0f}")


RAW_CONTINUITY: Final = Policy()
"""The default: words by proximity, faded by whom the coin passed; no other opinion."""
