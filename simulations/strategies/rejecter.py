"""Rejects whatever it hears without looking."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say

SOURCE: Final = "SPEC 12: false verdicts."
BEHAVIOUR: Final = replace(TOWNSPERSON, says=Say.REJECT)
