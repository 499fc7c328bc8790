"""Reports and rejects whoever is not of the ring, to be worth more beside them."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 6: three fresh keys could convict anybody; SPEC 12: ring reports."
LAYOUT: Final = Layout(crew=12)


def behave(day: int) -> Behaviour:
    """The same every day."""
    del day
    return replace(
        TOWNSPERSON,
        crew_share=0.3,
        crew_seats=12.0,
        crew_open=0.5,
        says=Say.REJECT,
        says_of_crew=Say.ACCEPT,
        claims_link=1.0,
        reports=1.0,
        rates_crew=1.0,
    )
