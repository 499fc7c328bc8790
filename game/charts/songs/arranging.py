"""What songs share besides their melodies: chords held, basses that follow them, drums by parts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from game.charts.songs.notation import TICKS_PER_BAR, Tone, midi_pitch, strokes

DEGREES: Final = {"1": 0, "b3": 3, "3": 4, "5": 7, "b7": 10, "8": 12, "10": 16}
"""Semitones above the root."""
KICK: Final = 36
SNARE: Final = 38
HAT: Final = 42
BASS_VELOCITY: Final = 0.74
"""How hard a bass is struck, where a song doesn't say."""


class Groove(NamedTuple):
    """What one drum plays over some bars."""

    first_bar: int
    """From this bar on."""
    last_bar: int
    """Up to this bar, itself not included."""
    pattern: str
    """A bar, as `strokes` reads it; or several bars in turn, with `|` between."""
    force: float
    """How hard a hard stroke is."""


class Walk(NamedTuple):
    """What a bass, or a broken chord, plays over some bars."""

    first_bar: int
    """From this bar on."""
    last_bar: int
    """Up to this bar, itself not included."""
    steps: str
    """A bar of `degree:ticks`; or several bars in turn, with `|` between; `-` is silent."""


def sections(*parts: str) -> tuple[str, ...]:
    """The chords of a song, a bar each, from the text of its parts."""
    return tuple(chord for part in parts for chord in part.split())


def pad_tones(
    chords: Sequence[str],
    spelled: Mapping[str, str],
    swells: Sequence[tuple[int, float]],
    ticks_per_bar: int = TICKS_PER_BAR,
) -> Iterator[Tone]:
    """Each bar's chord, held; `swells` says from which bar on how loud."""
    for bar, chord in enumerate(chords):
        swell = [loudness for first, loudness in swells if first <= bar][-1]
        for name in spelled[chord].split():
            yield Tone(bar * ticks_per_bar, ticks_per_bar, midi_pitch(name), swell)


def bass_tones(
    chords: Sequence[str],
    roots: Mapping[str, str],
    walks: Iterable[Walk],
    velocity: float = BASS_VELOCITY,
    ticks_per_bar: int = TICKS_PER_BAR,
) -> Iterator[Tone]:
    """A bass that walks on degrees above the root of each bar's chord."""
    for walk in walks:
        texts = walk.steps.split("|")
        for bar in range(walk.first_bar, walk.last_bar):
            root = midi_pitch(roots[chords[bar]])
            start = bar * ticks_per_bar
            for step in texts[(bar - walk.first_bar) % len(texts)].split():
                degree, _, length = step.partition(":")
                if degree != "-":
                    yield Tone(start, int(length), root + DEGREES[degree], velocity)
                start += int(length)


def broken_tones(
    chords: Sequence[str],
    spelled: Mapping[str, str],
    walks: Iterable[Walk],
    velocity: float,
    ticks_per_bar: int = TICKS_PER_BAR,
) -> Iterator[Tone]:
    """Each bar's chord, broken: 0 is its lowest tone, 3 and more go on an octave higher."""
    for walk in walks:
        texts = walk.steps.split("|")
        for bar in range(walk.first_bar, walk.last_bar):
            pitches = [midi_pitch(name) for name in spelled[chords[bar]].split()]
            start = bar * ticks_per_bar
            for step in texts[(bar - walk.first_bar) % len(texts)].split():
                number, _, length = step.partition(":")
                if number != "-":
                    octave, place = divmod(int(number), len(pitches))
                    yield Tone(start, int(length), pitches[place] + 12 * octave, velocity)
                start += int(length)


def drum_tones(
    drum: int, grooves: Iterable[Groove], ticks_per_bar: int = TICKS_PER_BAR
) -> Iterator[Tone]:
    """A drum over the parts of a song."""
    for groove in grooves:
        patterns = groove.pattern.split("|")
        for bar in range(groove.first_bar, groove.last_bar):
            pattern = patterns[(bar - groove.first_bar) % len(patterns)].strip()
            yield from strokes(pattern, bar, drum, groove.force, ticks_per_bar)
