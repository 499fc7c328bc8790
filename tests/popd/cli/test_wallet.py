"""Coins in the terminal: what is shown, what is asked first, and what the node is told."""

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Self

import pytest
from click.testing import CliRunner, Result

from consensus.identifiers import IdentityId, to_did
from consensus.signing import public_key
from popd.cli.client import refusal
from popd.cli.people_names import people
from popd.cli.wallet import wallet

BEN: Final = IdentityId(public_key(bytes(31) + b"b"))
CAT: Final = IdentityId(public_key(bytes(31) + b"c"))
LOTS: Final = ("aa11" + "0" * 60, "aa22" + "0" * 60)
PATH: Final = ["11" * 32]
LINK: Final = f"popd:pay?to={to_did(BEN)}&jam=2&note=x&network=practice"
HOSTILE: Final = "Ev\x1b[2Je"
WAITING: Final = ("bb11" + "0" * 60, "bb22" + "0" * 60)


def coin(lot: str, amount: int, came: str = "minted") -> dict[str, Any]:
    return {
        "lot": lot, "path": PATH, "minted_ms": 1_700_000_000_000, "song": f"Song {HOSTILE}",
        "amount_ujam": amount, "value_ujam": 100_000, "why": ["your own word"], "from": came,
        "contested": False,
    }  # fmt: skip


def line(kind: str, change: int, held: int) -> dict[str, Any]:
    return {
        "time_ms": 1_700_000_000_000, "kind": kind, "amount_ujam": abs(change),
        "change_ujam": change, "lot": LOTS[0], "path": PATH, "song": "S", "entry": LOTS[1],
        "other": {"id": BEN.hex(), "name": HOSTILE}, "held_ujam": held, "value_ujam": 5,
        "words": f"To {HOSTILE}.",
    }  # fmt: skip


class FakeNode:
    """A node with two lots that remembers what it was told."""

    home = None

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.stakes: list[dict[str, Any]] = []
        self.waiting: tuple[str, ...] = ()
        self.warnings: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, path: str, **query: str) -> Any:
        self.asked.append((path, query))
        ben = {"id": BEN.hex(), "name": HOSTILE}
        answers: dict[str, Any] = {
            "/disputes": {"stakes": self.stakes},
            "/purse": {
                "coins": [coin(LOTS[0], 400_000), coin(LOTS[1], 300_000, "received"),
                          coin(LOTS[0], 500_000, "witnessed")],
                "total_ujam": 1_200_000, "total_value_ujam": 300_000,
                "as": {"id": BEN.hex(), "name": HOSTILE},
            },
            "/wallet/incoming": {
                "incoming": [
                    {"transfer": one, "from": ben, "lot": LOTS[0], "path": PATH, "song": "S",
                     "amount_ujam": 7_000, "value_ujam": 3, "why": [], "says_worth_ujam": None,
                     "since_ms": 0, "contested": True, "concert": ""}
                    for one in self.waiting
                ],
                "outgoing": [
                    {"transfer": LOTS[1], "to": ben, "lot": LOTS[0], "amount_ujam": 5,
                     "since_ms": 0, "state": "declined", "reason": "not_worth"}
                ],
                "waiting": len(self.waiting),
            },
            "/disputes/map": {
                "people": [
                    {"id": BEN.hex(), "name": "Ben", "is_me": False},
                    {"id": CAT.hex(), "name": "Cat", "is_me": False},
                    {"id": LOTS[0], "name": "Catherine", "is_me": False},
                ]
            },
            "/wallet/history": {
                "lines": [line("minted", 900, 900), line("sent", -400, 500)],
                "as": ben, "about": "Amounts are nominal.", "more": 0,
            },
            "/wallet/receives": {"receives": "asked"},
            "/status": {
                "identity": {"did": to_did(BEN), "name": "Ben", "id": BEN.hex()},
                "network": "practice", "digest": "dd" * 32,
            },
            "/wallet/career": {
                "person": ben, "as": ben,
                "concerts": [
                    {"name": None, "time_ms": 0, "feelings": [{"tag": "joy", "count": 3}],
                     "mean_score_ppm": 900_000, "crowd": 4, "minted_ujam": 9, "value_ujam": 2}
                ],
                "totals": {"concerts": 1, "voices": 4, "windows": 2, "minted_ujam": 10,
                           "witnesses": 3},
            },
        }  # fmt: skip
        return answers[path]

    def download(self, path: str, **query: str) -> bytes:
        self.asked.append((path, query))
        return b"time_utc,kind\r\n"

    def put(self, path: str, body: Any) -> Any:
        self.told.append((path, body))
        return body

    def post(self, path: str, body: Any) -> Any:
        self.told.append((path, body))
        if path == "/wallet/preview":
            amount = body.get("amount_ujam") or body.get("worth_ujam") or 700_000
            part = {
                "lot": LOTS[0], "path": PATH, "song": HOSTILE, "amount_ujam": amount,
                "mine_ujam": 5, "theirs_ujam": 6,
            }  # fmt: skip
            return {
                "to": {"id": body["to"], "name": HOSTILE}, "parts": [part], "amount_ujam": amount,
                "mine_ujam": 5, "theirs_ujam": 6, "seen_as": "Worked out here.",
                "why": ["Chosen so."], "warnings": self.warnings,
            }  # fmt: skip
        if path == "/wallet/read-request":
            return {"to": {"id": BEN.hex(), "name": "B"}, "amount_ujam": 2_000_000, "note": HOSTILE}
        if path == "/wallet/request":
            return {"link": LINK, "rows": []}
        if path.startswith("/people/"):
            return {"id": BEN.hex(), "name": body["name"] or "someone"}
        return {"entries": ["ee" * 32] * len(body.get("transfers", body.get("parts", ())))}


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> FakeNode:
    fake = FakeNode()
    for place in (
        "wallet_coins",
        "wallet_sending",
        "wallet_receiving",
        "wallet_history",
        "people_names",
    ):
        monkeypatch.setattr(f"popd.cli.{place}.client_of", lambda *_: fake)
    return fake


