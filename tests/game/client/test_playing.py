"""A live play in a real browser: what is played, sent, judged, paused and taken up again."""

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from consensus.chart import Note
from consensus.evidence import Evidence, KeyEvent
from consensus.identifiers import NO_ENTRY
from consensus.judgement import judge
from tests.game.client.fake_songs import short_chart
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

ZERO: Final = {"audio_us": 0, "visual_us": 0, "input_us": 0}
SHORT: Final = ("--short", "--no-riffs", "--window-ms=5000")


def with_settings(theatre: Theatre, groups: dict[str, Any]) -> None:
    """Before the page loads, its browser keeps these settings."""
    script = (
        f"localStorage.setItem('popd.settings', JSON.stringify({ ({'version': 1} | groups)!r}))"
    )
    theatre.page.add_init_script(script)


def test_a_whole_chart_is_judged_as_the_rules_judge_what_the_daemon_got(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain(*SHORT)
    theatre.start()
    chart = short_chart(4)
    theatre.perform(chart.notes, "dfjk", theatre.ask()["start_us"])
    expect(theatre.page.locator(".results")).to_be_visible(timeout=4_000)
    events = tuple(
        KeyEvent(time_us, lane, bool(down)) for time_us, lane, down in theatre.ask()["events"]
    )
    assert len(events) == 2 * len(chart.notes)
    by_the_rules = judge(chart, Evidence(NO_ENTRY, 0, 5_000_000, events, ()))
    assert theatre.state("outcome")["grades"] == list(by_the_rules.grades)
    record = theatre.state("record")
    assert record["events"] == [list(event) for event in theatre.ask()["events"]]
    assert record["tally"]["grades"] == list(by_the_rules.grades)
    assert (record["mode"], record["rate"], record["from_us"]) == ("live", 1, 0)
    assert record["chart"] == chart.id.hex()


def test_the_calibration_is_signed_with_the_start_and_shifts_what_this_page_judges_alone(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain(*SHORT)
    calibration = {"audio_us": 20_000, "visual_us": -15_000, "input_us": 90_000}
    with_settings(theatre, {"calibration": calibration})
    theatre.start()
    notes = short_chart(4).notes[2:8]
    theatre.perform(notes, "dfjk", theatre.ask()["start_us"] + 90_000)
    theatre.leave()
    assert theatre.ask()["starts"][0]["calibration"] == calibration
    logged = theatre.ask()["events"]
    judged = theatre.state("outcome")["judged"]
    hits = [one for one in judged if one["grade"] < 5 and one["error"] != 0]
    assert len(hits) > 3
    for hit in hits:
        assert [hit["start"] + hit["error"] + 90_000, hit["lane"], 1] in logged
    assert theatre.state("record")["calibration"] == calibration


def test_a_pause_ends_the_live_session_and_going_on_asks_witnesses_again(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs")
    theatre.start()
    page = theatre.page
    page.wait_for_timeout(4_400)
    page.keyboard.press("Escape")
    menu = page.get_by_role("dialog")
    expect(menu).to_contain_text("Time can't stand still in front of witnesses")
    expect(menu.get_by_role("button", name="Go on live")).to_be_focused()
    paused_us = theatre.state("progress")["us"]
    menu.get_by_role("button", name="Go on live").click()
    page.wait_for_selector(".playing")
    first, second = theatre.ask()["starts"]
    assert (first["from_us"], first["calibration"]) == (0, ZERO)
    two_bars_back = max(paused_us - 2 * 4 * 500_000, 0)
    assert abs(second["from_us"] - two_bars_back) < 100_000
    page.wait_for_timeout(4_600)
    theatre.leave()
    card = page.locator(".window.minted")
    expect(card).to_have_count(2)
    expect(page.locator(".results")).to_contain_text("2 coins")


def test_in_the_menu_of_a_pause_the_focus_stays_and_escape_leaves(theatre: Theatre) -> None:
    theatre.start()
    page = theatre.page
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()
    seen = []
    for _ in range(6):
        seen.append(page.evaluate("document.activeElement.closest('dialog') !== null"))
        page.keyboard.press("Tab")
    assert seen.count(True) >= 5  # the browser's own frame may come in between
    page.keyboard.press("Escape")
    expect(page.locator(".results")).to_be_visible()


def test_presses_that_wait_are_delivered_by_a_page_that_is_loaded_anew(theatre: Theatre) -> None:
    theatre.start()
    page = theatre.page
    theatre.play(2)
    theatre.logged(4)
    theatre.ask("deaf")
    theatre.play(3)
    page.wait_for_timeout(80)
    assert len(theatre.ask()["events"]) == 4
    theatre.ask("hearing")
    page.reload()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    logged = theatre.logged(10)
    assert [lane for _, lane, _ in logged["events"]] == [0, 0, 1, 1, 0, 0, 1, 1, 2, 2]
    assert page.evaluate("sessionStorage.getItem('popd.unsent')") is None


def test_results_say_how_many_presses_still_wait(theatre: Theatre) -> None:
    theatre.start()
    page = theatre.page
    theatre.ask("deaf")
    theatre.play(3)
    page.wait_for_timeout(60)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    results = page.locator(".results")
    expect(results).to_contain_text("3 presses wait for the daemon")
    theatre.ask("hearing")
    theatre.ask("drop")
    expect(results).not_to_contain_text("presses wait", timeout=3_000)
    assert len(theatre.logged(6)["events"]) == 6


def test_results_show_errors_by_lane_and_say_what_would_help(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", "--window-ms=60000")
    theatre.start()
    chart = theatre.page.evaluate(
        "import('/client/play/show.js').then((show) => show.materialNow().chart)"
    )
    script = """
      async (notes) => {
        const { showNow } = await import("/client/play/show.js");
        const { runner } = showNow();
        for (const [start, lane] of notes) {
          const late = lane === 1 ? 60000 : 30000;
          runner.judge.advance(start - 200000);
          runner.judge.press(lane, start + late);
          runner.judge.release(lane, start + late + 50000);
        }
      }
    """
    theatre.page.evaluate(script, [note for note in chart["notes"][:80] if note[2] == 0])
    theatre.leave()
    results = theatre.page.locator(".results")
    expect(results.locator("figcaption").first).to_contain_text(
        re.compile(r"On average 3\d\sms late")
    )
    expect(results).to_contain_text(re.compile(r"You press 3\d ms late: calibrate\?"))
    expect(results).to_contain_text("Your green square lane comes")
    expect(results.get_by_role("row").nth(2)).to_contain_text("+60\u00a0ms")
    results.get_by_role("button", name="Calibrate").click()
    expect(theatre.page.get_by_role("heading", name="Calibration")).to_be_visible()


def test_a_riff_that_is_answered_counts_and_is_kept_in_the_record(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--window-ms=20000")
    theatre.start()
    page = theatre.page
    hooked = """
      async () => {
        const { showNow } = await import("/client/play/show.js");
        const { runner, engine } = showNow();
        return [runner.riffs, engine.stage.riff !== null];
      }
    """
    riffs: list[Any] = []
    while not riffs:
        page.wait_for_timeout(40)
        riffs, has_banner = page.evaluate(hooked)
    ((at_us, notes),) = riffs
    assert has_banner
    assert [time_us - notes[0][0] for time_us, _ in notes] == [0, 250_000, 500_000, 750_000]
    asked = [Note(time_us, lane) for time_us, lane in notes]
    theatre.perform(asked, "dfjk", theatre.ask()["start_us"])
    theatre.leave()
    outcome = theatre.state("outcome")
    assert (outcome["riffs"], outcome["riffsAnswered"]) == (1, 1)
    record = theatre.state("record")
    assert record["riffs"] == [[at_us, notes]]
    assert record["session"] == theatre.state("session")["session"]


def test_who_was_let_in_to_play_sees_no_purse(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--scopes=play,read")
    theatre.page.goto(f"{theatre.address}/#token=test-token")
    expect(theatre.page.get_by_text("practice network")).to_be_visible()
    expect(theatre.page.get_by_role("link", name="Purse")).to_have_count(0)
    expect(theatre.page.get_by_role("link", name="Settings")).to_be_visible()


def test_ten_lanes_look_each_like_no_other(theatre: Theatre) -> None:
    theatre.page.goto(f"{theatre.address}/#token=test-token")
    script = "async (keys) => (await import('/client/stage/lanes.js')).laneLooks(keys)"
    for keys in range(4, 11):
        looks = theatre.page.evaluate(script, keys)
        assert len({(look["colour"], look["shape"]) for look in looks}) == keys
        assert len({look["shape"] for look in looks}) == keys


def test_drawing_is_timed_by_a_page_of_its_own(theatre: Theatre) -> None:
    theatre.page.goto(f"{theatre.address}/client/bench.html?frames=40&notes=500&keys=10")
    result = theatre.page.locator("#result")
    expect(result).to_contain_text("ready", timeout=30_000)
    measured = theatre.page.evaluate("JSON.parse(document.getElementById('result').textContent)")
    assert (measured["keys"], measured["notes"], measured["frames"]) == (10, 500, 40)
    quick, slow = measured["blank"]["draw"]["p50"], measured["full"]["draw"]["p99"]
    assert 0 <= quick <= measured["bare"]["draw"]["p99"]
    assert slow > 0
