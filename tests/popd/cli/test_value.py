"""`popctl value`: explanations, and policies shown, used, changed, checked and tried out."""

import json
from pathlib import Path
from typing import Any, Final, Self

import pytest
from click.testing import CliRunner, Result

from consensus.identifiers import IdentityId, to_did
from consensus.signing import public_key
from consensus.value.policy import Policy
from consensus.value.policy_toml import to_toml
from consensus.value.ready import ready_policies
from popd.cli.exit_codes import ExitCode
from popd.cli.value import value
from popd.config import Home

LOT: Final = "aa11" + "0" * 60
BEN: Final = IdentityId(public_key(bytes(31) + b"b"))
ME: Final = "11" * 32
SEEN: Final = {
    "observer": {"id": ME, "name": "You"},
    "is_me": True,
    "policy": "raw",
    "value_ujam": 250_000.0,
    "why": ["0.300 from Bo's word", "-0.050 because of its way"],
}
COIN: Final = {
    "lot": LOT,
    "observer": ME,
    "value_ujam": 250_000.0,
    "amount_ujam": 400_000,
    "song": "Study",
    "parts": [{"value_ujam": 300_000.0}, {"value_ujam": -50_000.0}],
    "values": [SEEN],
    "steps": [
        {
            "person": {"id": BEN.hex(), "name": "Bo\x1b[31m"},
            "is_me": False,
            "worth_ppm": 600_000,
            "given_ujam": 100_000,
            "valuation_ujam": 40_000,
        },
    ],
}


class FakeNode:
    """A node with one coin that remembers what it was told."""

    def __init__(self) -> None:
        self.home = Home(Path("home"))
        self.told: list[tuple[str, Any]] = []
        self.trouble = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str, **query: str) -> Any:
        self.told.append((path, query))
        if path == "/disputes/map":
            return {"people": [{"id": BEN.hex(), "name": "Ben", "is_me": False}]}
        if path == "/value/policy":
            return {"toml": to_toml(Policy()), "trouble": self.trouble}
        if path == "/purse":
            return {"coins": [], "total_value_ujam": 0}
        if path == "/value/policies":
            ready = [
                {"name": one.name, "about": one.about, "toml": to_toml(one)}
                for one in ready_policies()
            ]
            return {"policies": ready, "plugins": ["fresh"]}
        return COIN

    def put(self, path: str, body: Any) -> Any:
        self.told.append((path, body))
        return {"name": "kept"}

    def post(self, path: str, body: Any) -> Any:
        self.told.append((path, body))
        coin = {"lot": LOT, "before_ujam": 300_000, "after_ujam": 150_000}
        change = {"words": "the tag 'x'", "coins": 1, "change_ujam": -150_000}
        totals = {"before_ujam": 300_000, "after_ujam": 150_000, "changed": 1}
        return totals | {"coins": [coin], "changes": [change]}


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> FakeNode:
    fake = FakeNode()
    monkeypatch.setattr("popd.cli.value.client_of", lambda *_: fake)
    monkeypatch.setattr("popd.cli.value_policy.client_of", lambda *_: fake)
    return fake


def run(*arguments: str) -> Result:
    return CliRunner().invoke(value, arguments)


def test_an_explanation_is_one_line_of_json_whose_parts_add_up(node: FakeNode) -> None:
    said = json.loads(run("explain", "AA11", "--json").output)
    assert {"lot", "observer", "value_ujam", "amount_ujam", "parts"} <= set(said)
    total = sum(part["value_ujam"] for part in said["parts"])
    assert total == pytest.approx(said["value_ujam"], rel=1e-9)
    assert node.told == [("/value/coins/aa11", {})]


def test_an_explanation_for_people_shows_reasons_and_the_way_without_control_characters(
    node: FakeNode,
) -> None:
    said = run("explain", LOT).output
    assert "0.400000 JAM, worth 0.250000 to you by “raw”:" in said
    assert "-0.050 because of its way" in said
    assert "said that 0.100 JAM were worth 0.040 to them" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    "who",
    ["Ben", "be", to_did(BEN), to_did(BEN)[:20], to_did(BEN)[8:], to_did(BEN)[8:20], BEN.hex()[:8]],
)
def test_somebody_elses_eyes_are_chosen_by_name_or_key(node: FakeNode, who: str) -> None:
    assert run("explain", LOT, "--as", who, "--json").exit_code == 0
    assert node.told[-1] == (f"/value/coins/{LOT}", {"as": BEN.hex()})


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("explain", "xyz"), ExitCode.USAGE),
        (("explain", "a"), ExitCode.USAGE),
        (("explain", "../status"), ExitCode.USAGE),
        (("explain", LOT, "--as", "nobody"), ExitCode.NOT_FOUND),
        (("policy", "check", "/nowhere.toml"), ExitCode.NOT_FOUND),
        (("policy", "use", "/nowhere.toml"), ExitCode.NOT_FOUND),
        (("policy", "preview", "/"), ExitCode.FAILED),
    ],
)
def test_what_can_not_be_meant_ends_with_the_code_for_it(
    node: FakeNode, arguments: tuple[str, ...], code: ExitCode
) -> None:
    assert run(*arguments).exit_code == code


def test_a_file_is_checked_without_a_node(tmp_path: Path) -> None:
    good, bad, data = (tmp_path / name for name in ("good.toml", "bad.toml", "data.toml"))
    good.write_text(to_toml(ready_policies()[1]))
    bad.write_text("name = 'a'\n[[rule]]\ntimes = 2\n")
    data.write_bytes(b"\xff\xfe")
    assert run("policy", "check", str(good)).output == (
        "“humans only” can be used: 2 rules, 0 plug-ins.\n"
    )
    assert json.loads(run("policy", "check", str(good), "--json").output) == {
        "name": "humans only",
        "rules": 2,
        "plugins": 0,
    }
    refused = run("policy", "check", str(bad))
    assert refused.exit_code == ExitCode.REJECTED
    assert "Rule 1 says of no coins what they are like" in refused.output
    assert run("policy", "check", str(data)).exit_code == ExitCode.REJECTED


