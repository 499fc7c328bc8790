"""What a witnessed block mints: shrinking each time the same people witness each other, each
time a verifier's word is given again, and each time more is played in one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from consensus.identifiers import IdentityId
from consensus.parameters import NetworkParams
from consensus.presence import Presence
from consensus.quality import Metrics, density_ppm, quality_ppm
from consensus.units import MILLION, MicroJam, Milliseconds, Ppm, lower_median, upper_median

MILLION_TO_THE_FIFTH = MILLION**5
"""The unit of a product of five ratios in ppm."""

MISSING_VERDICT_PPM = MILLION
"""The anomaly that a drawn verifier's silence counts as."""


class Word(NamedTuple):
    """What one accepting verifier's word rests on."""

    verifier: IdentityId
    """Who gave it."""
    familiarity_days: int
    """m: on how many of the 30 days before this one it was drawn for this performer."""
    budget_ppm: int
    """j: what it accepted in the last seven days, as it declared."""
    presence: Presence
    """The lower of both sides' claims."""


class Contribution(NamedTuple):
    """What one verifier's word added to a lot."""

    verifier: IdentityId
    """Whose word."""
    amount_ujam: MicroJam
    """How much it added."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that a block's reward depends on besides the words."""

    quality_ppm: Ppm
    """The block's quality by its accepting verifiers."""
    day_index: int
    """i: earlier blocks of the performer's that day."""
    tier_ppm: Ppm
    """1, one half or 0, by how believable the block is."""
    revealed: int
    """Tickets that the block lists."""
    opened: int
    """Openings of the session."""
    duration_ms: Milliseconds
    """How long the window was."""


def familiarity_decay_ppm(params: NetworkParams, days: int) -> int:
    """e^(-m/24) for m days of acquaintance; beyond the table its last value."""
    table = params.familiarity_decay_ppm
    return table[min(days, len(table) - 1)]


def daily_decay_ppm(params: NetworkParams, day_index: int) -> int:
    """d(i) = 0.9^i for the i-th block of a day; 0 beyond the table."""
    table = params.daily_decay_ppm
    return table[day_index] if day_index < len(table) else 0


def tier_ppm(params: NetworkParams, anomalies_ppm: Sequence[int], drawn: int) -> Ppm:
    """What share a block of this anomaly pays; drawn verifiers who said nothing count as certain.

    Of an even number the worse median counts.
    """
    silent = [MISSING_VERDICT_PPM] * (drawn - len(anomalies_ppm))
    median = upper_median([*anomalies_ppm, *silent])
    if median >= params.unbelievable_ppm:
        return Ppm(0)
    return Ppm(MILLION // 2) if median >= params.suspicious_ppm else Ppm(MILLION)


class AgreedMetrics(NamedTuple):
    """Lower medians over the accepting verdicts; each quantity by itself."""

    events: int
    """Notes hit."""
    accuracy_ppm: int
    """Weighted share of notes hit."""
    diversity_ppm: int
    """How varied."""
    harmony_ppm: int
    """How consonant or locked to the beat."""
    liveness_ppm: int
    """Share of riffs answered in time."""


def agreed_metrics(accepting: Sequence[Metrics]) -> AgreedMetrics:
    """What the accepting verifiers agree on; raises ValueError when there are none."""
    return AgreedMetrics(
        lower_median([metrics.events for metrics in accepting]),
        lower_median([metrics.accuracy_ppm for metrics in accepting]),
        lower_median([metrics.diversity_ppm for metrics in accepting]),
        lower_median([metrics.harmony_ppm for metrics in accepting]),
        lower_median([metrics.liveness_ppm for metrics in accepting]),
    )


def agreed_quality_ppm(
    params: NetworkParams, agreed: AgreedMetrics, duration_ms: Milliseconds
) -> Ppm:
    """The quality that follows from the agreed metrics."""
    return quality_ppm(
        agreed.accuracy_ppm,
        agreed.diversity_ppm,
        agreed.harmony_ppm,
        agreed.liveness_ppm,
        density_ppm(agreed.events, duration_ms, params.full_density_per_s),
    )


def contribution(params: NetworkParams, about: Circumstances, word: Word) -> Contribution:
    """R0 d quality e^(-m/24) B/(B+j) l/k tier revealed/opened, pro rata of a full window.

    Computed as one big product and rounded down once.
    """
    numerator = (
        params.block_reward_ujam
        * daily_decay_ppm(params, about.day_index)
        * about.quality_ppm
        * familiarity_decay_ppm(params, word.familiarity_days)
        * params.budget_ppm
        * params.presence_ppm[word.presence]
        * about.tier_ppm
        * about.revealed
        * about.duration_ms
    )
    denominator = (
        MILLION_TO_THE_FIFTH
        * (params.budget_ppm + word.budget_ppm)
        * params.verifiers_drawn
        * about.opened
        * params.window_ms
    )
    return Contribution(word.verifier, MicroJam(numerator // denominator))


class Share(NamedTuple):
    """Who gets how much of a mint."""

    holder: IdentityId
    """The performer or a verifier."""
    amount_ujam: MicroJam
    """How much."""


def shares(
    params: NetworkParams, performer: IdentityId, contributions: Sequence[Contribution]
) -> tuple[Share, ...]:
    """The performer's share, then each verifier's by contribution; roundings go to the performer.

    They add up to the sum of the contributions. A share of nothing is left out.
    """
    verifier_ppm = MILLION - params.performer_share_ppm
    verifiers = [
        Share(verifier, MicroJam(amount * verifier_ppm // MILLION))
        for verifier, amount in contributions
    ]
    total = sum(amount for _, amount in contributions)
    rest = MicroJam(total - sum(share.amount_ujam for share in verifiers))
    return tuple(share for share in (Share(performer, rest), *verifiers) if share.amount_ujam)
