"""A page drives a session over its socket, loses the line, and comes back."""

import base64
import json
from dataclasses import replace
from random import Random

import pytest
import trio

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import KeyEvent
from game.charts.songs import SONGS
from popd.node.events import KeysPlayed, StartSession
from popd.node.notices import WindowState
from simulations.swarm import study
from tests.popd.api.conftest import HOST, TOKEN

SONG = next(iter(SONGS.values()))
OPENED = "websocket.accept"


def keys_given(backstage) -> list[tuple[KeyEvent, ...]]:
    return [event.keys for event in backstage.daemon.given if isinstance(event, KeysPlayed)]


def charts_given(backstage) -> list[Chart]:
    return [event.chart for event in backstage.daemon.given if isinstance(event, StartSession)]


def test_a_ping_brings_the_daemons_time(perform):
    async def scene(backstage):
        async with backstage.socket() as (first, socket):
            assert first["type"] == OPENED
            await socket.send(type="ping", t=12.5)
            pong = await socket.receive()
        assert (pong["type"], pong["t"]) == ("pong", 12.5)
        assert abs(pong["now_us"] - backstage.daemon.now_us()) < 1_000_000

    perform(scene)


def test_alone_one_is_told_what_to_do(perform):
    async def scene(backstage):
        async with backstage.socket() as (_, socket):
            await socket.send(type="start", chart=SONG.chart(4).id.hex())
            assert await socket.receive() == {"type": "inviting", "asked": 0}
            refused = await socket.receive()
            assert (refused["type"], refused["reason"]) == (
                "refused",
                "Nobody nearby is ready to witness you.",
            )
            assert refused["next"]
            await socket.send(type="start", chart="0" * 64)
            assert (await socket.receive())["reason"] == "That chart is not here."

    perform(scene)


def test_a_session_is_played_and_a_new_socket_goes_on_where_the_old_one_was(perform):
    async def scene(backstage):
        chart = SONG.chart(4)
        async with backstage.socket() as (_, socket):
            await socket.send(type="start", chart=chart.id.hex(), windows=1)
            session = await socket.until("session")
            assert (session["windows"], session["window_us"]) == (1, 20_000_000)
            assert (session["keys"], session["openings"]) == (4, 3)
            assert {one["name"] for one in session["candidates"]} == {
                f"Neighbour {number}" for number in range(3)
            }
            await socket.send(type="events", seq=1, events=[[900_000, 1, 1], [950_000, 1, 0]])
            assert await socket.until("ack") == {"type": "ack", "seq": 1}
        async with backstage.socket() as (_, socket):
            await socket.send(type="events", seq=1, events=[[900_000, 1, 1], [950_000, 1, 0]])
            await socket.send(type="events", seq=2, events=[[990_000, 2, 0], [960_000, 2, 1]])
            assert [(await socket.until("ack"))["seq"] for _ in range(2)] == [1, 2]
            riff = await socket.until("riff")
            assert len(riff["notes"]) == 4
            assert await socket.until("ended") == {
                "type": "ended",
                "session": session["session"],
                "reason": "The performance is over.",
            }
            while (window := await socket.until("window"))["state"] != "failed":
                assert window["session"] == session["session"]
            assert (window["why"], window["needed"]) != ("", 0)
            assert (window["values"], window["minted_ujam"]) == ([], 0)
        assert keys_given(backstage) == [
            (KeyEvent(900_000, 1, True), KeyEvent(950_000, 1, False)),
            (KeyEvent(960_000, 2, True), KeyEvent(990_000, 2, False)),
        ]
        async with backstage.http() as http:
            blocks = (await http.get(f"/api/v1/blocks?session={session['session']}")).json()
        assert blocks["windows"] == [window]

    perform(scene, neighbours=3)


def test_only_one_page_drives_and_others_watch(perform):
    async def scene(backstage):
        async with backstage.socket() as (_, page), backstage.socket() as (_, other):
            await page.send(type="start", chart=SONG.chart(4).id.hex())
            await other.until("session")
            await other.send(type="start", chart=SONG.chart(4).id.hex())
            assert (await other.receive())["type"] == "refused"
            for message in ({"type": "events", "seq": 1, "events": []}, {"type": "stop"}):
                await other.send(**message)
                assert (await other.receive())["type"] == "error"
            async with backstage.http() as http:
                answer = await http.post("/api/v1/autoplay", json={"song": SONG.name})
            assert (answer.status_code, answer.json()["error"]) == (409, "refused")
            await page.send(type="stop")
            await other.until("ended")
        assert len(charts_given(backstage)) == 1

    perform(scene, neighbours=2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"type": "dance"}',
        '{"type": "start", "chart": "no"}',
        '{"type": "start", "chart": 1}',
        '{"type": "events", "seq": 0, "events": []}',
        '{"type": "events", "seq": 1, "events": [[-1, 0, 1]]}',
        '{"type": "events", "seq": 1, "events": [[1, -1, 1]]}',
        '{"type": "events", "seq": 1, "events": [[1, 0, 2]]}',
        '{"type": "events", "seq": 1, "events": [[1, 0]]}',
        '{"type": "ping", "t": "now"}',
        '{"type": "ping", "t": ' + "9" * 400 + "}",
        "[" * 60_000,
        " " * 70_000,
    ],
)
def test_a_message_that_is_none_is_answered_and_the_socket_stays(perform, text):
    async def scene(backstage):
        async with backstage.socket() as (_, socket):
            await socket.send_text(text)
            answer = await socket.receive()
            assert answer["type"] == "error"
            assert answer["error"].endswith(".")
            await socket.send(type="ping", t=1)
            assert (await socket.receive())["type"] == "pong"
        assert backstage.daemon.given == []

    perform(scene)


