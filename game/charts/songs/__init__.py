"""Our own songs, each made by a script; what the daemon offers."""

from types import MappingProxyType
from typing import Final

from game.charts.songs.first_light import FIRST_LIGHT
from game.charts.songs.golden_angle import GOLDEN_ANGLE
from game.charts.songs.last_tram_home import LAST_TRAM_HOME
from game.charts.songs.paper_boats import PAPER_BOATS
from game.charts.songs.wire_and_rain import WIRE_AND_RAIN

SONGS: Final = MappingProxyType(
    {
        song.name: song
        for song in (FIRST_LIGHT, PAPER_BOATS, LAST_TRAM_HOME, WIRE_AND_RAIN, GOLDEN_ANGLE)
    }
)
"""Every song by its name."""
