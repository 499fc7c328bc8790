"""Charts from sounds of which the truth is known to the sample."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from consensus.chart import Chart, check_chart
from game.charts.making.make import make_chart
from game.charts.making.recording import SAMPLE_RATE, AudioImportError

pytest.importorskip("librosa")

Sound = NDArray[np.float32]
BEAT_SECONDS = 60 / 128


def stroke(pitch_hz: float, seconds: float, noise: float, seed: int) -> Sound:
    """A tone and a hiss that die away."""
    times = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    hiss = np.random.default_rng(seed).standard_normal(len(times))
    tone = np.sin(2 * np.pi * pitch_hz * times)
    return ((tone + noise * hiss) * np.exp(-8 * times / seconds)).astype(np.float32)


KICK = stroke(60, 0.25, 0.0, 1)
HAT = 0.3 * stroke(9_000, 0.06, 2.0, 2)


def placed(sounds: list[tuple[float, Sound]], seconds: float) -> Sound:
    samples = np.zeros(int(seconds * SAMPLE_RATE), np.float32)
    for at, sound in sounds:
        start = round(at * SAMPLE_RATE)
        samples[start : start + len(sound)] += sound
    return samples


def beat(beats: int = 64) -> tuple[list[float], Sound]:
    """A kick on each beat, a hat on each half, and the times of both."""
    times = [i * BEAT_SECONDS / 2 for i in range(beats * 2)]
    sounds = [(at, HAT if i % 2 else KICK) for i, at in enumerate(times)]
    return times, placed(sounds, times[-1] + 1)


def roll(strokes: int, apart_seconds: float) -> Sound:
    return placed([(0.5 + i * apart_seconds, HAT) for i in range(strokes)], 3.0)


def made(samples: Sound, keys: int = 4, level: int = 5) -> Chart:
    chart = make_chart(samples, SAMPLE_RATE, keys=keys, level=level, title="A beat")
    check_chart(chart)
    return chart


def moments_us(chart: Chart) -> list[int]:
    return sorted({note.start_us for note in chart.notes})


def test_every_stroke_is_heard_where_it_is():
    times, samples = beat()
    chart = made(samples)
    late_us = [found - at * 1e6 for found, at in zip(moments_us(chart), times, strict=True)]
    assert max(map(abs, late_us)) < 10_000


def test_the_beat_is_found():
    _, samples = beat()
    point = made(samples).timing[0]
    assert abs(point.beat_us / 1e6 - BEAT_SECONDS) < 0.001
    assert min(point.time_us, point.beat_us - point.time_us) < 10_000


def test_low_is_left_of_high():
    _, samples = beat()
    starts = {note.start_us: note.lane for note in made(samples, keys=7).notes}
    lanes = [lane for _, lane in sorted(starts.items())]
    assert sum(lanes[0::2]) / len(lanes[0::2]) + 2 < sum(lanes[1::2]) / len(lanes[1::2])


@pytest.mark.parametrize("keys", [1, 2, 4, 7, 10, 18])
def test_no_lane_comes_again_within_80_ms(keys: int):
    chart = made(roll(40, 0.04), keys)
    for lane in range(keys):
        ends = [note for note in chart.notes if note.lane == lane]
        gaps = [
            later.start_us - earlier.start_us - earlier.duration_us
            for earlier, later in pairwise(ends)
        ]
        assert all(gap >= 80_000 for gap in gaps)


def test_each_level_asks_for_no_less_than_the_one_before():
    samples = placed([(0.3 + 0.11 * i, HAT if i % 3 else KICK) for i in range(150)], 18.0)
    counts = [len(moments_us(made(samples, level=level))) for level in range(1, 6)]
    assert counts == sorted(counts)
    assert counts[0] < 40 < 140 < counts[-1]


def test_long_tones_are_held():
    times = np.arange(int(1.5 * SAMPLE_RATE)) / SAMPLE_RATE
    steady = np.minimum(1, np.minimum(times, 1.5 - times) * 50)
    tones = [
        (0.5 + 2 * i, (0.5 * steady * np.sin(2 * np.pi * 220 * (i + 2) * times)).astype(np.float32))
        for i in range(4)
    ]
    chart = make_chart(placed(tones, 9.0), SAMPLE_RATE, keys=4, level=5, parts="harmonic")
    held = [note for note in chart.notes if note.duration_us > 1_000_000]
    assert [round(note.start_us / 1e6, 1) for note in held] == [0.5, 2.5, 4.5, 6.5]


def test_the_same_sound_gives_the_same_chart_at_any_rate_of_samples():
    _, samples = beat(16)
    assert made(samples).id == made(samples.copy()).id
    slower = make_chart(np.repeat(samples, 2), 2 * SAMPLE_RATE, keys=4, level=5)
    gaps = [abs(a - b) for a, b in zip(moments_us(made(samples)), moments_us(slower), strict=True)]
    assert max(gaps) < 5_000


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(10_000, np.float32)])
def test_silence_makes_no_chart(samples: Sound):
    with pytest.raises(AudioImportError, match="nothing can be heard"):
        made(samples)


@pytest.mark.parametrize(("keys", "level"), [(0, 1), (19, 1), (4, 0), (4, 6)])
def test_what_no_chart_can_be_is_refused(keys: int, level: int):
    with pytest.raises(ValueError, match="no chart for"):
        make_chart(KICK, SAMPLE_RATE, keys=keys, level=level)


def test_a_single_stroke_at_the_very_beginning_is_enough():
    assert moments_us(made(placed([(0.0, KICK)], 1.0)))[0] < 10_000
