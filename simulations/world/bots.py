"""Bots: what strategies that are played by machines have in common."""

from dataclasses import replace
from typing import Final

from simulations.world.behaviour import TOWNSPERSON, Say

BOT: Final = replace(TOWNSPERSON, accuracy=0.97, suspected=0.1, is_bot=1.0)
"""Plays as much as people do; honest detectors flag a session in ten (docs/detectors.md: the best
live script on a song that nobody else is known to have played)."""
TIRELESS: Final = replace(BOT, sessions_per_week=14.0, windows=10.0)
"""Plays every day, ten windows twice, where a day's decay leaves little."""
CLOSED: Final = replace(
    TIRELESS,
    crew_share=1.0,
    crew_seats=20.0,
    attends=0.0,
    says=Say.SILENT,
    says_of_crew=Say.ACCEPT,
    claims_link=1.0,
    by_hand=1.0,
    rates_crew=1.0,
)
"""Plays before its crew alone, which accepts everything, and hears nobody else."""
MINGLING: Final = replace(
    BOT,
    crew_share=0.9,
    crew_seats=20.0,
    says_of_crew=Say.ACCEPT,
    claims_link=1.0,
    by_hand=1.0,
)
"""Plays a session in ten before honest people, and witnesses them as they do."""
