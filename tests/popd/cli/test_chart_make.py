"""`popctl chart make`: a chart file and one line, or one clear line and code 6."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from consensus.chart import chart_from_bytes
from game.charts.osu import chart_from_osu
from popd.cli.chart_make import make

soundfile = pytest.importorskip("soundfile")
pytest.importorskip("librosa")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    samples = np.zeros(44_100 * 8)
    for start in range(4_410, 44_100 * 7, 22_050):
        samples[start : start + 400] = np.hanning(800)[400:]
    path = tmp_path / "Eight clicks.wav"
    soundfile.write(path, samples, 44_100)
    return path


def test_the_chart_that_is_written_is_the_chart_that_the_line_tells_of(recording: Path):
    out = recording.with_suffix(".chart")
    asked = [str(recording), "--keys", "7", "--level", "5", "--out", str(out), "--json"]
    result = CliRunner().invoke(make, asked)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    record = json.loads(result.stdout)
    chart = chart_from_bytes(out.read_bytes())
    assert (record["chart"], record["notes"]) == (chart.id.hex(), len(chart.notes))
    assert (chart.title, chart.keys, record["bpm"]) == ("Eight clicks", 7, 120.0)


def test_a_chart_lies_where_it_was_asked_for_whatever_the_ending(recording: Path):
    out = recording.parent / "a"
    result = CliRunner().invoke(make, [str(recording), "--out", str(out)])
    assert chart_from_bytes(out.read_bytes()).keys == 4
    assert result.stdout.startswith(f"{out}: ")
    assert "on 4 keys, level 3, 120.0 BPM" in result.stdout


def test_what_is_no_recording_is_one_line_and_code_6(tmp_path: Path):
    (tmp_path / "song.txt").write_text("la la la")
    result = CliRunner().invoke(make, [str(tmp_path / "song.txt"), "--out", str(tmp_path / "a")])
    assert (result.exit_code, result.stdout) == (6, "")
    assert "WAV, FLAC, OGG and MP3 can be read" in result.stderr
    assert not (tmp_path / "a").exists()


def test_a_folder_that_is_not_there_is_one_line_and_code_1(recording: Path):
    asked = [str(recording), "--out", str(recording.parent / "no" / "a.chart")]
    result = CliRunner().invoke(make, asked)
    assert result.exit_code == 1
    assert "No such file or directory. Choose a place" in result.stderr


def test_an_osu_file_holds_the_same_notes(recording: Path):
    out = recording.with_suffix(".osu")
    result = CliRunner().invoke(make, [str(recording), "--out", str(out), "--json"])
    assert len(chart_from_osu(out.read_bytes()).notes) == json.loads(result.stdout)["notes"]


def test_without_the_libraries_the_next_step_is_named(
    recording: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    result = CliRunner().invoke(make, [str(recording), "--out", str(recording.parent / "a")])
    assert result.exit_code == 6
    assert "pip install 'popd[audio]'" in result.stderr
