"""What numbers a scenario may hold: a stranger's file asks for no more than a machine can do."""

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Final, NamedTuple

from consensus.parameters import MAIN
from consensus.units import MILLION
from simulations.world.behaviour import Behaviour
from simulations.world.layout import Layout
from simulations.world.plan import SEATS
from simulations.world.rows import REMEMBERED_DAYS
from simulations.world.scenario import MAX_DAYS, MAX_PEOPLE


class Bound(NamedTuple):
    """What a number may be."""

    low: float
    """The least."""
    high: float
    """The most."""
    is_whole: bool = True
    """Whether it has no fraction."""

    def __str__(self) -> str:
        """What is expected, in words."""
        kind = "a whole number" if self.is_whole else "a number"
        return f"{kind} from {self.low:,} to {self.high:,}"


SHARE: Final = Bound(0, 1, is_whole=False)
FLAG: Final = Bound(0, 1)
SEATED: Final = Bound(0, 100, is_whole=False)
"""A mean number of candidates; an audience has 24 seats."""
SAID: Final = Bound(0, 3)
MAX_SESSIONS_A_DAY: Final = 1_000_000
"""Of everybody together; a million people play 430,000."""
MAX_PLACES: Final = 10_000_000
"""In audiences, of everybody together: who attends twice as often stands there twice."""
MAX_GROUPS: Final = 64
MAX_TEXT: Final = 4_000
"""Letters of a title or an explanation."""

SCENARIO: Final = MappingProxyType(
    {
        "days": Bound(2, MAX_DAYS),
        "attack_day": Bound(0, MAX_DAYS - 1),
        "town_size": Bound(1, MAX_PEOPLE),
        "venue_size": Bound(1, MAX_PEOPLE),
        "observers": Bound(1, 1_000),
    }
)
GROUP: Final = MappingProxyType(
    {
        "count": Bound(1, MAX_PEOPLE),
        "crew": Bound(-1, MAX_PEOPLE),
        "from_day": Bound(0, MAX_DAYS - 1),
    }
)
OPTIONS: Final[Mapping[str, Bound]] = MappingProxyType(
    {one.name: SHARE for one in fields(Behaviour)}
    | {
        "sessions_per_week": Bound(0, 1_000, is_whole=False),
        "sessions_per_evening": Bound(1, 100, is_whole=False),
        "windows": Bound(1, 30, is_whole=False),
        "mates": SEATED,
        "near": SEATED,
        "remote": SEATED,
        "crew_seats": SEATED,
        "crew_open": Bound(0, 10, is_whole=False),
        "attends": Bound(0, 100, is_whole=False),
        "is_one_way": FLAG,
        "claims_link": FLAG,
        "is_bot": FLAG,
        "says": SAID,
        "says_of_crew": SAID,
        "keys": Bound(1, 1_000),
        "rotate_days": Bound(0, MAX_DAYS),
    }
)
"""What a group's `with` may change: all of `Behaviour`, and what is a number of `Layout`."""
LAW: Final[Mapping[str, Bound]] = MappingProxyType(
    {
        one.name: Bound(0, MILLION if one.name.endswith("_ppm") else 10**12)
        for one in fields(MAIN)
        if isinstance(getattr(MAIN, one.name), int)
    }
    | {
        "budget_ppm": Bound(1, 10**15),
        "rating_budget_ppm": Bound(1, 10**15),
        "verifiers_drawn": Bound(1, SEATS),
        "familiarity_days": Bound(0, REMEMBERED_DAYS - 1),
    }
)
"""What `law` may change: the whole numbers of `NetworkParams`."""

assert OPTIONS.keys() - {one.name for one in fields(Behaviour)} <= {
    one.name for one in fields(Layout)
}
