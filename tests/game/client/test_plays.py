"""Plays in a real browser: kept, compared, watched, raced, carried elsewhere; nothing is lost."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from playwright.sync_api import Page, expect

from game.charts.songs import SONGS
from game.play.recording import Recording, judge_recording, recording_from_bytes
from popd.api.play_shapes import PlayBody
from popd.api.plays import recording_of
from tests.game.client.test_songs import check_access, drop, file
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

CHART: Final = SONGS["first_light"].chart(4)
NOTES: Final = CHART.between(0, 15_000_000)
API: Final = """
async ([method, path, json]) => {
  const headers = { Authorization: "Bearer test-token" };
  const body = json ? JSON.stringify(json) : undefined;
  return (await fetch(`/api/v1/${path}`, { method, headers, body })).json();
}
"""
ON_RECORD: Final = """
async ([record, nowMs]) => (await import("/client/songs/plays.js")).onRecord(record, nowMs)
"""
BACK_AND_FORTH: Final = """
async ([record, nowMs]) => {
  const { playFrom, recordFrom } = await import("/client/songs/play-times.js");
  const play = playFrom(record, nowMs);
  return { play, again: playFrom(recordFrom(play), nowMs), record: recordFrom(play) };
}
"""


def record_of(error_us: int = 0, rate: float = 1.0, **changes: Any) -> dict[str, Any]:
    """A play as the page records it: in chart time, each note pressed so late."""
    events = sorted(
        event
        for note in NOTES
        for event in (
            [round(note.start_us + error_us * rate), note.lane, 1],
            [round(note.start_us + max(note.duration_us, 20_000) + error_us * rate), note.lane, 0],
        )
    )
    return {
        "chart": CHART.id.hex(),
        "keys": 4,
        "rate": rate,
        "from_us": 0,
        "mode": "practice",
        "calibration": {"audio_us": 0, "visual_us": 0, "input_us": 0},
        "events": events,
        "riffs": [],
        "played_us": 15_000_000,
    } | changes


def played(page: Page, record: dict[str, Any], made_ms: int = 0) -> None:
    """As if a play had just ended."""
    ended_ms = (made_ms or time.time_ns() // 1_000_000) + 15_000
    page.evaluate(ON_RECORD, [record, ended_ms])


def kept(page: Page) -> list[dict[str, Any]]:
    """What the daemon keeps."""
    plays: list[dict[str, Any]] = page.evaluate(API, ["GET", "plays", None])["plays"]
    return plays


def at_plays(page: Page) -> None:
    page.get_by_role("link", name="Songs").first.click()
    page.get_by_role("link", name="Plays").click()
    expect(page.get_by_role("heading", name="Plays")).to_be_visible()


def recording(body: dict[str, Any]) -> Recording:

    return recording_of(msgspec.convert(body, PlayBody), CHART, 3_600_000)


def test_times_become_real_and_the_rules_judge_what_was_pressed(theatre: Theatre) -> None:
    theatre.page.goto(f"{theatre.address}/#token=test-token")
    for rate in (0.5, 0.85, 1.0, 1.5):
        check_times(theatre, rate)


def check_times(theatre: Theatre, rate: float) -> None:
    """A record at a rate, as the daemon gets it and gives it back."""
    riff = [[round(us * rate), lane] for us, lane in ((2_600_000, 1), (2_850_000, 0))]
    riff += [[round(us * rate), lane] for us, lane in ((3_100_000, 3), (3_350_000, 2))]
    record = record_of(10_000, rate, riffs=[[round(2_000_000 * rate), riff]])
    said = theatre.page.evaluate(BACK_AND_FORTH, [record, 1_000_000])
    play = said["play"]
    assert play["made_ms"] == 1_000_000 - round(15_000 / rate)
    assert play["rate_ppm"] == round(rate * 1_000_000)
    assert play["played_us"] == round(15_000_000 / rate)
    assert play["riffs"] == [[2_000_000, [1, 0, 3, 2]]]
    assert said["again"] == play
    assert play["events"][0] == [round(NOTES[0].start_us / rate) + 10_000, NOTES[0].lane, 1]
    judged = judge_recording(recording({**play, "riffs": []}))
    assert judged.grades[0] == len(NOTES)


def test_a_play_of_ten_seconds_is_kept_and_compared_with_the_best(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--shelf=0")
    theatre.open()
    page = theatre.page
    played(page, record_of(60_000), made_ms=5_000)
    best = kept(page)[0]["accuracy_ppm"] / 10_000
    page.reload()
    page.get_by_label("Race your best").check()
    page.get_by_role("button", name="Practise").click()
    expect(page.locator(".hud")).to_contain_text("to the ghost", timeout=9_000)
    page.wait_for_timeout(9_000)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Leave").click()
    results = page.locator(".results")
    expect(results).to_contain_text(f"\N{MINUS SIGN}{best:.1f} % to your best, {best:.1f} %")
    expect(results).to_contain_text("behind the ghost")
    check_access(page)
    (latest, _) = kept(page)
    assert latest["mode"] == "practice"
    assert 10_000_000 < latest["played_us"] < 20_000_000
    shown = page.locator(".bars.grades b.number").all_inner_texts()
    assert [int(count) for count in shown] == latest["grades"]


def test_a_better_play_is_the_new_best(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--shelf=0")
    theatre.open()
    page = theatre.page
    for number, error_us in enumerate((60_000, 30_000)):
        played(page, record_of(error_us), made_ms=5_000 * (number + 1))
    page.evaluate(
        """async (record) => {
          const state = await import("/client/daemon/state.js");
          state.record.value = record;
          const counts = { bestCombo: 0, riffs: 0, riffsAnswered: 0, riffHits: 0 };
          const part = { fromUs: 0, playedUs: 1, title: "x", calibration: {} };
          const grades = [0, 0, 0, 0, 0, 0];
          state.outcome.value = { ...record, ...counts, ...part, judged: [], accuracy: 1, grades };
          state.phase.value = "ended";
        }""",
        record_of(),
    )
    expect(page.locator(".compared")).to_have_text("New best +33.3 %")


def test_what_the_daemon_could_not_take_waits_over_a_reload_and_goes_once(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--shelf=0", may_fail=True)
    theatre.open()
    page = theatre.page
    theatre.ask("away")
    played(page, record_of(), made_ms=5_000)
    played(page, record_of(30_000), made_ms=6_000)
    at_plays(page)
    expect(page.get_by_label("Plays that wait")).to_contain_text("2 plays wait for the daemon")
    expect(page.get_by_text("queued")).to_have_count(2)
    check_access(page)
    page.goto("about:blank")
    theatre.ask("back")
    page.goto(f"{theatre.address}/#token=test-token")
    at_plays(page)
    expect(page.locator(".play-row")).to_have_count(2)
    expect(page.get_by_label("Plays that wait")).to_have_count(0)
    posts: list[str] = []
    page.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
    theatre.ask("drop")
    page.wait_for_timeout(900)
    assert (posts, [play["made_ms"] for play in kept(page)]) == ([], [6_000, 5_000])


def test_the_queue_lets_the_oldest_go_and_says_so(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--shelf=0", may_fail=True)
    theatre.open()
    page = theatre.page
    theatre.ask("away")
    page.evaluate(
        """async ([record, count]) => {
          const { onRecord } = await import("/client/songs/plays.js");
          for (let number = 1; number <= count; number++) await onRecord(record, 20_000 + number);
        }""",
        [record_of(events=[]), 42],
    )
    at_plays(page)
    expect(page.get_by_role("alert").last).to_contain_text("the oldest was let go")
    expect(page.get_by_text("queued")).to_have_count(40)


def test_a_play_is_watched_and_raced_and_the_page_comes_back(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--shelf=0", "--no-riffs")
    theatre.open()
    page = theatre.page
    played(page, record_of(30_000), made_ms=5_000)
    at_plays(page)
    row = page.locator(".play-row")
    expect(row).to_contain_text("your best")
    check_access(page)
    row.get_by_role("button", name="Watch").click()
    expect(page.locator(".hud")).to_contain_text("a recorded play")
    expect(page.locator(".hud")).to_contain_text("100.0 %", timeout=6_000)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("heading", name="Plays")).to_be_visible()
    row.get_by_role("button", name="live").click()
    expect(page.locator(".hud")).to_contain_text("to the ghost", timeout=9_000)
    assert theatre.ask()["starts"][0]["chart"] == CHART.id.hex()


def test_a_play_leaves_as_a_file_comes_back_and_is_removed(
    raise_curtain: Callable[..., Theatre], tmp_path: Path
) -> None:
    theatre = raise_curtain("--shelf=0", may_fail=True)
    theatre.open()
    page = theatre.page
    played(page, record_of(), made_ms=5_000)
    at_plays(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the play").click()
    assert saved.value.suggested_filename.startswith("First Light ")
    saved.value.save_as(tmp_path / "x.popr")
    data = (tmp_path / "x.popr").read_bytes()
    found = recording_from_bytes(data)
    assert (found.made_ms, len(found.events)) == (5_000, 2 * len(NOTES))
    with page.expect_request(lambda one: one.method == "DELETE", timeout=9_000):
        page.get_by_role("button", name="Remove the play").click()
        expect(page.locator(".play-row")).to_have_count(0)
    expect(page.get_by_text("Nothing was played yet")).to_be_visible()
    check_access(page)
    drop(page, file("mine.popr", data), file("bad.popr", b"x"))
    expect(page.locator(".play-row")).to_contain_text("from elsewhere")
    expect(page.get_by_role("alert")).to_contain_text("That file is no play")
    page.get_by_role("link", name="Songs").last.click()
    page.locator(".song-row", has_text="First Light").click()
    expect(page.get_by_label("The chosen song")).to_contain_text("Your plays of it")


def test_plays_with_odd_fields_break_nothing(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--shelf=0")
    page = theatre.page
    odd = {"id": "ab" * 32, "chart": "cd" * 32, "title": "<b>" * 100, "grades": [1], "keys": 4}
    answer = json.dumps({"plays": [odd, {"id": "x"}, None, {**odd, "id": 7}]})
    page.route("**/api/v1/plays", lambda route: route.fulfill(body=answer))
    theatre.open()
    at_plays(page)
    expect(page.locator(".play-row")).to_have_count(1)
    expect(page.locator(".play-row")).to_contain_text("<b><b>")
    expect(page.locator(".play-row").get_by_role("button", name="Race")).to_have_count(0)
