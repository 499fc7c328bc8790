"""A play in the company of other people's plays of its chart, and what that is evidence for."""

from collections.abc import Set
from dataclasses import dataclass
from math import exp, log
from typing import Final

from consensus.anomaly.company.habits import FEWEST_PLAYS, Habits, habits_of
from consensus.anomaly.company.scale import Scale, scale_of
from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.play import Play, PlayId

SPED_UP_SHARE: Final = 0.2
"""Of plays that are no person's at that speed, those that a person played on a slowed chart."""
FAR: Final = 50.0


@dataclass(frozen=True, slots=True)
class Company:
    """What the plays of other people tell of a play."""

    plays: int
    """How many people it was held against, one play by each."""
    habits: Habits | None
    """What it has in common with them; None where too little is known."""
    scale: Scale | None
    """How large it is beside theirs; None where too little is known."""

    @property
    def script_odds(self) -> float:
        """ln of how much likelier its habits are from a script than from a person; 0 if unknown.

        Between -1.6 and 4.4: scripts can copy habits, and some people may have none in common.
        """
        return 0.0 if self.habits is None else self.habits.odds

    @property
    def warp_odds(self) -> float:
        """ln of how much likelier its size is in a play that was sped up; 0 if unknown."""
        return 0.0 if self.scale is None else self.scale.odds


def company_of(
    library: Library, play: Play, excluding: Set[PlayId] = frozenset()
) -> Company | None:
    """What known plays of the chart tell of a play; None where too few are known. Never raises.

    Neither the play itself, nor what is in `excluding`, nor copies, nor plays of its author count.
    """
    found = library.company(play, excluding)
    if found is None:
        return None
    query, others = found
    if len(others) < FEWEST_PLAYS:
        return None
    return Company(len(others), habits_of(query, others), scale_of(query, others))


def joint_odds(company: Company | None, model_odds: float) -> float:
    """ln of how much likelier everything is from no person at that speed than from a person.

    `model_odds` are of features that are free of scale: they add up with the script's. A play that
    was sped up has a person's features and habits, so its own odds stand beside, not on top.
    """
    if company is None:
        return model_odds
    script = min(max(model_odds + company.script_odds, -FAR), FAR)
    if company.scale is None:
        return script
    return log((1 - SPED_UP_SHARE) * exp(script) + SPED_UP_SHARE * exp(company.warp_odds))
