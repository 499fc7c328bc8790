"""`popctl chart` on files: a table, a line of JSON, a fitted file, or one clear line and code 6."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from consensus.chart import chart_from_bytes
from game.charts.osu import chart_from_osu
from popd.cli.chart import chart

SM = """#TITLE:A song;
#ARTIST:Someone;
#BPMS:0=120;
#NOTES:dance-single:x:Easy:2:0:
1000
0100
;
#NOTES:dance-double:x:Hard:9:0:
10000001
20000000
01000000
30000000
;
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.sm"
    path.write_text(SM)
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(chart, [str(word) for word in words])


def test_one_line_of_json_says_what_is_in_it_the_hardest_first(file: Path):
    result = run("show", file, "--json")
    record = json.loads(result.stdout)
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)
    charts = record.pop("charts")
    assert [named["name"] for named in charts] == ["dance-double Hard 9", "dance-single Easy 2"]
    assert {name: record.pop(name) for name in ("title", "artist")} == {
        "title": "A song",
        "artist": "Someone",
    }
    assert record == {key: value for key, value in charts[0].items() if key != "name"}
    assert (len(record.pop("id")), record.pop("stars") > 0) == (64, True)
    assert record == {"keys": 8, "notes": 4, "holds": 1, "duration_ms": 1_500, "bpm": 120.0}


def test_the_table_is_for_people(file: Path):
    lines = run("show", file).stdout.splitlines()
    assert lines[0] == "Someone - A song"
    assert lines[1].split() == ["chart", "keys", "stars", "notes", "holds", "length", "BPM", "id"]
    assert lines[2].startswith("dance-double Hard 9     8")
    assert len({len(line) for line in lines[1:]}) == 1


def test_an_archive_shows_all_its_songs_and_names_what_it_leaves_out(tmp_path: Path):
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("x/a.sm", SM)
        archive.writestr("y/a.sm", SM.replace("A song", "Another"))
        archive.writestr("z.qua", "hello")
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    table = run("show", tmp_path / "a.zip")
    assert "Someone - A song" in table.stdout
    assert "Someone - Another" in table.stdout
    assert table.stderr == "popctl chart: left out z.qua: line 1: 'hello' is not `Key: value`\n"
    assert len(json.loads(run("show", tmp_path / "a.zip", "--json").stdout)["charts"]) == 4


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.osu", "osu file format v14\n[General]\nMode: 1\n", "line 3: mode 1 has no lanes"),
        ("a.osu", "hello", "line 1: an .osu file begins with"),
        ("a.sm", SM.replace("0100", "01\n"), "chart 1 (dance-single Easy 2), measure 0, row 2"),
        ("a.qua", "Mode: Keys4\nHitObjects:\n- Lane: 9\n", "line 3: lane 9"),
        ("a.bms", "#00111:0!", "line 1: '0!' is no object"),
        ("a.ojn", "hello", "byte 4"),
        ("a.chart", "hello", "msgpack"),
        ("a.osz", "hello", "not a zip archive"),
        ("a.mp3", "hello", ".mp3 ending; known are .osu"),
    ],
)
@pytest.mark.parametrize("command", ["show", "fit"])
def test_bad_input_is_one_line_that_names_the_place_and_code_6(
    tmp_path: Path, command: str, name: str, content: str, place: str
):
    path = tmp_path / name
    path.write_text(content)
    more = ["--keys", 4, "--out", tmp_path / "out.osu"] if command == "fit" else []
    result = run(command, path, *more)
    assert (result.exit_code, result.stdout) == (6, "")
    assert result.stderr.startswith(f"popctl chart: {path}: ")
    assert place in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out.osu").exists()


def test_a_file_without_an_end_is_refused(tmp_path: Path):
    (tmp_path / "a.osu").symlink_to("/dev/zero")
    result = run("show", tmp_path / "a.osu")
    assert result.exit_code == 6
    assert "more than 16 MiB" in result.stderr


def test_a_fitted_chart_is_written_in_the_format_of_its_name(file: Path):
    out = file.with_name("b.osu")
    result = run("fit", file, "--keys", 5, "--out", out)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{out}: 8 to 5 keys, 4 kept, 0 dropped, ")
    from_osu = chart_from_osu(out.read_bytes())
    other = out.with_suffix(".chart")
    record = json.loads(run("fit", file, "--keys", 5, "--out", other, "--json").stdout)
    from_bytes = chart_from_bytes(other.read_bytes())
    assert (record["keys"], record["kept"], record["dropped"]) == (5, 4, 0)
    assert record["id"] == from_bytes.id.hex() == from_osu.id.hex()


@pytest.mark.parametrize("words", [("--keys", 3), ("--keys", 11)])
def test_lanes_that_nobody_can_play_are_a_matter_of_usage(file: Path, words: tuple[object, ...]):
    assert run("fit", file, "--out", file.with_name("b.osu"), *words).exit_code == 2


def test_help_imports_no_chart_library():
    code = (
        "import sys; from click.testing import CliRunner; from popd.cli.main import main;"
        "print(CliRunner().invoke(main, ['chart', '--help']).output);"
        "print(sorted({'simfile', 'rosu_pp_py', 'msgpack', 'nacl'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "fit" in shown.stdout
    assert shown.stdout.splitlines()[-1] == "[]"
