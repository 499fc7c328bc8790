"""`popctl concert`: what people read of one, how one is chosen, and how commands end."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner, Result

from popd.cli import concert as module
from popd.cli.concert import concert
from popd.cli.concert_told import tell_concert, tell_door
from popd.cli.exit_codes import ExitCode
from popd.config import Home

ESCAPE: Final = "\x1b[2J"
ME, BEN = "a" * 64, "b" * 64
CONCERT: Final[dict[str, Any]] = {
    "id": "ab" * 16, "name": f"First light{ESCAPE}", "phase": "open", "song": f"Rain{ESCAPE}",
    "tags": ["jazz"], "gatherer": {"id": ME, "name": f"Ann{ESCAPE}"}, "is_mine": True,
    "performers": [
        {"id": ME, "name": "You", "share_ppm": 600_000},
        {"id": BEN, "name": f"Ben{ESCAPE}", "share_ppm": 400_000},
    ],
    "expected": 1_200, "crowd": {"ballots": 1, "here": 2, "guests": 0, "energy_ppm": 0, "taps": 0},
    "mine": None, "subcoin": None, "comments": [], "door": None, "waiting_for": "",
    "next": "Lock it when everybody has rated.",
}  # fmt: skip
COIN: Final[dict[str, Any]] = {
    "name": "First light", "tags": ["jazz"], "crowd": 3, "minted_ujam": 250_000,
    "cap_ujam": 900_000, "pages": ["cc" * 32], "mean_score_ppm": 800_000, "value_ujam": 125_000,
    "shares": [{"id": BEN, "name": f"Ben{ESCAPE}", "amount_ujam": 250_000}],
    "scores": [0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0],
    "feelings": [{"tag": f"joy{ESCAPE}", "count": 2}],
}  # fmt: skip
MINE: Final[dict[str, Any]] = {
    "performer": ME, "score_ppm": 850_000, "tags": ["joy"], "modality": "signal",
    "method": f"taps{ESCAPE}", "comment": "", "state": "gathered", "why": "", "next": "",
    "minted_ujam": 90_000,
}  # fmt: skip
COMMENTS: Final = [
    {"who": None, "score_ppm": 900_000, "text": f"So warm{ESCAPE}", "hidden": False},
    {"who": {"id": BEN, "name": f"Ben{ESCAPE}"}, "score_ppm": 0, "text": "Hm.", "hidden": True},
]


def lines_of(tell: Callable[[dict[str, Any]], None], seen: Any, capsys: Any) -> list[str]:
    tell(seen)
    return [line for line in capsys.readouterr().out.splitlines() if line]


def test_a_concert_is_told_in_lines_and_nothing_of_a_stranger_moves_the_cursor(capsys) -> None:
    closed = CONCERT | {
        "phase": "closed", "mine": MINE, "subcoin": COIN, "comments": COMMENTS,
        "waiting_for": "2 windows of the music have not minted yet.",
    }  # fmt: skip
    assert lines_of(tell_concert, closed, capsys) == [
        "First light [2J  (abababab)",
        "  ● waiting ● open ● locked ● revealed ● closed",
        "  with You 60 %, Ben [2J 40 %; now playing Rain [2J",
        "  1 opinion cast, 2 pages open here, 0 guests; 1,200 expected",
        "  Waiting: 2 windows of the music have not minted yet.",
        "  Lock it when everybody has rated.",
        "  You: 8.5 of 10 (taps [2J), joy; gathered",
        "  Your word made 0.090000 JAM for them.",
        "  The crowd's coin: 0.250000 JAM by 3 ratings, 8 of 10 on average",
        "    0.250000 JAM  Ben [2J",
        "    worth 0.125000 to you, all of it together",
        "     7 ████████████ 1",
        "     8 ████████████████████████ 2",
        "    It felt like: joy [2J 2.",
        "  a guest, 9 of 10: So warm [2J",
        "  Ben [2J, 0 of 10: Hm. (hidden)",
    ]


def test_nobody_is_said_to_be_expected_where_nobody_said_how_many(capsys) -> None:
    told = lines_of(tell_concert, CONCERT | {"expected": 0}, capsys)
    assert told[3] == "  1 opinion cast, 2 pages open here, 0 guests"


def test_a_door_is_told_with_its_picture_and_a_code_to_type(capsys) -> None:
    door = {
        "url": "http://192.168.1.4:8772/#concert=secret", "address": "http://192.168.1.4:8772/",
        "code": "KRMTXA", "guests": 3, "most": 1_000,
    }  # fmt: skip
    told = lines_of(tell_door, door, capsys)
    assert told[-2:] == [
        "or open http://192.168.1.4:8772/ and type  KRM TXA",
        "3 guests came so far; 1,000 find a seat.",
    ]
    assert len(told) > 12
    assert lines_of(tell_door, None, capsys) == ["The door is shut."]


class FakeNode:
    """Knows some concerts, and writes down what it is told."""

    home = None

    def __init__(self, *concerts: dict[str, Any]) -> None:
        self.concerts = concerts
        self.posts: list[tuple[str, Any]] = []

    def __enter__(self) -> "FakeNode":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str) -> Any:
        if path == "/status":
            return {"identity": {"id": ME, "name": "Ann"}}
        return {"concerts": list(self.concerts), "feelings": [], "methods": []}

    def post(self, path: str, body: Any) -> Any:
        self.posts.append((path, body))
        return CONCERT

    def delete(self, path: str) -> Any:
        self.posts.append((path, None))
        return CONCERT


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command against a node."""

    def call(node: FakeNode, *words: str) -> Result:
        monkeypatch.setattr(module, "client_of", lambda home, network: node)
        monkeypatch.setattr(module, "chosen_person", lambda client, who: bytes.fromhex(BEN))
        return CliRunner().invoke(concert, list(words))

    return call


