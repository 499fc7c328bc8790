"""`popctl inspect` on files: a picture, a line of JSON a play, or one clear line and code 6."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from click.testing import Result

from consensus.anomaly.assess import model_digest
from consensus.evidence import KeyEvent
from game.bots.exact import Exact
from tests.popd.cli.inspected import (
    CHART,
    MIRROR,
    WINDOW_US,
    evidence_of,
    nearest_of,
    osr_of,
    played,
    record_of,
    run,
)


def test_one_line_of_json_says_what_the_detectors_say(folder: Path):
    record = record_of(folder / "script.osr", "--chart", folder / "song.osu")
    assert record.pop("reasons")
    assert int(str(record.pop("anomaly_ppm"))) >= 900_000
    assert record == {
        "verdict": "reject",
        "model": model_digest().hex(),
        "notes": 300,
        "nearest": None,
    }


def test_a_person_is_accepted(folder: Path):
    record = record_of(folder / "person.osr", "--chart", folder / "song.osu")
    assert record["verdict"] == "accept"


def test_files_are_told_apart_by_what_is_in_them(folder: Path):
    as_replay = record_of(folder / "script.osr", "--chart", folder / "song.osu")
    events = Exact().play(CHART, WINDOW_US, Random(1))
    (folder / "a.osr").write_bytes(evidence_of(events).to_bytes())
    (folder / "b.osu").write_bytes(CHART.to_bytes())
    as_evidence = record_of(folder / "a.osr", "--chart", folder / "b.osu")
    assert as_evidence == as_replay


def test_evidence_of_a_later_window_is_judged_on_its_part_of_the_chart(folder: Path):
    later = [
        event._replace(time_us=event.time_us - 20_000_000)
        for event in played(1)
        if 20_000_000 <= event.time_us < 40_000_000
    ]
    evidence = replace(evidence_of(later, window=1), duration_us=20_000_000)
    (folder / "late").write_bytes(evidence.to_bytes())
    record = record_of(folder / "late", "--chart", folder / "song.chart")
    asked = sum(20_000_000 <= note.start_us < 40_000_000 for note in CHART.notes)
    assert record["notes"] == asked
    assert "Hardly" not in str(record["reasons"])


def test_the_picture_is_for_people(folder: Path):
    words = (folder / "person.osr", "--chart", folder / "song.osu")
    result = run(*words, "--library", folder / "library")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("✔ accept  a person may well have played this; anomaly ")
    names = [line.split()[0] for line in lines if line[:1].isalpha()]
    assert names == ["hits", "errors", "drift", "nearest", "model"]
    assert "among 5 plays (2 other files skipped)" in result.stdout
    assert max(map(len, lines)) < 110
    assert run(folder / "script.osr", *words[1:]).stdout.startswith("✘ reject")


def test_a_play_of_another_chart_says_so(folder: Path):
    words = (folder / "person.osr", "--chart", folder / "other.osu")
    reasons = record_of(*words)["reasons"]
    assert isinstance(reasons, list)
    assert reasons[-1] == "Hardly a note fits: is this the chart that was played?"


def test_silence_has_no_picture_but_a_verdict(folder: Path):
    (folder / "silent.osr").write_bytes(osr_of(()))
    result = run(folder / "silent.osr", "--chart", folder / "song.osu")
    assert result.exit_code == 0
    assert "0 of 300 notes, 300 missed" in result.stdout


@pytest.mark.parametrize("shift_us", [7_000, -23_000])
@pytest.mark.parametrize("mods", [0, MIRROR])
def test_the_nearest_play_is_the_one_that_was_copied(folder: Path, shift_us: int, mods: int):
    lanes = (lambda lane: 3 - lane) if mods else (lambda lane: lane)
    copy = [KeyEvent(time + shift_us, lanes(lane), down) for time, lane, down in played(3)]
    nearest = nearest_of(folder, osr_of(copy, mods))
    assert nearest is not None
    assert nearest["id"] == "deep/3.osr"
    assert int(str(nearest["similarity_ppm"])) > 900_000


def test_the_very_same_file_is_no_copy_of_itself(folder: Path):
    nearest = nearest_of(folder, (folder / "library" / "deep" / "3.osr").read_bytes())
    assert nearest is None or nearest["id"] != "deep/3.osr"


def test_the_same_presses_under_another_name_are_a_copy(folder: Path):
    nearest = nearest_of(folder, osr_of(played(3), player=b"b"))
    assert nearest == {"id": "deep/3.osr", "similarity_ppm": 1_000_000}


def test_a_copy_of_evidence_is_found_among_replays_and_the_other_way_round(folder: Path):
    copy = [event._replace(time_us=event.time_us + 9_000) for event in played(4)]
    nearest = nearest_of(folder, evidence_of(copy).to_bytes(), "copy.evidence")
    assert nearest is not None
    assert nearest["id"] == "deep/4.osr"
    (folder / "library" / "deep" / "4.osr").unlink()
    (folder / "library" / "sealed").write_bytes(evidence_of(played(4)).to_bytes())
    nearest = nearest_of(folder, osr_of(copy))
    assert nearest is not None
    assert nearest["id"] == "sealed"


@pytest.mark.parametrize(("window", "length_us"), [(0, 41_000_000), (1, 10_000_000)])
def test_a_copied_window_is_found_among_whole_plays(folder: Path, window: int, length_us: int):
    start_us = window * length_us
    copy = [
        event._replace(time_us=event.time_us - start_us + 6_000)
        for event in played(2)
        if start_us <= event.time_us < start_us + length_us - 6_000
    ]
    evidence = replace(evidence_of(copy, window), duration_us=length_us)
    nearest = nearest_of(folder, evidence.to_bytes())
    assert nearest is not None
    assert nearest["id"] == "deep/2.osr"


def test_links_that_go_in_circles_are_followed_once(folder: Path):
    (folder / "library" / "again").symlink_to(folder / "library", target_is_directory=True)
    (folder / "library" / "nowhere").symlink_to(folder / "missing")
    os.mkfifo(folder / "library" / "pipe")
    nearest = nearest_of(folder, osr_of([e._replace(time_us=e.time_us + 5_000) for e in played(5)]))
    assert nearest is not None
    assert nearest["id"] == "deep/5.osr"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"replay,song\na,b\n", "no column chart"),
        (b"", "no column replay and no column chart"),
        (b"\xff\xfe\x00", "not a list in CSV"),
        (b'replay,chart\n"' + b"a" * 200_000, "not a list in CSV"),
    ],
)
def test_no_list_is_one_clear_line_and_code_6(folder: Path, content: bytes, words: str):
    (folder / "list.csv").write_bytes(content)
    result = run("--batch", folder / "list.csv", "--json")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (6, "", 1)
    assert result.stderr.startswith(f"popctl inspect: {folder}/list.csv: ")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("play", "chart"),
    [
        ("missing.osr", "song.osu"),
        ("person.osr", "missing.osu"),
        ("song.osu", "song.osu"),
        ("person.osr", "person.osr"),
        ("/dev/zero", "song.osu"),
        (".", "song.osu"),
    ],
)
def test_an_unreadable_file_is_one_line_and_code_6(folder: Path, play: str, chart: str):
    words = (folder / play, "--chart", folder / chart)
    result = run(*words)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (6, "", 1)
    assert result.stderr.startswith("popctl inspect: ")
    as_json = run(*words, "--json")
    record = json.loads(as_json.stdout)
    assert (as_json.exit_code, as_json.stderr) == (6, result.stderr)
    assert (record["verdict"], record["anomaly_ppm"]) == ("reject", 1_000_000)
    assert f"popctl inspect: {record['error']}\n" == result.stderr


def test_lanes_that_the_chart_lacks_are_refused(folder: Path):
    (folder / "wide.osr").write_bytes(osr_of([KeyEvent(5_000, 6, True)]))
    result = run(folder / "wide.osr", "--chart", folder / "song.osu")
    assert result.exit_code == 6
    assert "lanes that a chart with 4 does not have" in result.stderr


def with_onsets(folder: Path, content: str, *words: object) -> Result:
    (folder / "onsets.csv").write_text(content)
    play = (folder / "person.osr", "--chart", folder / "song.osu")
    return run(*play, "--onsets", folder / "onsets.csv", *words)


def test_sounds_that_came_with_a_play_are_laid_over_its_presses(folder: Path):
    alone = record_of(folder / "person.osr", "--chart", folder / "song.osu")
    presses_us = [time_us for time_us, _, is_press in played(1) if is_press]
    heard = "time_ms\n" + "".join(f"{time_us / 1_000 + 120}\n" for time_us in presses_us)
    record = json.loads(with_onsets(folder, heard, "--json").stdout)
    alignment = record.pop("alignment")
    assert record == alone
    assert alignment["delay_us"] == pytest.approx(120_000, abs=1_000)
    assert alignment["matched_share"] > 0.9
    assert "presses have one, by chance" in with_onsets(folder, heard).stdout


def test_sounds_of_something_else_are_held_against_a_play(folder: Path):
    rng = Random(1)
    noise = "time_ms\n" + "".join(f"{rng.uniform(1_000, 50_000)}\n" for _ in range(300))
    record = json.loads(with_onsets(folder, noise, "--json").stdout)
    assert (record["verdict"], record["anomaly_ppm"]) == ("flag", 850_000)
    assert "are not those of these presses" in record["reasons"][0]


@pytest.mark.parametrize("value", ["nan", "inf", "1e300", "soon", "-7200001"])
def test_onsets_that_are_no_times_are_refused(folder: Path, value: str):
    result = with_onsets(folder, f"time_ms,x\n5,1\n{value},2\n")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (6, "", 1)
    assert f"onset 2, '{value}', is no time in ms" in result.stderr


def test_a_stolen_play_that_claims_another_rate_is_a_copy(folder: Path):
    nearest = nearest_of(folder, osr_of(played(3), mods=1 << 6))
    assert nearest is not None
    assert nearest["id"] == "deep/3.osr"


@pytest.mark.parametrize("words", [(), ("a.osr",), ("a.osr", "--chart", "a", "--batch", "b")])
def test_what_is_asked_for_must_be_clear(words: tuple[str, ...]):
    result = run(*words)
    assert result.exit_code == 2
    assert "Name a PLAY and its --chart (and --onsets), or a --batch of them." in result.stderr


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from click.testing import CliRunner; from popd.cli.main import main;"
        "print(CliRunner().invoke(main, ['inspect', '--help']).output);"
        "print(sorted({'numpy', 'rich', 'sklearn', 'msgpack', 'game'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--library" in shown.stdout
    assert shown.stdout.splitlines()[-1] == "[]"
