"""Paper Boats: three beats to the bar, in F at 84 beats a minute.

Forty-six bars: a count-in, an arpeggio like ripples, two verses, a chorus, a break that counts
four against the three, the chorus again and fuller, and the ripples going out.
"""

from collections.abc import Iterator
from typing import Final

from game.charts.songs.arranging import (
    Groove,
    Walk,
    broken_tones,
    sections,
)
from game.charts.songs.band import band
from game.charts.songs.notation import TICKS_PER_BEAT, Tone, phrase
from game.charts.songs.song import Song, Voice

BEAT_US: Final = 714_286
BAR: Final = 3 * TICKS_PER_BEAT
BARS: Final = 46

INTRO, VERSE, SECOND, CHORUS, BREAK, RETURN, OUTRO, LAST = 1, 5, 13, 21, 29, 33, 41, 45
"""The bar in which each part begins; bar 0 counts in."""

CHORDS: Final = sections(
    "F",
    "F Dm Bb C",
    "F Am Dm Bb F Gm Bb C",
    "F Am Dm Bb Gm Am Bb C",
    "Bb C Am Dm Bb C F F",
    "Dm Am Gm C",
    "Bb C Am Dm Bb C F F",
    "F Dm Bb C",
    "F",
)
SPELLED: Final = {
    "F": "C4 F4 A4",
    "Am": "C4 E4 A4",
    "Dm": "D4 F4 A4",
    "Bb": "D4 F4 Bb4",
    "Gm": "D4 G4 Bb4",
    "C": "C4 E4 G4",
}
ROOTS: Final = {"F": "F2", "Am": "A2", "Dm": "D2", "Bb": "Bb1", "Gm": "G2", "C": "C2"}

RIPPLES: Final = """
    F4:6 A4:6 C5:6 A4:6 F5:6 C5:6 | D4:6 A4:6 D5:6 A4:6 F5:6 D5:6 |
    Bb4:6 D5:6 F5:6 D5:6 Bb5:6 F5:6 | C5:6 E5:6 G5:6 C5:6 E5:12
"""
SETTING_OUT: Final = """
    A5:12 G5:6 F5:6 C5:12 | E5:12 C5:6 E5:6 A5:12 | F5:12 E5:6 D5:6 A4:12 |
    D5:6 F5:6 Bb5:12 A5:6 F5:6 | A5:12 C6:6 A5:6 F5:12 | G5:12 Bb5:6 A5:6 G5:12 |
    F5:6 D5:6 F5:12 D5:12 | E5:6 G5:6 C5:24~
"""
DOWNSTREAM: Final = """
    A5:6 Bb5:6 A5:6 G5:6 F5:12 | E5:6 A5:6 C6:12 A5:6 E5:6 | F5:6 E5:6 D5:12 F5:6 A5:6 |
    Bb5:18 A5:6 F5:12 | G5:6 Bb5:6 D6:12 Bb5:6 G5:6 | A5:6 C6:6 E6:12 C6:6 A5:6 |
    D6:12 C6:6 Bb5:6 F5:12 | G5:6 E5:6 C5:24~
"""
CURRENT: Final = """
    D6:18 C6:6 Bb5:12 | C6:12 G5:6 E5:6 G5:12 | C6:12 A5:6 E5:6 A5:6 C6:6 |
    D6:6 A5:6 F5:12 A5:12 | Bb5:6 C6:6 D6:12 F6:12 | E6:12 D6:6 C6:6 G5:12 |
    A5:6 C6:6 F6:12 C6:6 A5:6 | F5:12 A5:24~
"""
EDDIES: Final = """
    D5:9 F5:9 A5:9 F5:9 | C5:9 E5:9 A5:9 E5:9 | Bb5:9 G5:9 D5:9 G5:9 | E5:6 G5:6 C6:24~
"""
CURRENT_AGAIN: Final = """
    D6:6 Bb5:6 F5:6 Bb5:6 D6:12 | E6:12 C6:6 G5:6 C6:12 | C6:6 E6:6 C6:6 A5:6 E5:12 |
    F5:6 A5:6 D6:12 A5:12 | Bb5:6 D6:6 F6:12 D6:6 Bb5:6 | G5:6 C6:6 E6:12 C6:6 G5:6 |
    A5:6 C6:6 F6:18 C6:6 | A5:12 F5:24~
"""
UNDERTOW: Final = """
    F3:6 A3:6 C4:6 A3:6 F4:12 | A3:6 C4:6 E4:6 C4:6 A4:12 |
    D3:6 A3:6 D4:6 A3:6 F4:12 | Bb3:6 D4:6 F4:6 D4:6 Bb4:12
"""
OUT_TO_SEA: Final = """
    F5:6 C5:6 A4:6 C5:6 F5:12 | F5:6 D5:6 A4:6 D5:6 F5:12 |
    D5:6 Bb4:6 F4:6 Bb4:6 D5:12 | E5:6 C5:6 G4:6 C5:6 E5:12
"""