def run(*arguments: str, typed: str = "") -> Result:
    done = CliRunner().invoke(wallet, list(arguments), input=typed)
    assert "\x1b" not in done.output + done.stderr
    return done


def send(amount: str, to: str, *more: str, typed: str = "") -> Result:
    return run("send", amount, "--to", to, *more, typed=typed)


def test_the_list_is_by_how_coins_came_and_says_whose_view_it_is(node: FakeNode) -> None:
    listed = run("list").output.splitlines()
    assert listed[0].strip() == "Your coins, as you see them"
    groups = [at for at, words in enumerate(listed) if words.strip() in GROUPS]
    assert [listed[at].strip() for at in groups] == list(GROUPS)
    assert listed[-1] == ("Worth 0.300 to you in all. Nominally 1.200 JAM, which is nobody's view.")
    assert "your own word" in run("list", "--why").output
    theirs = run("list", "--as", BEN.hex())
    assert "worth to Ev [2Je" in theirs.output
    assert json.loads(run("list", "--json").output)["total_ujam"] == 1_200_000


GROUPS: Final = ("You played", "You witnessed", "Given to you")


def test_the_list_says_what_is_at_stake_but_not_what_burnt_and_what_waits(node: FakeNode) -> None:
    listed = run("list").output.splitlines()
    node.stakes = [
        {"amount_ujam": 250_000, "state": "locked"},
        {"amount_ujam": 50_000, "state": "free"},
        {"amount_ujam": 700_000, "state": "burnt"},
    ]
    node.waiting = WAITING
    more = run("list").output.splitlines()
    assert more[:-2] == listed
    assert more[-2].startswith("at stake: 0.300 JAM (popctl dispute list")
    assert more[-1].startswith("2 transfers wait for you: popctl wallet receive")


def test_what_leaves_is_shown_in_both_views_and_asked_before_it_leaves(node: FakeNode) -> None:
    node.warnings = ["They forked."]
    refused = send("1.5", BEN.hex(), typed="n\n")
    assert (refused.exit_code, [path for path, _ in node.told]) == (1, ["/wallet/preview"])
    assert "worth to you" in refused.output
    assert "worth to Ev [2Je" in refused.output
    assert "Worked out here." in refused.output
    assert "Mind: They forked." in refused.stderr
    assert "can't be taken back" in refused.output
    node.told.clear()
    assert send("1.5", to_did(BEN), typed="y\n").exit_code == 0
    part = {"lot": LOTS[0], "path": PATH, "amount_ujam": 1_500_000}
    assert node.told == [
        ("/wallet/preview", {"to": BEN.hex(), "amount_ujam": 1_500_000}),
        ("/wallet/pay", {"to": BEN.hex(), "parts": [part], "says_worth": False}),
    ]


@pytest.mark.parametrize("flag", ["--yes", "--json"])
def test_scripts_are_not_asked(node: FakeNode, flag: str) -> None:
    done = send("0.000001", BEN.hex(), flag)
    assert (done.exit_code, node.told[-1][0]) == (0, "/wallet/pay")
    if flag == "--json":
        assert json.loads(done.output)["entries"] == ["ee" * 32]


def test_somebody_is_paid_by_name_where_that_is_one_person_only(node: FakeNode) -> None:
    assert send("1", "ben", "--yes").exit_code == 0
    assert node.told[0][1]["to"] == BEN.hex()
    assert send("1", "cat", "--yes").exit_code == 0
    assert node.told[2][1]["to"] == CAT.hex()
    several, nobody = send("1", "ca", "--yes"), send("1", "zoe", "--yes")
    assert (several.exit_code, nobody.exit_code) == (5, 5)
    assert "2 people begin with 'ca'" in several.stderr


