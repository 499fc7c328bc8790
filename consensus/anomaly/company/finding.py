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
