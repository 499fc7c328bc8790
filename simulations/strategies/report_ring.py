"""Reports and rejects all but the ring, to be worth more beside them; plays as others do."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 6: three fresh keys could convict anybody; SPEC 12: ring reports."
LAYOUT: Final = Layout(crew=12)
BEHAVIOUR: Final = replace(TOWNSPERSON, reports=1.0, says=Say.REJECT, says_of_crew=Say.ACCEPT)
