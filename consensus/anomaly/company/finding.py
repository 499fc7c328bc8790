"""What is said against a play that errs where nobody does, or that is too small all over."""

from typing import Final

from consensus.anomaly.company.company import Company
from consensus.anomaly.company.habits import Habits
from consensus.anomaly.company.scale import Scale
from consensus.anomaly.findings import Finding
from consensus.anomaly.odds import probability_ppm

PRIOR_ODDS_PPM: Final = 100_000
"""Odds of no person at that speed, before anything is known."""
WORTH_WORDS: Final = 1.0
"""Odds, ln, from which habits that a play lacks are put into words."""


def find_warp(company: Company | None) -> tuple[Finding, ...]:
    """What the size of others' plays of the chart says against a play; nothing if it is for it."""
    if company is None or company.scale is None or company.warp_odds <= 0:
        return ()
    suspicion = probability_ppm(company.warp_odds, PRIOR_ODDS_PPM)
    return (Finding(suspicion, _of_scale(company.scale)),)


def strange_habits(company: Company | None) -> str | None:
    """The sentence on habits that a play lacks; None where it has them."""
    if company is None or company.habits is None or company.script_odds < WORTH_WORDS:
        return None
    return _of_habits(company.habits, company.plays)


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
