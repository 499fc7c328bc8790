"""Recordings are read within bounds, whatever a stranger sends."""

import io
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from game.charts.making.recording import (
    MAX_SECONDS,
    SAMPLE_RATE,
    AudioImportError,
    AudioMissingError,
    load_audio,
)

soundfile = pytest.importorskip("soundfile")
pytest.importorskip("soxr")


def wav(samples: np.ndarray, rate: int = SAMPLE_RATE, kind: str = "WAV", **options: str) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, **options)
    return file.getvalue()


def tone(rate: int, seconds: float = 1.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_what_people_record_is_read_at_our_rate(kind: str, rate: int):
    samples = load_audio(wav(tone(rate), rate, kind)).samples
    assert abs(len(samples) - SAMPLE_RATE) < 4_000
    assert 0.4 < np.abs(samples).max() < 0.6


def test_channels_are_mixed_and_a_path_reads_like_its_bytes(tmp_path: Path):
    both = np.stack([tone(SAMPLE_RATE), -tone(SAMPLE_RATE)], axis=1)
    data = wav(both)
    (tmp_path / "a.wav").write_bytes(data)
    mixed = load_audio(tmp_path / "a.wav").samples
    assert np.array_equal(mixed, load_audio(data).samples)
    assert np.abs(mixed).max() < 0.01


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF", b"hello " * 1_000, b"\0" * 65_536, b"fLaC" + b"\xff" * 500, b"ID3" + b"\0" * 99],
)
def test_what_is_no_recording_is_one_sentence(data: bytes):
    with pytest.raises(AudioImportError) as caught:
        load_audio(data)
    assert "\n" not in str(caught.value)


def test_a_recording_cut_in_the_middle_is_read_as_far_as_it_goes_or_refused():
    data = wav(tone(SAMPLE_RATE), kind="FLAC")
    for size in range(0, len(data), 997):
        try:
            assert len(load_audio(data[:size]).samples) <= SAMPLE_RATE
        except AudioImportError:
            continue


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_samples_that_are_no_sound_are_refused(bad: float):
    samples = tone(SAMPLE_RATE)
    samples[100] = bad
    with pytest.raises(AudioImportError, match="no numbers"):
        load_audio(wav(samples, subtype="FLOAT"))


@pytest.mark.parametrize("rate", [1, 1_000, 2_000_000])
def test_rates_at_which_nobody_records_are_refused(rate: int):
    header = wav(tone(SAMPLE_RATE))
    with pytest.raises(AudioImportError, match="nobody records like that"):
        load_audio(header[:24] + struct.pack("<I", rate) + header[28:])


def test_more_than_half_an_hour_is_refused():
    silence = wav(np.zeros(8_000 * (MAX_SECONDS + 1), np.int16), 8_000, "FLAC")
    with pytest.raises(AudioImportError, match="longer than 30 minutes"):
        load_audio(silence)


def test_without_the_libraries_the_next_step_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(AudioMissingError, match=r"pip install 'popd\[audio\]'"):
        load_audio(b"")
