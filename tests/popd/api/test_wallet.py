"""What an identity does with coins, over the API of a daemon that lives in a village."""

import csv
import io
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

from consensus.entries.transfer import Decline, DeclineReason, Receive, Transfer
from consensus.identifiers import ContentId, EntryId, IdentityId, to_did
from consensus.lots import LotKey
from consensus.parameters import PRACTICE
from consensus.signing import public_key
from consensus.statement import Statement
from consensus.units import MicroJam
from consensus.value.ready import DEFAULT
from popd.api import wallet_paying
from popd.api.answers import ApiError
from popd.api.coins import words_of
from popd.api.desk import Desk
from popd.api.shapes import Written
from popd.api.wallet_csv import COLUMNS
from popd.node.concert_words import words_bytes
from popd.node.events import Woke
from simulations import scribe
from simulations.festival import festival
from simulations.scribe import Author
from tests.jumping import run_jumping
from tests.popd.api.conftest import Backstage, daemon_of

API = "/api/v1"
STRANGER = IdentityId(public_key(bytes(31) + b"s"))
BEN, CAT = scribe.author("b"), scribe.author("c")


async def get(http: httpx.AsyncClient, path: str) -> Any:
    answer = await http.get(f"{API}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def post(http: httpx.AsyncClient, path: str, body: Any, status: int = 200) -> Any:
    answer = await http.post(f"{API}{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def at_head(backstage: Backstage, name: str) -> Author:
    """Somebody who writes on where their chain is."""
    who = scribe.author(name)
    state = backstage.daemon.node.ledger.state(who.id)
    assert state is not None
    who.head, who.number = state.head, state.number
    return who


def writes(backstage: Backstage, who: Author, body: Any) -> Statement:
    """Somebody else's entry comes in."""
    node = backstage.daemon.node
    node.context.now_us = backstage.daemon.now_us()
    statement = who.write(PRACTICE, node.context.now_ms, body)
    node.admission.admit(statement)
    assert statement.id in node.ledger.applied
    backstage.daemon.give(Woke())
    return statement


def gift(backstage: Backstage, amount: int = 700, worth: int | None = None) -> Statement:
    """Ben hands the user part of what he holds."""
    ben = at_head(backstage, "b")
    state = backstage.daemon.node.ledger.state(ben.id)
    assert state is not None
    key = max(state.purse, key=lambda one: state.purse[one])
    said = None if worth is None else MicroJam(worth)
    me = backstage.daemon.node.context.identity
    return writes(backstage, ben, Transfer(key, MicroJam(amount), me, said))


def test_a_transfer_waits_with_its_worth_until_the_user_receives_it(perform):
    async def scene(backstage):
        given = gift(backstage, worth=5)
        async with backstage.http() as http:
            found = await get(http, "/wallet/incoming")
            (one,) = found["incoming"]
            assert (one["transfer"], one["from"]["id"]) == (given.id.hex(), BEN.id.hex())
            assert (one["amount_ujam"], one["says_worth_ujam"]) == (700, 5)
            assert (one["contested"], one["concert"], found["waiting"]) == (False, "", 1)
            assert one["why"]
            assert one["value_ujam"] > 0
            (entry,) = (await post(http, "/wallet/receive", {"transfers": [given.id.hex()]}))[
                "entries"
            ]
            ledger = backstage.daemon.node.ledger
            assert ledger.statements[EntryId(bytes.fromhex(entry))].body == Receive(given.id)
            assert (await get(http, "/wallet/incoming"))["incoming"] == []
            again = await post(http, "/wallet/receive", {"transfers": [given.id.hex()]}, 409)
            unknown = await post(http, "/wallet/receive", {"transfers": ["0" * 64]}, 404)
            assert [again["error"], unknown["error"]] == ["already_taken", "not_found"]
            for hostile in ([], ["x"], ["0" * 64] * 65, None):
                await post(http, "/wallet/receive", {"transfers": hostile}, 400)

    perform(scene)


def test_a_transfer_is_declined_with_a_reason_that_its_giver_reads(perform):
    async def scene(backstage):
        given = gift(backstage)
        async with backstage.http() as http:
            body = {"transfer": given.id.hex(), "reason": "not_worth"}
            entry = (await post(http, "/decline", body))["entry"]
            ledger = backstage.daemon.node.ledger
            written = ledger.statements[EntryId(bytes.fromhex(entry))].body
            assert written == Decline(given.id, DeclineReason.NOT_WORTH)
            await post(http, "/decline", body | {"reason": "rude"}, 400)
            lines = (await get(http, "/wallet/history"))["lines"]
            assert (lines[-1]["kind"], lines[-1]["change_ujam"]) == ("declined", 0)
            assert "not worth enough" in lines[-1]["words"]

    perform(scene)


def test_what_the_user_sent_is_followed_until_it_is_received_or_comes_back_whole(perform):
    async def scene(backstage):
        cat = at_head(backstage, "c")
        async with backstage.http() as http:
            before = (await get(http, "/purse"))["total_ujam"]
            preview = await post(http, "/wallet/preview", {"to": cat.id.hex(), "amount_ujam": 900})
            parts = [{k: p[k] for k in ("lot", "path", "amount_ujam")} for p in preview["parts"]]
            body = {"to": to_did(cat.id), "parts": parts}
            (sent,) = (await post(http, "/wallet/pay", body))["entries"]
            assert (await get(http, "/purse"))["total_ujam"] == before - 900
            assert await fate(http, sent) == ("waiting", "")
            back = Decline(EntryId(bytes.fromhex(sent)), DeclineReason.NOT_MEANT)
            writes(backstage, cat, back)
            await trio.sleep(1)
            assert await fate(http, sent) == ("declined", "not_meant")
            assert (await get(http, "/purse"))["total_ujam"] == before
            (kept,) = (await post(http, "/wallet/pay", body))["entries"]
            writes(backstage, cat, Receive(EntryId(bytes.fromhex(kept))))
            assert await fate(http, kept) == ("received", "")
            kinds = [line["kind"] for line in (await get(http, "/wallet/history"))["lines"]]
            assert kinds[-3:] == ["sent", "returned", "sent"]

    perform(scene)


async def fate(http: httpx.AsyncClient, transfer: str) -> tuple[str, str]:
    outgoing = (await get(http, "/wallet/incoming"))["outgoing"]
    one = next(one for one in outgoing if one["transfer"] == transfer)
    return one["state"], one["reason"]


def test_a_preview_shows_both_views_and_why_they_differ(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            nobody = replace(DEFAULT, name="mine", stranger_trust=0.5)
            backstage.desk.use_policy(nobody)
            found = await post(http, "/wallet/preview", {"to": BEN.id.hex(), "amount_ujam": 500})
            assert found["amount_ujam"] == sum(p["amount_ujam"] for p in found["parts"]) == 500
            assert found["mine_ujam"] != found["theirs_ujam"]
            (part,) = found["parts"]
            assert part["mine_why"] != part["theirs_why"]
            assert not any("you have no trust in" in line for line in part["theirs_why"])
            assert "their" in " ".join(part["theirs_why"])
            assert "Rules of their own only they know" in found["seen_as"]
            assert found["why"][0].startswith("Chosen by what they are worth to")
            worth = {"to": BEN.id.hex(), "worth_ujam": 40}
            by_worth = await post(http, "/wallet/preview", worth)
            assert by_worth["theirs_ujam"] in (40, 41)
            named = [{k: part[k] for k in ("lot", "path", "amount_ujam")}]
            chosen = await post(http, "/wallet/preview", {"to": BEN.id.hex(), "lots": named})
            assert chosen["why"] == ["You chose these lots yourself."]
            assert chosen["parts"] == found["parts"]

    perform(scene)


def test_a_preview_of_what_can_not_be_is_refused_with_the_next_step(perform):
    async def scene(backstage):
        me = backstage.daemon.node.context.identity
        async with backstage.http() as http:
            to = {"to": BEN.id.hex()}
            path = [me.hex()]
            refused = [
                (to | {"amount_ujam": 10**15}, 409, "insufficient_funds"),
                (to | {"worth_ujam": 10**15}, 409, "insufficient_funds"),
                ({"to": me.hex(), "amount_ujam": 1}, 409, "wrong_recipient"),
                (to | {"lots": [part("0" * 64, path, 1)]}, 409, "insufficient_funds"),
                (to, 400, "bad_request"),
                (to | {"amount_ujam": 1, "worth_ujam": 1}, 400, "bad_request"),
                (to | {"amount_ujam": 0}, 400, "bad_request"),
                (to | {"amount_ujam": 2**63}, 400, "bad_request"),
                (to | {"amount_ujam": 1.5}, 400, "bad_request"),
                (to | {"lots": []}, 400, "bad_request"),
                (to | {"lots": [part("0" * 64, path, 1)] * 17}, 400, "bad_request"),
                ({"to": "did:key:zzz", "amount_ujam": 1}, 400, "bad_request"),
                ({"to": "x" * 81, "amount_ujam": 1}, 400, "bad_request"),
            ]
            for body, status, name in refused:
                answer = await post(http, "/wallet/preview", body, status)
                assert (answer["error"], bool(answer["next"])) == (name, True)

    perform(scene)


def part(lot: str, path: list[str], amount: int) -> dict[str, Any]:
    return {"lot": lot, "path": path, "amount_ujam": amount}


def test_warnings_tell_of_strangers_forks_partings_and_worthless_coins(perform):
    async def scene(backstage):
        dan = scribe.author("d")
        async with backstage.http() as http:

            async def warnings(to: IdentityId) -> str:
                body = {"to": to.hex(), "amount_ujam": 10}
                return " ".join((await post(http, "/wallet/preview", body))["warnings"])

            assert await warnings(BEN.id) == ""
            stranger = await warnings(STRANGER)
            assert "nobody may hold this key" in stranger
            assert "all of this is worth nothing" in stranger
            assert "has forked" in await warnings(dan.id)
            await post(http, "/diverge", {"person": CAT.id.hex(), "reason": "unfair_play"})
            assert "You have diverged from" in await warnings(CAT.id)
            coin = (await get(http, "/purse"))["coins"][0]
            body = {"to": CAT.id.hex(), "parts": [part(coin["lot"], coin["path"], 1)]}
            assert (await post(http, "/wallet/pay", body, 409))["error"] == "diverged"

    perform(scene)


def test_a_payment_of_several_lots_is_one_transfer_each_and_exact(perform):
    async def scene(backstage):
        ledger = backstage.daemon.node.ledger
        async with backstage.http() as http:
            coins = (await get(http, "/purse"))["coins"]
            parts = [part(one["lot"], one["path"], one["amount_ujam"]) for one in coins[:2]]
            body = {"to": BEN.id.hex(), "parts": parts, "says_worth": True}
            entries = (await post(http, "/wallet/pay", body))["entries"]
            bodies = [ledger.statements[EntryId(bytes.fromhex(entry))].body for entry in entries]
            assert [body.amount_ujam for body in bodies] == [one["amount_ujam"] for one in parts]
            assert all(body.valuation_ujam is not None for body in bodies)
            twice = body | {"parts": [parts[0], parts[0]]}
            await post(http, "/wallet/pay", twice, 409)
            left = (await get(http, "/purse"))["coins"]
            assert {one["lot"] for one in left}.isdisjoint(
                one["lot"] for one in parts if one["path"] == [coins[0]["path"][-1]]
            )

    perform(scene)


def test_where_one_of_several_fails_it_is_said_what_left_and_what_did_not(
    perform, monkeypatch: pytest.MonkeyPatch
):
    real, calls = wallet_paying.sent, []

    async def failing(desk: Desk, key: LotKey, *more: Any, **named: Any) -> Written:
        calls.append(key)
        if len(calls) == 2:
            raise ApiError(504, "not_yet", "It was not written in time.", "Wait.")
        return await real(desk, key, *more, **named)

    async def scene(backstage):
        monkeypatch.setattr(wallet_paying, "sent", failing)
        async with backstage.http() as http:
            before = (await get(http, "/purse"))["total_ujam"]
            coins = (await get(http, "/purse"))["coins"]
            parts = [part(one["lot"], one["path"], 3) for one in coins[:2]]
            answer = await post(http, "/wallet/pay", {"to": BEN.id.hex(), "parts": parts}, 504)
            assert answer["error"] == "partly_sent"
            assert "1 of 2 transfers were written" in answer["why"]
            assert "0.000003 JAM left" in answer["why"]
            assert "0.000003 JAM are still in your purse" in answer["why"]
            assert (await get(http, "/purse"))["total_ujam"] == before - 3

    perform(scene)


def test_a_request_is_a_link_and_a_qr_code_and_is_read_back(perform):
    async def scene(backstage):
        me = backstage.daemon.node.context.identity
        async with backstage.http() as http:
            asked = {"amount_ujam": 1_500_000, "note": "für \x1bgestern"}
            found = await post(http, "/wallet/request", asked)
            assert len({len(row) for row in found["rows"]} | {len(found["rows"])}) == 1
            read = await post(http, "/wallet/read-request", {"link": found["link"]})
            assert read == {
                "to": {"id": me.hex(), "name": "You"},
                "amount_ujam": 1_500_000,
                "note": "für gestern",
                "network": "practice",
            }
            for key in (me.hex(), me.hex().upper(), to_did(me)):
                whose = await post(http, "/wallet/read-request", {"link": f" {key} "})
                assert whose == {**read, "amount_ujam": 0, "note": ""}
            other = found["link"].replace("network=practice", "network=main")
            wrong = await post(http, "/wallet/read-request", {"link": other}, 400)
            assert "'main'" in wrong["why"]
            for hostile in (
                *("", "popd:pay?", "x" * 5_000, found["link"] + "&x=1"),
                *("did:key:z6Mk", "did:", me.hex()[1:]),
            ):
                await post(http, "/wallet/read-request", {"link": hostile}, 400)
            for bad in ({"amount_ujam": 0}, {"amount_ujam": 1, "note": "x" * 81}, {}):
                await post(http, "/wallet/request", bad, 400)

    perform(scene)


def test_the_statement_adds_up_to_the_purse_in_json_and_in_csv(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            history = await get(http, "/wallet/history")
            purse = await get(http, "/purse")
            table = (await http.get(f"{API}/wallet/history?format=csv")).text
            middle = history["lines"][3]["time_ms"]
            late = await get(http, f"/wallet/history?since={middle}")
            early = await get(http, f"/wallet/history?until={middle}")
            for bad in ("since=-1", "since=x", f"until={2**60}", "format=xml", "since=¹"):
                assert (await http.get(f"{API}/wallet/history?{bad}")).status_code == 400
        assert history["lines"][-1]["held_ujam"] == purse["total_ujam"]
        assert early["lines"] + late["lines"] == history["lines"]
        assert history["as"]["name"] == "You"
        rows = list(csv.DictReader(io.StringIO(table)))
        assert tuple(rows[0]) == COLUMNS
        assert [row["kind"] for row in rows] == [line["kind"] for line in history["lines"]]
        assert rows[-1]["held_nominal_jam"] == f"{purse['total_ujam'] / 1e6:.6f}"
        assert {"minted", "share", "sent", "received", "returned"} >= {r["kind"] for r in rows}

    perform(scene)


def test_what_is_worth_something_is_received_by_itself_where_the_user_chose_that(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            assert await get(http, "/wallet/receives") == {"receives": "asked"}
            dust, worthy = gift(backstage, 1), gift(backstage, 30_000)
            await trio.sleep(3)
            assert len((await get(http, "/wallet/incoming"))["incoming"]) == 2
            answer = await http.put(f"{API}/wallet/receives", json={"receives": "valued"})
            assert answer.json() == {"receives": "valued"}
            await trio.sleep(3)
            left = (await get(http, "/wallet/incoming"))["incoming"]
            assert [one["transfer"] for one in left] == [dust.id.hex()]
            state = backstage.daemon.node.ledger.state(backstage.daemon.node.context.identity)
            assert worthy.id in state.taken
            await http.put(f"{API}/wallet/receives", json={"receives": "all"})
            await trio.sleep(1)
            assert (await get(http, "/wallet/incoming"))["incoming"] == []
            bad = await http.put(f"{API}/wallet/receives", json={"receives": "some"})
            assert bad.status_code == 400

    perform(scene)


def test_a_name_that_the_user_gave_wins_everywhere_until_it_is_taken_back(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            other = backstage.daemon.network.nodes
            near = next(one for one in other.values() if one.name == "n0").identity
            for who in (BEN.id, CAT.id):
                await post(http, f"/people/{who.hex()}/name", {"name": "  Benny\x1b "})
            named = await post(http, f"/people/{to_did(near)}/name", {"name": "Drummer"})
            assert named == {"id": near.hex(), "name": "Drummer"}
            status = await get(http, "/status")
            assert [one["name"] for one in status["neighbours"]] == ["Drummer"]
            preview = await post(http, "/wallet/preview", {"to": BEN.id.hex(), "amount_ujam": 1})
            assert preview["to"]["name"].startswith("Benny (z6Mk")
            back = await post(http, f"/people/{CAT.id.hex()}/name", {"name": ""})
            assert back["name"].startswith("someone")
            preview = await post(http, "/wallet/preview", {"to": BEN.id.hex(), "amount_ujam": 1})
            assert preview["to"]["name"] == "Benny"
            me = backstage.daemon.node.context.identity
            await post(http, f"/people/{me.hex()}/name", {"name": "Me"}, 400)
            await post(http, f"/people/{BEN.id.hex()}/name", {"name": "\x1b\u200b"}, 400)
            await post(http, f"/people/{BEN.id.hex()}/name", {"name": "x" * 300}, 400)
            await post(http, "/people/zz/name", {"name": "x"}, 400)

    perform(scene, neighbours=1)


def test_a_career_without_concerts_is_one_of_windows(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            own = await get(http, "/wallet/career")
            theirs = await get(http, f"/wallet/career?of={BEN.id.hex()}")
            nobody = await get(http, f"/wallet/career?of={STRANGER.hex()}")
            assert (await http.get(f"{API}/wallet/career?of=x")).status_code == 400
        assert (own["concerts"], own["totals"]["windows"]) == ([], 2)
        assert own["totals"]["witnesses"] > 0
        assert (own["person"]["name"], own["as"]["name"]) == ("You", "You")
        assert theirs["person"]["id"] == BEN.id.hex()
        assert set(nobody["totals"].values()) == {0}

    perform(scene)


@pytest.fixture
def at_festival(tmp_path: Path, client_folder: Path) -> Callable[[str, Any], None]:
    """Runs a scene against the daemon of somebody of the festival."""

    def run(name: str, scene: Callable[[Backstage], Awaitable[None]]) -> None:
        async def main() -> None:
            backstage = Backstage(daemon_of(festival(), name, tmp_path), client_folder)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(backstage.daemon.run)
                await scene(backstage)
                nursery.cancel_scope.cancel()

        run_jumping(main)

    return run


def test_a_gatherers_career_shows_the_concert_its_crowd_and_both_shares(at_festival):
    async def scene(backstage):
        ada, bea = scribe.author("ada").id.hex(), scribe.author("bea").id.hex()
        async with backstage.http() as http:
            found = await get(http, "/wallet/career")
            lines = (await get(http, "/wallet/history"))["lines"]
        (concert,) = found["concerts"]
        assert (concert["name"], concert["crowd"], len(concert["pages"])) == (None, 6, 2)
        assert [share["id"] for share in concert["shares"]] == [ada, bea]
        assert sum(one["amount_ujam"] for one in concert["shares"]) == concert["minted_ujam"]
        assert concert["feelings"] == [{"tag": "joy", "count": 6}]
        assert concert["value_ujam"] > 0
        assert found["totals"]["concerts"] == 1
        crowds = [line for line in lines if line["kind"] == "crowd"]
        assert sum(line["change_ujam"] for line in crowds) == concert["shares"][0]["amount_ujam"]
        assert crowds[0]["words"] == "The crowd of your concert."

    at_festival("ada", scene)


def test_a_share_of_a_jam_is_a_line_of_the_one_who_shares(at_festival):
    async def scene(backstage):
        async with backstage.http() as http:
            lines = (await get(http, "/wallet/history"))["lines"]
            theirs = await get(http, f"/wallet/career?of={scribe.author('ada').id.hex()}")
        crowds = [line for line in lines if line["kind"] == "crowd"]
        share = theirs["concerts"][0]["shares"][1]["amount_ujam"]
        assert sum(line["change_ujam"] for line in crowds) == share
        assert crowds[0]["words"].startswith("Your share of a concert of someone")

    at_festival("bea", scene)


@pytest.mark.parametrize(
    ("blob", "text"),
    [
        (words_bytes(bytes(16), "Night\x1b of drums"), "Night of drums"),
        (words_bytes(bytes(16), "\x1b"), None),
        (b"", None),
        (b"\xff" * 40, None),
        (words_bytes(bytes(16), "x" * 100)[:-3], None),
    ],
)
def test_a_name_is_read_off_its_blob_or_is_not_here(at_festival, blob, text):
    async def scene(backstage):
        content = ContentId(bytes(32))
        assert await words_of(backstage.desk, content) is None
        backstage.daemon.virtual.blobs[content] = blob
        assert await words_of(backstage.desk, content) == text
        assert await words_of(backstage.desk, None) is None

    at_festival("ada", scene)
