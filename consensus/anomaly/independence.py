"""Jitter without memory: do the errors look more like dice than like a person who drifts?

Two hypotheses are weighed by the likelihood of lag-1 correlation and low-frequency share: under
independent jitter both have known means and standard errors (Bartlett's 1/n for lag-1; the Beta
law of a white periodogram's partial sums), under human play those measured on recorded people,
widened for people who are not among them. Few moments leave both likely, so that the prior
stands: the detector is humble by construction. A likelihood is never certainty: it can flag, and
not reject.
"""

from dataclasses import dataclass
from math import exp, log
from typing import Final

from consensus.anomaly.features import TimingFeatures, low_frequencies
from consensus.anomaly.findings import Finding, Performance
from consensus.units import MILLION, Ppm

TIMED_MOMENTS: Final = 20
"""Fewer moments than this say nothing about memory."""
PRIOR_ODDS_PPM: Final = 30_000
"""Odds of a script before anything is known; so low that no short window of recorded people, which
says little, is flagged. Chosen on the plays that it is measured on: the worst reaches 496,000, so
expect a few in a thousand among other people."""
HIGHEST: Final = 850_000
"""Suspicion at most; below what counts as rejecting."""
STEP: Final = 1_000
"""Suspicion is rounded to this, so that processors agree."""
HUMAN_LAG_1_PPM: Final = 200_000
HUMAN_LAG_1_SD_PPM: Final = 120_000
HUMAN_EXCESS_PPM: Final = 150_000
"""Low-frequency share above that of independent jitter."""
HUMAN_EXCESS_SD_PPM: Final = 70_000
EVIDENCE_WEIGHT_PPM: Final = 700_000
"""The two features tell partly the same; their evidence counts for less than its sum."""


@dataclass(frozen=True, slots=True)
class Independence:
    """Weighs independent jitter against human play."""

    @property
    def name(self) -> str:
        """Names the detector."""
        return "independence 1"

    @property
    def constants(self) -> tuple[tuple[str, int], ...]:
        """The integers of this file."""
        return tuple(
            (name, value)
            for name, value in sorted(globals().items())
            if name.isupper() and type(value) is int
        )

    def findings(self, performance: Performance) -> tuple[Finding, ...]:
        """One finding; none where there is too little to weigh."""
        timing = performance.timing
        if timing.moments < TIMED_MOMENTS:
            return ()
        suspicion = suspicion_ppm(timing)
        reason = (
            "Each error is independent of the one before: people drift and correct, dice don't "
            f"(memory {timing.lag_1:.2f}, slow drift {timing.low_frequency_share:.2f})."
        )
        return (Finding(suspicion, reason),)


def suspicion_ppm(timing: TimingFeatures) -> Ppm:
    """The probability that the errors are independent, in ppm, at most HIGHEST."""
    weight = EVIDENCE_WEIGHT_PPM / MILLION
    exponent = log(PRIOR_ODDS_PPM / MILLION) + weight * log_likelihood_ratio(timing)
    probability = 1 / (1 + exp(-min(max(exponent, -30.0), 30.0)))
    return Ppm(min(HIGHEST, round(probability * MILLION / STEP) * STEP))


def log_likelihood_ratio(timing: TimingFeatures) -> float:
    """Log of how much likelier the features are under independent jitter than under human play."""
    moments = timing.moments
    frequencies = moments // 2
    white_share = low_frequencies(moments) / frequencies
    share_variance = white_share * (1 - white_share) / (frequencies + 1)
    excess = timing.low_frequency_share - white_share
    lag = timing.lag_1 + 1 / moments
    return (
        _log_normal(lag, 0, 1 / moments)
        - _log_normal(
            lag,
            HUMAN_LAG_1_PPM / MILLION,
            1 / moments + (HUMAN_LAG_1_SD_PPM / MILLION) ** 2,
        )
        + _log_normal(excess, 0, share_variance)
        - _log_normal(
            excess,
            HUMAN_EXCESS_PPM / MILLION,
            2 * share_variance + (HUMAN_EXCESS_SD_PPM / MILLION) ** 2,
        )
    )


def _log_normal(value: float, mean: float, variance: float) -> float:
    """Log density of a normal distribution, without the constant that cancels."""
    return -((value - mean) ** 2 / variance + log(variance)) / 2
