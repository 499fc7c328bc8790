"""Rooms over the API: two daemons of one virtual network, and a page at each."""

import json

import pytest
import trio

from game.charts.songs import SONGS
from popd.node.context import NodeSettings
from popd.node.events import StartSession
from simulations.scribe import small_chart
from simulations.stories import village
from tests.jumping import run_jumping
from tests.popd.api.conftest import Backstage, VirtualDaemon, daemon_of

SONG = next(iter(SONGS.values()))
PART = {"song": SONG.name, "keys": 4, "level": "easy"}
OTHER_PART = {"song": SONG.name, "keys": 7, "level": "medium"}


@pytest.fixture
def meet(tmp_path, client_folder):
    """Runs a scene for two users, Ann and Ben, with three neighbours who witness."""

    def run(scene) -> None:
        async def main() -> None:
            ann = daemon_of(village(), "a", tmp_path / "ann", neighbours=3)
            virtual = ann.network.add("ben", NodeSettings(name="Ben"))
            virtual.clock_skew_us = 0
            ann.network.start(virtual)
            ann.network.run(1)
            ben = VirtualDaemon(ann.network, virtual, type(ann.home)(tmp_path / "ben"))
            stages = [Backstage(daemon, client_folder) for daemon in (ann, ben)]
            await stages[0].desk.library.own_abouts()  # made once: time would jump meanwhile
            async with trio.open_nursery() as nursery:
                nursery.start_soon(ann.run)
                for stage in stages:
                    nursery.start_soon(stage.follow)
                await trio.testing.wait_all_tasks_blocked()
                await scene(*stages)
                nursery.cancel_scope.cancel()

        (tmp_path / "ann").mkdir()
        (tmp_path / "ben").mkdir()
        run_jumping(main)

    return run


async def post(stage, path, body=None, status=200):
    async with stage.http() as http:
        answer = await http.post(f"/api/v1/{path}", content=json.dumps(body or {}))
    assert answer.status_code == status, answer.text
    return answer.json()


async def read(stage):
    async with stage.http() as http:
        answer = await http.get("/api/v1/rooms")
    assert answer.status_code == 200
    return answer.json()


async def gather(ann, ben):
    opened = await post(ann, "rooms", PART)
    await trio.sleep(6)
    await post(ben, "rooms/join", {"room": opened["own"]["id"]})
    await post(ben, "rooms/part", OTHER_PART)
    await post(ann, "rooms/ready", {"ready": True})
    await post(ben, "rooms/ready", {"ready": True})
    await trio.sleep(1)
    return opened["own"]["id"]


def test_one_opens_a_room_and_another_finds_it_joins_and_takes_a_part(meet):
    async def scene(ann, ben):
        room = await gather(ann, ben)
        own = (await read(ann))["own"]
        assert (own["id"], own["title"], own["state"]) == (room, SONG.title, "gathering")
        assert (own["is_host"], own["t0_us"], own["can_play"]) == (True, None, False)
        shown = [
            (one["person"]["name"], one["is_me"], one["is_host"], one["label"], one["ready"])
            for one in own["members"]
        ]
        assert shown == [
            ("You", True, True, "4 keys, easy", True),
            ("Ben", False, False, "7 keys, medium", True),
        ]
        assert [one["part"] for one in own["members"]] == [
            SONG.chart(4, "easy").id.hex(),
            SONG.chart(7, "medium").id.hex(),
        ]
        bens = await read(ben)
        assert [one["person"]["name"] for one in bens["own"]["members"]] == ["Ann", "You"]
        assert bens["own"]["uncertainty_us"] <= 5_000
        [nearby] = bens["nearby"]
        assert (nearby["host"]["name"], nearby["members"], nearby["playing"]) == ("Ann", 2, False)

    meet(scene)


def test_what_can_not_be_done_in_a_room_is_said_with_the_next_step(meet):
    async def scene(ann, ben):
        for path, body in (
            ("ready", {"ready": True}),
            ("part", PART),
            ("leave", {}),
            ("start", {}),
        ):
            assert await post(ben, f"rooms/{path}", body, status=404) == {
                "error": "not_found",
                "why": "You are in no room.",
                "next": "Open one, or join one nearby: popctl room list.",
            }
        gone = await post(ben, "rooms/join", {"room": "0" * 32}, status=409)
        assert gone["why"] == "That room is not open any more."
        assert (await post(ben, "rooms/join", {"room": "xyz"}, status=400))["next"]
        assert (await post(ann, "rooms", {"song": "no such"}, status=404))["next"]
        assert (await post(ann, "rooms", {"chart": "0" * 64}, status=404))["next"]
        await post(ann, "rooms", PART)
        assert "ready" in (await post(ann, "rooms/ready", status=400))["why"]
        assert (await post(ann, "rooms", PART, 409))["why"] == "You are in a room already."
        assert (await post(ann, "rooms/start", status=409))["why"] == "Fewer than two are ready."

    meet(scene)


