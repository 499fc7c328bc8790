"""Nearby over the API: somebody plays, the user watches, is drawn, and judges by hand."""

from contextlib import asynccontextmanager

import msgspec
import pytest
import trio

from consensus.entries.performance import Mint
from consensus.evidence import KeyEvent
from consensus.presence import Presence
from game.charts.songs import SONGS
from popd.api.audience import MAX_BURST, MAX_SEATS, MAX_WATCHED, PACE_US, Audience, Seat
from popd.api.nearby_shapes import Appealed, DutyView, Nearby, Unminted
from popd.api.nearby_views import nearness_view
from popd.node.events import (
    Attend,
    JudgeByHand,
    KeysPlayed,
    StartSession,
    UnwatchSession,
    WatchSession,
)
from popd.node.nearness import Nearness
from popd.node.notices import NeighbourSeen
from simulations.players import VirtualPlayer
from tests.popd.api.conftest import TOKEN

SONG = next(iter(SONGS.values()))
CHART = SONG.chart(4).cut(0, 20_000_000)
PATH = "/api/v1/nearby"
DUTY_S = 120
NO_BLOCK = "0" * 64


@asynccontextmanager
async def nearby(backstage, token=TOKEN):
    subprotocols = ("popd.v1", f"bearer.{token}")
    async with backstage.socket(path=PATH, subprotocols=subprotocols) as (first, socket):
        assert first["type"] == "websocket.accept"
        yield socket


def guest_token(backstage):
    lent = backstage.desk.tokens.redeem(backstage.desk.tokens.ticket().token)
    return lent.token


def performer_of(daemon, chart=CHART):
    """A neighbour who plays like a person, once `begin` is called."""
    other = next(node for name, node in daemon.network.nodes.items() if node is not daemon.virtual)
    return VirtualPlayer(daemon.network, other, chart)


async def got(answer, shape):
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=shape)


async def read_nearby(http):
    return await got(await http.get(PATH), Nearby)


async def until_duty(socket, state):
    with trio.fail_after(DUTY_S):
        while (duty := (await socket.until("duty"))["duty"])["state"] != state:
            pass
    return duty


