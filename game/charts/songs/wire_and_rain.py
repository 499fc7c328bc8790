"""Wire and Rain: drum and bass in E minor at 174 beats a minute.

Seventy bars: a count-in, drops that fall three, three and two, a verse twice, a chorus twice, a
break at half the speed, the chorus higher, and the last drops.
"""

from collections.abc import Iterator
from typing import Final

from game.charts.songs.arranging import (
    Groove,
    Walk,
    sections,
)
from game.charts.songs.band import band
from game.charts.songs.notation import Tone, phrase
from game.charts.songs.song import Song, Voice

BEAT_US: Final = 344_828
BARS: Final = 70

INTRO, VERSE, SECOND, CHORUS, HIGHER, BREAK, RETURN, SUMMIT, OUTRO, LAST = (
    1, 9, 17, 25, 33, 41, 49, 57, 65, 69,
)  # fmt: skip
"""The bar in which each part begins; bar 0 counts in."""

CHORDS: Final = sections(
    "Em",
    "Em Em C C G G D D",
    "Em Em C C G G D D",
    "Em Em C C G G D D",
    "C D Em G C D Em Em",
    "C D Em G C D B Em",
    "Am Am Em Em C C D D",
    "C D Em G C D Em Em",
    "C D Em G C D B Em",
    "Em C G D",
    "Em",
)
SPELLED: Final = {
    "Em": "E4 G4 B4",
    "C": "E4 G4 C5",
    "G": "D4 G4 B4",
    "D": "D4 F#4 A4",
    "B": "D#4 F#4 B4",
    "Am": "C4 E4 A4",
}
ROOTS: Final = {"Em": "E2", "C": "C2", "G": "G2", "D": "D2", "B": "B1", "Am": "A1"}

DROPS: Final = """
    E4:18 B4:18 G4:12 | E5:18 B4:18 G4:12 | E4:18 G4:18 C5:12 | E5:18 C5:18 G4:12 |
    D4:18 G4:18 B4:12 | D5:18 B4:18 G4:12 | F#4:18 A4:18 D5:12 | F#5:12 D5:12 A4:12 F#4:12
"""
STREETS: Final = """
    B4:12 E5:6 F#5:12 G5:18 | G5:6 F#5:6 E5:12 B4:24~ | C5:12 E5:6 G5:12 E5:18 |
    -:12 G5:6 E5:6 C5:24~ | D5:12 G5:6 B5:12 G5:18 | B5:6 A5:6 G5:12 D5:24~ |
    F#5:12 A5:6 F#5:12 D5:18 | A5:12 F#5:12 D5:12 -:12
"""
STREETS_WET: Final = """
    E5:6 G5:12 B5:6 G5:12 E5:12 | B5:12 G5:6 E5:12 F#5:6 G5:12 |
    G5:6 E5:12 C5:6 E5:12 G5:12 | C6:12 G5:6 E5:12 G5:6 E5:12 |
    B5:6 G5:12 D5:6 G5:12 B5:12 | D6:12 B5:6 G5:12 A5:6 B5:12 |
    A5:6 F#5:12 D5:6 F#5:12 A5:12 | D6:12 A5:12 F#5:12 -:12
"""
WIRES: Final = """
    G5:18 E5:18 C5:12 | A5:18 F#5:18 D5:12 | B5:18 G5:6 E5:12 G5:12 |
    D6:18 B5:6 G5:12 B5:12 | E6:12 C6:6 G5:12 C6:6 E6:12 | D6:12 A5:6 F#5:12 A5:6 D6:12 |
    B5:6 G5:6 E5:12 B5:12 G5:12 | E5:12 G5:12 B5:24~
"""
WIRES_SING: Final = """
    C6:6 G5:6 E5:12 G5:6 C6:6 G5:12 | D6:6 A5:6 F#5:12 A5:6 D6:6 A5:12 |
    E6:18 B5:18 G5:12 | D6:18 B5:6 G5:24~ | E6:6 C6:6 G5:12 C6:6 E6:6 C6:12 |
    F#6:6 D6:6 A5:12 D6:6 F#6:6 D6:12 | F#6:12 D#6:12 B5:12 F#5:12 | E5:12 G5:12 B5:24~
"""
UNDER_A_ROOF: Final = """
    C6:24 A5:12 E5:12 | C5:12 E5:12 A5:24~ | B5:24 G5:12 E5:12 | B4:12 E5:12 G5:24~ |
    G5:24 E5:12 C5:12 | E5:12 G5:12 C6:24~ | A5:12 F#5:12 D5:12 F#5:12 |
    A5:6 D6:6 A5:6 F#5:6 A5:12 D6:12
"""
WIRES_HIGHER: Final = """
    G5:6 C6:12 G5:6 E5:12 C6:12 | A5:6 D6:12 A5:6 F#5:12 D6:12 |
    B5:6 E6:12 B5:6 G5:12 E6:12 | D6:18 B5:18 G5:12 | E6:12 C6:6 G5:12 C6:6 E6:12 |
    D6:6 F#6:12 D6:6 A5:12 F#6:12 | G6:12 E6:6 B5:12 G5:6 E5:12 | G5:12 B5:12 E6:24~
"""
LAST_DROPS: Final = """
    E5:18 B4:18 G4:12 | E5:18 C5:18 G4:12 | D5:18 B4:18 G4:12 | F#5:12 D5:12 A4:12 F#4:12
"""


