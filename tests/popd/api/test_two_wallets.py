"""Two people with policies of their own: what one sends, the other sees differently, and why."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trio

from consensus.value.policy import Rule
from consensus.value.ready import DEFAULT
from popd.config import Home
from popd.node.context import NodeSettings
from simulations import scribe
from simulations.stories import village
from simulations.virtual_network import VirtualNode
from tests.jumping import run_jumping
from tests.popd.api.conftest import Backstage, VirtualDaemon, daemon_of

API = "/api/v1"
Scene = Callable[[Backstage, Backstage], Awaitable[None]]


@pytest.fixture
def meet(tmp_path: Path, client_folder: Path) -> Callable[[Scene], None]:
    """Runs a scene for two people of the village, who are connected."""

    def run(scene: Scene) -> None:
        async def main() -> None:
            story = village()
            ann = daemon_of(story, "a", tmp_path / "ann")
            seed = scribe.author("b").seed
            virtual = VirtualNode("b", seed, NodeSettings(name="Ben"), disk=list(story.told))
            ann.network.nodes[virtual.key] = virtual
            ann.network.start(virtual)
            ann.network.run(1)
            ben = VirtualDaemon(ann.network, virtual, Home(tmp_path / "ben"))
            async with trio.open_nursery() as nursery:
                nursery.start_soon(ann.run)
                await scene(Backstage(ann, client_folder), Backstage(ben, client_folder))
                nursery.cancel_scope.cancel()

        (tmp_path / "ann").mkdir()
        (tmp_path / "ben").mkdir()
        run_jumping(main)

    return run


async def ask(stage: Backstage, method: str, path: str, body: Any = None) -> Any:
    async with stage.http() as http:
        answer = await http.request(method, f"{API}{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_both_see_another_worth_and_why_and_a_declined_payment_comes_back_whole(meet) -> None:
    async def scene(ann: Backstage, ben: Backstage) -> None:
        me, to = ann.desk.context.identity, ben.desk.context.identity
        rule = Rule(times=3.0, why="I like how Ann plays", minter=me)
        ben.desk.use_policy(replace(DEFAULT, name="fan", rules=(rule,)))
        before = (await ask(ann, "GET", "/purse"))["total_ujam"]
        wanted = {"to": to.hex(), "amount_ujam": 300_000}
        preview = await ask(ann, "POST", "/wallet/preview", wanted)
        parts = [{k: one[k] for k in ("lot", "path", "amount_ujam")} for one in preview["parts"]]
        await ask(ann, "POST", "/wallet/pay", {"to": to.hex(), "parts": parts, "says_worth": True})
        await trio.sleep(2)
        incoming = (await ask(ben, "GET", "/wallet/incoming"))["incoming"]
        assert [one["amount_ujam"] for one in incoming] == [one["amount_ujam"] for one in parts]
        assert {one["from"]["name"] for one in incoming} == {"Ann"}
        one, part = incoming[0], preview["parts"][0]
        assert one["says_worth_ujam"] == part["mine_ujam"] != one["value_ujam"]
        assert any("I like how Ann plays" in line for line in one["why"])
        assert not any("I like how Ann plays" in line for line in part["theirs_why"])
        assert one["value_ujam"] == pytest.approx(3 * part["theirs_ujam"], abs=3)
        for waiting in incoming:
            body = {"transfer": waiting["transfer"], "reason": "not_meant"}
            await ask(ben, "POST", "/decline", body)
        await trio.sleep(2)
        outgoing = (await ask(ann, "GET", "/wallet/incoming"))["outgoing"]
        fates = {(one["state"], one["reason"]) for one in outgoing[: len(parts)]}
        assert fates == {("declined", "not_meant")}
        assert (await ask(ann, "GET", "/purse"))["total_ujam"] == before
        assert (await ask(ben, "GET", "/wallet/history"))["lines"][-1]["kind"] == "declined"

    meet(scene)
