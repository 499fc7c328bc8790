"""Last Tram Home: a shuffle in G minor at 132 beats a minute.

Fifty-four bars, written in even eighths and played in thirds: a count-in, a riff, a tune twice, a
chorus in the major, a break of calls over the walking bass, the tune and the chorus again, and the
riff turning the last corner.
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

BEAT_US: Final = 454_545
BARS: Final = 54
SWING: Final = 2
"""Ticks of 12: the second eighth comes on the last third of the beat."""

INTRO, TUNE, SECOND, CHORUS, BREAK, THIRD, RETURN, OUTRO, LAST = 1, 5, 13, 21, 29, 33, 41, 49, 53
"""The bar in which each part begins; bar 0 counts in."""

CHORDS: Final = sections(
    "Gm",
    "Gm C7 Gm C7",
    "Gm C7 Gm C7 Eb D7 Gm D7",
    "Gm C7 Gm C7 Eb D7 Gm D7",
    "Bb F Gm Eb Bb F Eb D7",
    "Gm Gm C7 D7",
    "Gm C7 Gm C7 Eb D7 Gm D7",
    "Bb F Gm Eb Bb F Eb D7",
    "Gm C7 Eb D7",
    "Gm",
)
SPELLED: Final = {
    "Gm": "G3 Bb3 D4",
    "C7": "G3 Bb3 E4",
    "Eb": "G3 Bb3 Eb4",
    "D7": "A3 C4 F#4",
    "Bb": "F3 Bb3 D4",
    "F": "F3 A3 C4",
}
ROOTS: Final = {"Gm": "G2", "C7": "C2", "Eb": "Eb2", "D7": "D2", "Bb": "Bb1", "F": "F2"}

RIFF: Final = """
    G4:6 Bb4:6 D5:12 F5:6 D5:6 Bb4:12 | C5:6 E5:6 G5:12 Bb5:6 G5:6 E5:12 |
    G5:12 F5:6 D5:6 Bb4:12 G4:6 Bb4:6 | E5:6 G5:6 E5:6 C5:6 Bb4:12 -:12
"""
HEAD: Final = """
    G5:6 Bb5:6 -:6 G5:6 D5:12 F5:6 D5:6 | E5:12 G5:6 Bb5:6 A5:6 G5:6 E5:12 |
    D5:6 F5:6 G5:12 Bb5:6 G5:6 F5:6 D5:6 | E5:18 G5:6 C5:24~ |
    Bb5:12 G5:6 Eb5:6 G5:12 Bb5:12 | A5:6 F#5:6 D5:12 C6:6 A5:6 F#5:12 |
    G5:6 -:6 Bb5:6 G5:6 D6:12 Bb5:6 G5:6 | A5:12 F#5:12 D5:12 -:12
"""
HEAD_HIGHER: Final = """
    D6:6 Bb5:6 G5:12 Bb5:6 A5:6 G5:12 | Bb5:6 G5:6 E5:12 G5:6 E5:6 C5:12 |
    D5:6 G5:6 Bb5:6 D6:6 F6:12 D6:6 Bb5:6 | C6:6 Bb5:6 G5:6 E5:6 G5:24~ |
    Eb6:12 Bb5:6 G5:6 Bb5:6 G5:6 Eb5:12 | F#5:6 A5:6 C6:12 A5:6 F#5:6 D5:12 |
    G5:6 A5:6 Bb5:6 D6:6 G6:12 D6:6 Bb5:6 | A5:12 C6:6 A5:6 F#5:12 -:12
"""
LIGHTS: Final = """
    D6:18 Bb5:6 F5:12 Bb5:12 | C6:18 A5:6 F5:12 A5:12 |
    Bb5:6 D6:6 Bb5:6 G5:6 D5:12 G5:12 | G5:12 Bb5:6 G5:6 Eb5:24~ |
    F5:6 Bb5:6 D6:12 F6:6 D6:6 Bb5:12 | C6:6 A5:6 F5:12 A5:6 C6:6 A5:12 |
    Bb5:12 G5:12 Eb5:6 G5:6 Bb5:12 | A5:6 C6:6 A5:6 F#5:6 D5:24~
"""
CALLS: Final = """
    G5:12 D5:12 -:24 | -:24 Bb5:6 A5:6 G5:12 |
    E5:12 Bb5:12 -:24 | F#5:6 A5:6 C6:6 A5:6 D6:24~
"""
HEAD_HOME: Final = """
    G5:6 D5:6 G5:6 Bb5:6 D6:12 Bb5:12 | C6:12 Bb5:6 G5:6 E5:6 G5:6 Bb5:12 |
    D6:6 Bb5:6 -:6 D6:6 Bb5:6 G5:6 D5:12 | E5:6 G5:6 Bb5:12 C6:24~ |
    G5:6 Bb5:6 Eb6:12 Bb5:6 G5:6 Bb5:12 | A5:6 C6:6 F#5:12 A5:6 F#5:6 D5:12 |
    G5:12 Bb5:6 D6:6 G6:6 D6:6 Bb5:12 | C6:12 A5:6 F#5:6 D5:12 -:12
