"""The Golden Angle: two beats side by side, one the golden ratio times the other.

The right hand plays a beat of a second, the left one of 1/1.618 of it (97 beats a minute). No
fraction comes near that ratio for long, so the hands meet at 0 and never again; what holds them
together is the harmony, which moves with the slow beat, four to the bar. Twenty-four slow bars:
the left hand alone, both, a chorus, the right hand alone, the chorus again, and an end.
"""

from collections.abc import Iterator
from typing import Final

from game.charts.songs.arranging import (
    DEGREES,
    HAT,
    KICK,
    SNARE,
    Groove,
    Walk,
    bass_tones,
    drum_tones,
    pad_tones,
    sections,
)
from game.charts.songs.heard import Hand
from game.charts.songs.notation import (
    BEATS_PER_BAR,
    TICKS_PER_BEAT,
    Tone,
    midi_pitch,
    phrase,
)
from game.charts.songs.song import Song, Voice

SLOW_BEAT_US: Final = 1_000_000
FAST_BEAT_US: Final = 618_034
"""The slow one over (1 + sqrt 5) / 2."""
SLOW_BAR_US: Final = BEATS_PER_BAR * SLOW_BEAT_US
BARS: Final = 40
"""Of the fast beat: 98.9 s, three seconds more than the slow bars."""

ALONE, VERSE, CHORUS, BREAK, RETURN, OUTRO, END = 0, 4, 10, 16, 18, 22, 24
"""The slow bar in which each part begins."""

CHORDS: Final = sections(
    "Am Am F G",
    "Am F C G Am F",
    "F G Am C F G",
    "Dm Em",
    "F G Am C",
    "F Am",
)
SPELLED: Final = {
    "Am": "C4 E4 A4",
    "F": "C4 F4 A4",
    "G": "D4 G4 B4",
    "C": "C4 E4 G4",
    "Dm": "D4 F4 A4",
    "Em": "E4 G4 B4",
}
ROOTS: Final = {"Am": "A1", "F": "F1", "G": "G1", "C": "C2", "Dm": "D2", "Em": "E2"}
LEFT_ROOTS: Final = {"Am": "A3", "F": "F3", "G": "G3", "C": "C4", "Dm": "D3", "Em": "E3"}
THIRDS: Final = {"Am": "b3", "F": "3", "G": "3", "C": "3", "Dm": "b3", "Em": "b3"}

SEEDS: Final = """
    C5:12 A4:12 F5:12 C5:12 | B4:12 D5:12 G5:6 F5:6 D5:12
"""
SPIRAL: Final = """
    E5:6 A5:6 C6:6 A5:6 E5:12 C5:6 E5:6 | F5:6 A5:6 C6:12 A5:6 F5:6 C5:12 |
    G5:6 E5:6 C5:6 E5:6 G5:6 C6:6 G5:12 | D5:6 G5:6 B5:6 D6:6 B5:12 G5:12 |
    C6:6 A5:6 E5:6 A5:6 C6:6 E6:6 C6:12 | A5:4 C6:4 F6:4 C6:6 A5:6 F5:24~
"""
SUNFLOWER: Final = """
    F6:6 C6:3 A5:3 C6:6 F6:6 A5:6 C6:6 F5:12 | D6:6 B5:3 G5:3 B5:6 D6:6 G5:6 B5:6 G5:12 |
    E6:6 C6:3 A5:3 C6:6 E6:6 A5:6 C6:6 A5:12 | G5:6 C6:6 E6:6 G6:6 E6:6 C6:6 G5:12 |
    A5:3 C6:3 F6:6 C6:6 A5:6 F5:6 A5:6 C6:12 | B5:3 D6:3 G6:6 D6:6 B5:6 G5:24~
"""
SHELL: Final = """
    D5:12 F5:6 A5:6 D6:6 A5:6 F5:12 | E5:6 G5:6 B5:6 G5:6 E6:24~
"""
SUNFLOWER_AGAIN: Final = """
    C6:3 F6:3 C6:6 A5:6 C6:6 F6:6 C6:6 A5:12 | D6:3 G6:3 D6:6 B5:6 D6:6 G6:6 D6:6 B5:12 |
    E6:6 C6:6 A5:6 E5:6 A5:6 C6:6 E6:12 | G6:6 E6:6 C6:6 G5:6 C6:6 E6:6 G5:12
"""
FALLING: Final = """
    F5:12 A5:12 C6:12 A5:12 | E5:12 C5:12 A4:24~
"""

CYCLES: Final = (
    (ALONE, VERSE, "1:12 5:12 8:12 5:12 third:12"),
    (VERSE, CHORUS, "1:12 8:12 5:6 8:6 third:12 5:12"),
    (CHORUS, BREAK, "1:6 8:6 5:12 8:6 5:6 third:12 5:12"),
    (RETURN, OUTRO, "8:6 5:6 third:12 1:6 5:6 8:12 5:12"),
    (OUTRO, END, "1:12 5:12 8:12 5:12 third:12"),
)
"""What the left hand turns over and over, five fast beats long, from which slow bar to which."""


