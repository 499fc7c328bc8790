"""A lot is worth to me what the words behind it are worth to me, if I like where it has been.

value_O(lot) = amount / minted x sum over verifiers of contribution(v) x s_O(v)
               x continuity x ethics

Verifiers only, and additive: however many strangers add their word, and whoever played, the value
grows by nothing but the words of people whom the observer trusts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, prod
from typing import Final

from consensus.identifiers import IdentityId
from consensus.value.lot import LotView
from consensus.value.policy import RAW_CONTINUITY, Policy
from consensus.value.stance import NO_STANCE, Stance

HOLDERS_SEEN: Final = 16
"""Distinct holders, the last ones, that continuity looks at."""


@dataclass(frozen=True, slots=True)
class Word:
    """What one verifier's word adds."""

    verifier: IdentityId
    """Whose word."""
    share_ujam: float
    """This lot's part of what the word added to the mint."""
    trust: float
    """The verifier's proximity to the observer, in [0, 1]."""
    factor: float = 1.0
    """The observer's own rule about this verifier."""

    @property
    def value_ujam(self) -> float:
        """What it adds, before continuity and ethics."""
        return self.share_ujam * self.trust * self.factor


@dataclass(frozen=True, slots=True)
class Continuity:
    """How well the lot's way is known."""

    factor: float = 1.0
    """From the policy's floor to 1."""
    weakest: IdentityId | None = None
    """The least known of its holders; None where it never moved."""
    trust: float = 1.0
    """That holder's proximity."""


@dataclass(frozen=True, slots=True)
class RuleFactor:
    """One rule of the observer that applies."""

    about: str | IdentityId
    """A tag, or a holder."""
    factor: float
    """What it multiplies by."""


@dataclass(frozen=True, slots=True)
class Valuation:
    """The value of one lot to one observer, in its parts."""

    words: tuple[Word, ...]
    """What each verifier's word adds, in the order of the mint."""
    continuity: Continuity
    """How well its way is known."""
    rules: tuple[RuleFactor, ...] = ()
    """The observer's rules that apply: tags, then holders."""
    contested_factor: float = 1.0
    """The policy's factor when the lot is contested, otherwise 1."""
    forked_factor: float = 1.0
    """The policy's factor when its minter had forked, otherwise 1."""
    reported_factor: float = 1.0
    """The policy's factor when the observer believes reports of its performance, otherwise 1."""
    stake_factor: float = 1.0
    """0 when it is at stake and burnt; the policy's factor for reports when its staker vouched
    for a performance whose reports the observer believes; otherwise 1."""
    is_counted: bool = False
    """It is contested, and came over the branch that the observer counts."""
    is_burnt: bool = False
    """It is at stake and burnt."""

    @property
    def support_ujam(self) -> float:
        """The sum of the words."""
        return fsum(word.value_ujam for word in self.words)

    @property
    def ethics(self) -> float:
        """The product of the rules, those on disputes included."""
        start = self.contested_factor * self.forked_factor
        start *= self.reported_factor * self.stake_factor
        return prod((rule.factor for rule in self.rules), start=start)

    @property
    def value_ujam(self) -> float:
        """Support x continuity x ethics; negative where the observer's rules say so."""
        return self.support_ujam * self.continuity.factor * self.ethics


def value_of(
    lot: LotView,
    proximity: Mapping[IdentityId, float],
    policy: Policy = RAW_CONTINUITY,
    stance: Stance = NO_STANCE,
) -> Valuation:
    """What `lot` is worth to the observer whose `proximity` this is (its own is 1, unknown is 0).

    The first of the path, for whom the lot was minted, is not part of continuity: otherwise a
    performer's own standing would raise it.
    """
    is_counted = lot.contested and lot.key in stance.counted
    part = lot.amount_ujam / lot.minted_ujam if lot.minted_ujam else 0.0
    return Valuation(
        words=tuple(
            Word(
                verifier,
                contribution_ujam * part,
                proximity.get(verifier, 0.0),
                policy.words.get(verifier, 1.0),
            )
            for verifier, contribution_ujam in lot.contributions
        ),
        continuity=continuity_of(lot.path, proximity, policy.continuity_floor),
        rules=_rules(lot, policy),
        contested_factor=policy.contested_factor if lot.contested and not is_counted else 1.0,
        forked_factor=policy.forked_factor if lot.forked else 1.0,
        reported_factor=policy.reported_factor if lot.block in stance.believed else 1.0,
        stake_factor=_stake_factor(lot, policy, stance),
        is_counted=is_counted,
        is_burnt=lot.slashed,
    )


def _stake_factor(lot: LotView, policy: Policy, stance: Stance) -> float:
    if lot.slashed:
        return 0.0
    is_discredited = lot.stake is not None and lot.path[-1] in stance.discredited
    return policy.reported_factor if is_discredited else 1.0


def continuity_of(
    path: tuple[IdentityId, ...], proximity: Mapping[IdentityId, float], floor: float
) -> Continuity:
    """The minimum over the last 16 distinct holders after the first of g + (1 - g) s(holder)."""
    holders = list(dict.fromkeys(reversed(path[1:])))[:HOLDERS_SEEN]
    if not holders:
        return Continuity()
    weakest = min(holders, key=lambda holder: proximity.get(holder, 0.0))
    trust = proximity.get(weakest, 0.0)
    return Continuity(floor + (1 - floor) * trust, weakest, trust)


def _rules(lot: LotView, policy: Policy) -> tuple[RuleFactor, ...]:
    tags = (RuleFactor(tag, policy.tags[tag]) for tag in lot.tags if tag in policy.tags)
    holders = (
        RuleFactor(holder, policy.holders[holder])
        for holder in dict.fromkeys(lot.path)
        if holder in policy.holders
    )
    return (*tags, *holders)
