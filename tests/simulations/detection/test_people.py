"""Recorded people become plays that the judge understands."""

import csv
import json
from pathlib import Path

import mido
import numpy as np
import pytest

from simulations.detection.people import drum_plays, recorded_plays, tapping_plays
from simulations.detection.windows import traces_in

COLUMNS = ("event", "ioi", "tone_times", "tap_times", "release_times")


def write_taps(folder: Path, trials: list[dict[str, object]]) -> None:
    file = folder / "tapping" / "illusory_motor_1" / "one.csv"
    file.parent.mkdir(parents=True)
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, COLUMNS)
        writer.writeheader()
        writer.writerows(trials)


def trial(interval_ms: float, late_ms: list[float], scale: float = 1.0) -> dict[str, object]:
    tones = np.arange(len(late_ms)) * interval_ms
    taps = tones + late_ms
    return {
        "event": "trial",
        "ioi": interval_ms,
        "tone_times": json.dumps((tones / scale).tolist()),
        "tap_times": json.dumps((taps / scale).tolist()),
        "release_times": json.dumps(((taps + 100) / scale).tolist()),
    }


@pytest.mark.parametrize("scale", [1.0, 1_000.0])
def test_taps_are_told_in_milliseconds_and_in_seconds(tmp_path: Path, scale: float):
    late = [float(i % 7 - 3) for i in range(40)]
    write_taps(tmp_path, [trial(500, late, scale), trial(600, late, scale)])
    (play,) = tapping_plays(tmp_path)
    assert (play.person, play.kind) == ("tapping one", "tapping")
    traces = traces_in(play.recording)
    assert traces.keys == 1
    assert traces.errors_ms == pytest.approx(late * 2, abs=0.01)
    assert (traces.releases_us - traces.presses_us).tolist() == pytest.approx([100_000] * 80, abs=2)


def test_taps_far_from_any_tone_and_other_rows_are_left_out(tmp_path: Path):
    late = [0.0] * 80
    late[10] = 200.0
    write_taps(tmp_path, [trial(500, late), {**trial(500, late), "event": "break"}])
    (play,) = tapping_plays(tmp_path)
    traces = traces_in(play.recording)
    assert len(traces.starts_us) == 80
    assert np.flatnonzero(~traces.is_hit).tolist() == [10]


def test_who_tapped_little_is_left_out(tmp_path: Path):
    write_taps(tmp_path, [trial(500, [0.0] * 59)])
    assert list(tapping_plays(tmp_path)) == []


def test_strokes_near_a_sixteenth_are_notes_and_ornaments_are_none(tmp_path: Path):
    step_s, count = 15 / 100, 80
    late_s = [0.005 * (i % 5 - 2) for i in range(count)]
    late_s[20] = 0.06
    times = [i * step_s + late for i, late in enumerate(late_s, 1)]
    track = mido.MidiTrack()
    ticks = [round(mido.second2tick(time, 480, mido.bpm2tempo(100))) for time in times]
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(100)))
    for place, tick in enumerate(ticks):
        drum, before = (36, 38, 47)[place % 3], ticks[place - 1] if place else 0
        track.append(mido.Message("note_on", note=drum, velocity=80, time=tick - before))
    folder = tmp_path / "drums_midi" / "drummer3"
    folder.mkdir(parents=True)
    mido.MidiFile(tracks=[track]).save(folder / "1_rock_100_beat_4-4.mid")
    (play,) = drum_plays(tmp_path)
    assert (play.person, play.kind) == ("drums drummer3", "drums")
    traces = traces_in(play.recording)
    assert len(traces.starts_us) == count - 1
    assert set(traces.lanes.tolist()) == {0, 1, 5}
    assert traces.is_hit.all()
    kept = [1_000 * late for late in late_s if late != 0.06]
    assert traces.errors_ms == pytest.approx(kept, abs=1.1)


def test_no_recordings_are_no_plays(tmp_path: Path):
    assert recorded_plays(tmp_path) == []
