"""Files that are dropped come onto the shelf, with their music, or say what is wrong with them."""

import io
import wave
from zipfile import ZipFile

import httpx
import msgspec
import pytest
import trio

from consensus.chart import Chart
from game.charts.osu_export import osu_from_chart
from game.charts.songs import SONGS
from popd.api import shapes
from popd.api.guard import MAX_BODY_SIZE
from popd.api.import_shapes import ImportState, Wanted
from popd.api.imports import MAX_WAITING

API = "/api/v1"
SERVED_TOKEN = "s" * 43
CHART = SONGS["first_light"].chart(4)
OGG = b"OggS" + bytes(2 * MAX_BODY_SIZE)


def osu(chart: Chart = CHART, audio: str = "tune.ogg") -> bytes:
    return osu_from_chart(chart, "hard", audio).encode()


def archive(**entries: bytes) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as made:
        for name, data in entries.items():
            made.writestr(name.replace("_", "."), data)
    return packed.getvalue()


def click_track(seconds: int = 8, every_s: float = 0.5, rate: int = 22_050) -> bytes:
    samples = bytearray(2 * seconds * rate)
    for beat in range(int(seconds / every_s)):
        at = int(beat * every_s * rate)
        for step in range(600):
            loud = int(20_000 * (1 - step / 600)) * (1 if step % 20 < 10 else -1)
            samples[2 * (at + step) : 2 * (at + step) + 2] = loud.to_bytes(2, "little", signed=True)
    packed = io.BytesIO()
    with wave.open(packed, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(rate)
        made.writeframes(bytes(samples))
    return packed.getvalue()


async def imported(http, name: str, data: bytes, **query: object) -> ImportState:
    answer = await http.post(f"{API}/imports", params={"file": name, **query}, content=data)
    assert answer.status_code == 200, answer.text
    state = msgspec.json.decode(answer.content, type=ImportState)
    for _ in range(1_200):
        await trio.sleep(1)
        answer = await http.get(f"{API}/imports/{state.id}")
        state = msgspec.json.decode(answer.content, type=ImportState)
        if state.state not in {"waiting", "working"}:
            return state
    raise AssertionError(f"still {state.state}: {state.stage}")


async def shelf(http) -> list[shapes.SongSummary]:
    answer = await http.get(f"{API}/songs")
    listed = msgspec.json.decode(answer.content, type=shapes.Songs).songs
    return [song for song in listed if song.source == "shelf"]


def test_a_chart_comes_first_and_its_music_later(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            state = await imported(http, "song.osu", osu())
            (name,) = state.songs
            assert (state.state, state.wanted) == ("done", [Wanted(name, "tune.ogg")])
            (song,) = await shelf(http)
            (chart,) = song.charts
            assert (song.name, song.title, song.has_music) == (name, CHART.title, False)
            assert (chart.keys, chart.notes, chart.level) == (4, len(CHART.notes), "hard")
            assert chart.stars > 0
            assert (await http.get(f"{API}/songs/{name}/music")).status_code == 404

            kept = await http.post(
                f"{API}/songs/{name}/music", params={"file": "tune.ogg"}, content=OGG
            )
            assert kept.json() == {"song": name}
            music = await http.get(f"{API}/songs/{name}/music")
            assert (music.content, music.headers["content-type"]) == (OGG, "audio/ogg")
            assert [one.has_music for one in await shelf(http)] == [True]
            full = await http.get(f"{API}/charts/{chart.id}")
            assert len(full.json()["notes"]) == len(CHART.notes)

    perform(scene)


def test_an_archive_brings_its_music_and_the_same_again_is_no_second_song(perform):
    async def scene(backstage):
        data = archive(a_osu=osu(), tune_ogg=b"OggS1")
        async with backstage.http() as http:
            for _ in range(2):
                state = await imported(http, "song.osz", data)
                assert (state.state, state.wanted, len(state.songs)) == ("done", [], 1)
            (song,) = await shelf(http)
            music = await http.get(f"{API}/songs/{song.name}/music")
            assert music.content == b"OggS1"
            assert (await http.delete(f"{API}/songs/{song.name}")).json() == {"removed": True}
            assert await shelf(http) == []
            assert (await http.delete(f"{API}/songs/{song.name}")).status_code == 404

    perform(scene)


def test_music_becomes_charts_for_the_lanes_that_were_asked_for(serve):
    async def scene(daemon, url):
        own = {"Authorization": f"Bearer {SERVED_TOKEN}"}
        async with httpx.AsyncClient(base_url=url, headers=own) as http:
            state = await imported(http, "clicks.wav", click_track(), keys="4,7", level=5)
            assert (state.state, state.why) == ("done", "")
            (song,) = await shelf(http)
            assert (song.title, song.has_music) == ("clicks", True)
            assert sorted(chart.keys for chart in song.charts) == [4, 7]
            assert all(chart.notes >= 12 for chart in song.charts)

    serve(scene)


def test_a_chart_can_be_fitted_to_other_lanes(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            state = await imported(http, "song.osu", osu())
            (name,) = state.songs
            asked = {"chart": (await shelf(http))[0].charts[0].id, "keys": 7}
            answer = await http.post(f"{API}/songs/{name}/fit", json=asked)
            assert (answer.status_code, answer.json()["keys"]) == (200, 7)
            assert [chart.keys for chart in (await shelf(http))[0].charts] == [4, 7]
            for wrong in ({**asked, "keys": 3}, {**asked, "chart": "00"}, {"keys": 5}):
                refused = await http.post(f"{API}/songs/{name}/fit", json=wrong)
                assert refused.status_code == 400
            for missing in (f"{API}/songs/nothing/fit",):
                assert (await http.post(missing, json=asked)).status_code == 404

    perform(scene)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("song.osu", b"not a chart"),
        ("song.osu", b"osu file format v14\n[General]\nMode: 1\n"),
        ("song.osz", b"not an archive"),
        ("song.osz", archive(readme_txt=b"nothing to play")),
        ("song.exe", b"MZ"),
        ("song", b""),
        ("noise.wav", b"RIFF0000WAVE"),
        ("silence.wav", click_track(every_s=100)[:44] + bytes(40_000)),
    ],
)
def test_what_can_not_be_played_says_why_and_leaves_nothing(perform, name, data):
    async def scene(backstage):
        async with backstage.http() as http:
            state = await imported(http, name, data)
            assert (state.state, state.songs) == ("failed", [])
            assert name in state.why
            assert state.next_step
            assert await shelf(http) == []

    perform(scene)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"file": ""},
        {"file": "x" * 201},
        {"file": "a\nb.osu"},
        {"file": "a.wav", "keys": "3"},
        {"file": "a.wav", "keys": "4,11"},
        {"file": "a.wav", "keys": "four"},
        {"file": "a.wav", "level": "6"},
        {"file": "a.wav", "parts": "vocals"},
    ],
)
def test_a_wish_that_can_not_be_met_begins_nothing(perform, query):
    async def scene(backstage):
        async with backstage.http() as http:
            answer = await http.post(f"{API}/imports", params=query, content=b"data")
            assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")

    perform(scene)


