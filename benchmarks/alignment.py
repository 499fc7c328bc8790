"""How surely a stream of sounds is told to belong to presses, or not to, on drummers' strokes.

    POPD_DATA=DATA python -m benchmarks.alignment [--only streams,rendered,songs]

Presses are the strokes of one performance. `streams` are the same strokes with the jitter (2 to
8 ms), gaps (10 %), false onsets (10 %), delay and drift of a device, and others that don't belong;
the threshold is set so that 1 % of those that belong are below. `rendered` are performances as
they sound, with the onsets that librosa hears, at the thresholds that are built in. `songs` are
plays of several people of the same song.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean, quantiles
from typing import Final

import mido
import numpy as np
from numpy.random import Generator, default_rng

from benchmarks.common import Row, at_least, at_most, informs, progress, run_parts
from benchmarks.drums import SAMPLE_RATE, drum_files, one_shots, performance
from benchmarks.onsets import DATA
from consensus.anomaly.alignment import Alignment, align, misalignment
from consensus.anomaly.traces import Floats
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr

TRIES: Final = 200
PRESSES: Final = (30, 60, 120, 250, 500)
JITTER_US: Final = (2_000, 8_000)
MISSED: Final = 0.1
FALSE: Final = 0.1
DELAY_US: Final = 300_000
DRIFT: Final = 100e-6
MERGED_US: Final = 30_000
RENDERED_PER_DRUMMER: Final = 5
RENDERED_SECONDS: Final = 60.0
HOP: Final = 256
MOST_PEOPLE: Final = 12
SONG_TRIES: Final = 100
SURE: Final = (0.9, 0.95, 0.98, 0.98, 0.98)
"""What is claimed of each number of presses, for every kind of stranger."""

Stream = Callable[[Floats, Sequence[Floats], Generator], Floats]


def strokes_us(path: Path) -> Floats:
    """When the strokes of a MIDI file fall, those of one moment merged."""
    seconds, kept = 0.0, [-1e9]
    for message in mido.MidiFile(path):
        seconds += message.time
        if message.type == "note_on" and message.velocity and seconds * 1e6 >= kept[-1] + MERGED_US:
            kept.append(seconds * 1e6)
    return np.array(kept[1:])


def heard(times_us: Floats, chance: Generator) -> Floats:
    """A stream of these strokes as a device would give it."""
    if not len(times_us):
        return times_us
    is_heard = chance.random(len(times_us)) >= MISSED
    kept: Floats = times_us[is_heard]
    kept = kept + chance.normal(0, chance.uniform(*JITTER_US), len(kept))
    wrong = chance.uniform(times_us[0], times_us[-1], chance.poisson(FALSE * len(times_us)))
    middle = times_us.mean()
    both = middle + (np.concatenate((kept, wrong)) - middle) * (1 + chance.uniform(-DRIFT, DRIFT))
    result: Floats = both + chance.uniform(-DELAY_US, DELAY_US)
    return result


def _own(presses: Floats, _: Sequence[Floats], chance: Generator) -> Floats:
    return heard(presses, chance)


def _of_another(presses: Floats, others: Sequence[Floats], chance: Generator) -> Floats:
    other = others[int(chance.integers(len(others)))]
    start = int(chance.integers(max(1, len(other) - len(presses))))
    part: Floats = other[start:] - other[start] + presses[0]
    return heard(_until(part, presses[-1]), chance)


def _until(times_us: Floats, end_us: float) -> Floats:
    part: Floats = times_us[: int(np.searchsorted(times_us, end_us, "right"))]
    return part


def _at_another_tempo(presses: Floats, _: Sequence[Floats], chance: Generator) -> Floats:
    rate = chance.uniform(1.005, 1.1) ** chance.choice([-1, 1])
    return heard(presses[0] + (presses - presses[0]) * rate, chance)


def _shifted(presses: Floats, _: Sequence[Floats], chance: Generator) -> Floats:
    shift_us = float(chance.uniform(1e6, 5e6) * chance.choice([-1, 1]))
    return heard(presses, chance) + shift_us


def _noise(presses: Floats, _: Sequence[Floats], chance: Generator) -> Floats:
    return np.array(chance.uniform(presses[0], presses[-1], len(presses)))


def _silence(presses: Floats, _: Sequence[Floats], chance: Generator) -> Floats:
    return chance.uniform(presses[0], presses[-1], 2)


STRANGERS: Final[Mapping[str, Stream]] = {
    "another": _of_another,
    "tempo": _at_another_tempo,
    "shifted": _shifted,
    "noise": _noise,
    "silence": _silence,
}


def streams() -> Iterable[Row]:
    """Detection of each kind of stranger at 1 % false alarms, and at the built-in thresholds."""
    files = sorted((DATA / "drums_midi").glob("groove/drummer*/*/*.mid"))
    played = [strokes_us(path) for path in files]
    for count, sure in zip(PRESSES, SURE, strict=True):
        progress(f"{count} presses")
        chance = default_rng(count)
        long_enough = [times for times in played if len(times) >= count]
        own = [_alignment(_own, count, long_enough, chance) for _ in range(TRIES)]
        threshold = quantiles([found.belonging for found in own], n=100)[0]
        yield informs(f"belonging_1_percent_{count}", threshold, "share")
        yield at_most(f"false_alarms_{count}", _flagged(own), 0.01, "share")
        for name, stream in STRANGERS.items():
            found = [_alignment(stream, count, long_enough, chance) for _ in range(TRIES)]
            below = mean(one.belonging < threshold for one in found)
            yield at_least(f"{name}_{count}_at_1_percent", below, sure, "share")
            yield informs(f"{name}_{count}_flagged", _flagged(found), "share")


def rendered() -> Iterable[Row]:
    """The same with onsets that librosa hears in the sound of whole performances."""
    # Here, because only this part listens.
    import librosa

    sounds = one_shots(DATA / "audio" / "cc0_sonicpi")
    presses: list[Floats] = []
    onsets: list[Floats] = []
    for path in drum_files(DATA / "drums_midi", RENDERED_PER_DRUMMER):
        played = performance(path, sounds, RENDERED_SECONDS)
        if len(played.onsets) < PRESSES[0]:
            continue
        presses.append(played.onsets * 1e6)
        onsets.append(
            1e6
            * librosa.onset.onset_detect(
                y=played.samples, sr=SAMPLE_RATE, hop_length=HOP, units="time"
            )
        )
    own = [_aligned(*both) for both in zip(presses, onsets, strict=True)]
    strangers = [
        _aligned(times, onsets[(place + step) % len(onsets)])
        for place, times in enumerate(presses)
        for step in range(1, 6)
    ]
    yield informs("rendered_performances", len(own), "files")
    yield informs("rendered_jitter", float(np.median([found.jitter_ms for found in own])), "ms")
    yield informs("rendered_belonging_least", min(found.belonging for found in own), "share")
    yield informs("rendered_belonging", float(np.median([f.belonging for f in own])), "share")
    yield informs("rendered_another_most", max(found.belonging for found in strangers), "share")
    yield at_most("rendered_false_alarms", _flagged(own), 0.01, "share")
    yield at_least("rendered_another_flagged", _flagged(strangers), 0.9, "share")


def songs() -> Iterable[Row]:
    """People who play the same song: the stream of one with the presses of another."""
    for number, folder in enumerate(sorted((DATA / "replays_mania").iterdir()), 1):
        files = sorted(folder.glob("*.osr"))[:MOST_PEOPLE]
        if len(files) < 2:
            continue
        people = [_replay_us(path, next(folder.glob("*.osu"))) for path in files]
        for count in PRESSES[1:]:
            chance = default_rng(count)
            own, other = [], []
            for _ in range(SONG_TRIES):
                one, another = chance.choice(len(people), 2, replace=False)
                start = int(chance.integers(len(people[one]) - count))
                presses = people[one][start : start + count]
                first = int(np.searchsorted(people[another], presses[0] - MERGED_US))
                same = _until(people[another][first:], presses[-1] + MERGED_US)
                own.append(_aligned(presses, heard(presses, chance)))
                other.append(_aligned(presses, heard(same, chance)))
            threshold = quantiles([found.belonging for found in own], n=100)[0]
            below = mean(one.belonging < threshold for one in other)
            name = f"song_{number}_{count}"
            yield informs(f"{name}_at_1_percent", below, "share")
            yield informs(f"{name}_flagged", _flagged(other), "share")
            yield at_most(f"{name}_false_alarms", _flagged(own), 0.02, "share")


def _replay_us(path: Path, chart: Path) -> Floats:
    replay = replay_from_osr(path.read_bytes(), chart_from_osu(chart.read_bytes()).keys)
    kept = [-1e9]
    for event in replay.events:
        if event.is_press and event.time_us >= kept[-1] + MERGED_US:
            kept.append(event.time_us)
    return np.array(kept[1:])


def _alignment(
    stream: Stream, count: int, played: Sequence[Floats], chance: Generator
) -> Alignment:
    place = int(chance.integers(len(played)))
    start = int(chance.integers(len(played[place]) - count + 1))
    presses = played[place][start : start + count]
    others = [times for position, times in enumerate(played) if position != place]
    return _aligned(presses, stream(presses, others, chance))


def _aligned(presses: Floats, onsets: Floats) -> Alignment:
    return align([round(time) for time in presses], [round(time) for time in onsets])


def _flagged(found: Iterable[Alignment]) -> float:
    return mean(misalignment(one) is not None for one in found)


if __name__ == "__main__":
    run_parts(
        "Whether a stream of sounds belongs to presses.",
        {"streams": streams, "rendered": rendered, "songs": songs},
    )