def other(name: str, digits: str, phase: str = "open", **changes: Any) -> dict[str, Any]:
    return CONCERT | {"name": name, "id": digits * 16, "phase": phase, **changes}


def test_a_concert_is_chosen_by_name_by_digits_or_as_the_only_one_that_is_on(run) -> None:
    first, second = other("First", "ab"), other("Second", "cd", "closed")
    theirs = other("Theirs", "ef", is_mine=False)
    for words, meant in (
        (["show", "first"], first),
        (["show", "CD"], second),
        (["show"], first),
    ):
        found = run(FakeNode(first, second), *words, "--json")
        assert (found.exit_code, json.loads(found.stdout)) == (ExitCode.DONE, meant)
    node = FakeNode(first, theirs)
    assert run(node, "lock").exit_code == ExitCode.DONE
    assert run(node, "reveal", "first").exit_code == ExitCode.DONE
    assert node.posts == [
        (f"/concerts/{'ab' * 16}/phase", {"phase": "locked"}),
        (f"/concerts/{'ab' * 16}/phase", {"phase": "revealed"}),
    ]


@pytest.mark.parametrize(
    ("concerts", "words", "code", "why"),
    [
        ([], ["show"], ExitCode.NOT_FOUND, "There is no such concert."),
        ([other("A", "ab")], ["show", "b"], ExitCode.NOT_FOUND, "There is no such concert."),
        ([other("A", "ab"), other("B", "ac")], ["show"], ExitCode.NOT_FOUND, "2 are on."),
        ([other("A", "ab"), other("A", "ac")], ["show", "a"], ExitCode.NOT_FOUND, "2 are on."),
        ([other("A", "ab", is_mine=False)], ["lock"], ExitCode.REJECTED, "Only who gathers"),
        ([other("A", "ab", is_mine=False)], ["open", "A"], ExitCode.REJECTED, "it: Ann [2J."),
        ([other("A", "ab")], ["rate", "8", "--of", "Eve"], ExitCode.NOT_FOUND, "'Eve' doesn't"),
        ([other("A", "ab")], ["rate", "11"], ExitCode.USAGE, "'11' is no score from 0 to 10"),
        ([other("A", "ab")], ["rate", "warm"], ExitCode.USAGE, "'warm' is no score from 0 to 10"),
        ([other("A", "ab")], ["rate", "nan"], ExitCode.USAGE, "'nan' is no score"),
        ([other("A", "ab")], ["rate", "-1"], ExitCode.USAGE, "'-1' is no score"),
        ([], ["start", "A", "--share", "Ben"], ExitCode.USAGE, "'Ben' is no share"),
        ([], ["start", "A", "--share", "Ben=100"], ExitCode.USAGE, "is no share"),
        ([], ["start", "A", "--share", "Ben=-1"], ExitCode.USAGE, "is no share"),
        ([], ["start", "A", "--share", "Ben=x"], ExitCode.USAGE, "is no share"),
        ([], ["start", "A", "--expected", "-1"], ExitCode.USAGE, "-1"),
    ],
)
def test_what_can_t_be_meant_ends_with_its_own_code_and_a_sentence(
    run, concerts, words, code, why
) -> None:
    node = FakeNode(*concerts)
    ended = run(node, *words)
    assert (ended.exit_code, node.posts) == (code, [])
    assert why in ended.stderr


def test_what_is_typed_is_what_the_node_is_told(run) -> None:
    node = FakeNode(CONCERT)
    shares = ["--share", "Ben=12.5"]
    assert run(node, "start", "A", "--tag", "jazz", "--expected", "9", *shares).exit_code == 0
    felt = ["--feel", "joy", "--feel", "calm", "--comment", "So warm."]
    assert run(node, "rate", "7.25", *felt, "--of", "you").exit_code == 0
    assert run(node, "door", "--address", "127.0.0.1").exit_code == 0
    assert run(node, "door", "--shut").exit_code == 0
    path = f"/concerts/{'ab' * 16}"
    performers = [{"id": ME, "share_ppm": 875_000}, {"id": BEN, "share_ppm": 125_000}]
    assert node.posts == [
        (
            "/concerts",
            {"name": "A", "tags": ["jazz"], "expected": 9, "performers": performers},
        ),
        (
            f"{path}/opinion",
            {
                "score_ppm": 725_000,
                "performer": ME,
                "tags": ["joy", "calm"],
                "comment": "So warm.",
            },
        ),
        (f"{path}/door", {"address": "127.0.0.1"}),
        (f"{path}/door", None),
    ]


def test_the_list_says_whose_each_is_and_what_to_do_when_there_is_none(run) -> None:
    theirs = other("Second", "cd", is_mine=False)
    listed = run(FakeNode(CONCERT, theirs), "list")
    assert listed.stdout.splitlines() == [
        "abababab  open      First light [2J, yours",
        "cdcdcdcd  open      Second, with Ann [2J",
    ]
    assert "concert start NAME" in run(FakeNode(), "list").stdout


def test_what_to_do_next_names_the_home_that_was_given(run, monkeypatch) -> None:
    node = FakeNode()
    monkeypatch.setattr(node, "home", Home(Path("/a b")))
    said = [run(node, *words).output for words in (["list"], ["start", "A"], ["show"])]
    for text, words in zip(said, ("start NAME", "door", "list"), strict=True):
        assert f"`popctl concert {words} --home '/a b'`" in text
    assert "`popctl concert open --home '/a b'`" in said[1]