def test_events_and_stops_without_a_session_are_harmless(perform):
    async def scene(backstage):
        async with backstage.socket() as (_, socket):
            await socket.send(type="events", seq=5, events=[[1, 0, 1]])
            await socket.send(type="stop")
            assert await socket.receive() == {"type": "ack", "seq": 5}
        assert keys_given(backstage) == []
        assert backstage.desk.stage.driver is None

    perform(scene)


@pytest.mark.parametrize("bot", ["human_like", "exact"])
def test_a_machine_plays_until_every_window_has_met_its_fate(perform, bot):
    async def scene(backstage):
        chart = study(45, Random(3))
        backstage.daemon.virtual.blobs[chart.id] = chart.to_bytes()
        body = {"chart": base64.b64encode(chart.to_bytes()).decode(), "bot": bot, "seed": 5}
        heard = []

        async def watch(task_status):
            async with backstage.socket() as (_, page):
                task_status.started()
                while True:
                    heard.append((await page.receive())["type"])

        async with trio.open_nursery() as nursery:
            await nursery.start(watch)
            async with backstage.http() as http:
                answer = await http.post("/api/v1/autoplay", json=body, timeout=None)
            nursery.cancel_scope.cancel()
        played = answer.json()
        assert answer.status_code == 200, played
        assert [window["window"] for window in played["windows"]] == [0, 1]
        fates = {window["state"] for window in played["windows"]}
        assert fates == ({"minted"} if bot == "human_like" else {"failed"})
        for window in played["windows"]:
            assert (window["minted_ujam"] > 0) == (window["state"] == "minted")
            assert len(window["verdicts"]) == 4
            assert (len(window["values"]) == 5) == (window["state"] == "minted")
        assert {"inviting", "session", "riff", "window", "ended"} == set(heard)
        assert backstage.desk.stage.driver is None

    perform(scene, neighbours=4)


async def hung_up_after(backstage, wait_s, **body):
    """Asks for an automated play over a connection that breaks after a while."""
    asked = json.dumps(body).encode()

    async def receive():
        nonlocal asked
        if asked:
            part, asked = asked, b""
            return {"type": "http.request", "body": part}
        await trio.sleep(wait_s)
        return {"type": "http.disconnect"}

    async def send(_):
        pass

    path = "/api/v1/autoplay"
    headers = [(b"host", HOST.encode()), (b"authorization", f"Bearer {TOKEN}".encode())]
    await backstage.app(
        {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
         "query_string": b"", "headers": headers, "scheme": "http", "root_path": ""},
        receive, send,
    )  # fmt: skip


@pytest.mark.parametrize(("wait_s", "windows"), [(0.0, 0), (30.0, 1), (50.0, 2)])
def test_a_machine_stops_when_its_caller_hangs_up_and_what_is_sealed_stays(
    perform, wait_s, windows
):
    async def scene(backstage):
        await hung_up_after(backstage, wait_s, song=SONG.name)
        assert backstage.desk.stage.driver is None
        await trio.sleep(3)
        assert not backstage.desk.is_on
        await trio.sleep(60)
        told = [one for changes in backstage.desk.stage.told.values() for one in changes.values()]
        fates = {WindowState.MINTED, WindowState.FAILED}
        judged = {one.window for one in told if one.block is not None and one.state in fates}
        assert judged == set(range(windows))

    perform(scene, neighbours=4)


def test_what_is_played_can_be_stopped_and_is_answered_for(perform):
    async def scene(backstage):
        answers = []

        async def play():
            async with backstage.http() as http:
                body = {"song": SONG.name}
                answers.append(await http.post("/api/v1/autoplay", json=body, timeout=None))

        async with backstage.http() as http, trio.open_nursery() as nursery:
            nothing = await http.post("/api/v1/stop-playing")
            assert (nothing.status_code, nothing.json()["why"]) == (404, "Nobody plays here.")
            nursery.start_soon(play)
            await trio.sleep(30)
            stopped = await http.post("/api/v1/stop-playing")
            assert (stopped.status_code, stopped.json()) == (200, {"stopping": True})
        assert [window["window"] for window in answers[0].json()["windows"]] == [0]
        assert not backstage.desk.is_on

    perform(scene, neighbours=4)


