"""A real person's rented key: lives as they do, and accepts what its operator plays."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say
from simulations.world.layout import Layout

SOURCE: Final = "In Idena 23 entities held 40 % of accounts (Ohlhaver, Nikulin and Berman 2022)."
LAYOUT: Final = Layout(crew=-1)
BEHAVIOUR: Final = replace(TOWNSPERSON, claims_link=1.0, says_of_crew=Say.ACCEPT)