def test_what_is_so_already_is_answered_at_once(meet):
    async def scene(ann, ben):
        room = await gather(ann, ben)
        before = await read(ben)
        given = len(ben.daemon.given)
        for path, body in (
            ("ready", {"ready": True}),
            ("part", OTHER_PART),
            ("join", {"room": room}),
        ):
            assert (await post(ben, f"rooms/{path}", body))["own"]["id"] == room
        assert len(ben.daemon.given) == given
        members = (await read(ben))["own"]["members"]
        ready = [one["ready"] for one in before["own"]["members"]]
        assert [one["ready"] for one in members] == ready == [True, True]

    meet(scene)


def test_pages_of_two_daemons_begin_at_one_moment_each_with_its_own_part(meet):
    async def scene(ann, ben):
        await gather(ann, ben)
        async with ann.socket() as (_, one), ben.socket() as (_, other):
            await post(ann, "rooms/start")
            for stage, socket, keys in ((ann, one, 4), (ben, other, 7)):
                await socket.until("room")
                await trio.sleep(0.5)
                own = (await read(stage))["own"]
                assert (own["state"], own["can_play"]) == ("counting", True)
                part = next(member["part"] for member in own["members"] if member["is_me"])
                await socket.send(type="start", chart=part, room=True)
                session = await socket.until("session")
                assert (session["keys"], session["from_us"], session["openings"]) == (keys, 0, 3)
                apart_us = abs(session["start_us"] - own["t0_us"])
                assert apart_us <= max(1_000, own["uncertainty_us"])
            commands = [
                event
                for stage in (ann, ben)
                for event in stage.daemon.given
                if isinstance(event, StartSession)
            ]
            assert [command.together is None for command in commands] == [False, False]
            performers = {command.together.performers for command in commands}
            assert len(performers) == 1

    meet(scene)


def test_a_page_that_comes_late_begins_at_a_bar_and_is_told_where(meet):
    async def scene(ann, ben):
        await gather(ann, ben)
        await post(ann, "rooms/start")
        await trio.sleep(14)
        async with ben.socket() as (_, socket):
            chart = SONG.chart(7, "medium")
            await socket.send(type="start", chart=chart.id.hex(), room=True)
            session = await socket.until("session")
            own = (await read(ben))["own"]
            assert own["state"] == "playing"
            assert session["from_us"] >= 6_000_000
            assert session["from_us"] % (4 * SONG.beat_us) == 0
            late_us = session["start_us"] - own["t0_us"] - session["from_us"]
            assert abs(late_us) <= max(1_000, own["uncertainty_us"])

    meet(scene)


def test_others_see_what_somebody_plays_who_came_in_at_a_bar(meet, client_folder, tmp_path):
    async def scene(ann, ben):
        await gather(ann, ben)
        await post(ann, "rooms/start")
        await trio.sleep(14)
        network = ann.daemon.network
        players = [ann.daemon.virtual, ben.daemon.virtual]
        witness = next(node for node in network.nodes.values() if node not in players)
        others = VirtualDaemon(network, witness, type(ann.daemon.home)(tmp_path / "other"))
        async with ben.socket() as (_, socket):
            await socket.send(type="start", chart=SONG.chart(7, "medium").id.hex(), room=True)
            session = await socket.until("session")
            assert session["from_us"] > 0
            await trio.sleep(4)
            for stage in (Backstage(others, client_folder), ann):
                async with stage.http() as http:
                    seen = (await http.get("/api/v1/nearby")).json()["performances"]
                assert [(one["song"], one["keys"]) for one in seen] == [(SONG.title, 7)]

    (tmp_path / "other").mkdir()
    meet(scene)


def test_who_is_in_no_room_does_not_begin_with_others(meet):
    async def scene(ann, ben):
        async with ann.socket() as (_, socket):
            await socket.send(type="start", chart=SONG.chart(4).id.hex(), room=True)
            assert await socket.receive() == {
                "type": "refused",
                "reason": "You are in no room.",
                "next": "Open one, or join one nearby.",
            }

    meet(scene)


