"""Plays are kept, judged by the daemon, listed, watched, exported and brought back."""

from dataclasses import replace

import msgspec
import pytest

from consensus.calibration import MAX_CALIBRATION_US
from game.charts.songs import SONGS
from game.play.recording import MAX_EVENTS, recording_from_bytes
from popd.api.play_shapes import PlayBody, Plays, PlaySummary, PlayView
from popd.api.routes import ROUTES
from popd.api.tokens import Scope

CHART = SONGS["first_light"].chart(4)
NOTES = CHART.between(0, 15_000_000)
PATH = "/api/v1/plays"


def play_of(error_us: int = 0, **changes: object) -> dict[str, object]:
    events = sorted(
        event
        for note in NOTES
        for event in (
            [note.start_us + error_us, note.lane, 1],
            [note.start_us + max(note.duration_us, 20_000) + error_us, note.lane, 0],
        )
    )
    body = {
        "chart": CHART.id.hex(),
        "mode": "practice",
        "made_ms": 5_000 + error_us,
        "played_us": 15_000_000,
        "events": events,
    }
    return {**body, **changes}


async def listed(http) -> list[PlaySummary]:
    answer = await http.get(PATH)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Plays).plays


async def saved(http, body: dict[str, object]) -> PlaySummary:
    answer = await http.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=PlaySummary)


def test_the_daemon_judges_a_play_and_tells_the_best(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            better = await saved(http, play_of(0))
            worse = await saved(http, play_of(60_000))
            assert (better.grades, better.is_best) == ([len(NOTES), 0, 0, 0, 0, 0], True)
            assert (sum(worse.grades), worse.is_best) == (len(NOTES), False)
            assert worse.grades[0] == 0
            assert await listed(http) == [worse, better]

    perform(scene)


def test_the_same_play_again_changes_nothing(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            first, again = await saved(http, play_of()), await saved(http, play_of())
            assert (first, await listed(http)) == (again, [first])

    perform(scene)


def test_a_play_comes_back_as_it_was_pressed_and_leaves_as_a_file(perform):
    async def scene(backstage):
        riffs = [[6_000_000, [0, 1, 2, 3]]]
        body = play_of(mode="live", riffs=riffs, calibration={"input_us": 12_000})
        async with backstage.http() as http:
            about = await saved(http, body)
            answer = await http.get(f"{PATH}/{about.id}")
            view = msgspec.json.decode(answer.content, type=PlayView)
            assert view == PlayView(about, msgspec.convert(body, PlayBody))
            file = (await http.get(f"{PATH}/{about.id}/file")).content
            assert recording_from_bytes(file).id.hex() == about.id

            assert (await http.delete(f"{PATH}/{about.id}")).json() == {"removed": True}
            assert await listed(http) == []
            back = await http.post(f"{PATH}/file", content=file)
            imported = msgspec.json.decode(back.content, type=PlaySummary)
            assert (imported.id, imported.is_own, imported.is_best) == (about.id, False, False)

    perform(scene)


def test_a_chart_that_came_with_a_play_can_be_shown(perform):
    async def scene(backstage):
        part = CHART.cut(5_000_000, 9_000_000)
        async with backstage.http() as http:
            about = await saved(http, play_of())
            file = (await http.get(f"{PATH}/{about.id}/file")).content
            foreign = replace(recording_from_bytes(file), chart=part)
            back = await http.post(f"{PATH}/file", content=foreign.to_bytes())
            assert back.status_code == 200, back.text
            chart = await http.get(f"/api/v1/charts/{part.id.hex()}")
            assert len(chart.json()["notes"]) == len(part.notes)

    perform(scene)


@pytest.mark.parametrize(
    "changes",
    [
        {"chart": "00" * 32},
        {"chart": "x"},
        {"mode": "witnessed"},
        {"played_us": -1},
        {"events": [[5, 0, 1], [4, 0, 0]]},
        {"events": [[5, 4, 1]]},
        {"events": [[-5, 0, 1]]},
        {"events": [[5, 0, 2]]},
        {"events": [[5.5, 0, 1]]},
        {"events": [[0, 0, 1]] * (MAX_EVENTS + 1)},
        {"riffs": [[0, [0, 1, 2]]]},
        {"riffs": [[0, [0, 1, 2, 9]]]},
        {"rate_ppm": 0},
        {"from_us": 2**60},
        {"calibration": {"input_us": MAX_CALIBRATION_US + 1}},
    ],
)
def test_a_play_that_cannot_be_is_not_kept(perform, changes):
    async def scene(backstage):
        async with backstage.http() as http:
            answer = await http.post(PATH, json=play_of(**changes))
            assert 400 <= answer.status_code < 500
            assert {"error", "why", "next"} == set(answer.json())
            assert await listed(http) == []

    perform(scene)


@pytest.mark.parametrize("data", [b"", b"\x90", b"not a play", bytes(100_000)])
def test_a_file_that_is_no_play_says_so(perform, data):
    async def scene(backstage):
        async with backstage.http() as http:
            answer = await http.post(f"{PATH}/file", content=data)
            assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")

    perform(scene)


def test_what_is_not_kept_is_not_found(perform):
    async def scene(backstage):
        async with backstage.http() as http:
            missing = f"{PATH}/{'00' * 32}"
            answers = [
                await http.get(missing),
                await http.get(f"{missing}/file"),
                await http.delete(missing),
            ]
            assert [answer.status_code for answer in answers] == [404, 404, 404]

    perform(scene)


def test_who_may_only_play_keeps_plays_but_removes_none():

    scopes = {(route.method, route.path): route.scope for route in ROUTES if "/plays" in route.path}
    assert scopes == {
        ("GET", "/plays"): Scope.PLAY,
        ("POST", "/plays"): Scope.PLAY,
        ("GET", "/plays/{id}"): Scope.PLAY,
        ("DELETE", "/plays/{id}"): Scope.OWNER,
        ("GET", "/plays/{id}/file"): Scope.PLAY,
        ("POST", "/plays/file"): Scope.OWNER,
    }
