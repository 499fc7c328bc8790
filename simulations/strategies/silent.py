"""Takes a seat in audiences, and gives no verdict."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say

SOURCE: Final = "SPEC 12: withheld verdicts; a missing verdict counts against a block."
BEHAVIOUR: Final = replace(TOWNSPERSON, says=Say.SILENT)
