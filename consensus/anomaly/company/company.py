"""A play in the company of other people's plays of its chart, and what that is evidence for."""

from collections.abc import Set
from dataclasses import dataclass

from consensus.anomaly.company.habits import Habits, habits_of
from consensus.anomaly.company.scale import Scale, scale_of
from consensus.anomaly.company.shared import FEWEST_PLAYS
from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.play import Play, PlayId


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

        Between -1.9 and 4.4: scripts can copy habits, and some people may have none in common.
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
