"""All that known plays of a chart tell of a play: whose copy it is, and how it fits among them."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from consensus.anomaly.company.company import Company, company_of
from consensus.anomaly.copies.library import Library, Nearest
from consensus.anomaly.copies.play import Play, PlayId

STRANGE: Final = 3.0
"""Odds, ln, from which a play is not counted among those that tell how people play."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A play beside the known plays of its chart."""

    nearest: Nearest | None
    """The one that it follows most closely; None where nothing can be compared."""
    company: Company | None
    """What it has in common with all of them; None where too few are known."""

    @property
    def is_strange(self) -> bool:
        """Whether it is so unlike people's plays that it must not tell how people play."""
        company = self.company
        return company is not None and max(company.script_odds, company.warp_odds) >= STRANGE


def compared(library: Library, play: Play, excluding: Set[PlayId] = frozenset()) -> Comparison:
    """What known plays tell of a play. Neither it nor what is in `excluding` counts."""
    return Comparison(library.nearest(play, excluding), company_of(library, play, excluding))


def compared_and_kept(library: Library, play: Play) -> Comparison:
    """What known plays tell of a play; from now on it is known itself."""
    alone = Comparison(None, company_of(library, play))
    nearest = library.compare_and_keep(play, is_strange=alone.is_strange)
    return Comparison(nearest, alone.company)