def test_nobody_performs_and_nobody_is_there(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            state = await read_nearby(http)
        assert (state.performances, state.duties, state.attended) == ([], [], False)
        assert [word.by_hand for word in state.attested] == [False] * len(state.attested)
        assert state.attested == sorted(state.attested, key=lambda word: -word.time_ms)
        assert {word.performer.name for word in state.attested} != set()

    perform(scene)


def test_somebody_plays_is_watched_judged_by_hand_and_the_mint_names_that_word(perform):
    async def scene(backstage):
        daemon = backstage.daemon
        player = performer_of(daemon)
        async with nearby(backstage) as socket, backstage.http() as http:
            assert (await socket.receive())["performances"] == []
            await socket.send(type="attend", on=True)
            player.begin()
            while not (told := await socket.until("nearby"))["performances"]:
                pass
            (on,) = told["performances"]
            assert (on["windows"], on["openings"], on["is_candidate"]) == (1, 3, True)
            assert on["performer"]["id"] == player.virtual.identity.hex()
            await socket.send(type="watch", session=on["session"])
            frame = await socket.until("frame")
            assert (frame["window"], frame["from_us"]) == (0, 0)
            assert frame["start_us"] == on["start_us"]
            assert frame["received_us"] <= frame["now_us"]
            while not frame["riffs"]:
                assert all(lane in range(4) for _, lane, _ in frame["keys"])
                frame = await socket.until("frame")
            ((at_us, notes),) = frame["riffs"]
            assert [us - at_us for us, _ in notes] == [600_000, 850_000, 1_100_000, 1_350_000]
            read = await socket.until("read")
            assert read["impression"]
            assert read["metrics"]["accuracy_ppm"] > 500_000
            state = await read_nearby(http)
            assert [(one.song, one.keys) for one in state.performances] == [(CHART.title, 4)]
            assert state.attended

            asked = await until_duty(socket, "asking")
            assert asked["suggestion"] == "accept"
            assert 50_000 <= asked["until_ms"] - daemon.now_us() // 1_000 <= 60_000
            assert "played like a person" in asked["reasons"]
            assert (len(asked["custody"]), asked["has_seen_frames"]) == (12, True)
            block = asked["block"]
            said = {"block": block, "choice": "reject"}
            decided = await got(await http.post(f"{PATH}/judge", json=said), DutyView)
            assert (decided.state, decided.choice) == ("decided", "reject")
            undone = await got(await http.post(f"{PATH}/undo", json={"block": block}), DutyView)
            assert (undone.state, undone.choice) == ("asking", "")
            again = await http.post(f"{PATH}/undo", json={"block": block})
            assert (again.status_code, again.json()["error"]) == (409, "nothing_said")
            said = {"block": block, "choice": "accept"}
            await got(await http.post(f"{PATH}/judge", json=said), DutyView)
            signed = await until_duty(socket, "signed")
            while not signed["attestation"]:
                signed = await until_duty(socket, "signed")
            assert (signed["choice"], signed["suggestion"]) == ("accept", "")
            late = await http.post(f"{PATH}/judge", json=said)
            assert (late.status_code, late.json()["error"]) == (409, "is_signed")
            assert late.json()["next"]
            word = (await read_nearby(http)).attested[0]
            assert (word.block, word.by_hand, word.decision) == (block, True, "accept")
            assert word.attestation == signed["attestation"]
            assert "you decided" in word.reasons

            await trio.sleep(10)
        (mint,) = mints_of(daemon.node.ledger, block)
        named = {verdict.attestation.hex() for verdict in mint.verdicts}
        assert signed["attestation"] in named
        hands = [event for event in daemon.given if isinstance(event, Attend | JudgeByHand)]
        assert [type(event) for event in hands] == [Attend, JudgeByHand, JudgeByHand, Attend]

    perform(scene, neighbours=3)


def mints_of(ledger, block):
    bodies = [ledger.statements[entry].body for entry in ledger.applied]
    return [body for body in bodies if isinstance(body, Mint) and body.block.hex() == block]


def test_without_anybody_there_the_node_answers_by_itself_and_says_why(perform):
    async def scene(backstage):
        async with nearby(backstage) as socket, backstage.http() as http:
            performer_of(backstage.daemon).begin()
            signed = await until_duty(socket, "signed")
            while not signed["attestation"]:
                signed = await until_duty(socket, "signed")
            assert (signed["choice"], signed["until_ms"]) == ("", 0)
            word = (await read_nearby(http)).attested[0]
            assert (word.block, word.by_hand) == (signed["block"], False)
            assert "played like a person" in word.reasons

    perform(scene, neighbours=2)


def test_who_cannot_judge_gives_no_word(perform):
    async def scene(backstage):
        async with nearby(backstage) as socket, backstage.http() as http:
            await socket.send(type="attend", on=True)
            before = len((await read_nearby(http)).attested)
            performer_of(backstage.daemon).begin()
            block = (await until_duty(socket, "asking"))["block"]
            said = {"block": block, "choice": "cannot_judge"}
            await got(await http.post(f"{PATH}/judge", json=said), DutyView)
            passed = await until_duty(socket, "passed")
            assert passed["attestation"] == ""
            late = await http.post(f"{PATH}/undo", json={"block": block})
            assert (late.status_code, late.json()["error"]) == (409, "is_passed")
            assert len((await read_nearby(http)).attested) == before

    perform(scene, neighbours=2)


def test_a_guest_watches_but_neither_judges_nor_attends_nor_hears_of_duties(perform):
    async def scene(backstage):
        token = guest_token(backstage)
        player = performer_of(backstage.daemon)
        async with (
            nearby(backstage, token) as socket,
            backstage.http(Authorization=f"Bearer {token}") as http,
        ):
            assert (await socket.receive())["duties"] == []
            await socket.send(type="attend", on=True)
            assert (await socket.until("error"))["error"] == "This device may watch, not judge."
            player.begin()
            while not (told := await socket.until("nearby"))["performances"]:
                pass
            await socket.send(type="watch", session=told["performances"][0]["session"])
            assert (await socket.until("frame"))["window"] == 0
            state = await read_nearby(http)
            assert (len(state.performances), state.duties, state.attested) == (1, [], [])
            for path, body in (
                ("judge", {"block": NO_BLOCK, "choice": "accept"}),
                ("undo", {"block": NO_BLOCK}),
                ("appeal", {"block": NO_BLOCK}),
            ):
                assert (await http.post(f"{PATH}/{path}", json=body)).status_code == 403
            assert (await http.get("/api/v1/unminted")).status_code == 403
            heard = set()
            with trio.move_on_after(60):
                while True:
                    heard.add((await socket.receive())["type"])
            assert heard == {"frame", "read", "nearby"}
        assert not any(isinstance(event, Attend) for event in backstage.daemon.given)

    perform(scene, neighbours=2)


def test_what_was_not_drawn_is_told_so(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            for path, body in (
                ("judge", {"block": NO_BLOCK, "choice": "accept"}),
                ("undo", {"block": NO_BLOCK}),
                ("appeal", {"block": NO_BLOCK}),
            ):
                answer = await http.post(f"{PATH}/{path}", json=body)
                assert answer.status_code == 404, path
                assert answer.json()["why"].endswith(".")
                assert answer.json()["next"].endswith(".")
        assert backstage.daemon.given == []

    perform(scene)


@pytest.mark.parametrize("path", ["judge", "undo", "appeal"])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"block": 1}',
        '{"block": "no"}',
        '{"block": "' + "g" * 64 + '"}',
        '{"block": "' + "A" * 64 + '", "choice": "accept"}',
        '{"block": "' + "0" * 10**5 + '"}',
        "[" * 10**5,
    ],
)
def test_a_body_that_is_none_is_refused(perform, path, body):
    async def scene(backstage):
        async with backstage.http() as http:
            answer = await http.post(f"{PATH}/{path}", content=body)
        assert answer.status_code == 400
        assert backstage.daemon.given == []

    perform(scene)