def _pluck() -> Iterator[Tone]:
    yield from phrase(DROPS, INTRO, 0.72)
    yield from phrase(LAST_DROPS, OUTRO, 0.68)
    yield from phrase("E5:36~ -:12", LAST, 0.7)


def _lead() -> Iterator[Tone]:
    yield from phrase(STREETS, VERSE, 0.74)
    yield from phrase(STREETS_WET, SECOND, 0.76)
    yield from phrase(WIRES, CHORUS, 0.82)
    yield from phrase(WIRES_SING, HIGHER, 0.82)
    yield from phrase(WIRES_HIGHER, RETURN, 0.84)
    yield from phrase(WIRES_SING, SUMMIT, 0.86)


def _drops_behind() -> Iterator[Tone]:
    """The drops go on behind the second half, an octave up and far away."""
    for tone in phrase(DROPS, SECOND, 0.3):
        yield tone._replace(pitch=tone.pitch + 12)


WALKS: Final = (
    Walk(INTRO + 4, VERSE, "1:48"),
    Walk(VERSE, CHORUS, "1:18 1:6 -:12 8:6 5:6 | 1:18 1:18 5:12"),
    Walk(CHORUS, BREAK, "1:18 8:6 1:12 5:12 | 1:18 1:18 8:12"),
    Walk(BREAK, RETURN, "1:48"),
    Walk(RETURN, OUTRO, "1:18 8:6 1:12 5:12 | 1:18 1:18 8:12"),
    Walk(OUTRO, LAST + 1, "1:48"),
)
KICKS: Final = (
    Groove(VERSE, BREAK, "X.........X.....|X.....X...X.....", 0.85),
    Groove(BREAK, RETURN - 1, "X...............", 0.65),
    Groove(RETURN, OUTRO, "X.........X.....|X.....X...X.....", 0.9),
    Groove(OUTRO, LAST + 1, "X...............", 0.6),
)
SNARES: Final = (
    Groove(VERSE, BREAK, "....X..x.x..X...|....X..x.x..X..x", 0.66),
    Groove(BREAK, RETURN - 2, "........X.......", 0.5),
    Groove(RETURN - 2, RETURN - 1, "x...x...x...x...", 0.55),
    Groove(RETURN - 1, RETURN, "x.x.x.x.xxxxXXXX", 0.6),
    Groove(RETURN, OUTRO, "....X..x.x..X...|....X..x.x..X..x", 0.7),
)
HATS: Final = (
    Groove(0, 1, "X.X.X.X.", 0.5),
    Groove(INTRO + 4, VERSE, "x.x.x.x.", 0.3),
    Groove(VERSE, CHORUS, "X.xxX.xx", 0.32),
    Groove(CHORUS, BREAK, "XxxxXxxx", 0.34),
    Groove(BREAK, RETURN, "X...x...", 0.3),
    Groove(RETURN, OUTRO, "XxxxXxxx", 0.36),
)
SWELLS: Final = (
    (0, 0.32),
    (VERSE, 0.34),
    (CHORUS, 0.44),
    (BREAK, 0.4),
    (RETURN, 0.46),
    (OUTRO, 0.34),
)


WIRE_AND_RAIN: Final = Song(
    name="wire_and_rain",
    title="Wire and Rain",
    artist="popd",
    beat_us=BEAT_US,
    bars=BARS,
    voices=(
        *band(
            kicks=KICKS,
            snares=SNARES,
            hats=HATS,
            walks=WALKS,
            swells=SWELLS,
            chords=CHORDS,
            roots=ROOTS,
            spelled=SPELLED,
        ),
        Voice("pluck", "pluck", tuple(_pluck()), "melody"),
        Voice("lead", "lead", tuple(_lead()), "melody"),
        Voice("roof", "bell", tuple(phrase(UNDER_A_ROOF, BREAK, 0.74)), "melody"),
        Voice("behind", "bell", tuple(_drops_behind()), "counter"),
    ),
)
