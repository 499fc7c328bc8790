"""Recorded people as plays of charts: osu!mania, tapping to a metronome, drumming to a click.

What they are and whence: README.md of the data folder. A person is a label that tells nobody's
name. Tapping keeps the taps that followed the metronome; drumming keeps the strokes near a
sixteenth, and no releases, which a drum doesn't have.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import KeyEvent
from game.bots.recording import Recording
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from game.play.rate import chart_at_rate, events_at_rate

TAP_REACH_MS: Final = 120.0
"""A tap farther from its tone answers none."""
TAP_PAUSE_US: Final = 1_000_000
STROKE_REACH_S: Final = 0.040
"""A stroke farther from a sixteenth is an ornament."""
DRUMS: Final = {
    **dict.fromkeys((35, 36), 0),
    **dict.fromkeys((37, 38, 40), 1),
    **dict.fromkeys((22, 26, 42, 44, 46), 2),
    **dict.fromkeys((51, 53, 59), 3),
    **dict.fromkeys((49, 52, 55, 57), 4),
}
"""Lanes of the drums of General MIDI as that kit sends them; all others are toms."""
TOMS: Final = 5
FEWEST_NOTES: Final = 60


@dataclass(frozen=True, slots=True)
class Play:
    """One play by one person."""

    person: str
    """Who; the same label for all that one person played."""
    piece: str
    """What was played; plays of one piece are on the same notes."""
    kind: str
    """`mania`, `tapping` or `drums`."""
    recording: Recording
    """The notes and the presses."""


def recorded_plays(data: Path) -> list[Play]:
    """All plays in a data folder, in a fixed order."""
    return [*mania_plays(data), *tapping_plays(data), *drum_plays(data)]


def mania_plays(data: Path) -> Iterator[Play]:
    """Replays of osu!mania; file names begin with a hash of the player."""
    for path in sorted((data / "replays_mania").glob("*/*.osr")):
        chart = chart_from_osu(next(path.parent.glob("*.osu")).read_bytes())
        replay = replay_from_osr(path.read_bytes(), chart.keys)
        heard = chart_at_rate(chart, replay.rate)
        events = tuple(
            event for event in events_at_rate(replay.events, replay.rate) if event.time_us >= 0
        )
        piece = f"{path.parent.name} x{replay.rate}"
        person = path.name.partition("_")[0]
        yield Play(f"mania {person}", piece, "mania", Recording(heard, events))


def tapping_plays(data: Path) -> Iterator[Play]:
    """Taps with the metronome, the trials of a person one after the other, on a single lane."""
    for path in sorted((data / "tapping").glob("illusory_motor_*/*.csv")):
        notes: list[int] = []
        presses: list[tuple[int, int]] = []
        clock_us = TAP_PAUSE_US
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                trial = _trial(row)
                if trial is None:
                    continue
                tones_us, taps_us = trial
                notes += [clock_us + tone_us for tone_us in tones_us]
                presses += [(clock_us + down_us, clock_us + up_us) for down_us, up_us in taps_us]
                clock_us += tones_us[-1] + TAP_PAUSE_US
        if len(notes) >= FEWEST_NOTES:
            person = f"tapping {path.stem}"
            chart = _chart(1, [Note(start_us, 0) for start_us in notes])
            events = [
                event
                for down_us, up_us in presses
                for event in (KeyEvent(down_us, 0, True), KeyEvent(up_us, 0, False))
            ]
            yield Play(person, person, "tapping", Recording(chart, tuple(sorted(events))))


def _trial(row: dict[str, str]) -> tuple[list[int], list[tuple[int, int]]] | None:
    """Tones of the metronome and the taps near them, in microseconds from the first tone."""
    if row["event"] not in ("trial", "practice") or not row["ioi"]:
        return None
    tones, taps, releases = (
        np.array(json.loads(row[name]), dtype=np.float64)
        for name in ("tone_times", "tap_times", "release_times")
    )
    scale = 1.0 if len(tones) > 1 and np.diff(tones).max() > 10 else 1_000.0
    tones, taps, releases = tones * scale, taps * scale, releases * scale
    interval_ms = float(row["ioi"])
    paced = 1
    while paced < len(tones) and abs(tones[paced] - tones[paced - 1] - interval_ms) < 4:
        paced += 1
    if paced < 4 or len(releases) != len(taps):
        return None
    near = [
        (round((tap - tones[0]) * 1_000), round((up - tones[0]) * 1_000))
        for tap, up in zip(taps, releases, strict=True)
        if np.abs(tones[:paced] - tap).min() <= TAP_REACH_MS and up > tap
    ]
    apart = [one for one, later in pairwise([*near, (1 << 60, 0)]) if one[1] < later[0]]
    return [round((tone - tones[0]) * 1_000) for tone in tones[:paced]], apart


def drum_plays(data: Path) -> Iterator[Play]:
    """Strokes near a sixteenth of the click, a lane for each group of drums."""
    import mido  # here, because only training and measuring need it

    for path in sorted((data / "drums_midi").rglob("*_beat_4-4.mid")):
        found = re.search(r"(drummer\d+)", str(path))
        tempo = re.search(r"_(\d+)_beat_", path.name)
        assert found is not None
        assert tempo is not None
        step_s = 15 / int(tempo.group(1))
        seconds, asked, events = 0.0, set[Note](), []
        for message in mido.MidiFile(path):
            seconds += message.time
            if message.type != "note_on" or not message.velocity:
                continue
            lane = DRUMS.get(message.note, TOMS)
            start_s = round(seconds / step_s) * step_s
            if abs(seconds - start_s) <= STROKE_REACH_S:
                asked.add(Note(round(start_s * 1e6), lane))
                events.append(KeyEvent(round(seconds * 1e6), lane, True))
        if len(asked) >= FEWEST_NOTES:
            chart = _chart(TOMS + 1, sorted(asked))
            recording = Recording(chart, tuple(sorted(events)))
            yield Play(f"drums {found.group(1)}", str(path.name), "drums", recording)


def _chart(keys: int, notes: Sequence[Note]) -> Chart:
    return Chart("", "", keys, (TimingPoint(0, 500_000),), tuple(notes))
