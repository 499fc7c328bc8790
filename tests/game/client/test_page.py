"""The page in a real browser against a pretended daemon: what a newcomer sees and does."""

import random
import re
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from consensus.challenge import riff_notes
from consensus.chart import Chart, Note
from consensus.evidence import Evidence, KeyEvent, NonceEvent
from consensus.identifiers import NO_ENTRY
from consensus.judgement import judge
from game.charts.songs import SONGS
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

WINDOW_US: Final = 20_000_000


def test_what_it_logs_is_when_the_keys_moved_by_an_independent_listener(theatre: Theatre) -> None:
    theatre.start()
    theatre.play(8)
    logged = theatre.logged(16)
    heard = theatre.page.evaluate("heard")
    assert [down for _, _, down in logged["events"]] == [down for _, down in heard] == [1, 0] * 8
    assert [lane for _, lane, _ in logged["events"]] == [0, 0, 1, 1, 2, 2, 3, 3] * 2
    times = [logged["start_us"] + time_us for time_us, _, _ in logged["events"]]
    theatre.check_times(times, [heard_us for heard_us, _ in heard])


def test_a_window_that_minted_shows_its_coin_and_whose_opinion_its_worth_is(
    theatre: Theatre,
) -> None:
    theatre.start()
    page = theatre.page
    strip = page.locator(".strip")
    expect(strip).to_contain_text("worth 0.320 to you", timeout=8_000)
    expect(strip).to_contain_text("attested 4 of 4")
    theatre.leave()
    card = page.locator(".window.minted")
    expect(card).to_contain_text("0.964 JAM arrived")
    expect(card).to_contain_text("you trust her 0.42")
    card.get_by_text("What it is worth to 4 neighbours").click()
    expect(card).to_contain_text("worth 0.303 to Dian (practice)")
    expect(card).to_contain_text("Ada (practice) believed it")
    page.get_by_role("link", name="Purse").click()
    expect(page.locator("section.purse")).to_contain_text("1 coin: 0.964 JAM, worth 0.320 to you")