"""
LIGHTS_AGAIN: Final = """
    F6:18 D6:6 Bb5:12 D6:12 | C6:6 F6:6 C6:6 A5:6 F5:12 A5:12 |
    D6:18 Bb5:6 G5:12 Bb5:12 | Bb5:6 G5:6 Eb5:12 Bb5:24~ |
    D6:6 F6:6 D6:12 Bb5:6 F5:6 Bb5:12 | A5:6 C6:6 F6:12 C6:6 A5:6 F5:12 |
    G5:6 Bb5:6 Eb6:12 Bb5:12 G5:12 | F#5:6 A5:6 C6:6 F#5:6 D5:24~
"""
CORNER: Final = """
    G5:6 Bb5:6 D6:12 Bb5:6 G5:6 D5:12 | E5:6 G5:6 Bb5:12 G5:6 E5:6 C5:12 |
    Eb5:6 G5:6 Bb5:12 G5:12 Eb5:12 | D5:6 F#5:6 A5:6 C6:6 A5:12 F#5:12
"""


def _pluck() -> Iterator[Tone]:
    yield from phrase(RIFF, INTRO, 0.74)
    yield from phrase(CORNER, OUTRO, 0.7)
    yield from phrase("G5:36~ -:12", LAST, 0.72)


def _lead() -> Iterator[Tone]:
    yield from phrase(HEAD, TUNE, 0.76)
    yield from phrase(HEAD_HIGHER, SECOND, 0.78)
    yield from phrase(LIGHTS, CHORUS, 0.82)
    yield from phrase(HEAD_HOME, THIRD, 0.8)
    yield from phrase(LIGHTS_AGAIN, RETURN, 0.84)


WALKS: Final = (
    Walk(INTRO, TUNE, "1:24 5:24"),
    Walk(TUNE, CHORUS, "1:12 5:12 8:12 5:12 | 1:12 1:12 5:12 8:6 5:6"),
    Walk(CHORUS, BREAK, "1:18 1:6 5:12 8:12"),
    Walk(BREAK, THIRD, "1:12 8:6 5:6 1:12 5:12"),
    Walk(THIRD, RETURN, "1:12 5:12 8:12 5:12 | 1:12 1:12 5:12 8:6 5:6"),
    Walk(RETURN, OUTRO, "1:18 1:6 5:12 8:12"),
    Walk(OUTRO, LAST, "1:24 5:24"),
    Walk(LAST, LAST + 1, "1:48"),
)
KICKS: Final = (
    Groove(INTRO + 2, TUNE, "X...X...", 0.6),
    Groove(TUNE, CHORUS, "X...X..x", 0.75),
    Groove(CHORUS, BREAK, "X..xX...|X..xX..x", 0.85),
    Groove(BREAK, THIRD, "X.......", 0.6),
    Groove(THIRD, RETURN, "X...X..x", 0.8),
    Groove(RETURN, OUTRO, "X..xX...|X..xX..x", 0.88),
    Groove(OUTRO, LAST, "X...X...", 0.6),
)
SNARES: Final = (
    Groove(TUNE, CHORUS, "..X...X.|..X..xX.", 0.6),
    Groove(CHORUS, BREAK, "..X...X.|..X...Xx", 0.7),
    Groove(BREAK + 3, THIRD, "....x.xX", 0.6),
    Groove(THIRD, RETURN, "..X...X.|..X..xX.", 0.64),
    Groove(RETURN, OUTRO, "..X...X.|..X...Xx", 0.74),
)
HATS: Final = (
    Groove(0, 1, "X.X.X.X.", 0.5),
    Groove(INTRO, TUNE, "X.x.X.x.", 0.34),
    Groove(TUNE, CHORUS, "X.xxX.xx", 0.38),
    Groove(CHORUS, BREAK, "X.x.xxx.X.x.xxx.|Xxx.xxx.xxx.xxx.", 0.36),
    Groove(BREAK, THIRD, "X.xxX.xx", 0.38),
    Groove(THIRD, RETURN, "X...x.x.X...xxx.", 0.38),
    Groove(RETURN, OUTRO, "Xxx.xxx.Xxx.xxx.", 0.36),
    Groove(OUTRO, LAST, "X.xxX.xx", 0.3),
)
SWELLS: Final = (
    (0, 0.26),
    (TUNE, 0.32),
    (CHORUS, 0.44),
    (BREAK, 0.26),
    (THIRD, 0.34),
    (RETURN, 0.46),
    (OUTRO, 0.3),
)


LAST_TRAM_HOME: Final = Song(
    name="last_tram_home",
    title="Last Tram Home",
    artist="popd",
    beat_us=BEAT_US,
    bars=BARS,
    swing=SWING,
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
        Voice("calls", "bell", tuple(phrase(CALLS, BREAK, 0.74)), "melody"),
    ),
)
