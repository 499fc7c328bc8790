"""First Light: our first song, a morning in D at 120 beats a minute.

Fifty bars: a count-in, an arpeggio that wakes, a verse of call and response, a chorus, a break
in thirds of a bar that builds up, the chorus again and higher, and the arpeggio going home.
"""

from collections.abc import Iterator
from typing import Final

from game.charts.songs.notation import TICKS_PER_BAR, Tone, midi_pitch, phrase, strokes
from game.charts.songs.song import Song, Voice

BEAT_US: Final = 500_000
BARS: Final = 50
KICK: Final = 36
SNARE: Final = 38
HAT: Final = 42

INTRO, VERSE, CHORUS, BREAK, BUILD, RETURN, TAG, OUTRO, LAST = 1, 9, 17, 25, 29, 33, 41, 45, 49
"""The bar in which each part begins; bar 0 counts in."""

HARMONY: Final = """
    D
    Bm G D A Bm G D A
    Bm G D A Bm G D A
    G A Bm D G A D D
    Em F#m G A Em F#m G A
    G A Bm D G A D D
    G A Bm A
    Bm G D A
    D
"""
CHORDS: Final = tuple(HARMONY.split())
CHORD_TONES: Final = {
    "D": ("D4", "F#4", "A4"),
    "Em": ("E4", "G4", "B4"),
    "F#m": ("F#4", "A4", "C#5"),
    "G": ("D4", "G4", "B4"),
    "A": ("C#4", "E4", "A4"),
    "Bm": ("D4", "F#4", "B4"),
}
BASS_ROOTS: Final = {"D": "D2", "Em": "E2", "F#m": "F#2", "G": "G2", "A": "A2", "Bm": "B1"}

WAKING: Final = """
    B4:12 D5:6 F#5:12 D5:6 B4:12 | G4:12 B4:6 D5:12 B4:6 G5:12 |
    A4:6 D5:6 F#5:12 A5:6 F#5:6 D5:12 | E5:18 C#5:18 A4:6 B4:6 |
    B4:12 D5:6 F#5:12 D5:6 B5:12 | G5:12 D5:6 B4:12 D5:6 G5:6 F#5:6 |
    F#5:18 E5:6 D5:12 A4:12 | E5:6 F#5:6 E5:12 C#5:12 A4:12
"""
CALLS: Final = """
    F#5:18 E5:6 D5:12 B4:12 | D5:6 E5:12 D5:6 B4:12 -:12 | -:48 | -:48 |
    F#5:18 E5:6 D5:12 F#5:12 | G5:6 F#5:12 D5:6 B4:24~ | -:48 | -:48
"""
ANSWERS: Final = """
    -:48 | -:48 | -:6 A5:6 F#5:6 E5:6 D5:12 F#5:12 | E5:12 C#5:6 E5:12 A5:6 -:12 |
    -:48 | -:48 | -:6 A5:6 B5:6 A5:6 F#5:12 D5:12 | E5:6 F#5:6 E5:6 D5:6 C#5:24~
"""
REFRAIN: Final = """
    B5:12 A5:6 G5:12 F#5:6 G5:12 | A5:12 G5:6 F#5:12 E5:6 C#5:12 |
    D5:6 E5:6 F#5:12 B5:12 A5:12 | F#5:18 E5:6 D5:24~ |
    B5:12 A5:6 G5:12 A5:6 B5:12 | C#6:12 B5:6 A5:12 G5:6 E5:12 |
    F#5:6 G5:6 A5:12 D6:12 A5:12 | F#5:12 E5:6 D5:6 D5:24~
"""
HUSH: Final = """
    E5:8 G5:8 B5:8 G5:24~ | F#5:8 A5:8 C#6:8 A5:24~ |
    G5:8 B5:8 D6:8 B5:8 G5:8 D5:8 | E5:8 A5:8 C#6:8 E6:24~
"""
CLIMB: Final = """
    E5:12 G5:12 B5:12 G5:6 E5:6 | F#5:12 A5:12 C#6:6 A5:6 F#5:12 |
    G5:6 B5:6 D6:12 G5:6 B5:6 D6:12 | A5:4 C#6:4 E6:4 A5:12 E5:4 A5:4 C#6:4 -:12
"""
REFRAIN_AGAIN: Final = """
    B5:12 A5:6 G5:6 B5:6 A5:6 G5:12 | A5:12 G5:6 F#5:12 E5:6 A5:12 |
    D5:6 E5:6 F#5:12 B5:12 D6:12 | C#6:18 B5:6 A5:24~ |
    B5:12 D6:6 B5:12 A5:6 G5:12 | C#6:12 E6:6 C#6:12 B5:6 A5:12 |
    F#5:6 A5:6 D6:12 F#6:12 D6:12 | A5:12 F#5:6 E5:6 D5:24~
"""
SUMMIT: Final = """
    D6:18 B5:18 G5:12 | E6:18 C#6:18 A5:12 |
    D6:6 C#6:6 B5:12 F#5:6 B5:6 D6:12 | C#6:12 A5:6 E5:12 C#5:6 E5:12
"""
GOING_HOME: Final = """
    B4:12 D5:6 F#5:12 D5:6 B4:12 | G5:12 D5:6 B4:12 D5:6 G5:6 F#5:6 |
    F#5:18 E5:6 D5:12 A4:12 | E5:6 F#5:6 E5:12 C#5:12 A4:12
"""


