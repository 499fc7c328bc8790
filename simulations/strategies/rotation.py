"""Takes fresh keys every week: for fresh keys nobody is familiar."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: whitewashing and performer-key rotation."
LAYOUT: Final = Layout(crew=30, rotate_days=7)


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        accuracy=0.97,
        suspected=0.1,
        is_bot=1.0,
        crew_share=0.9,
        crew_seats=12.0,
        attends=0.5,
        says=Say.HONEST,
        says_of_crew=Say.ACCEPT,
        claims_link=1.0,
        by_hand=1.0,
    )
