"""Disputes at the command line: what is told, what is asked first, and what the node is told."""

import json
from pathlib import Path
from typing import Any, Final, Self

import msgspec
import pytest
from click.testing import CliRunner, Result

from consensus.identifiers import IdentityId, to_did
from consensus.parameters import PRACTICE
from consensus.signing import public_key
from consensus.units import Milliseconds
from popd.api.dispute_map import map_view
from popd.api.dispute_preview import preview_view
from popd.api.dispute_views import disputes_view
from popd.api.names import Names
from popd.api.opinions import Opinions
from popd.api.outlook import Outlook
from popd.cli.dispute import dispute
from popd.cli.dispute_map import HEIGHT, WIDTH, map_lines
from popd.cli.nearby_words import REPORTED
from popd.config import Home
from simulations import scribe
from simulations.stories import Story, court

BEN: Final = IdentityId(public_key(bytes(31) + b"b"))
LOT: Final = "aa11" + "0" * 60


def told() -> tuple[Story, Outlook]:
    """The court, in the eyes of somebody who staked, parted and reported there."""
    story = court()
    sam = scribe.author("s")
    opinions = Opinions(story.ledger)
    opinions.refresh(Milliseconds(story.now_ms))
    return story, Outlook(story.ledger, opinions, Names(sam.id, "", {}))


STORY, OUTLOOK = told()


def plain(view: object) -> Any:
    return json.loads(msgspec.json.encode(view))


class FakeNode:
    """A node that answers from the court and remembers what it was told."""

    def __init__(self) -> None:
        self.home = Home(Path("/nowhere"))
        self.told: list[tuple[str, Any]] = []
        now_ms = Milliseconds(STORY.now_ms)
        quin = scribe.author("q").id
        self.answers = {
            "/nearby": {"duties": [], "attested": []},
            "/purse": {"coins": [{"lot": LOT}]},
            "/disputes": plain(disputes_view(OUTLOOK, now_ms, PRACTICE.stake_lock_ms)),
            "/disputes/preview": plain(preview_view(OUTLOOK, quin, now_ms)),
            "/disputes/map": plain(map_view(OUTLOOK)),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str, **query: str) -> Any:
        return self.answers[path]

    def post(self, path: str, body: Any) -> Any:
        self.told.append((path, body))
        return {"entry": "e" * 64}


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> FakeNode:
    fake = FakeNode()
    monkeypatch.setattr("popd.cli.dispute.client_of", lambda *_: fake)
    return fake


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(dispute, list(arguments), input=typed)


def test_the_list_has_a_line_for_everything_and_json_has_all_of_it(node: FakeNode) -> None:
    done = run("list")
    assert done.exit_code == 0
    found = node.answers["/disputes"]
    assert len(done.output.splitlines()) == sum(map(len, found.values()))
    assert "You diverged from someone" in done.output
    assert "moved a coin twice" in done.output
    assert json.loads(run("list", "--json").output) == found
    node.answers["/disputes"] = {kind: [] for kind in found}
    assert run("list").output == "Nothing around you is disputed.\n"


def test_everything_in_the_list_can_be_shown_in_full(node: FakeNode) -> None:
    found = node.answers["/disputes"]
    for kind, beginning in (
        ("reports", found["reports"][0]["block"]),
        ("forks", found["forks"][0]["person"]["id"]),
        ("contested", found["contested"][0]["lot"]),
        ("divergences", found["divergences"][0]["person"]["id"]),
    ):
        done = run("show", beginning[:20])
        assert (kind, done.exit_code, len(done.output.splitlines()) >= 2) == (kind, 0, True)
        shown = json.loads(run("show", beginning, "--json").output)
        assert kind in {one["kind"] for one in shown}
    for nothing in ("zz", ""):
        done = run("show", nothing)
        assert (done.exit_code, "Nothing disputed begins" in done.stderr) == (5, True)


def test_a_contested_lot_is_shown_with_both_stories(node: FakeNode) -> None:
    contested = node.answers["/disputes"]["contested"]
    lot = contested[0]["lot"]
    parts = sum(one["lot"] == lot for one in contested)
    lines = run("show", lot).output.splitlines()
    assert sum(line.startswith("  counted: ") for line in lines) == parts
    assert sum(line.startswith("  not counted: ") for line in lines) == parts


def test_parting_says_first_what_follows_and_asks_once(node: FakeNode) -> None:
    refused = run("diverge", BEN.hex(), "--reason", "stolen", typed="n\n")
    assert (refused.exit_code, node.told) == (1, [])
    assert "If you diverge from" in refused.output
    assert "Your purse, worth" in refused.output
    done = run("diverge", to_did(BEN), "--reason", "stolen", typed="y\n")
    assert done.exit_code == 0
    assert f"dispute reconcile {to_did(BEN)}" in done.output
    body = {"person": BEN.hex(), "reason": "stolen"}
    assert node.told == [("/diverge", body)]


