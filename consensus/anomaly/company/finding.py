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
    numbers = (
        f"({habits.correlation:.2f} alike; {plays} other people {habits.usual:.2f} "
        f"± {habits.usual_spread:.2f})"
    )
    if habits.correlation > habits.usual:
        return (
            f"This play is early and late where people are on average, more than any of them "
            f"{numbers}: it may have been made from their plays."
        )
    return (
        f"Where everybody who plays this song is early or late, this play is not {numbers}: "
        "its errors may be thrown by a program."
    )


def _of_scale(scale: Scale) -> str:
    return (
        f"It is {scale.factor:.2f} times as large as others' plays of this song in timing "
        f"({scale.width:.2f}) and in touch ({scale.hold:.2f}) alike: it may have been played "
        "slower and sped up."
    )
