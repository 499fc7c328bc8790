"""Our own songs, each made by a script; what the daemon offers."""

from types import MappingProxyType
from typing import Final

from game.charts.songs.first_light import FIRST_LIGHT

SONGS: Final = MappingProxyType({song.name: song for song in (FIRST_LIGHT,)})
"""Every song by its name."""