def _pluck() -> Iterator[Tone]:
    yield from phrase(RIPPLES, INTRO, 0.72, BAR)
    yield from phrase(OUT_TO_SEA, OUTRO, 0.66, BAR)
    yield from phrase("F5:24~ -:12", LAST, 0.7, BAR)


def _lead() -> Iterator[Tone]:
    yield from phrase(SETTING_OUT, VERSE, 0.74, BAR)
    yield from phrase(DOWNSTREAM, SECOND, 0.76, BAR)
    yield from phrase(CURRENT, CHORUS, 0.82, BAR)
    yield from phrase(CURRENT_AGAIN, RETURN, 0.84, BAR)


def _ripples_below() -> Iterator[Tone]:
    """Under the second verse and the end the ripples go on, and nobody has to press them."""
    yield from phrase(UNDERTOW, SECOND, 0.3, BAR)
    for tone in phrase(RIPPLES, OUTRO, 0.3, BAR):
        yield tone._replace(pitch=tone.pitch - 12)


WALKS: Final = (
    Walk(INTRO, VERSE, "1:36"),
    Walk(VERSE, SECOND, "1:24 5:12"),
    Walk(SECOND, CHORUS, "1:12 5:12 8:12"),
    Walk(CHORUS, BREAK, "1:12 8:12 5:12 | 1:12 5:12 8:6 5:6"),
    Walk(BREAK, RETURN, "1:36"),
    Walk(RETURN, OUTRO, "1:12 8:12 5:12 | 1:12 5:12 8:6 5:6"),
    Walk(OUTRO, LAST + 1, "1:36"),
)
SPRAY: Final = (
    Walk(SECOND, CHORUS, "-:24 0:3 1:3 2:3 3:3 | -:24 3:3 2:3 1:3 0:3"),
    Walk(
        CHORUS,
        BREAK,
        "0:3 1:3 2:3 3:3 4:3 3:3 2:3 1:3 0:2 1:2 2:2 3:2 4:2 3:2 |"
        "0:3 2:3 1:3 3:3 2:3 4:3 3:3 1:3 0:2 1:2 2:2 3:2 4:2 5:2",
    ),
    Walk(
        RETURN,
        OUTRO,
        "0:2 1:2 2:2 3:2 4:2 5:2 4:3 3:3 2:3 1:3 2:2 1:2 0:2 1:2 2:2 3:2 |"
        "5:2 4:2 3:2 2:2 1:2 0:2 1:3 2:3 3:3 1:3 0:2 1:2 2:2 3:2 4:2 5:2",
    ),
)
"""A harp behind the tune, in sixteenths; where it runs up, six to the beat."""
KICKS: Final = (
    Groove(VERSE, SECOND, "X.....", 0.55),
    Groove(SECOND, CHORUS, "X....x", 0.6),
    Groove(CHORUS, BREAK, "X....x | X..x..", 0.75),
    Groove(BREAK, RETURN, "X.....", 0.5),
    Groove(RETURN, OUTRO, "X..X.x | X..X.x", 0.78),
)
SNARES: Final = (
    Groove(SECOND, CHORUS, "..x.x.", 0.5),
    Groove(CHORUS, BREAK, "..x.X.", 0.6),
    Groove(RETURN - 1, RETURN, "x.xxxX", 0.55),
    Groove(RETURN, OUTRO, "..x.X. | ..x.Xx", 0.62),
)
HATS: Final = (
    Groove(0, 1, "X.x.x.", 0.5),
    Groove(INTRO + 2, CHORUS, "..x.x.", 0.35),
    Groove(CHORUS, BREAK, "xxXxXx", 0.32),
    Groove(BREAK, BREAK + 3, "X..x..x..x..", 0.3),
    Groove(RETURN, OUTRO, "xxXxXx", 0.34),
)
SWELLS: Final = (
    (0, 0.3),
    (SECOND, 0.36),
    (CHORUS, 0.42),
    (BREAK, 0.34),
    (RETURN, 0.44),
    (OUTRO, 0.3),
)


PAPER_BOATS: Final = Song(
    name="paper_boats",
    title="Paper Boats",
    artist="popd",
    beat_us=BEAT_US,
    bars=BARS,
    ticks_per_bar=BAR,
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
            bass_velocity=0.7,
            ticks_per_bar=BAR,
        ),
        Voice("pluck", "pluck", tuple(_pluck()), "melody"),
        Voice("lead", "lead", tuple(_lead()), "melody"),
        Voice("eddies", "bell", tuple(phrase(EDDIES, BREAK, 0.72, BAR)), "melody"),
        Voice("spray", "pluck", tuple(broken_tones(CHORDS, SPELLED, SPRAY, 0.3, BAR)), "counter"),
        Voice("below", "pluck", tuple(_ripples_below()), "counter"),
    ),
)
