"""Takes fresh keys every week: for fresh keys nobody is familiar."""

from dataclasses import replace
from typing import Final

from simulations.world.bots import MINGLING
from simulations.world.layout import Layout

SOURCE: Final = "SPEC 12: whitewashing and performer-key rotation."
LAYOUT: Final = Layout(crew=30, rotate_days=7)
BEHAVIOUR: Final = replace(MINGLING, attends=0.5, crew_seats=12.0)