def test_a_worth_and_a_word_on_it_are_handed_on(node: FakeNode) -> None:
    assert send("0.5", BEN.hex(), "--worth", "--say-worth", "--yes").exit_code == 0
    assert node.told[0] == ("/wallet/preview", {"to": BEN.hex(), "worth_ujam": 500_000})
    assert node.told[1][1]["says_worth"] is True


def test_lots_are_named_by_their_digits_with_or_without_an_amount(node: FakeNode) -> None:
    assert send("0.7", BEN.hex(), "--lot", "aa1=0.6", "--lot", "AA2", "--yes").exit_code == 0
    assert [(part["lot"], part["amount_ujam"]) for part in node.told[0][1]["lots"]] == [
        (LOTS[0], 500_000), (LOTS[0], 100_000), (LOTS[1], 100_000),
    ]  # fmt: skip
    assert send("2", BEN.hex(), "--lot", "aa1", "--yes").exit_code == 6
    assert send("1", BEN.hex(), "--lot", "aa1", "--worth").exit_code == 2
    assert send("1", BEN.hex(), "--lot", "aa1=x").exit_code == 2


@pytest.mark.parametrize(("lot", "words"), [("b", "No lot"), ("aa", "2 lots"), ("", "No lot")])
def test_digits_of_no_lot_or_of_several_are_code_5(node: FakeNode, lot: str, words: str) -> None:
    done = send("1", BEN.hex(), "--lot", lot, "--yes")
    assert (done.exit_code, words in done.stderr, node.told) == (5, True, [])


def test_a_link_says_whom_how_much_and_what_for(node: FakeNode) -> None:
    done = run("send", "--to", LINK, "--yes")
    assert (done.exit_code, "They write: Ev [2Je" in done.output) == (0, True)
    assert node.told[0] == ("/wallet/read-request", {"link": LINK})
    assert node.told[1] == ("/wallet/preview", {"to": BEN.hex(), "amount_ujam": 2_000_000})
    assert run("send", "--to", BEN.hex()).exit_code == 2


def test_a_link_and_an_amount_that_differ_are_a_usage_error_and_send_nothing(
    node: FakeNode,
) -> None:
    differs = send("1.5", LINK, "--yes")
    assert (differs.exit_code, "asks for 2 JAM, and you say 1.5." in differs.stderr) == (2, True)
    assert run("send", "--to", LINK, "--worth", "--yes").exit_code == 2
    assert {path for path, _ in node.told} == {"/wallet/read-request"}
    assert send("2", LINK, "--yes").exit_code == 0


@pytest.mark.parametrize(
    "amount",
    [
        "inf",
        "nan",
        "snan",
        "0",
        "1e30",
        "1e999999999",
        "0.0000001",
        "two",
        "1_0",
        "\u0661\u066b\u0665",
        "\u0663",
    ],
)
def test_an_amount_that_nobody_can_give_is_a_usage_error(node: FakeNode, amount: str) -> None:
    assert (send(amount, BEN.hex(), "--yes").exit_code, node.told) == (2, [])


@pytest.mark.parametrize("person", ["", "00" * 32, "ff" * 32, "x" * 100])
def test_what_is_nobodys_key_is_a_usage_error(node: FakeNode, person: str) -> None:
    assert (send("1", person, "--yes").exit_code, node.told) == (2, [])
    assert run("list", "--as", person).exit_code == 2


def test_what_waits_is_shown_with_the_next_steps_and_received_by_its_digits(
    node: FakeNode,
) -> None:
    empty = run("receive")
    assert "declined: not worth" in empty.output
    assert "Nothing waits for you." in empty.output
    node.waiting = WAITING
    shown = run("receive")
    assert "Ev [2Je" in shown.output
    assert "contested: S" in shown.output
    assert "wallet decline bb1100000000 --reason not-worth" in shown.output
    assert json.loads(run("receive", "--json").output)["waiting"] == 2
    assert run("receive", "bb1").output == "Received 1 transfer.\n"
    assert node.told[-1] == ("/wallet/receive", {"transfers": [WAITING[0]]})
    assert run("receive", "--all").output == "Received 2 transfers.\n"
    assert run("receive", "bb").exit_code == run("receive", "cc").exit_code == 5


def test_many_transfers_are_received_in_bounded_requests(node: FakeNode) -> None:
    node.waiting = tuple(f"{number:064x}" for number in range(150))
    assert run("receive", "--all").output == "Received 150 transfers.\n"
    assert [len(body["transfers"]) for _, body in node.told] == [64, 64, 22]


