"""An observer's policy of value: rules as data that can be read, changed and shared.

A rule says what a coin, or the word of a witness behind it, has to be like, and what it is then
multiplied by. All conditions of one rule have to hold. Rules that look at the witness change that
witness's word; all others change the whole coin.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Final

from consensus.identifiers import IdentityId

MAX_FACTOR: Final = 1_000.0
"""No rule, and no set of rules, multiplies by more, either way."""
MAX_RULES: Final = 64
"""More than anybody keeps in mind; bounds what a policy from elsewhere can cost."""
MAX_PLUGINS: Final = 8
"""Each is called once for every coin."""
MAX_PARAMETERS: Final = 16
"""Of one plug-in."""
MAX_NAME: Final = 64
"""Characters of a name, a tag, a cluster or a parameter's text."""
MAX_WORDS: Final = 280
"""Characters of a reason or a description."""
MAX_HANDS: Final = 256
"""No path is longer."""
MAX_DAYS: Final = 36_500.0
"""A hundred years."""

Parameter = str | bool | int | float
"""What a plug-in can be told."""


class MadeBy(StrEnum):
    """How a coin's performance came about, as far as anybody knows."""

    PERSON = "person"
    """Nothing says otherwise."""
    MACHINE = "machine"
    """Its performer or its session is labelled as a bot's."""
    DOUBTFUL = "doubtful"
    """Its witnesses found it suspicious."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: all conditions that are given have to hold."""

    times: float
    """Above 1 raises, below 1 lowers, 0 zeroes, below 0 counts against."""
    why: str = ""
    """The observer's reason, for people."""
    witness: IdentityId | None = None
    """Whose word it is about."""
    witness_cluster: str | None = None
    """The cluster of whose word it is about, by id or name."""
    minter: IdentityId | None = None
    """Who performed for the coin."""
    minter_cluster: str | None = None
    """The performer's cluster, by id or name."""
    holder: IdentityId | None = None
    """Somebody through whose hands it went."""
    holder_cluster: str | None = None
    """A cluster through one of whose members' hands it went, by id or name."""
    hands_over: int | None = None
    """It went through more hands than this; for whom it was minted counts as the first."""
    tag: str | None = None
    """A tag of its session."""
    made_by: MadeBy | None = None
    """Whether a person or a machine performed."""
    since: date | None = None
    """It was minted on this UTC day or later."""
    before: date | None = None
    """It was minted before this UTC day."""
    older_than_days: float | None = None
    """It was minted longer ago."""

    def __post_init__(self) -> None:
        """Raises ValueError where it has no condition, or its factor is no use."""
        if not self.conditions:
            raise ValueError("a rule needs at least one condition")
        check_factor("times", self.times)

    @property
    def is_about_word(self) -> bool:
        """It changes single words rather than whole coins."""
        return self.witness is not None or self.witness_cluster is not None

    @property
    def names_cluster(self) -> bool:
        """It asks where somebody belongs."""
        named = (self.witness_cluster, self.minter_cluster, self.holder_cluster)
        return any(cluster is not None for cluster in named)

    @property
    def conditions(self) -> dict[str, object]:
        """All that are given, by name."""
        found = {name: getattr(self, name) for name in CONDITIONS}
        return {name: value for name, value in found.items() if value is not None}


CONDITIONS: Final = (
    "witness",
    "witness_cluster",
    "minter",
    "minter_cluster",
    "holder",
    "holder_cluster",
    "hands_over",
    "tag",
    "made_by",
    "since",
    "before",
    "older_than_days",
)
"""What a rule can look at, in the order in which it is written down."""


@dataclass(frozen=True, slots=True)
class PluginUse:
    """A valuation plug-in that a policy asks."""

    name: str
    """Under which it is installed."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    """What it is told."""
    why: str = ""
    """The observer's reason, for people."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts for one observer."""

    name: str = "raw continuity by clustering"
    """What people call it."""
    about: str = ""
    """What it is for."""
    continuity_floor: float = 0.5
    """g: what is left of a coin that passed through somebody whom the observer doesn't know."""
    cluster_credit: float = 1.0
    """How far a holder is known by their cluster, from 0 to 1: 1 takes them to be as well known as
    the observer's trust lies in that cluster."""
    stranger_trust: float = 0.0
    """What the word of somebody unknown counts, from 0 to 1. Above 0 anybody can mint for the
    observer by inventing witnesses."""
    close_at: float = 0.0
    """The proximity at which a word begins to count in full; below it, it fades in proportion.
    0 takes every word by its proximity."""
    contested_factor: float = 0.0
    """For lots that two branches of a fork moved, where they came over the branch that the
    observer does not count."""
    reported_factor: float = 0.0
    """For lots of a performance whose reports the observer believes, and for what those who
    vouched for it have at stake."""
    forked_factor: float = 0.0
    """For lots that somebody minted after their chain forked."""
    rules: tuple[Rule, ...] = ()
    """In the order in which they are explained."""
    plugins: tuple[PluginUse, ...] = ()
    """Asked after all rules, in this order."""

    def __post_init__(self) -> None:
        """Raises ValueError for shares outside [0, 1], factors that are no use, too many rules."""
        for name in SHARES:
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} lies between 0 and 1")
        for name in DISPUTES:
            check_factor(name, getattr(self, name))
        if len(self.rules) > MAX_RULES or len(self.plugins) > MAX_PLUGINS:
            raise ValueError(f"at most {MAX_RULES} rules and {MAX_PLUGINS} plug-ins")

    def counted_trust(self, proximity: float) -> float:
        """What a word counts by its giver's proximity: continuous, at most twice as steep."""
        close = min(1.0, proximity / self.close_at) if self.close_at > 0 else 1.0
        return self.stranger_trust + (1 - self.stranger_trust) * proximity * close


SHARES: Final = ("continuity_floor", "cluster_credit", "stranger_trust", "close_at")
DISPUTES: Final = ("contested_factor", "reported_factor", "forked_factor")


def check_factor(name: str, factor: float) -> None:
    """Raises ValueError unless somebody could want to multiply by it."""
    if not isfinite(factor) or abs(factor) > MAX_FACTOR:
        raise ValueError(
            f"{name}: a factor lies between -{MAX_FACTOR:,.0f} and {MAX_FACTOR:,.0f}, not {factor}"
        )


def bounded(factor: float) -> float:
    """What several rules come to together: no more than one may."""
    return max(-MAX_FACTOR, min(MAX_FACTOR, factor))


RAW_CONTINUITY: Final = Policy(
    about="Words count by how near their givers are to you. Coins fade when they passed through"
    " people whom neither you nor your part of the map knows."
)
"""The default; the ready-made file of the same name says the same."""
