"""Drum performances as sound: recorded strokes, each sounded by a one-shot of its drum.

The truth about when they sound is exact, and the timing and force are those of people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray

SAMPLE_RATE: Final = 44_100
TAIL_SECONDS: Final = 1.0
MERGED_SECONDS: Final = 0.030
"""Strokes nearer than this are one moment, for hands and for ears."""
KICK, SNARE, STICK, TOM = "bd_haus", "sn_dub", "perc_snap", "drum_heavy_kick"
ONE_SHOTS: Final = (KICK, SNARE, STICK, TOM)
DRUMS: Final = {
    **dict.fromkeys((35, 36), KICK),
    **dict.fromkeys((38, 40), SNARE),
    **dict.fromkeys((41, 43, 45, 47, 48, 50, 58), TOM),
    **dict.fromkeys((49, 52, 55, 57), SNARE),
}
"""The one-shot of each drum of General MIDI (and of the kit the strokes were played on: 58 is a
tom); crashes are the snare's, all others the stick's."""


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """A performance as it sounds."""

    samples: NDArray[np.float32]
    """One channel, SAMPLE_RATE a second, at most 1."""
    onsets: NDArray[np.float64]
    """When strokes sound, in seconds, those within MERGED_SECONDS merged."""


def one_shots(folder: Path) -> Mapping[str, NDArray[np.float64]]:
    """The sounds, by name."""
    return {
        name: soundfile.read(folder / f"{name}.flac", always_2d=True)[0].mean(axis=1)
        for name in ONE_SHOTS
    }


def performance(
    path: Path, sounds: Mapping[str, NDArray[np.float64]], longest_seconds: float
) -> Performance:
    """The first `longest_seconds` of a MIDI file; force scales the amplitude."""
    strokes = _strokes(path, longest_seconds)
    samples = np.zeros(round((longest_seconds + TAIL_SECONDS) * SAMPLE_RATE))
    for seconds, drum, velocity in strokes:
        start = round(seconds * SAMPLE_RATE)
        sound = sounds[DRUMS.get(drum, STICK)]
        samples[start : start + len(sound)] += sound * velocity / 127
    onsets: list[float] = []
    for seconds, _, _ in strokes:
        if not onsets or seconds - onsets[-1] >= MERGED_SECONDS:
            onsets.append(seconds)
    end = round(((onsets[-1] if onsets else 0.0) + TAIL_SECONDS) * SAMPLE_RATE)
    loudest = max(1.0, float(np.abs(samples).max()))
    return Performance((samples[:end] / loudest).astype(np.float32), np.array(onsets))


def _strokes(path: Path, longest_seconds: float) -> list[tuple[float, int, int]]:
    strokes = []
    seconds = 0.0
    for message in mido.MidiFile(path):
        seconds += message.time
        if message.type == "note_on" and message.velocity and seconds < longest_seconds:
            strokes.append((seconds, message.note, message.velocity))
    return strokes


def drum_files(folder: Path, per_drummer: int) -> list[Path]:
    """Up to so many performances of every drummer, spread evenly over what there is."""
    chosen: list[Path] = []
    for drummer in sorted(folder.glob("groove/drummer*")):
        files = sorted(drummer.glob("*/*.mid"))
        step = max(len(files) / per_drummer, 1.0)
        chosen += [files[int(i * step)] for i in range(min(per_drummer, len(files)))]
    return chosen
