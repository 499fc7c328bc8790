"""What coins are worth, over the API: one coin explained, policies kept, changed and tried out."""

from typing import Any

import httpx
import pytest

from consensus.entries.transfer import Transfer
from consensus.identifiers import EntryId, to_did
from consensus.value.policy import PluginUse, Policy, Rule
from consensus.value.policy_toml import MAX_POLICY_BYTES, to_toml
from consensus.value.ready import DEFAULT
from popd.api.value_keeping import keep_policy, kept_policy
from popd.config import Home
from simulations import scribe

API = "/api/v1"
BEN = scribe.author("b").id


async def got(http: httpx.AsyncClient, path: str) -> Any:
    answer = await http.get(f"{API}/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def put(http: httpx.AsyncClient, policy: Policy) -> Any:
    answer = await http.put(f"{API}/value/policy", json={"toml": to_toml(policy)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def total(parts: list[dict[str, Any]]) -> float:
    return sum(part["value_ujam"] for part in parts)


def test_a_coin_is_explained_to_the_user_and_to_others_in_parts_that_add_up(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            coin = (await got(http, "purse"))["coins"][0]
            seen = await got(http, f"value/coins/{coin['lot'][:16]}?as={to_did(BEN)}")
        assert [one["is_me"] for one in seen["values"]] == [True, False]
        assert (seen["lot"], seen["observer"]) == (coin["lot"], BEN.hex())
        assert (seen["is_mine"], seen["song"]) == (True, coin["song"])
        for value in seen["values"]:
            assert total(value["parts"]) == pytest.approx(value["value_ujam"], rel=1e-9)
            support = sum(word["value_ujam"] for word in value["words"])
            assert support == pytest.approx(value["support_ujam"], rel=1e-9)
        assert total(seen["parts"]) == pytest.approx(seen["value_ujam"], rel=1e-9)
        assert "you trust" not in str(seen["parts"])
        assert [step["person"]["id"] for step in seen["steps"]] == seen["path"]

    perform(scene)


def test_which_coin_is_meant_is_asked_back(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            said = {
                path: await http.get(f"{API}/value/coins/{path}")
                for path in (
                    "ab",
                    "x" * 64,
                    "0" * 64,
                    f"{'0' * 64}?path=zz",
                    "f" * 65,
                    "abcd?" + "&".join(["as=" + "0" * 64] * 9),
                )
            }
        statuses = [one.status_code for one in said.values()]
        assert statuses == [400, 400, 404, 400, 400, 404]
        assert all(one.json()["next"] for one in said.values())

    perform(scene)


def test_a_policy_is_kept_and_applies_wherever_something_is_valued_for_the_user(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            before = await got(http, "purse")
            theirs = await got(http, f"purse?as={BEN.hex()}")
            first = await got(http, "value/policy")
            assert (first["is_default"], first["name"]) == (True, DEFAULT.name)
            doubled = Policy("doubled", rules=(Rule(2.0, "dear to me", hands_over=0),))
            kept = await put(http, doubled)
            assert [rule["words"] for rule in kept["rules"]] == [
                "coins that went through more than 0 hands (“dear to me”)"
            ]
            after = await got(http, "purse")
            assert after["total_value_ujam"] == pytest.approx(
                2 * before["total_value_ujam"], abs=len(before["coins"])
            )
            assert all("by your rule" in str(coin["why"]) for coin in after["coins"])
            assert await got(http, f"purse?as={BEN.hex()}") == theirs
            lot = after["coins"][0]["lot"]
            seen = await got(http, f"value/coins/{lot}?as={BEN.hex()}")
            assert [one["policy"] for one in seen["values"]] == ["doubled", DEFAULT.name]
        assert kept_policy(backstage.daemon.home) == (doubled, "")

    perform(scene)


def test_a_preview_leads_from_before_to_after_part_by_part_and_changes_nothing(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            before = await got(http, "purse")
            tried = Policy(
                "tried",
                continuity_floor=0.9,
                rules=(Rule(0.5, witness=BEN), Rule(3.0, hands_over=0), Rule(0.0, tag="none")),
                plugins=(PluginUse("fresh", {"half_life_days": 30}), PluginUse("missing")),
            )
            body = {"toml": to_toml(tried)}
            answer = await http.post(f"{API}/value/policy/preview", json=body)
            shown = answer.json()
            assert shown["before_ujam"] == pytest.approx(before["total_value_ujam"], abs=9)
            changes = [one["change_ujam"] for one in shown["changes"]]
            assert sum(changes) == shown["after_ujam"] - shown["before_ujam"]
            assert len(changes) == 1 + 3 + 2
            assert (changes[2] > 0, changes[3], changes[5]) == (True, 0, 0)
            assert [one["is_loaded"] for one in shown["policy"]["plugins"]] == [True, False]
            assert {coin["lot"] for coin in shown["coins"]} <= {
                coin["lot"] for coin in before["coins"]
            }
            assert await got(http, "purse") == before

    perform(scene)


def test_what_is_no_policy_is_refused_with_its_place(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            for toml in ("name = 3", "a=" + "[" * 9_000, "x" * (MAX_POLICY_BYTES + 1)):
                for method, path in (("PUT", "policy"), ("POST", "policy/preview")):
                    said = await http.request(method, f"{API}/value/{path}", json={"toml": toml})
                    assert (said.status_code, bool(said.json()["next"])) == (400, True)
            assert (await got(http, "value/policy"))["is_default"]

    perform(scene)


def test_ready_made_policies_and_installed_plugins_are_listed(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            listed = await got(http, "value/policies")
        assert [one["is_default"] for one in listed["policies"]] == [True] + [False] * 4
        assert "fresh" in listed["plugins"]

    perform(scene)


def test_a_giver_may_say_what_coins_are_worth_to_them(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            coin = (await got(http, "purse"))["coins"][0]
            body = {"lot": coin["lot"], "amount_ujam": 1_000, "to": BEN.hex()}
            said = await http.post(f"{API}/send", json=body | {"says_worth": True})
            silent = await http.post(f"{API}/send", json=body)
        ledger = backstage.daemon.node.ledger
        stated = [
            ledger.statements[EntryId(bytes.fromhex(one.json()["entry"]))].body
            for one in (said, silent)
        ]
        assert all(isinstance(one, Transfer) for one in stated)
        expected = round(coin["value_ujam"] * 1_000 / coin["amount_ujam"])
        assert stated[0].valuation_ujam == pytest.approx(expected, abs=1)
        assert stated[1].valuation_ujam is None

    perform(scene)


def test_rules_may_name_clusters_once_they_are_known(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            clusters = (await got(http, "trust/clusters"))["clusters"]
            for called in (clusters[0]["name"], clusters[0]["id"]):
                await put(http, Policy("mine", rules=(Rule(0.0, minter_cluster=called),)))
                purse = await got(http, "purse")
                assert purse["total_value_ujam"] == 0
                said = f"by your rule on coins from the cluster '{clusters[0]['name']}'"
                assert all(said in str(coin["why"]) for coin in purse["coins"])

    perform(scene)


def test_a_damaged_policy_is_said_and_the_default_counts(tmp_path):
    home = Home(tmp_path / "home")
    assert kept_policy(home) == (DEFAULT, "")
    keep_policy(home, Policy("mine"))
    keep_policy(home, Policy("mine", continuity_floor=0.1))
    assert kept_policy(home) == (Policy("mine", continuity_floor=0.1), "")
    for damage in (b"name = 3", b"\xff", b"x" * 300_000):
        home.policy.write_bytes(damage)
        policy, trouble = kept_policy(home)
        assert policy == DEFAULT
        assert trouble.startswith("policy.toml can't be used, so the default policy counts.")
