"""`popctl inspect --batch`: a line a row, in order, whatever a row names."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from consensus.anomaly.assess import model_digest
from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import KeyEvent
from game.bots.exact import Exact
from popd.cli.exit_codes import ExitCode
from tests.popd.cli.inspected import HOUR_US, chart_of, evidence_of, osr_of, played, record_of, run


def list_of(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text)
    return path


def test_a_batch_is_one_line_a_row_in_order_also_for_what_is_unreadable(folder: Path):
    os.mkfifo(folder / "pipe")
    rows = [
        "label,Chart,replay",
        "1,song.osu,script.osr",
        "",
        '2,song.osu,"missing, as it is"',
        f"3,{folder}/song.chart,{folder}/person.osr",
        "4,song.osu,pipe",
        "5,missing.osu,person.osr",
        "6,song.osu,song.osu",
        "7",
    ]
    result = run("--batch", list_of(folder, "\n".join(rows)), "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(record["replay"], record["verdict"], record["notes"]) for record in records] == [
        ("script.osr", "reject", 300),
        ("missing, as it is", "reject", 0),
        (f"{folder}/person.osr", "accept", 300),
        ("pipe", "reject", 0),
        ("person.osr", "reject", 0),
        ("song.osu", "reject", 0),
        ("", "reject", 0),
    ]
    refused = records[1]
    assert refused.pop("reasons")
    assert refused == {
        "replay": "missing, as it is",
        "anomaly_ppm": 1_000_000,
        "verdict": "reject",
        "model": model_digest().hex(),
        "notes": 0,
        "nearest": None,
        "error": f"{folder}/missing, as it is: No such file or directory",
    }
    assert [record.get("error", "").rpartition(": ")[2] for record in records[3:]] == [
        "this is not a file",
        "No such file or directory",
        "this is no replay of mania (mode 3)",
        "this is not a file",
    ]


def test_damaged_replays_take_no_line_of_a_batch_away(folder: Path):
    rng, whole = Random(1), osr_of(played(1))
    names = [f"{number}.osr" for number in range(60)]
    for name in names:
        place = rng.choice([0, 5, 20, 40, 44, 50, 90, rng.randrange(len(whole))])
        put = rng.randbytes(rng.randrange(9))
        kept = whole[place + rng.randrange(30) :] if rng.random() < 0.7 else b""
        (folder / name).write_bytes(whole[:place] + put + kept)
    rows = list_of(folder, "replay,chart\n" + "".join(f"{name},song.osu\n" for name in names))
    result = run("--batch", rows, "--library", folder, "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, [record["replay"] for record in records]) == (0, names)
    for record in records:
        refusal = (record["anomaly_ppm"], record["verdict"], record["notes"], record["nearest"])
        assert record["reasons"]
        assert "error" not in record or refusal == (1_000_000, "reject", 0, None)
    assert sum("error" in record for record in records) > 30


def test_a_row_of_a_batch_is_what_the_file_alone_is(folder: Path):
    library = ("--library", folder / "library")
    rows = "replay,chart\n" + "person.osr,song.osu\nscript.osr,song.osu\nperson.osr,other.osu\n"
    lines = run("--batch", list_of(folder, rows), *library, "--json").stdout.splitlines()
    for line, (replay, chart) in zip(
        lines, (row.split(",") for row in rows.splitlines()[1:]), strict=True
    ):
        alone = record_of(folder / replay, "--chart", folder / chart, *library)
        assert json.loads(line) == {"replay": replay, **alone}


def test_what_was_printed_stays_when_a_batch_is_interrupted(folder: Path):
    rows = list_of(folder, "replay,chart\n" + "person.osr,song.osu\n" * 5_000)
    code = "from popd.cli.main import main; main()"
    words = [sys.executable, "-c", code, "inspect", "--batch", str(rows), "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, text=True, **pipes) as batch:
        assert batch.stdout is not None
        assert batch.stderr is not None
        first = batch.stdout.readline()
        batch.send_signal(signal.SIGINT)
        lines = [first, *batch.stdout]
        told = batch.stderr.read()
    assert batch.returncode == ExitCode.FAILED
    assert 1 <= len(lines) < 5_000
    assert {json.loads(line)["verdict"] for line in lines} == {"accept"}
    assert told.split() == ["Aborted!"]


ODD_CHARTS = {
    "nothing": chart_of(()),
    "one moment": chart_of(tuple(Note(0, lane) for lane in range(4))),
    "hours": chart_of(tuple(Note(i * 60_000_000, i % 4) for i in range(110))),
    "one lane": Chart("", "", 1, (TimingPoint(0, 500_000),), (Note(5_000_000, 0),)),
}


@pytest.mark.parametrize("chart", ODD_CHARTS.values(), ids=ODD_CHARTS)
def test_odd_charts_and_plays_are_inspected_among_odd_plays(folder: Path, chart: Chart):
    odd = {
        "silent": osr_of(()),
        "once": osr_of([KeyEvent(0, 0, True)]),
        "at once": osr_of([KeyEvent(5_000, lane, True) for lane in range(18)]),
        "early": osr_of([KeyEvent(-HOUR_US + i * 1_000, i % 4, i % 8 < 4) for i in range(400)]),
        "exact": osr_of(Exact().play(chart, HOUR_US, Random(1))),
        "sealed": evidence_of(()).to_bytes(),
        "mashed": osr_of([KeyEvent(i * 40_000, i % 4, i % 8 < 4) for i in range(2_000)]),
    }
    for name, data in odd.items():
        (folder / "library" / name).write_bytes(data)
    (folder / "odd.chart").write_bytes(chart.to_bytes())
    rows = "".join(f"library/{name},odd.chart\n" for name in odd)
    library = ("--library", folder / "library")
    result = run("--batch", list_of(folder, "replay,chart\n" + rows), *library, "--json")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, len(records)) == (0, len(odd))
    for record, name in zip(records, odd, strict=True):
        assert record["reasons"]
        words = (folder / "library" / name, "--chart", folder / "odd.chart", *library)
        assert run(*words).exit_code == (6 if "error" in record else 0)


def test_paths_that_are_not_beside_the_list_are_taken_from_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    (folder / "lists").mkdir()
    monkeypatch.chdir(folder)
    rows = list_of(folder / "lists", "replay,chart\nscript.osr,song.osu\n")
    record = json.loads(run("--batch", rows, "--json").stdout)
    assert (record["verdict"], "error" in record) == ("reject", False)


def test_the_table_of_a_batch_is_for_people(folder: Path):
    rows = list_of(folder, "replay,chart\nscript.osr,song.osu\nmissing,song.osu\n")
    lines = run("--batch", rows).stdout.splitlines()
    assert lines[0].split() == ["verdict", "anomaly", "notes", "play"]
    assert lines[1].split()[::4] == ["reject", "script.osr"]
    assert lines[2].endswith("No such file or directory)")
