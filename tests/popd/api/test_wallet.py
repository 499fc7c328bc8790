"""What an identity does with coins, over the API of a daemon that lives in a village."""

import csv
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

from consensus.entries.transfer import Decline, DeclineReason, Receive
from consensus.identifiers import ContentId, EntryId, to_did
from popd.api.coins import words_of
from popd.api.wallet_csv import COLUMNS
from popd.node.concert_words import words_bytes
from simulations import scribe
from simulations.festival import festival
from tests.jumping import run_jumping
from tests.popd.api.conftest import Backstage, daemon_of
from tests.popd.api.purses import API, BEN, CAT, STRANGER, at_head, get, gift, post, writes


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
