"""What is said against a play that errs where nobody does, or that is too small all over."""

from math import exp, log
from typing import Final

from consensus.anomaly.company.company import Company
from consensus.anomaly.company.habits import Habits
from consensus.anomaly.company.scale import Scale
from consensus.anomaly.findings import Finding
from consensus.units import MILLION, Ppm

PRIOR_ODDS_PPM: Final = 100_000
"""Odds of no person at that speed, before anything is known."""
WORTH_WORDS: Final = 0.0
"""Odds, ln, that speak against a play at all."""
STEP: Final = 1_000
"""Suspicion is rounded to this, so that processors agree."""


def find_strangeness(
    company: Company | None, prior_odds_ppm: int = PRIOR_ODDS_PPM
) -> tuple[Finding, ...]:
    """What other people's plays of the chart say against a play; nothing where they are for it."""
    if company is None:
        return ()
    found = []
    if company.habits is not None and company.script_odds > WORTH_WORDS:
        suspicion = _probability_ppm(company.script_odds, prior_odds_ppm)
        found.append(Finding(suspicion, _of_habits(company.habits, company.plays)))
    if company.scale is not None and company.warp_odds > WORTH_WORDS:
        suspicion = _probability_ppm(company.warp_odds, prior_odds_ppm)
        found.append(Finding(suspicion, _of_scale(company.scale)))
    return tuple(found)


def _probability_ppm(odds: float, prior_odds_ppm: int) -> Ppm:
    chance = 1 / (1 + exp(-odds - log(prior_odds_ppm / MILLION)))
    return Ppm(round(chance * MILLION / STEP) * STEP)


def _of_habits(habits: Habits, plays: int) -> str:
    shared = {"is early and late": habits.errors, "holds long and short": habits.holds}
    parts = {does: part for does, part in shared.items() if part is not None}
    numbers = " and ".join(
        f"{does} where {plays} others do by {part.correlation:.0%}, people by {part.usual:.0%} "
        f"± {part.usual_spread:.0%}"
        for does, part in parts.items()
    )
    if all(part.correlation > part.usual for part in parts.values()):
        return (
            f"This play is more like everybody's than any person's is: it {numbers}. It may have "
            "been made from their plays."
        )
    return (
        "Everybody who plays this song has habits in common, and this play has not: it "
        f"{numbers}. It may be thrown by a program."
    )


def _of_scale(scale: Scale) -> str:
    return (
        f"It is {scale.factor:.2f} times as large as others' plays of this song in timing "
        f"({scale.width:.2f}) and in touch ({scale.hold:.2f}) alike: it may have been played "
        "slower and sped up."
    )
