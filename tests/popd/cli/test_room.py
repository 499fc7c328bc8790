"""`popctl room`: two real nodes meet in a room, by commands alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from popd.cli.play import play
from popd.cli.room import room, told
from popd.cli.town import Town
from simulations.scribe import author

ANN = {"id": author("a").id.hex(), "name": "You"}
BEN = {"id": author("b").id.hex(), "name": "Ben"}


def member(person: dict[str, str], **fields: Any) -> dict[str, Any]:
    marks = {
        "ready": False,
        "playing": False,
        "here": True,
        "connected": True,
        "is_me": person is ANN,
    }
    clock = {"offset_us": None, "uncertainty_us": None}
    return {"person": person, "label": "4 keys, easy", **marks, **clock, **fields}


def test_a_room_is_told_in_lines() -> None:
    own = {
        "id": "ab" * 16,
        "title": "First Light",
        "host": BEN,
        "is_host": False,
        "state": "gathering",
        "uncertainty_us": 431,
        "witnesses": 2,
        "advice": "",
        "members": [
            member(BEN, ready=True, offset_us=-1_250, uncertainty_us=431),
            member(ANN, label=""),
            member({"id": "", "name": "Cleo"}, here=False, connected=False, ready=True),
            member({"id": "", "name": "Dora"}, connected=False, ready=True),
            member({"id": "", "name": "Emil"}, connected=False),
        ],
    }
    assert told(own) == [
        f"First Light, with Ben: gathering   {'ab' * 16}",
        "You begin together within ±0.4 ms.",
        "  Ben                  4 keys, easy             ready   clock -1.2 ms, ±0.4",
        "  You                  no part yet              ",
        "  Cleo                 4 keys, easy             left",
        "  Dora                 4 keys, easy             ready, not connected to you",
        "  Emil                 4 keys, easy             not connected to you",
        "2 people nearby could witness you.",
    ]
    assert told({**own, "witnesses": 1})[-1] == "1 person nearby could witness you."
    assert told({**own, "witnesses": 0, "advice": "Do that."})[-1] == "Do that."


def test_only_bots_are_put_into_rooms_by_command() -> None:
    done = CliRunner().invoke(play, ["--room"])
    assert done.exit_code == 2
    assert "--room is for bots" in done.output


@pytest.mark.parametrize("command", ["open", "part"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--keys", "99"], "No chart has 99 lanes. Choose --keys from 1 to 18."),
        (["--keys", "0"], "No chart has 0 lanes. Choose --keys from 1 to 18."),
        (["--chart", "zz"], "--chart is a chart's id: 64 digits, 0 to 9 and a to f."),
        (["--chart", ""], "--chart is a chart's id: 64 digits, 0 to 9 and a to f."),
        (["--song", "x" * 65], "--song has at most 64 characters. Choose a shorter one."),
        (["--level", "x" * 33], "--level has at most 32 characters. Choose a shorter one."),
    ],
)
def test_a_part_that_can_be_none_is_refused_in_a_sentence(
    tmp_path: Path, command: str, options: list[str], said: str
) -> None:
    done = CliRunner().invoke(room, [command, *options, "--home", str(tmp_path)])
    assert done.exit_code == 2
    assert done.output.startswith(said)


@pytest.mark.network
def test_two_nodes_meet_in_a_room_by_commands_alone(tmp_path: Path) -> None:
    with Town(tmp_path, 2) as town:
        town.wait_connected()

        def say(number: int, *arguments: str, code: int = 0) -> Any:
            home = str(town.plans[number].home.path)
            done = CliRunner().invoke(room, [*arguments, "--home", home, "--json"])
            assert done.exit_code == code, done.output
            return json.loads(done.output) if code == 0 else done.output

        opened = say(0, "open", "--keys", "4")
        town.wait_until(lambda: bool(say(1, "list")["rooms"]), 20.0, "a room nearby")
        assert [one["id"] for one in say(1, "list")["rooms"]] == [opened["id"]]
        assert "popctl room list" in say(1, "join", "xyz", code=5)
        say(1, "join")
        assert say(1, "part", "--keys", "7", "--level", "medium")["state"] == "gathering"
        assert "Fewer than two are ready." in say(0, "start", code=6)
        say(0, "ready")
        say(1, "ready")
        say(1, "ready", "--not")
        say(1, "ready")
        town.wait_until(
            lambda: all(one["ready"] for one in say(0, "show")["members"]), 10.0, "all ready"
        )
        assert say(0, "start")["state"] == "counting"
        assert say(1, "leave") is None
        assert "You are in no room." in say(1, "leave", code=5)
        assert "popctl room list" in say(1, "show", code=5)