@pytest.mark.parametrize("choice", ["", "Accept", "flag", 1, None, ["accept"]])
def test_a_choice_that_is_none_is_refused(perform, choice):
    async def scene(backstage):
        async with backstage.http() as http:
            body = {"block": NO_BLOCK, "choice": choice}
            assert (await http.post(f"{PATH}/judge", json=body)).status_code == 400

    perform(scene)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"type": "dance"}',
        '{"type": "watch"}',
        '{"type": "watch", "session": 7}',
        '{"type": "watch", "session": "' + "G" * 64 + '"}',
        '{"type": "watch", "session": "' + "0" * 64 + '"}',
        '{"type": "attend", "on": "yes"}',
        '{"type": "ping", "t": "now"}',
        "[" * 900,
        " " * 2_000,
    ],
)
def test_a_message_that_is_none_is_answered_and_the_socket_stays(perform, text):
    async def scene(backstage):
        async with nearby(backstage) as socket:
            await socket.send_text(text)
            assert (await socket.until("error"))["next"]
            await socket.send(type="unwatch", session=NO_BLOCK)
            await socket.send(type="ping", t=3)
            assert (await socket.until("pong"))["t"] == 3
        assert backstage.daemon.given == []

    perform(scene)


def test_somebody_is_there_as_long_as_one_page_is(perform):
    async def scene(backstage):
        async with nearby(backstage) as first:
            await first.send(type="attend", on=True)
            async with nearby(backstage) as second:
                await second.send(type="attend", on=True)
                await second.send(type="ping", t=1)
                await second.until("pong")
                await first.send(type="attend", on=False)
                await first.send(type="ping", t=1)
                await first.until("pong")
                assert backstage.daemon.given == [Attend(True)]
        await trio.sleep(1)
        assert backstage.daemon.given == [Attend(True), Attend(False)]

    perform(scene)


def test_only_so_many_sockets_are_let_in(perform):
    async def scene(backstage):
        seats = [Seat(is_owner=False) for _ in range(MAX_SEATS)]
        backstage.desk.audience.seats.update(seats)
        async with backstage.socket(path=PATH) as (first, _):
            assert (first["type"], first["status"]) == ("websocket.http.response.start", 429)
        backstage.desk.audience.leave(seats[0])
        async with nearby(backstage) as socket:
            assert (await socket.receive())["type"] == "nearby"

    perform(scene)


