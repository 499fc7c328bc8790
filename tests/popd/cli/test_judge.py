"""`popctl judge` on files: a table, a line of JSON, or one clear line and code 6."""

import json
import lzma
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner

from popd.cli.demo import demo
from popd.cli.judge import judge

OSU = (
    "osu file format v14\n[General]\nMode: 3\n[Difficulty]\nCircleSize:4\n"
    "[TimingPoints]\n0,500,4,2,1,60,1,0\n[HitObjects]\n0,0,500,1,0\n511,0,1000,1,0\n"
)
FRAMES = "0|256|-500|0,-1|256|-500|0,501|1|0|0,60|0|0|0,940|8|0|0,10|0|0|0"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    packed = lzma.compress(FRAMES.encode(), format=lzma.FORMAT_ALONE)
    replay = struct.pack("<BI", 3, 1) + b"\0\0\0" + bytes(12 + 7 + 4) + b"\0" + bytes(8)
    (tmp_path / "a.osr").write_bytes(replay + struct.pack("<I", len(packed)) + packed + bytes(8))
    (tmp_path / "a.osu").write_text(OSU)
    return str(tmp_path / "a.osr"), str(tmp_path / "a.osu")


def test_one_line_of_json_says_what_became_of_the_notes(files: tuple[str, str]):
    result = CliRunner().invoke(judge, [files[0], "--chart", files[1], "--json"])
    record = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (record["notes"], record["accuracy_ppm"]) == (2, 500_000)
    assert record["grades"] == {
        "perfect": 1, "great": 0, "good": 0, "ok": 0, "meh": 0, "miss": 1,
    }  # fmt: skip
    assert isinstance(record["quality"], int)


def test_osu_mania_puts_its_grades_beside_those_of_the_replay(files: tuple[str, str]):
    asked = [files[0], "--chart", files[1], "--rules", "osu-mania"]
    record = json.loads(CliRunner().invoke(judge, [*asked, "--json"]).stdout)
    names = ["perfect", "great", "good", "ok", "meh", "miss"]
    assert list(record["grades"]) == list(record["counted"]) == names
    assert list(record["grades"].values()) == [1, 0, 0, 0, 0, 1]
    assert "accuracy     50.00 %" in CliRunner().invoke(judge, asked).stdout


def test_the_table_is_for_people(files: tuple[str, str]):
    result = CliRunner().invoke(judge, [files[0], "--chart", files[1]])
    assert "accuracy     50.00 %" in result.stdout
    assert result.exit_code == 0


@pytest.mark.parametrize("swapped", [0, 1])
def test_bad_input_is_one_line_and_code_6(files: tuple[str, str], swapped: int):
    result = CliRunner().invoke(judge, [files[swapped], "--chart", files[swapped]])
    assert result.exit_code == 6
    assert result.stdout == ""
    assert result.stderr.startswith("popctl judge: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("endless", [0, 1])
def test_a_file_without_an_end_is_refused(files: tuple[str, str], endless: int):
    named = ["/dev/zero" if i == endless else path for i, path in enumerate(files)]
    judged = CliRunner().invoke(judge, [named[0], "--chart", named[1]])
    shown = CliRunner().invoke(demo, ["--replay", named[0], "--chart", named[1]])
    assert (judged.exit_code, shown.exit_code) == (6, 6)
    assert "/dev/zero: more than 16 MiB" in judged.stderr
    assert "/dev/zero: more than 16 MiB" in shown.stderr
