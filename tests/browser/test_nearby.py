"""Two real nodes and two browsers: one plays, the other watches, is drawn, and judges by hand."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.player import Player, popctl
from tests.chromium import CHROMIUM, FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.network]

FIRST_S: Final = 22.0
"""The first window and a little more."""
SECOND_S: Final = 41.5
"""The second one."""
MOST_BEHIND_US: Final = 500_000
LAGS: Final = """
async () => {
  const { Judge } = await import("/client/stage/judge.js");
  const { watched } = await import("/client/nearby/nearby.js");
  window.lags = [];
  const press = Judge.prototype.press;
  Judge.prototype.press = function (lane, at) {
    lags.push(Date.now() * 1000 - watched.value.start_us - at);
    return press.call(this, lane, at);
  };
}
"""
"""How long after a key went down over there, its press is shown here."""


@pytest.fixture
def both(address: str, tmp_path: Path) -> Iterator[tuple[Page, Page]]:
    """The performer's page, and that of Bea, whose node knows the performer's alone."""
    addresses = json.loads(popctl(tmp_path, "status", "--json").splitlines()[-1])["addresses"]
    home = tmp_path / "bea"
    said = popctl(home, "up", "--no-open", "--name", "Bea", "--dial", addresses[0])
    found = re.search(r"http://127\.0\.0\.1:\d+/#token=\S+", said)
    assert found is not None, said
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        pages = tuple(opened(browser, one, complaints) for one in (address, found.group()))
        yield pages[0], pages[1]
        browser.close()
    popctl(home, "down")
    assert complaints == []


def opened(browser: Browser, address: str, complaints: list[str]) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page


def test_a_second_browser_watches_the_first_judges_by_hand_and_the_mint_names_that_word(
    both: tuple[Page, Page],
) -> None:
    page, other = both
    player = Player(page)
    page.reload()
    expect(page.get_by_text("will witness you")).to_contain_text("5 neighbours", timeout=45_000)
    page.keyboard.press("Enter")
    player.play(FIRST_S)

    toast = other.get_by_role("complementary", name="You were drawn")
    expect(toast).to_contain_text("You were drawn to judge", timeout=15_000)
    other.get_by_role("link", name="Nearby").click()
    other.evaluate(LAGS)
    other.get_by_role("button", name="Watch").click()
    lanes = other.locator(".lanes canvas")
    player.play(FIRST_S + 6)
    before = lanes.screenshot()
    player.play(FIRST_S + 7)
    assert lanes.screenshot() != before
    player.play(SECOND_S)
    assert median(other.evaluate("lags")) < MOST_BEHIND_US
    expect(other.locator(".read-out")).to_contain_text(re.compile("riffs answered. of ."))
    player.leave()

    duty = other.locator(".duty.at-asking")
    expect(duty).to_contain_text("Your node would accept it", timeout=20_000)
    other.keyboard.press("a")
    decided = other.locator(".duty.at-decided")
    expect(decided).to_contain_text("You accept it.")
    other.keyboard.press("z")
    expect(duty).to_contain_text("It says so by itself in")
    duty.get_by_role("button", name="Accept").click()
    expect(other.get_by_text("Signed: you accepted it.")).to_be_visible(timeout=15_000)

    second = page.locator(".window").filter(has_text="Window 2")
    expect(second).to_contain_text("JAM arrived", timeout=30_000)
    second.get_by_text("What 5 neighbours said").click()
    by_bea = second.locator(".verdict").filter(has_text="Bea")
    expect(by_bea).to_contain_text("believed it")
    expect(by_bea).to_contain_text("a person decided", ignore_case=True)
    first = page.locator(".window").filter(has_text="Window 1")
    expect(first.locator(".verdict").filter(has_text="a person decided")).to_have_count(0)

    other.keyboard.press("Escape")
    words = other.locator(".word")
    expect(words).to_have_count(2)
    expect(words.first).to_contain_text("by hand You accepted First Light, window 2")
    expect(words.last).to_contain_text("by itself Your node by itself accepted First Light")