def test_machines_play_together_and_each_mints_its_own_part(meet):
    async def scene(ann, ben):
        await gather(ann, ben)
        played = {}

        async def play(stage, name, seed):
            body = {"room": True, "seed": seed, "windows": 1}
            played[name] = await post(stage, "autoplay", body)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(play, ann, "ann", 1)
            nursery.start_soon(play, ben, "ben", 8)
            await trio.sleep(1)
            await post(ann, "rooms/start")
        for name in ("ann", "ben"):
            assert [window["state"] for window in played[name]["windows"]] == ["minted"]

    meet(scene)


def test_whoever_leaves_is_gone_and_the_room_of_a_host_is_over(meet):
    async def scene(ann, ben):
        room = await gather(ann, ben)
        assert (await post(ben, "rooms/leave"))["own"] is None
        await trio.sleep(1)
        own = (await read(ann))["own"]
        assert [one["here"] for one in own["members"]] == [True, False]
        back = await post(ben, "rooms/join", {"room": room})
        mine = next(one for one in back["own"]["members"] if one["is_me"])
        assert mine["label"] == "7 keys, medium"
        await post(ann, "rooms/leave")
        await trio.sleep(1)
        assert await read(ben) == {"own": None, "nearby": []}

    meet(scene)


def of_ben(rooms):
    ben = next(one for one in rooms["own"]["members"] if not one["is_me"])
    return ben["person"]["name"], ben["here"], ben["connected"]


def test_who_is_here_who_is_not_connected_and_who_left_are_told_apart_and_keep_their_name(meet):
    async def scene(ann, ben):
        await gather(ann, ben)
        network = ann.daemon.network
        assert of_ben(await read(ann)) == ("Ben", True, True)
        network.partition([ann.daemon.virtual], [ben.daemon.virtual])
        await trio.sleep(2)
        assert of_ben(await read(ann)) == ("Ben", True, False)
        network.heal()
        await trio.sleep(2)
        assert of_ben(await read(ann)) == ("Ben", True, True)
        await post(ben, "rooms/leave")
        await trio.sleep(1)
        assert of_ben(await read(ann)) == ("Ben", False, True)
        network.partition([ann.daemon.virtual], [ben.daemon.virtual])
        await trio.sleep(1)
        assert of_ben(await read(ann)) == ("Ben", False, False)

    meet(scene)


def test_a_room_says_who_could_witness_and_what_to_do_when_nobody_could(meet):
    async def scene(ann, ben):
        await gather(ann, ben)
        own, network = (await read(ann))["own"], ann.daemon.network
        assert (own["witnesses"], own["advice"]) == (3, "")
        players = [ann.daemon.virtual, ben.daemon.virtual]
        others = [node for node in network.nodes.values() if node not in players]
        network.partition(players[:1], others)
        await trio.sleep(1)
        own = (await read(ann))["own"]
        assert (own["witnesses"], own["advice"]) == (
            0,
            "Nobody but your fellow players is connected to you, so nobody could witness you: "
            "start practice neighbours (popctl up --practice) or reach somebody else "
            "(popctl up --dial).",
        )
        assert (await read(ben))["own"]["witnesses"] == 3
        await post(ben, "rooms/leave")
        await trio.sleep(1)
        assert (await read(ann))["own"]["witnesses"] == 1
        network.partition(players[:1], players[1:])
        await trio.sleep(1)
        assert (await read(ann))["own"]["advice"].startswith("Nobody is connected to you, so ")

    meet(scene)


def test_a_part_that_the_others_lack_comes_with_the_room(meet):
    async def scene(ann, ben):
        chart = small_chart(40)
        ann.daemon.virtual.blobs[chart.id] = chart.to_bytes()
        opened = await post(ann, "rooms", {"chart": chart.id.hex()})
        assert opened["own"]["members"][0]["label"] == "4 keys"
        await trio.sleep(6)
        lacking = await post(ben, "rooms", {"chart": chart.id.hex()}, 404)
        assert lacking["why"] == "That chart is not here."
        await post(ben, "rooms/join", {"room": opened["own"]["id"]})
        await trio.sleep(3)
        taken = await post(ben, "rooms/part", {"chart": chart.id.hex(), "label": "the same"})
        mine = next(one for one in taken["own"]["members"] if one["is_me"])
        assert (mine["part"], mine["label"]) == (chart.id.hex(), "the same")

    meet(scene)
