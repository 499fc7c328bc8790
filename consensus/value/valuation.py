"""A lot is worth to me what the words behind it are worth to me, if I like where it has been.

value_O(lot) = amount / minted x sum over verifiers of contribution(v) x s_O(v)
               x continuity x ethics

Verifiers only, and additive: however many strangers add their word, and whoever played, the value
grows by nothing but the words of people whom the observer trusts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import fsum
from typing import Final

from consensus.identifiers import IdentityId
from consensus.value.lot import LotView
from consensus.value.plugins import PluginFactor, asked
from consensus.value.policy import RAW_CONTINUITY, Policy, Rule, bounded
from consensus.value.rules import is_about_witness, is_met
from consensus.value.stance import NO_STANCE, Stance
from consensus.value.surroundings import NOWHERE, Surroundings

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
    counted: float
    """What the policy makes of that proximity, in [0, 1]."""
    rules: tuple[Rule, ...] = ()
    """The observer's own rules about this word."""

    @property
    def factor(self) -> float:
        """What the rules come to."""
        return together(rule.times for rule in self.rules)

    @property
    def value_ujam(self) -> float:
        """What it adds, before continuity and ethics."""
        return self.share_ujam * self.counted * self.factor


@dataclass(frozen=True, slots=True)
class Continuity:
    """How well the lot's way is known."""

    factor: float = 1.0
    """From the policy's floor to 1."""
    weakest: IdentityId | None = None
    """The least known of its holders; None where it never moved."""
    trust: float = 1.0
    """How well that holder is known: by proximity, or by where they belong."""
    is_by_cluster: bool = False
    """They are known by where they belong, because that is more."""


@dataclass(frozen=True, slots=True)
class Valuation:
    """The value of one lot to one observer, in its parts."""

    words: tuple[Word, ...]
    """What each verifier's word adds, in the order of the mint."""
    continuity: Continuity
    """How well its way is known."""
    rules: tuple[Rule, ...] = ()
    """The observer's rules on coins that apply, in the policy's order."""
    plugins: tuple[PluginFactor, ...] = ()
    """What the policy's plug-ins said, in its order."""
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
    def factors(self) -> tuple[float, ...]:
        """Rules, plug-ins and disputes, in the order in which they are explained."""
        return (
            *(rule.times for rule in self.rules),
            *(plugin.factor for plugin in self.plugins),
            self.contested_factor,
            self.forked_factor,
            self.reported_factor,
            self.stake_factor,
        )

    @property
    def ethics(self) -> float:
        """What rules, plug-ins and disputes come to."""
        return together(self.factors)

    @property
    def value_ujam(self) -> float:
        """Support x continuity x ethics; negative where the observer's rules say so."""
        # 0 is added because nothing, counted against, would be shown as -0.
        return self.support_ujam * self.continuity.factor * self.ethics + 0.0


def value_of(
    lot: LotView,
    proximity: Mapping[IdentityId, float],
    policy: Policy = RAW_CONTINUITY,
    stance: Stance = NO_STANCE,
    surroundings: Surroundings = NOWHERE,
) -> Valuation:
    """What `lot` is worth to the observer whose `proximity` this is (its own is 1, unknown is 0).

    The first of the path, for whom the lot was minted, is not part of continuity: otherwise a
    performer's own standing would raise it.
    """
    is_counted = lot.contested and lot.key in stance.counted
    met = [rule for rule in policy.rules if is_met(rule, lot, surroundings)]
    return Valuation(
        words=_words(
            lot, proximity, policy, [rule for rule in met if rule.is_about_word], surroundings
        ),
        continuity=continuity_of(lot.path, proximity, policy, surroundings),
        rules=tuple(rule for rule in met if not rule.is_about_word),
        plugins=tuple(asked(use, lot, proximity, surroundings) for use in policy.plugins),
        contested_factor=policy.contested_factor if lot.contested and not is_counted else 1.0,
        forked_factor=policy.forked_factor if lot.forked else 1.0,
        reported_factor=policy.reported_factor if lot.block in stance.believed else 1.0,
        stake_factor=stake_factor(lot, policy, stance),
        is_counted=is_counted,
        is_burnt=lot.slashed,
    )


def _words(
    lot: LotView,
    proximity: Mapping[IdentityId, float],
    policy: Policy,
    rules: Iterable[Rule],
    surroundings: Surroundings,
) -> tuple[Word, ...]:
    part = lot.amount_ujam / lot.minted_ujam if lot.minted_ujam else 0.0
    return tuple(
        Word(
            verifier,
            contribution_ujam * part,
            trust := proximity.get(verifier, 0.0),
            policy.counted_trust(trust),
            tuple(rule for rule in rules if is_about_witness(rule, verifier, surroundings)),
        )
        for verifier, contribution_ujam in lot.contributions
    )


def stake_factor(lot: LotView, policy: Policy, stance: Stance) -> float:
    """What is left of it where it is at stake."""
    if lot.slashed:
        return 0.0
    is_discredited = lot.stake is not None and lot.path[-1] in stance.discredited
    return policy.reported_factor if is_discredited else 1.0


def continuity_of(
    path: tuple[IdentityId, ...],
    proximity: Mapping[IdentityId, float],
    policy: Policy = RAW_CONTINUITY,
    surroundings: Surroundings = NOWHERE,
) -> Continuity:
    """The minimum over the last 16 distinct holders after the first of g + (1 - g) known(holder).

    A holder is known by their own proximity, or by the share of the observer's trust that lies in
    the holder's cluster, whichever is more.
    """
    holders = holders_seen(path)
    if not holders:
        return Continuity()

    def known(holder: IdentityId) -> float:
        return surroundings.known(holder, proximity.get(holder, 0.0), policy.cluster_credit)

    weakest = min(holders, key=known)
    floor, trust = policy.continuity_floor, known(weakest)
    is_by_cluster = trust > proximity.get(weakest, 0.0)
    return Continuity(floor + (1 - floor) * trust, weakest, trust, is_by_cluster)


def holders_seen(path: tuple[IdentityId, ...]) -> list[IdentityId]:
    """The last 16 distinct holders after the first, the latest first."""
    return list(dict.fromkeys(reversed(path[1:])))[:HOLDERS_SEEN]


def together(factors: Iterable[float]) -> float:
    """Several factors one after the other, never beyond what one may be."""
    return reduce(lambda product, factor: bounded(product * factor), factors, 1.0)