def test_a_policy_is_used_by_its_name_or_from_a_file(node: FakeNode, tmp_path: Path) -> None:
    assert run("policy", "use", "Humans-only").output == "“kept” counts for you now.\n"
    assert node.told[-1] == ("/value/policy", {"toml": to_toml(ready_policies()[1])})
    file = tmp_path / "mine.toml"
    file.write_text("name = 'mine'")
    run("policy", "use", str(file))
    assert node.told[-1] == ("/value/policy", {"toml": "name = 'mine'"})


def writing(text: str | None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lets the editor save a text, or remove its file; gives what it was opened with."""
    opened = []

    def edit(filename: str) -> None:
        opened.append(Path(filename).read_text())
        if text is None:
            Path(filename).unlink()
        else:
            Path(filename).write_text(text)

    monkeypatch.setattr("click.edit", edit)
    return opened


def test_a_policy_is_changed_in_the_editor(
    node: FakeNode, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    node.home = Home(tmp_path / "home")
    before = to_toml(Policy())
    for same in (before, "", " \n"):
        assert writing(same, monkeypatch) == []
        assert run("policy", "edit").output == "Nothing was changed.\n"
    writing(before + "# mine\n", monkeypatch)
    assert run("policy", "edit").output == "“kept” counts for you now.\n"
    assert node.told[-1][1]["toml"].endswith("# mine\n")
    assert list(node.home.path.iterdir()) == []


def test_a_policy_with_an_error_is_kept_as_a_draft_that_opens_again(
    node: FakeNode, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    node.home = Home(tmp_path / "home")
    draft = node.home.path / "policy.draft.toml"
    writing("name = 'mine'\ncontinuity = 2", monkeypatch)
    refused = run("policy", "edit")
    assert refused.exit_code == ExitCode.REJECTED
    assert refused.stderr.startswith("continuity: write a number from 0 to 1.\n")
    assert str(draft) in refused.stderr
    assert "value policy edit" in refused.stderr
    opened = writing("name = 'mine'", monkeypatch)
    assert run("policy", "edit").exit_code == 0
    assert opened == ["name = 'mine'\ncontinuity = 2"]
    assert node.told[-1] == ("/value/policy", {"toml": "name = 'mine'"})
    assert not draft.exists()


def test_a_kept_policy_that_can_not_be_used_is_what_the_editor_opens(
    node: FakeNode, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    node.home, node.trouble = Home(tmp_path), "policy.toml can't be used."
    node.home.policy.write_text("name = 'mine")
    opened = writing("name = 'mine'", monkeypatch)
    assert run("policy", "edit").exit_code == 0
    assert opened == ["name = 'mine"]


@pytest.mark.parametrize("editor", ["rm", "false", "/nowhere/editor"])
def test_an_editor_that_fails_or_leaves_no_file_is_one_line(
    node: FakeNode, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, editor: str
) -> None:
    node.home = Home(tmp_path / "home")
    monkeypatch.setenv("VISUAL", editor)
    failed = run("policy", "edit")
    assert failed.exit_code == ExitCode.FAILED
    assert failed.stderr.endswith("Nothing was changed.\n")
    assert failed.stderr.count("\n") == 1
    assert list(node.home.path.iterdir()) == []


def test_a_bad_policy_is_refused_alike_everywhere_and_not_sent(
    node: FakeNode, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    node.home = Home(tmp_path / "home")
    file = tmp_path / "bad.toml"
    file.write_text("name = 'mine'\ncontinuity = 2")
    writing(file.read_text(), monkeypatch)
    said = [run("policy", word, str(file)) for word in ("check", "preview", "use")]
    said.append(run("policy", "edit"))
    assert {one.exit_code for one in said} == {ExitCode.REJECTED}
    assert {one.stderr.splitlines()[0] for one in said} == {
        "continuity: write a number from 0 to 1."
    }
    assert all(not isinstance(body, dict) or "toml" not in body for _, body in node.told)


def test_a_policy_may_begin_with_a_byte_order_mark_and_names_what_is_not_installed(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("name = 'mine'\n[[plugin]]\nname = 'nowhere'", "utf-8-sig")
    checked = run("policy", "check", str(file))
    assert checked.stdout == "“mine” can be used: 0 rules, 1 plug-in.\n"
    assert checked.stderr == (
        "The plug-in 'nowhere' is not installed here; until it is, it changes nothing.\n"
    )


def test_a_preview_says_what_would_change_and_by_which_rule(node: FakeNode, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("name = 'mine'")
    said = run("policy", "preview", str(file)).output
    assert "would be worth 0.150 to you instead of 0.300" in said
    assert "-0.150 by the tag 'x' (1 coin)" in said
    assert "aa11000000000000  0.300 -> 0.150" in said
    assert run("policy", "preview", "humans-only").exit_code == 0
    assert node.told[-1] == ("/value/policy/preview", {"toml": to_toml(ready_policies()[1])})


def test_a_list_says_when_what_was_written_does_not_count(node: FakeNode) -> None:
    assert run("list", "--json").stderr == ""
    node.trouble = "policy.toml can't be used."
    said = run("list", "--json")
    assert (said.exit_code, said.stderr) == (0, "policy.toml can't be used.\n")
    assert json.loads(said.stdout)["coins"] == []