def test_a_transfer_is_declined_with_a_reason(node: FakeNode) -> None:
    node.waiting = WAITING
    assert run("decline", "bb2", "--reason", "not-worth").exit_code == 0
    assert node.told == [("/decline", {"transfer": WAITING[1], "reason": "not_worth"})]
    assert run("decline", "ff" * 32).exit_code == 0
    assert run("decline", "bb2", "--reason", "rude").exit_code == 2


def test_what_is_received_without_asking_is_shown_and_set(node: FakeNode) -> None:
    assert "waits for you" in run("receives").output
    assert "0.001" in run("receives", "valued").output
    assert node.told == [("/wallet/receives", {"receives": "valued"})]


def test_a_request_is_a_link_and_a_code_in_the_terminal(node: FakeNode) -> None:
    done = CliRunner().invoke(wallet, ["request", "2", "--note", "x"])
    assert node.told == [("/wallet/request", {"amount_ujam": 2_000_000, "note": "x"})]
    assert LINK in done.output
    assert len(done.output.splitlines()) > 15
    assert len(run("request", "2", "--no-qr").output.splitlines()) == 2
    assert json.loads(run("request", "2", "--json").output)["link"] == LINK


def test_history_is_a_table_a_file_or_json(node: FakeNode, tmp_path: Path) -> None:
    shown = run("history", "--since", "2026-01-31").output
    assert node.asked[-1] == ("/wallet/history", {"since": "1769817600000", "until": ""})
    assert "To Ev [2Je." in shown
    assert "+0.000900" in shown
    assert "-0.000400" in shown
    table = tmp_path / "table.csv"
    assert run("history", "--csv", str(table)).output == f"Written to {table}.\n"
    assert table.read_bytes() == b"time_utc,kind\r\n"
    assert run("history", "--csv", "-").output == "time_utc,kind\n"
    assert len(json.loads(run("history", "--json").output)["lines"]) == 2
    assert run("history", "--csv", str(tmp_path / "no" / "x")).exit_code == 1
    for bad in ("yesterday", "2026-13-01", "1969-01-01", "9" * 40):
        assert run("history", "--since", bad).exit_code == 2


def test_an_export_says_whose_it_is_and_proves_its_lines(node: FakeNode, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    assert run("export", str(path)).exit_code == 0
    found = json.loads(path.read_text())
    assert (found["identity"], found["network"]) == (to_did(BEN), "practice")
    assert (found["format"], found["ledger_digest"]) == ("popd statement 1", "dd" * 32)
    lines = json.dumps(
        found["lines"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
    assert found["digest"] == blake2b(lines, digest_size=32).hexdigest()


def test_a_career_is_a_table_and_a_sentence(node: FakeNode) -> None:
    shown = run("career", "ben").output
    assert node.asked[-1] == ("/wallet/career", {"of": BEN.hex()})
    assert "without a name" in shown
    assert "joy 3" in shown
    assert "90 %" in shown
    assert "1 concert heard by 4 voices, 2 windows vouched for by 3 witnesses" in shown


def test_people_are_named_and_their_names_taken_back(node: FakeNode) -> None:
    named = CliRunner().invoke(people, ["name", "ben", "Drummer"])
    assert (named.exit_code, named.output) == (0, "They are Drummer to you.\n")
    gone = CliRunner().invoke(people, ["name", BEN.hex(), "--forget"])
    assert gone.output == "They are shown as someone again.\n"
    where = f"/people/{BEN.hex()}/name"
    assert node.told == [(where, {"name": "Drummer"}), (where, {"name": ""})]
    for wrong in (["name", "ben"], ["name", "ben", "x", "--forget"]):
        assert CliRunner().invoke(people, wrong).exit_code == 2


def test_a_refusal_is_shown_as_sentences_without_its_code() -> None:
    rejected = {"error": "insufficient_funds", "why": "your purse holds 1.", "next": "Send less."}
    assert refusal(rejected) == "Your purse holds 1. Send less."
    assert refusal({"error": "not_found", "next": "Look again."}) == "Not found. Look again."
    schema = {"error": "bad_request", "why": "Expected `int`, got `str` - at `$.keys`", "next": ""}
    assert refusal(schema) == "Expected `int`, got `str`."
    assert refusal(["no", "object"]) == ""


def test_nothing_that_is_there_is_written_over(node: FakeNode, tmp_path: Path) -> None:
    keystore = tmp_path / "keystore"
    keystore.write_text("keys")
    for arguments in (("export", str(keystore)), ("history", "--csv", str(keystore))):
        done = run(*arguments)
        assert (done.exit_code, "not overwritten" in done.output) == (1, True)
    assert keystore.read_text() == "keys"
    assert run("export", str(tmp_path / "new")).exit_code == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