def test_a_window_that_failed_says_why_and_what_to_do(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--fates=failed")
    theatre.start()
    page = theatre.page
    expect(page.locator(".strip")).to_contain_text("no coin", timeout=8_000)
    theatre.leave()
    card = page.locator(".window.failed")
    expect(card).to_contain_text("It was not believed, because 3 of 4 neighbours saw no riff")
    expect(card).to_contain_text("What to do: Press the white numbered shapes")
    expect(card).to_contain_text("Bela (practice) did not believe it")
    page.reload()
    expect(page.locator(".last-time")).to_contain_text("No coin came of this window")


def test_nobody_willing_to_witness_says_so_and_leaves_play_in_reach(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--fates=refused")
    theatre.open()
    theatre.page.keyboard.press("Space")
    expect(theatre.page.get_by_role("alert")).to_contain_text("Start practice neighbours")
    expect(theatre.page.get_by_role("button", name="Play", exact=True)).to_be_focused()


def test_a_keyboard_alone_chooses_plays_stops_and_looks_into_the_purse(theatre: Theatre) -> None:
    theatre.open()
    page = theatre.page
    page.keyboard.press("Tab")  # past Practise and Play together
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="7 keys")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_selector("canvas")
    expect(page.locator("[aria-live]")).to_contain_text("Play", timeout=3_000)
    theatre.leave()
    expect(page.get_by_role("heading", name="First Light")).to_be_focused()
    expect(page.locator(".results")).to_contain_text("play at least one to the end")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "Purse"
    page.keyboard.press("Enter")
    expect(page.locator("section.purse")).to_contain_text("No coins yet")


def test_a_broken_line_loses_no_press(theatre: Theatre) -> None:
    theatre.start()
    theatre.play(2)
    theatre.logged(4)
    theatre.ask("deaf")
    theatre.play(2)
    theatre.page.wait_for_timeout(60)
    theatre.ask("cut")
    theatre.play(2)
    kept = re.compile("Your presses are kept.*4 presses wait for the daemon", re.DOTALL)
    expect(theatre.page.locator(".troubles")).to_contain_text(kept)
    theatre.ask("hearing")
    theatre.ask("mend")
    expect(theatre.page.get_by_role("alert")).to_have_count(0, timeout=9_000)
    theatre.play(1)
    logged = theatre.logged(14)
    assert [lane for _, lane, _ in logged["events"]] == [0, 0, 1, 1] * 3 + [0, 0]
    assert logged["sequences"] == list(range(1, len(logged["sequences"]) + 1))
    times = [time_us for time_us, _, _ in logged["events"]]
    assert times == sorted(times)


def test_a_key_that_is_down_when_the_window_loses_focus_goes_up(theatre: Theatre) -> None:
    theatre.start()
    theatre.page.keyboard.down("d")
    theatre.page.evaluate("window.dispatchEvent(new Event('blur'))")
    assert [down for _, _, down in theatre.logged(2)["events"]] == [1, 0]


def test_on_a_phone_it_fits_at_twice_the_text_and_lanes_are_touched(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", width=360, height=740, touch=True)
    theatre.start()
    theatre.page.touchscreen.tap(45, 600)
    theatre.page.touchscreen.tap(315, 600)
    assert [lane for _, lane, _ in theatre.logged(4)["events"]] == [0, 0, 3, 3]
    theatre.leave()
    for place in ("Play", "Purse", "Settings"):
        theatre.page.get_by_role("link", name=place).click()
        theatre.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert theatre.page.evaluate("document.documentElement.scrollWidth") <= 360


JUDGE: Final = """
async ({ keys, notes, windowUs, steps }) => {
  const { Judge } = await import("/client/stage/judge.js");
  const judge = new Judge(keys, notes, { windowUs });
  for (const [timeUs, what, detail] of steps) {
    judge.advance(timeUs);
    if (what === "riff") judge.addRiff(detail, timeUs);
    else if (what === "down") judge.press(detail, timeUs);
    else judge.release(detail, timeUs);
  }
  judge.advance(windowUs + 10_000_000);
  return { grades: judge.grades, riffHits: judge.riffHits };
}
"""


def test_its_provisional_grades_are_those_of_the_rules(theatre: Theatre) -> None:
    theatre.page.goto(f"{theatre.address}/#token=test-token")
    song = SONGS["first_light"]
    for seed, keys, start_us in product(range(8), song.keys, (20_000_000, 40_000_000)):
        task, expected = window_played(song.chart(keys).cut(start_us, WINDOW_US), seed)
        assert theatre.page.evaluate(JUDGE, task) == expected


def window_played(chart: Chart, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A window as the page hears of it, and what the rules make of it."""
    chance = random.Random(seed)
    nonces = tuple(
        NonceEvent(at_us, slot, chance.randbytes(16))
        for slot, at_us in enumerate((4_000_000, 14_000_000))
    )
    riffs = [riff_notes(nonce, chart.keys) for nonce in nonces]
    events = human_events(chart.notes, riffs, chance)
    judgement = judge(chart, Evidence(NO_ENTRY, 0, WINDOW_US, events, nonces))
    steps: list[tuple[int, str, object]] = [
        (event.time_us, "down" if event.is_press else "up", event.lane) for event in events
    ]
    steps += [
        (nonce.time_us, "riff", [[note.start_us, note.lane] for note in riff])
        for nonce, riff in zip(nonces, riffs, strict=True)
    ]
    task = {
        "keys": chart.keys,
        "notes": [list(note) for note in chart.notes],
        "windowUs": WINDOW_US,
        "steps": sorted(steps, key=lambda step: step[0]),
    }
    return task, {"grades": list(judgement.grades), "riffHits": judgement.riff_hits}


def human_events(
    notes: Sequence[Note], riffs: Sequence[Sequence[Note]], chance: random.Random
) -> tuple[KeyEvent, ...]:
    """Presses near most notes, some doubled, each let go before the next in its lane."""
    wanted = sorted([*notes, *(note for riff in riffs for note in riff)])
    events: list[KeyEvent] = []
    free_us: dict[int, int] = {}
    for note in wanted:
        press_us = note.start_us + round(chance.gauss(0, 55_000))
        length_us = (
            note.duration_us + round(chance.gauss(0, 60_000)) if note.duration_us else 70_000
        )
        earliest = free_us.get(note.lane, 0)
        if chance.random() < 0.1 or press_us <= earliest:
            continue
        release_us = press_us + max(length_us, 20_000)
        if release_us >= WINDOW_US:
            continue
        events += [KeyEvent(press_us, note.lane, True), KeyEvent(release_us, note.lane, False)]
        free_us[note.lane] = release_us
    return tuple(sorted(events))