def _pluck() -> Iterator[Tone]:
    yield from phrase(WAKING, INTRO, 0.72)
    yield from phrase(HUSH, BREAK, 0.7)
    yield from phrase(GOING_HOME, OUTRO, 0.66)
    yield from phrase("D5:36~ -:12", LAST, 0.7)


def _lead() -> Iterator[Tone]:
    yield from phrase(CALLS, VERSE)
    yield from phrase(REFRAIN, CHORUS)
    yield from phrase(CLIMB, BUILD, 0.76)
    yield from phrase(REFRAIN_AGAIN, RETURN, 0.84)
    yield from phrase(SUMMIT, TAG, 0.84)


def _echo() -> Iterator[Tone]:
    """What the lead sang, an octave lower, a beat later and softer, where it is strongest."""
    for tone in phrase(SUMMIT, TAG):
        yield tone._replace(start=tone.start + 6, pitch=tone.pitch - 12, velocity=0.28)


def _bass() -> Iterator[Tone]:
    for bar in range(INTRO + 2, LAST):
        root = BASS_ROOTS[CHORDS[bar]]
        if bar < VERSE or BREAK <= bar < BUILD or bar >= OUTRO:
            text = f"{root}:24 {root}:24"
        elif bar < CHORUS:
            text = f"{root}:18 {root}:6 {root}:12 {root}:12"
        else:
            text = f"{root}:12 {root}:6 {root}:12 {root}:6 {root}:12"
        yield from phrase(text, bar, 0.74)
    yield Tone(LAST * TICKS_PER_BAR, 40, midi_pitch("D2"), 0.8)


def _pad() -> Iterator[Tone]:
    for bar, chord in enumerate(CHORDS):
        swell = 0.3 if bar < VERSE or bar >= OUTRO else 0.42
        for name in CHORD_TONES[chord]:
            yield Tone(bar * TICKS_PER_BAR, TICKS_PER_BAR, midi_pitch(name), swell)


def _drums() -> Iterator[tuple[int, str, int, float]]:
    """For each bar and drum: its pattern and force."""
    for bar in range(INTRO, LAST):
        quiet = BREAK <= bar < BUILD or bar >= OUTRO
        if bar < INTRO + 4 or quiet:
            yield bar, "X.......", KICK, 0.7
        elif bar < VERSE or BUILD <= bar < RETURN:
            yield bar, "X.x.X.x.", KICK, 0.75
        else:
            yield bar, "X..x.X..X..x....", KICK, 0.9
        if VERSE - 4 <= bar < BREAK or RETURN <= bar < OUTRO:
            yield bar, "..X...X.", SNARE, 0.7
        if bar == BUILD + 2:
            yield bar, "x.x.x.x.x.x.xxxx", SNARE, 0.6
        if bar == BUILD + 3:
            yield bar, "xxxxxxxxXXXX....", SNARE, 0.62
        if INTRO + 2 <= bar < CHORUS:
            yield bar, "xXxXxXxX", HAT, 0.4
        elif CHORUS <= bar < BREAK:
            yield bar, "x.Xxx.Xxx.Xxx.Xx", HAT, 0.38
        elif RETURN <= bar < OUTRO:
            yield bar, "xxXxxxXxxxXxxxXx", HAT, 0.36
        elif BREAK <= bar < RETURN:
            yield bar, "X.x.X.x.X.x.", HAT, 0.3


def _drum(drum: int) -> tuple[Tone, ...]:
    counted_in = strokes("X.X.X.X.", 0, HAT, 0.6) if drum == HAT else ()
    played = (
        tone
        for bar, pattern, struck, force in _drums()
        if struck == drum
        for tone in strokes(pattern, bar, drum, force)
    )
    return (*counted_in, *played)


FIRST_LIGHT: Final = Song(
    name="first_light",
    title="First Light",
    artist="popd",
    beat_us=BEAT_US,
    bars=BARS,
    voices=(
        Voice("kick", "kick", _drum(KICK), "kick"),
        Voice("snare", "snare", _drum(SNARE), "snare"),
        Voice("hat", "hat", _drum(HAT), "hat"),
        Voice("bass", "bass", tuple(_bass()), "bass"),
        Voice("pad", "pad", tuple(_pad()), "pad"),
        Voice("pluck", "pluck", tuple(_pluck()), "melody"),
        Voice("lead", "lead", tuple(_lead()), "melody"),
        Voice("answer", "bell", tuple(phrase(ANSWERS, VERSE, 0.72)), "melody"),
        Voice("echo", "bell", tuple(_echo()), "counter"),
    ),
)


score = FIRST_LIGHT.score
"""The song as the page synthesises it."""
chart = FIRST_LIGHT.chart
"""The song as a player of 4 or 7 lanes presses it."""