@pytest.mark.parametrize("flag", ["--yes", "--json"])
def test_scripts_are_not_asked(node: FakeNode, flag: str) -> None:
    done = run("diverge", BEN.hex(), "--reason", "other", flag)
    assert (done.exit_code, len(node.told)) == (0, 1)


def test_the_other_commands_tell_the_node_what_was_meant(node: FakeNode) -> None:
    stake = "ab" * 32
    node.answers["/disputes"] = {"stakes": [{"stake": stake}], "reports": []}
    for arguments in (
        ("stake", "aa", "--amount", "1.5"),
        ("unstake", "abab"),
        ("report", "c" * 64, "--reason", "copied", "--yes"),
        ("reconcile", BEN.hex()),
    ):
        assert run(*arguments).exit_code == 0
    assert node.told == [
        ("/stake", {"lot": LOT, "amount_ujam": 1_500_000}),
        ("/unstake", {"stake": stake}),
        ("/report", {"block": "c" * 64, "reason": "copied"}),
        ("/reconcile-with", {"person": BEN.hex()}),
    ]


def people_named(*names: str) -> dict[str, Any]:
    keys = [public_key(bytes(31) + bytes([number])).hex() for number in range(len(names))]
    found = [
        {"id": key, "name": name, "is_me": False} for key, name in zip(keys, names, strict=True)
    ]
    return {"people": found}


def test_whom_one_means_can_be_named_as_the_map_does(node: FakeNode) -> None:
    node.answers["/disputes/map"] = people_named("Ann", "Anna", "Bela", "bert")
    keys = [one["id"] for one in node.answers["/disputes/map"]["people"]]
    did = to_did(IdentityId(bytes.fromhex(keys[3])))
    for who in ("ann", "anna", "BEL", did[:20]):
        assert run("reconcile", who).exit_code == 0
    assert [body["person"] for _, body in node.told] == keys
    several = run("diverge", "be", "--reason", "other")
    assert several.exit_code == 5
    assert several.stderr.startswith("2 people begin with 'be': Bela (did:key:z6Mk")
    assert "trust map" in run("reconcile", "zoe").stderr


def test_a_report_shows_what_it_does_and_takes_the_beginning_of_a_block(node: FakeNode) -> None:
    block = node.answers["/disputes"]["reports"][0]["block"]
    asked = run("report", block[:8], "--reason", "copied", typed="n\n")
    assert (asked.exit_code, node.told) == (1, [])
    assert "for others only if three whom they trust say so" in asked.output
    done = run("report", block[:8], "--reason", "copied", typed="y\n")
    assert done.output.splitlines()[-1] == REPORTED
    assert node.told == [("/report", {"block": block, "reason": "copied"})]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("stake", "aa", "--amount", "0"), 2),
        (("stake", "zz", "--amount", "1"), 5),
        (("unstake", ""), 2),
        (("diverge", "", "--reason", "other"), 2),
        (("diverge", "x" * 100_000, "--reason", "other"), 2),
        (("reconcile", "did:key:z6Mk"), 5),
        (("report", "c" * 63, "--reason", "copied"), 5),
        (("report", "c", "--reason", "copied"), 2),
        (("unstake", "zz"), 5),
        (("report", "c" * 64, "--reason", "rude"), 2),
        (("report", "c" * 64), 2),
        (("diverge", "nobody", "--reason", "other"), 5),
        (("diverge", BEN.hex()), 2),
        (("reconcile", "00" * 32), 2),
    ],
)
def test_what_makes_no_sense_is_refused(
    node: FakeNode, arguments: tuple[str, ...], code: int
) -> None:
    assert (run(*arguments).exit_code, node.told) == (code, [])


def test_the_map_is_a_picture_with_the_user_a_legend_and_who_parted(node: FakeNode) -> None:
    lines = run("map").output.splitlines()
    picture = lines[: lines.index("")]
    assert all(picture)
    assert len(picture) <= HEIGHT
    assert sum(line.count("@") for line in picture) == 1
    assert all(len(line) <= WIDTH for line in picture)
    assert "Phase 1:" in lines
    for one in node.answers["/disputes/map"]["people"]:
        did = to_did(IdentityId(bytes.fromhex(one["id"])))
        assert any(line.endswith(f" {one['name']} ({did[:20]}…)") for line in lines)
    assert any(line.startswith("You -/- someone") for line in lines)
    assert json.loads(run("map", "--json").output) == node.answers["/disputes/map"]


def test_an_empty_map_and_a_full_one_can_be_drawn() -> None:
    empty = {"people": [], "arcs": [], "phases": 0, "left_out": 0}
    assert map_lines(empty) == ["Nobody is known yet. Play with people nearby."]
    person = {"is_me": False, "phase": 0, "x": 1.0, "y": 1.0, "proximity_ppm": 0}
    many = [{**person, "id": f"{n:064x}", "name": f"n{n}"} for n in range(300)]
    lines = map_lines({"people": many, "arcs": [], "phases": 1, "left_out": 7})
    assert lines[-3:-1][0].endswith("and 260 more")
    assert lines[-1] == "7 more people are too far away."
