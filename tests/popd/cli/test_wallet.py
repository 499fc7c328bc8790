"""Giving coins away: what is asked first, what is refused, and what the node is told."""

from typing import Any, Final, Self

import pytest
from click.testing import CliRunner, Result

from consensus.identifiers import IdentityId, to_did
from consensus.signing import public_key
from popd.cli.client import refusal
from popd.cli.wallet import wallet

BEN: Final = IdentityId(public_key(bytes(31) + b"b"))
LOTS: Final = ("aa11" + "0" * 60, "aa22" + "0" * 60)


class FakeNode:
    """A node with two lots that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self.stakes: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str, **query: str) -> Any:
        if path == "/disputes":
            return {"stakes": self.stakes}
        coins = [
            {"lot": lot, "amount_ujam": 400_000, "value_ujam": 100_000, "why": ["your own word"]}
            for lot in (*LOTS, LOTS[0])
        ]
        return {"coins": coins, "total_ujam": 1_200_000, "total_value_ujam": 300_000}

    def post(self, path: str, body: Any) -> Any:
        self.told.append((path, body))
        return {}


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> FakeNode:
    fake = FakeNode()
    monkeypatch.setattr("popd.cli.wallet.client_of", lambda *_: fake)
    return fake


def send(lot: str, amount: str, to: str, *more: str, typed: str = "") -> Result:
    arguments = ["send", lot, "--amount", amount, "--to", to, *more]
    return CliRunner().invoke(wallet, arguments, input=typed)


def test_the_list_says_what_is_at_stake_but_not_what_burnt(node: FakeNode) -> None:
    listed = CliRunner().invoke(wallet, ["list"]).output.splitlines()
    assert listed[-1] == "1.200 JAM in all, worth 0.300 to you."
    node.stakes = [
        {"amount_ujam": 250_000, "state": "locked"},
        {"amount_ujam": 50_000, "state": "free"},
        {"amount_ujam": 700_000, "state": "burnt"},
    ]
    with_stakes = CliRunner().invoke(wallet, ["list"]).output.splitlines()
    assert with_stakes[:-1] == listed
    assert with_stakes[-1].startswith("at stake: 0.300 JAM (popctl dispute list")


def test_what_leaves_to_whom_is_said_and_asked_before_it_leaves(node: FakeNode) -> None:
    refused = send("aa1", "1.5", BEN.hex(), typed="n\n")
    assert (refused.exit_code, node.told) == (1, [])
    assert "1.500000 JAM of lot aa11" in refused.output
    assert to_did(BEN) in refused.output
    assert "can't be taken back" in refused.output
    assert send("AA1", "1.5", to_did(BEN), typed="y\n").exit_code == 0
    body = {"lot": LOTS[0], "amount_ujam": 1_500_000, "to": BEN.hex()}
    assert node.told == [("/send", body)]


@pytest.mark.parametrize("flag", ["--yes", "--json"])
def test_scripts_are_not_asked(node: FakeNode, flag: str) -> None:
    assert (send("aa2", "0.000001", BEN.hex(), flag).exit_code, len(node.told)) == (0, 1)


@pytest.mark.parametrize(("lot", "words"), [("b", "No lot"), ("aa", "2 lots"), ("", "No lot")])
def test_a_prefix_of_no_lot_or_of_several_is_code_5(node: FakeNode, lot: str, words: str) -> None:
    done = send(lot, "1", BEN.hex(), "--yes")
    assert (done.exit_code, words in done.stderr, node.told) == (5, True, [])


@pytest.mark.parametrize(
    "amount", ["inf", "nan", "snan", "-1", "0", "1e30", "1e999999999", "0.0000001", "two", ""]
)
def test_an_amount_that_nobody_can_give_is_a_usage_error(node: FakeNode, amount: str) -> None:
    assert (send("aa1", amount, BEN.hex(), "--yes").exit_code, node.told) == (2, [])


@pytest.mark.parametrize("person", ["", "ben", "00" * 32, "ff" * 32, "did:key:z6Mk", "did:web:x"])
def test_what_is_nobodys_key_is_a_usage_error(node: FakeNode, person: str) -> None:
    assert (send("aa1", "1", person, "--yes").exit_code, node.told) == (2, [])
    assert CliRunner().invoke(wallet, ["list", "--as", person]).exit_code == 2


def test_a_refusal_is_shown_as_sentences_without_its_code() -> None:
    rejected = {"error": "insufficient_funds", "why": "your purse holds 1.", "next": "Send less."}
    assert refusal(rejected) == "Your purse holds 1. Send less."
    assert refusal({"error": "not_found", "next": "Look again."}) == "Not found. Look again."
    schema = {"error": "bad_request", "why": "Expected `int`, got `str` - at `$.keys`", "next": ""}
    assert refusal(schema) == "Expected `int`, got `str`."
    assert refusal(["no", "object"]) == ""
