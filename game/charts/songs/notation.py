"""A phrase written as text: notes one after another, a bar between strokes."""

from collections.abc import Iterator
from typing import Final, NamedTuple

TICKS_PER_BEAT: Final = 12
"""Halves, thirds and fourths of a beat are whole ticks."""
BEATS_PER_BAR: Final = 4
TICKS_PER_BAR: Final = TICKS_PER_BEAT * BEATS_PER_BAR
SEMITONES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

ACCIDENTALS: Final = {"#": 1, "b": -1}


class Tone(NamedTuple):
    """One note of a voice."""

    start: int
    """When it begins, in ticks from the start of the song."""
    length: int
    """How long it sounds, in ticks."""
    pitch: int
    """MIDI pitch; of a drum, which drum."""
    velocity: float
    """How hard it is struck, 0 to 1."""
    is_held: bool = False
    """Whether the player is to hold it."""


def midi_pitch(name: str) -> int:
    """The MIDI pitch of `F#5` or `Bb3`, where C4 is 60."""
    accidental = ACCIDENTALS.get(name[1], 0)
    octave = name[2:] if accidental else name[1:]
    return SEMITONES[name[0]] + accidental + 12 * (int(octave) + 1)


def phrase(
    text: str, first_bar: int, velocity: float = 0.8, ticks_per_bar: int = TICKS_PER_BAR
) -> Iterator[Tone]:
    """The tones of a phrase that begins at bar `first_bar`.

    `F#5:12` sounds a beat, `-:6` is silent for half a beat, `D5:24~` is to be held. Raises
    ValueError when a bar isn't full: a slip of the pen would move all that follows.
    """
    for bar, written in enumerate(text.split("|"), first_bar):
        position = 0
        for token in written.split():
            name, _, length = token.partition(":")
            ticks = int(length.rstrip("~"))
            if name != "-":
                accent = 0.12 if position == 0 else 0.0
                yield Tone(
                    bar * ticks_per_bar + position,
                    ticks,
                    midi_pitch(name),
                    velocity + accent,
                    length.endswith("~"),
                )
            position += ticks
        if position != ticks_per_bar:
            raise ValueError(f"bar {bar} has {position} ticks, not {ticks_per_bar}: {written!r}")


def strokes(
    pattern: str, bar: int, drum: int, velocity: float, ticks_per_bar: int = TICKS_PER_BAR
) -> Iterator[Tone]:
    """A bar of drums: its steps share the bar evenly; `X` is hard, `x` soft, `.` silent.

    Raises ValueError when the steps are no whole ticks.
    """
    step, left = divmod(ticks_per_bar, len(pattern))
    if left:
        raise ValueError(f"{len(pattern)} steps don't share {ticks_per_bar} ticks: {pattern!r}")
    for position, mark in enumerate(pattern):
        if mark != ".":
            force = velocity if mark == "X" else velocity * 0.6
            yield Tone(bar * ticks_per_bar + position * step, step, drum, force)