def test_a_recorded_play_is_cut_to_as_many_windows_as_asked(perform):
    async def scene(backstage):
        notes = tuple(Note(500_000 * beat, beat % 4) for beat in range(160))
        chart = Chart("Long", "popd", 4, (TimingPoint(0, 500_000),), notes)
        events = [
            [note.start_us + shift, note.lane, press]
            for note in notes
            for shift, press in ((0, 1), (80_000, 0))
        ]
        body = {
            "chart": base64.b64encode(chart.to_bytes()).decode(),
            "events": events,
            "windows": 1,
        }
        async with backstage.http() as http:
            answer = await http.post("/api/v1/autoplay", json=body, timeout=None)
        assert [window["window"] for window in answer.json()["windows"]] == [0]
        assert charts_given(backstage)[0].duration_us < 20_000_000

    perform(scene, neighbours=2)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"song": SONG.name}, 409),
        ({"song": SONG.name, "keys": 10, "level": "hard"}, 409),
        ({"song": SONG.name, "level": "x" * 33}, 400),
        ({"chart": "%"}, 400),
        ({"chart": "AAAA"}, 400),
        ({"song": SONG.name, "bot": "ghost"}, 400),
    ],
)
def test_a_machine_that_can_not_play_says_why(perform, body, status):
    async def scene(backstage):
        async with backstage.http() as http:
            answer = await http.post("/api/v1/autoplay", json=body)
        assert answer.status_code == status
        assert answer.json()["next"]
        assert backstage.desk.stage.driver is None

    perform(scene)


@pytest.mark.parametrize(
    ("body", "why", "next_step"),
    [
        ({}, "There is no song ''.", "Choose one of first_light, paper_boats, "),
        ({"song": "none"}, "There is no song 'none'.", "Choose one of first_light, paper_boats, "),
        ({"song": SONG.name, "keys": 5}, "First Light has no chart for 5 keys.",
         "Choose one of 4, 7, 10."),
        ({"song": SONG.name, "level": "harder"}, "First Light has no level 'harder'.",
         "Choose one of easy, medium, hard."),
    ],
)  # fmt: skip
def test_a_song_that_is_not_there_is_told_with_those_that_are(perform, body, why, next_step):
    async def scene(backstage):
        async with backstage.http() as http:
            answer = await http.post("/api/v1/autoplay", json=body)
        told = answer.json()
        assert (answer.status_code, told["error"], told["why"]) == (404, "not_found", why)
        assert told["next"].startswith(next_step)

    perform(scene)


def test_machines_do_not_play_for_coins_that_count(perform):
    async def scene(backstage):
        context = backstage.desk.context
        context.params = replace(context.params, name="main")
        async with backstage.http() as http:
            answer = await http.post("/api/v1/autoplay", json={"song": SONG.name})
        assert (answer.status_code, answer.json()["next"]) == (409, "Play it yourself.")

    perform(scene)


def test_a_page_that_lags_too_far_is_cut_off(perform):
    async def scene(backstage):
        async with backstage.socket() as (_, socket):
            for listener in list(backstage.daemon._listeners):
                listener.close()
            assert (await socket.receive())["code"] == 1013

    perform(scene)


def test_a_session_goes_on_in_the_middle_of_a_song_and_states_how_late_devices_are(perform):
    async def scene(backstage):
        chart = SONG.chart(4)
        late = {"audio_us": 40_000, "visual_us": -3_000, "input_us": 12_000}
        async with backstage.socket() as (_, socket):
            await socket.send(
                type="start", chart=chart.id.hex(), from_us=41_000_000, calibration=late
            )
            session = await socket.until("session")
        performing = backstage.daemon.node.performing
        assert performing.show.id.hex() == session["session"]
        assert performing.show.session.calibration._asdict() == late
        assert charts_given(backstage) == [chart.cut(41_000_000, chart.duration_us)]

    perform(scene, neighbours=3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_us": -1},
        {"from_us": 2**70},
        {"calibration": {"input_us": 250_001}},
        {"calibration": {"input_us": 0.5}},
        {"calibration": 7},
    ],
)
def test_a_calibration_or_a_place_beyond_bounds_begins_nothing(perform, wrong):
    async def scene(backstage):
        async with backstage.socket() as (_, socket):
            await socket.send(type="start", chart=SONG.chart(4).id.hex(), **wrong)
            assert (await socket.receive())["type"] == "error"
        assert charts_given(backstage) == []

    perform(scene, neighbours=1)


def test_after_the_last_note_there_is_nothing_to_begin(perform):
    async def scene(backstage):
        chart = SONG.chart(4)
        async with backstage.socket() as (_, socket):
            await socket.send(type="start", chart=chart.id.hex(), from_us=chart.duration_us + 1)
            assert (await socket.receive())["reason"] == "That chart has no notes."

    perform(scene, neighbours=1)