def test_music_of_an_unknown_kind_or_song_is_refused(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            state = await imported(http, "song.osu", osu())
            path = f"{API}/songs/{state.songs[0]}/music"
            wrong = await http.post(path, params={"file": "tune.exe"}, content=b"MZ")
            missing = await http.post(
                f"{API}/songs/nothing/music", params={"file": "tune.ogg"}, content=b"OggS"
            )
            assert (wrong.status_code, missing.status_code) == (400, 404)

    perform(scene)


def test_imports_wait_while_somebody_plays_and_can_be_given_up(perform):
    async def scene(backstage):
        async with backstage.socket() as (_, socket), backstage.http() as http:
            await socket.send(type="start", chart=CHART.id.hex(), windows=1)
            await socket.until("session")
            asked = {"params": {"file": "song.osu"}, "content": osu()}
            first = (await http.post(f"{API}/imports", **asked)).json()
            await trio.sleep(1)
            waiting = (await http.get(f"{API}/imports/{first['id']}")).json()
            assert (waiting["state"], waiting["stage"]) == (
                "waiting",
                "waiting until you have played",
            )
            given_up = (await http.delete(f"{API}/imports/{first['id']}")).json()
            assert given_up["state"] == "cancelled"
            await socket.send(type="stop")
            await socket.until("ended")
            assert (await imported(http, "song.osu", osu())).state == "done"
            assert len(await shelf(http)) == 1

    perform(scene, neighbours=2)


def test_only_so_many_files_wait(perform):
    async def scene(backstage):
        async with backstage.socket() as (_, socket), backstage.http() as http:
            await socket.send(type="start", chart=CHART.id.hex(), windows=1)
            await socket.until("session")
            asked = {"params": {"file": "song.osu"}, "content": osu()}
            for _ in range(MAX_WAITING + 1):  # one is in hand
                assert (await http.post(f"{API}/imports", **asked)).status_code == 200
                await trio.sleep(0.01)
            refused = await http.post(f"{API}/imports", **asked)
            assert (refused.status_code, refused.json()["error"]) == (429, "too_many")

    perform(scene, neighbours=2)