def test_a_socket_that_says_too_much_at_once_is_not_followed(perform):
    async def scene(backstage):
        async with nearby(backstage) as socket:
            for number in range(2 * MAX_BURST):
                await socket.send(type="attend", on=number % 2 == 0)
            assert (await socket.until("error"))["error"] == "That was too much at once."
            given = len(backstage.daemon.given)
            assert given <= MAX_BURST
            await trio.sleep(MAX_BURST * PACE_US / 1e6)
            await socket.send(type="ping", t=4)
            assert (await socket.until("pong"))["t"] == 4

    perform(scene)


@pytest.mark.parametrize(
    ("nearness", "words"),
    [
        (
            Nearness(Presence.REMOTE, None, 0, 0),
            "does not say how near it is; round trip not measured",
        ),
        (
            Nearness(Presence.NEAR, Presence.NEAR, 800, 300),
            "says it is near; round trip 0.8 ± 0.3 ms",
        ),
        (
            Nearness(Presence.SAME_LINK, Presence.REMOTE, 1_500, 70_000),
            "says it is remote; round trip 1.5 ms, usually 71.5 ms",
        ),
    ],
)
def test_nearness_is_told_as_a_claim_with_what_was_measured(nearness, words):
    assert nearness_view(nearness).words == words


def test_a_page_that_lags_too_far_is_cut_off_and_its_wishes_end(perform):
    async def scene(backstage):
        async with nearby(backstage) as socket:
            assert (await socket.receive())["type"] == "nearby"
            await socket.send(type="attend", on=True)
            await socket.send(type="ping", t=1)
            await socket.until("pong")
            for listener in list(backstage.daemon._listeners):
                listener.close()
            assert (await socket.until("websocket.close"))["code"] == 1013
        await trio.sleep(1)
        assert backstage.daemon.given == [Attend(True), Attend(False)]
        assert backstage.desk.audience == Audience()

    perform(scene)


def test_the_node_hears_of_the_first_and_the_last_who_look_alone():
    audience, one, other = Audience(), Seat(is_owner=True), Seat(is_owner=False)
    audience.seats.update((one, other))
    sessions = [bytes([number]) * 32 for number in range(MAX_WATCHED)]
    assert [*audience.watch(one, sessions[0])] == [WatchSession(sessions[0])]
    assert [*audience.watch(other, sessions[0])] == []
    assert [*audience.unwatch(one, sessions[0])] == []
    assert [*audience.unwatch(one, sessions[0])] == []
    assert [*audience.watch(one, sessions[1])] == [WatchSession(sessions[1])]
    assert [*audience.leave(other)] == [UnwatchSession(sessions[0])]
    assert [*audience.leave(one)] == [UnwatchSession(sessions[1])]
    assert audience == Audience()


def test_the_list_is_told_at_most_four_times_a_second(perform):
    async def scene(backstage):
        async with nearby(backstage) as socket:
            assert (await socket.receive())["type"] == "nearby"
            for number in range(100):
                backstage.desk.audience.seats.copy().pop().changed.set()
                backstage.daemon._tell(backstage.daemon.virtual, NeighbourSeen(bytes(32)))
                if number == 50:
                    performer_of(backstage.daemon).begin()
                await trio.sleep(0.02)
            told = 0
            with trio.move_on_after(1):
                while True:
                    told += (await socket.receive())["type"] == "nearby"
            assert 1 <= told <= 8

    perform(scene, neighbours=1)


def test_every_block_that_did_not_mint_says_why_and_can_be_looked_at(perform):
    async def scene(backstage):
        daemon = backstage.daemon
        daemon.give(StartSession(CHART, bytes(16), bytes(32), ()))
        async with backstage.http() as http:
            await trio.sleep(8)
            daemon.give(KeysPlayed((KeyEvent(900_000, 1, True), KeyEvent(950_000, 1, False))))
            await trio.sleep(60)
            (block,) = (await unminted(http)).blocks
            assert block.is_over
            assert (block.window, block.song, block.can_appeal) == (0, CHART.title, False)
            assert block.why.endswith(".")
            assert block.next_step.endswith(".")
            body = {"block": block.block}
            answer = await got(await http.post(f"{PATH}/appeal", json=body), Appealed)
            assert (answer.asked, answer.block) == (0, block.block)
            assert answer.why

    perform(scene, neighbours=2)


async def unminted(http):
    return await got(await http.get("/api/v1/unminted"), Unminted)
