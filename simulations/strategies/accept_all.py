"""Accepts whatever it hears without looking."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say

SOURCE: Final = "SPEC 12: accept-all verifiers."
BEHAVIOUR: Final = replace(TOWNSPERSON, says=Say.ACCEPT, says_of_crew=Say.ACCEPT)
