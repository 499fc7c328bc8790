"""What coins are worth and why, as JSON. Amounts are uJAM, times UTC milliseconds."""

from typing import Annotated

import msgspec
from msgspec import Meta

from consensus.value.policy_toml import MAX_POLICY_BYTES
from popd.api.shapes import Person

Told = str | bool | int | float
"""A condition of a rule, or what a plug-in is told."""


class PartView(msgspec.Struct, frozen=True):
    """One part of a value; all parts add up to it."""

    value_ujam: float
    words: str
    part: str
    """word, strangers, continuity, rule, plugin or dispute"""
    person: Person | None = None
    """Whose word it is, or who is the weakest on the coin's way."""


class WordView(msgspec.Struct, frozen=True):
    """What one witness's word adds, before continuity and rules on the coin."""

    person: Person
    share_ujam: float
    """This coin's part of what the word added to the mint."""
    trust: float
    """The witness's proximity to the observer, from 0 to 1."""
    counted: float
    """What the observer's policy makes of it."""
    factor: float
    """What the observer's rules on the witness come to."""
    value_ujam: float


class ContinuityView(msgspec.Struct, frozen=True):
    """How well the coin's way is known."""

    factor: float
    weakest: Person | None
    trust: float
    """How well the weakest is known."""


class CoinValue(msgspec.Struct, frozen=True):
    """What a coin is worth to somebody, and why."""

    observer: Person
    is_me: bool
    policy: str
    """By whose name the rules go; others are shown by the default."""
    value_ujam: float
    support_ujam: float
    ethics: float
    """What rules, plug-ins and disputes multiply by."""
    continuity: ContinuityView
    words: list[WordView]
    parts: list[PartView]
    why: list[str]
    """The parts as lines that begin with rounded amounts."""


class StepView(msgspec.Struct, frozen=True):
    """One holder on the coin's way."""

    person: Person
    is_me: bool
    time_ms: int | None
    given_ujam: int | None
    """How much was handed to them; null for whom it was minted, and where it isn't known."""
    valuation_ujam: int | None
    """What that was worth to its giver, if they said so."""
    worth_ppm: int
    """What the coin would have been worth to you in their hands, over its amount."""


class CoinView(msgspec.Struct, frozen=True):
    """One coin: where it came from, where it has been, what it is worth to whom."""

    lot: str
    observer: str
    """To whom the value below is: the first of those asked for, otherwise you."""
    value_ujam: float
    amount_ujam: int
    parts: list[PartView]
    path: list[str]
    is_mine: bool
    """It is in your purse; otherwise the whole mint is shown as its performer's."""
    minted_ms: int
    minter: Person | None
    song: str
    tags: list[str]
    made_by: str
    """person, machine or doubtful"""
    contested: bool
    steps: list[StepView]
    values: list[CoinValue]
    """To you, then to each observer that was asked for."""


class RuleView(msgspec.Struct, frozen=True):
    """One rule of a policy."""

    times: float
    why: str
    conditions: dict[str, Told]
    """As they are written in TOML."""
    words: str
    """What it is about."""


class PluginView(msgspec.Struct, frozen=True):
    """A plug-in that a policy asks."""

    name: str
    parameters: dict[str, Told]
    why: str
    is_loaded: bool


class PolicyView(msgspec.Struct, frozen=True):
    """A policy, as people read it and as they write it."""

    name: str
    about: str
    toml: str
    settings: dict[str, float]
    rules: list[RuleView]
    plugins: list[PluginView]
    people: list[Person]
    """All that its rules name."""
    is_default: bool
    trouble: str = ""
    """Why the kept policy isn't used; empty where all is well."""


class Policies(msgspec.Struct, frozen=True):
    """What one can begin with."""

    policies: list[PolicyView]
    plugins: list[str]
    """Names of the plug-ins that are installed."""


class PolicyBody(msgspec.Struct, frozen=True):
    """A policy."""

    toml: Annotated[str, Meta(max_length=MAX_POLICY_BYTES)]


class ChangeView(msgspec.Struct, frozen=True):
    """What one part of a policy does to the purse; all changes lead from before to after."""

    words: str
    coins: int
    """How many coins it changes."""
    change_ujam: int


class PreviewedCoin(msgspec.Struct, frozen=True):
    """A coin before and after."""

    lot: str
    path: list[str]
    song: str
    amount_ujam: int
    before_ujam: int
    after_ujam: int
    rules: list[str]
    """What the policy's rules and plug-ins say of it."""


class PolicyPreview(msgspec.Struct, frozen=True):
    """What a policy would do to the purse."""

    policy: PolicyView
    amount_ujam: int
    before_ujam: int
    after_ujam: int
    changed: int
    """How many coins change."""
    coins: list[PreviewedCoin]
    """Those that change most; at most 64."""
    changes: list[ChangeView]
