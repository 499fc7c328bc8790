"""A phone joins with a code from the machine, plays by touch, and a coin arrives."""

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.player import TouchPlayer, popctl, wait_for_neighbours
from tests.chromium import CHROMIUM, FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.network]

ELSEWHERE: Final = "127.0.0.2"
PLAYED_S: Final = 22.0


def code_of(home: Path) -> str:
    """The address with a ticket that the machine shows."""
    said = popctl(home, "up", "--lan", ELSEWHERE)
    found = re.search(rf"http://{re.escape(ELSEWHERE)}:\d+/#join=\S+", said)
    assert found is not None, said
    return found.group()


def phone_in(browser: Browser) -> TouchPlayer:
    size = {"width": 360, "height": 740}
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    return TouchPlayer(context.new_page())


def test_a_phone_joins_plays_by_touch_and_mints(address: str, tmp_path: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        code = code_of(tmp_path)
        player = phone_in(browser)
        page = player.page
        page.goto(code)
        wait_for_neighbours(page)
        assert "join" not in page.url
        expect(page.get_by_role("link", name="Purse")).to_have_count(0)
        page.get_by_role("button", name="Play", exact=True).tap()
        player.play(PLAYED_S)
        expect(page.locator(".strip")).to_contain_text("minted", timeout=15_000)
        page.get_by_role("button", name="Pause").tap()
        page.get_by_role("button", name=re.compile("Leave")).tap()
        expect(page.locator(".window.minted")).to_contain_text("JAM arrived")

        late = phone_in(browser).page
        late.goto(code)
        expect(late.get_by_text("used already")).to_be_visible()
        browser.close()
