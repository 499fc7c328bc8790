"""`popctl bots`: who there is, what they play, and one clear line where they can't."""

import json
from hashlib import md5
from itertools import pairwise
from pathlib import Path

import osrparse
import pytest
from click.testing import CliRunner, Result

from game.bots.book import BOTS
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from popd.cli.bots import bots

OSU = (
    "osu file format v14\n[General]\nMode: 3\n[Difficulty]\nCircleSize:4\nOverallDifficulty:8\n"
    "[TimingPoints]\n0,500,4,2,1,60,1,0\n[HitObjects]\n"
    + "".join(f"{i * i % 4 * 128 + 64},0,{1_000 + 150 * i},1,0\n" for i in range(200))
)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    (tmp_path / "a.osu").write_text(OSU)
    return tmp_path / "a.osu"


def play(song: Path, name: str, *more: str, out: str = "out.osr") -> Result:
    asked = ["play", name, "--chart", str(song), "--out", str(song.parent / out), *more]
    return CliRunner().invoke(bots, asked)


@pytest.fixture
def recording(song: Path) -> str:
    assert play(song, "human", "--seed", "1", out="human.osr").exit_code == 0
    return str(song.parent / "human.osr")


def test_the_list_says_how_each_works_and_what_it_needs():
    shown = CliRunner().invoke(bots, ["list"]).stdout
    assert "Needs --from PLAY.osr PLAY.osr." in shown
    assert all(bot.how in shown and bot.cost in shown for bot in BOTS)


def test_the_list_is_also_one_line_of_json():
    records = json.loads(CliRunner().invoke(bots, ["list", "--json"]).stdout)
    assert records == [
        {"name": bot.name, "sources": bot.sources, "how": bot.how, "cost": bot.cost} for bot in BOTS
    ]


@pytest.mark.parametrize("bot", BOTS, ids=lambda bot: bot.name)
def test_every_bot_writes_a_replay_of_the_chart(song: Path, recording: str, bot):
    result = play(song, bot.name, *["--from", recording] * bot.sources, "--json")
    assert result.exit_code == 0, result.stderr
    record = json.loads(result.stdout)
    assert (record["name"], record["seed"], record["notes"]) == (bot.name, 0, 200)
    assert record["accuracy_ppm"] > 700_000
    replay = replay_from_osr(Path(record["out"]).read_bytes(), 4)
    assert replay.chart_md5 == md5(song.read_bytes()).hexdigest()
    assert sum(replay.counted) == 200
    assert replay.rate == 1
    theirs = osrparse.Replay.from_path(record["out"])
    masks = [0, *(int(frame.keys) for frame in theirs.replay_data)]
    assert sum((now ^ before).bit_count() for before, now in pairwise(masks)) == len(replay.events)


def test_the_same_seed_writes_the_same_bytes(song: Path):
    for name, seed in (("one.osr", "4"), ("same.osr", "4"), ("other.osr", "5")):
        play(song, "ar1", "--seed", seed, out=name)
    one, same, other = (
        (song.parent / name).read_bytes() for name in ("one.osr", "same.osr", "other.osr")
    )
    assert one == same != other


@pytest.mark.parametrize(("mod", "rate"), [(64, "3/2"), (256, "3/4")])
def test_a_recording_at_a_rate_is_forged_at_that_rate(song: Path, recording: str, mod, rate: str):
    data = bytearray(Path(recording).read_bytes())
    name = b"popd bot human"
    # Mods stand after texts, counts, score, combo and the flag of a full combo.
    at = data.index(name) + len(name) + 1 + 12 + 7
    data[at : at + 4] = mod.to_bytes(4, "little")
    Path(recording).write_bytes(data)
    result = play(song, "copy", "--from", recording, "--json")
    replay = replay_from_osr((song.parent / "out.osr").read_bytes(), 4)
    assert (str(replay.rate), replay.mods) == (rate, mod)
    assert json.loads(result.stdout)["accuracy_ppm"] > 700_000
    assert max(e.time_us for e in replay.events) > chart_from_osu(OSU).duration_us - 200_000


def test_people_get_a_sentence_with_the_next_step(song: Path):
    result = play(song, "exact")
    out = song.parent / "out.osr"
    assert "exact played 200 notes, 100.00 % accurate." in result.stdout
    assert f"popctl judge {out} --chart {song}" in result.stdout


@pytest.mark.parametrize(
    ("name", "more", "code", "words"),
    [
        ("superb", [], 5, "no bot 'superb'"),
        ("copy", [], 2, "add --from PLAY.osr."),
        ("splice", [], 2, "add --from PLAY.osr --from PLAY.osr."),
    ],
)
def test_what_is_missing_is_named_in_one_line(song: Path, name: str, more, code: int, words: str):
    result = play(song, name, *more)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (song.parent / "out.osr").exists()


def test_bad_files_are_refused_with_code_6(song: Path, recording: str):
    other = song.parent / "other.osu"
    other.write_text(OSU.replace("1,0\n", "128,0,2000:0\n", 150).replace(",0,", ",0,9"))
    results = [
        play(song, "copy", "--from", str(song)),
        play(Path(recording), "exact"),
        play(other, "copy", "--from", recording),
    ]
    assert [result.exit_code for result in results] == [6, 6, 6]
    assert all(result.stderr.count("\n") == 1 for result in results)
    assert "a play of another chart" in results[2].stderr


def test_a_place_where_nothing_can_be_written_is_said(song: Path):
    result = play(song, "exact", out="no/such/folder.osr")
    assert result.exit_code == 1
    assert "Choose a place where you may write." in result.stderr
