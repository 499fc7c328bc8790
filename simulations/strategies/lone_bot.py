"""A bot that plays as much as people do, before honest people."""

from typing import Final

from simulations.world.bots import BOT

SOURCE: Final = "SPEC 7: replayed, precomputed and bot play."
BEHAVIOUR: Final = BOT
