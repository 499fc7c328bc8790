"""Does it err where people err, and linger where they linger? Who throws anew does neither.

On one chart people share where they are early or late, and even more where they hold long or
short. docs/decisions/company.md has the argument and the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from consensus.anomaly.company.shared import (
    ERRORS,
    HOLDS,
    Densities,
    Seen,
    Shared,
    densities_of,
    seen_of,
    shared_of,
)
from consensus.anomaly.copies.known import KnownPlay

NEW_SHARE: Final = 0.4
"""Of scripts, those that throw errors and holds anew."""
MODELLED_SHARE: Final = 0.3
"""Of scripts, those that model a person's answers to the notes."""
ERRORS_ONLY_SHARE: Final = 0.1
"""Of scripts, those that err where people do and hold as they like."""
ANYHOW_SHARE: Final = 0.05
"""Of scripts, those that have anything, such as more than any person: the mean itself."""
LIKE_PEOPLE_SHARE: Final = 1 - NEW_SHARE - MODELLED_SHARE - ERRORS_ONLY_SHARE - ANYHOW_SHARE
"""Of scripts, those that do all as people do: known plays are public, so who wants to can."""
ODD_PEOPLE: Final = 1 / 80
"""Of people, those whose habits are like nobody else's: 48 people gave no example. It bounds the
odds, so that no play is rejected for this alone."""
UNKNOWN: Final = Densities(1.0, 1.0, 1.0, 1.0)
TINY: Final = 1e-300


@dataclass(frozen=True, slots=True)
class Habits:
    """What a play has in common with everybody who plays its chart."""

    errors: Shared
    """Where it is early and late."""
    holds: Shared | None
    """Where it holds long and short; None where too little is known."""
    odds: float
    """ln of how much likelier both are from a script than from a person."""


def habits_of(query: KnownPlay, others: Sequence[KnownPlay]) -> Habits | None:
    """What a play has in common with some others; None where too little is known."""
    errors = seen_of(query.residuals, [play.residuals for play in others])
    if errors is None:
        return None
    return weighed(errors, seen_of(query.holds, [play.holds for play in others]))


def weighed(errors: Seen, holds: Seen | None) -> Habits:
    """The correlations of errors and holds as evidence."""
    early = densities_of(errors, ERRORS)
    long = UNKNOWN if holds is None else densities_of(holds, HOLDS)
    person = early.person * long.person
    script = (
        NEW_SHARE * early.new * long.new
        + MODELLED_SHARE * early.modelled * long.modelled
        + ERRORS_ONLY_SHARE * early.person * long.new
        + ANYHOW_SHARE * early.anyhow * long.anyhow
        + LIKE_PEOPLE_SHARE * person
    )
    odds = log(script + TINY) - log((1 - ODD_PEOPLE) * person + ODD_PEOPLE * script + TINY)
    shared = None if holds is None else shared_of(holds, HOLDS)
    return Habits(shared_of(errors, ERRORS), shared, odds)