def _left() -> Iterator[Tone]:
    """The fast beat: degrees of whatever chord the slow beat has reached."""
    for first_bar, last_bar, cycle in CYCLES:
        # From the first fast beat in the part on.
        beat = -(-first_bar * SLOW_BAR_US // FAST_BEAT_US)
        tick = beat * TICKS_PER_BEAT
        steps = [step.split(":") for step in cycle.split()]
        position = 0
        while _fast_us(tick) < last_bar * SLOW_BAR_US:
            degree, length = steps[position % len(steps)]
            chord = CHORDS[_fast_us(tick) // SLOW_BAR_US]
            semitones = DEGREES[THIRDS[chord] if degree == "third" else degree]
            pitch = midi_pitch(LEFT_ROOTS[chord]) + semitones
            yield Tone(tick, int(length), pitch, 0.72 if position % len(steps) else 0.84)
            tick += int(length)
            position += 1


def _fast_us(tick: int) -> int:
    return tick * FAST_BEAT_US // TICKS_PER_BEAT


def _right() -> Iterator[Tone]:
    yield from phrase(SEEDS, ALONE + 2, 0.72)
    yield from phrase(SPIRAL, VERSE, 0.76)
    yield from phrase(SUNFLOWER, CHORUS, 0.8)
    yield from phrase(SUNFLOWER_AGAIN, RETURN, 0.84)


def _bells() -> Iterator[Tone]:
    yield from phrase(SHELL, BREAK, 0.76)
    yield from phrase(FALLING, OUTRO, 0.7)


FAST_CHORUS: Final = (CHORUS * SLOW_BAR_US) // (BEATS_PER_BAR * FAST_BEAT_US)
FAST_BREAK: Final = (BREAK * SLOW_BAR_US) // (BEATS_PER_BAR * FAST_BEAT_US)
FAST_RETURN: Final = -(-RETURN * SLOW_BAR_US // (BEATS_PER_BAR * FAST_BEAT_US))
FAST_OUTRO: Final = (OUTRO * SLOW_BAR_US) // (BEATS_PER_BAR * FAST_BEAT_US)
"""The fast bars nearest to where the parts begin: only drums count in them."""

WALKS: Final = (
    Walk(2, CHORUS, "1:48"),
    Walk(CHORUS, BREAK, "1:24 8:12 5:12"),
    Walk(BREAK, RETURN, "1:48"),
    Walk(RETURN, OUTRO, "1:24 8:12 5:12"),
    Walk(OUTRO, END, "1:48"),
)
FAST_KICKS: Final = (
    Groove(2, FAST_CHORUS, "X.......", 0.6),
    Groove(FAST_CHORUS, FAST_BREAK, "X...x...", 0.75),
    Groove(FAST_RETURN, FAST_OUTRO, "X...x...", 0.8),
)
SLOW_SNARES: Final = (
    Groove(VERSE, CHORUS, "....X...", 0.45),
    Groove(CHORUS, BREAK, "..x...X.", 0.6),
    Groove(RETURN, OUTRO, "..x...X.", 0.64),
)
SLOW_HATS: Final = (
    Groove(VERSE, CHORUS, "X.x.X.x.", 0.34),
    Groove(CHORUS, BREAK, "X.x.X.xxX.x.X.xx", 0.34),
    Groove(BREAK, RETURN, "X...X...", 0.28),
    Groove(RETURN, OUTRO, "X.xxX.x.X.xxXxxx", 0.36),
)
FAST_SHAKERS: Final = (
    Groove(FAST_CHORUS, FAST_BREAK, "X.xxX.xxX.xxXxxx", 0.26),
    Groove(FAST_RETURN, FAST_OUTRO, "XxxxXxxxXxxxXxxx", 0.28),
)
SWELLS: Final = (
    (0, 0.3),
    (VERSE, 0.36),
    (CHORUS, 0.44),
    (BREAK, 0.38),
    (RETURN, 0.46),
    (OUTRO, 0.34),
)


GOLDEN_ANGLE: Final = Song(
    name="golden_angle",
    title="The Golden Angle",
    artist="popd",
    beat_us=FAST_BEAT_US,
    bars=BARS,
    voices=(
        Voice("kick", "kick", tuple(drum_tones(KICK, FAST_KICKS)), "kick", hand=Hand.LEFT),
        Voice(
            "snare",
            "snare",
            tuple(drum_tones(SNARE, SLOW_SNARES)),
            "snare",
            SLOW_BEAT_US,
            Hand.RIGHT,
        ),
        Voice("hat", "hat", tuple(drum_tones(HAT, SLOW_HATS)), "hat", SLOW_BEAT_US, Hand.RIGHT),
        Voice(
            "bass",
            "bass",
            tuple(bass_tones(CHORDS, ROOTS, WALKS)),
            "bass",
            SLOW_BEAT_US,
            Hand.RIGHT,
        ),
        Voice(
            "pad", "pad", tuple(pad_tones(CHORDS, SPELLED, SWELLS)), "pad", SLOW_BEAT_US, Hand.RIGHT
        ),
        Voice("shaker", "hat", tuple(drum_tones(HAT, FAST_SHAKERS)), "hat", hand=Hand.LEFT),
        Voice("left", "pluck", tuple(_left()), "melody", hand=Hand.LEFT),
        Voice("right", "lead", tuple(_right()), "melody", SLOW_BEAT_US, Hand.RIGHT),
        Voice("bells", "bell", tuple(_bells()), "melody", SLOW_BEAT_US, Hand.RIGHT),
    ),
)
