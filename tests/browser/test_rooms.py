"""Two pages at two real nodes begin together; one goes, and comes back where the other is."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect, sync_playwright

from popd.cli.processes import running
from popd.cli.town import Town
from tests.chromium import CHROMIUM, FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.slow]

WITNESSES = 3
TOGETHER_US = 10_000


class Musician:
    """A page at a node of a town, and the sessions that it heard of."""

    def __init__(self, browser: Browser, town: Town, number: int) -> None:
        self.sessions: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self.page: Page = browser.new_context().new_page()
        self.page.on("websocket", self._listen)
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        about = running(town.plans[number].home)
        assert about is not None
        self.page.goto(about.page)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._hear)

    def _hear(self, payload: str | bytes) -> None:
        message = json.loads(payload)
        if message["type"] == "session":
            self.sessions.append(message)

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).click(timeout=20_000)


@contextmanager
def musicians(path: Path) -> Iterator[tuple[Town, Musician, Musician]]:
    with Town(path, 2 + WITNESSES) as town, sync_playwright() as playwright:
        town.wait_connected()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        one, other = (Musician(browser, town, number) for number in range(2))
        yield town, one, other
        browser.close()
        assert one.complaints + other.complaints == []


def test_two_pages_begin_together_and_one_comes_back_at_a_bar(tmp_path: Path) -> None:
    with musicians(tmp_path) as (town, one, other):
        one.press("Play together")
        one.press("Open a room")
        other.press(re.compile("Play together 1 open"))
        other.press("Join")
        other.page.get_by_label("Your part").select_option(index=3)
        one.press("I am ready")
        other.press("I am ready")
        expect(one.page.get_by_text("2 players in 8 s")).to_be_visible(timeout=10_000)
        one.press("Count in")
        for musician in (one, other):
            expect(musician.page.locator(".together-strip")).to_be_visible(timeout=10_000)
        starts = [musician.sessions[0] for musician in (one, other)]
        assert abs(starts[0]["start_us"] - starts[1]["start_us"]) <= TOGETHER_US
        assert [start["openings"] for start in starts] == [WITNESSES] * 2
        assert [start["keys"] for start in starts] == [4, 7]

        expect(other.page.locator(".playing")).to_be_visible()
        other.page.wait_for_timeout(9_000)
        other.press("Pause")
        other.press("Come back in")
        expect(other.page.locator("dialog")).to_have_count(0, timeout=10_000)
        other.page.wait_for_timeout(4_000)
        late = other.sessions[1]
        assert late["from_us"] % 2_000_000 == 0
        assert late["from_us"] > 0
        song_began_us = late["start_us"] - late["from_us"]
        assert abs(song_began_us - starts[0]["start_us"]) <= TOGETHER_US
        assert town.get(0, "/rooms")["own"]["state"] == "playing"
