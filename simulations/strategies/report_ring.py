"""Reports and rejects all but the ring, to be worth more beside them; plays as others do."""

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
        says=Say.REJECT,
        says_of_crew=Say.ACCEPT,
        reports=1.0,
    )
