"""Paying over the API: what is shown before, what leaves, and what becomes of what fails."""

from dataclasses import replace
from typing import Any

import pytest

from consensus.identifiers import EntryId, IdentityId, to_did
from consensus.lots import LotKey
from consensus.value.ready import DEFAULT
from popd.api import wallet_paying
from popd.api.answers import ApiError
from popd.api.desk import Desk
from popd.api.shapes import Written
from simulations import scribe
from tests.popd.api.purses import BEN, CAT, STRANGER, get, post


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


def test_what_is_not_written_in_time_is_taken_back_and_can_be_sent_again(perform):
    async def scene(backstage):
        pen = backstage.daemon.node.pen
        async with backstage.http() as http:
            before = await get(http, "/purse")
            one = before["coins"][0]
            body = {"to": BEN.id.hex(), "parts": [part(one["lot"], one["path"], 3)]}
            pen.is_busy = True
            assert (await post(http, "/wallet/pay", body, 504))["error"] == "not_written"
            pen.is_busy = False
            assert await get(http, "/purse") == before
            await post(http, "/wallet/pay", body)
            assert (await get(http, "/purse"))["total_ujam"] == before["total_ujam"] - 3

    perform(scene)


def test_a_command_waits_until_it_is_certain_what_became_of_the_last(perform):
    async def scene(backstage):
        pen = backstage.daemon.node.pen
        pen.ask = lambda: None  # the device that holds the pen does not answer
        async with backstage.http() as http:
            one = (await get(http, "/purse"))["coins"][0]
            body = {"to": BEN.id.hex(), "parts": [part(one["lot"], one["path"], 3)]}
            for _ in range(2):
                assert (await post(http, "/wallet/pay", body, 504))["error"] == "unclear"
            assert pen.is_taking_back
            assert not pen.drafts

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
