"""A newcomer's first coin: real nodes, a real browser, and keys pressed as a person would."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from playwright.sync_api import Page, WebSocket, expect, sync_playwright

from consensus.chart import Note
from game.bots.human_like import HumanLike
from game.bots.responder import Responder
from game.charts.songs import SONGS
from game.play.autoplay import Autoplay, autoplay

pytestmark = [pytest.mark.browser, pytest.mark.network]

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
KEYS: Final = "dfjk"
PLAYED_S: Final = 22.0
ASKING_S: Final = 10.0
SILENT: Final = Responder(miss_ppm=1_000_000)


def popctl(home: Path, *arguments: str) -> str:
    command = str(Path(sys.executable).with_name("popctl"))
    done = subprocess.run(
        [command, *arguments, "--home", str(home)],
        check=True,
        capture_output=True,
        text=True,
        timeout=90,
    )
    return done.stdout


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The page of a node with its four practice neighbours."""
    said = popctl(tmp_path, "up", "--practice", "--no-open")
    found = re.search(r"http://127\.0\.0\.1:\d+/#token=\S+", said)
    assert found is not None, said
    yield found.group()
    popctl(tmp_path, "down")


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """A page that looks at the node, and is closed before it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        shown = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        complaints: list[str] = []
        shown.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.goto(address)
        yield shown
        browser.close()
        assert complaints == []


class Player:
    """Presses real keys at human times, and answers the riffs that the page hears of."""

    def __init__(self, page: Page, responder: Responder = Responder()) -> None:  # noqa: B008
        self.page = page
        self.responder = responder
        self.start_us = 0
        self.hands: Autoplay | None = None
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._hear)

    def _hear(self, payload: str | bytes) -> None:
        message: dict[str, Any] = json.loads(payload)
        if message["type"] == "session":
            self.start_us = message["start_us"]
            end_us = message["windows"] * message["window_us"]
            chart = SONGS["first_light"].chart(4)
            self.hands = autoplay(HumanLike().play(chart, end_us, Random(5)), end_us, Random(6))
            self.hands.responder = self.responder
        elif message["type"] == "riff" and self.hands is not None:
            self.hands.answer([Note(time_us, lane) for time_us, lane in message["notes"]])

    def flail(self, seconds: float) -> None:
        """Presses keys without looking."""
        chance = Random(8)
        self.wait()
        while time.time_ns() // 1_000 - self.start_us < seconds * 1_000_000:
            self.page.keyboard.press(chance.choice(KEYS), delay=chance.uniform(30, 90))
            self.page.wait_for_timeout(chance.uniform(20, 200))

    def wait(self) -> None:
        """Waits until the session is announced."""
        deadline = time.monotonic() + ASKING_S
        while self.hands is None:
            assert time.monotonic() < deadline, "the session did not start"
            self.page.wait_for_timeout(20)

    def play(self, seconds: float) -> None:
        """Plays from the first moment of the song for this long."""
        self.wait()
        assert self.hands is not None
        while (now_us := time.time_ns() // 1_000 - self.start_us) < seconds * 1_000_000:
            for event in self.hands.due(now_us):
                key = KEYS[event.lane]
                if event.is_press:
                    self.page.keyboard.down(key)
                else:
                    self.page.keyboard.up(key)
            self.page.wait_for_timeout(3)


def test_a_newcomer_plays_twenty_seconds_and_a_coin_arrives(page: Page) -> None:
    player = Player(page)
    page.reload()
    expect(page.get_by_text("4 practice neighbours will witness you")).to_be_visible()
    page.keyboard.press("Enter")
    player.play(PLAYED_S)
    strip = page.locator(".strip")
    expect(strip).to_contain_text("minted", timeout=15_000)
    expect(strip).to_contain_text("attested 4 of 4")
    page.keyboard.press("Escape")  # pauses
    page.keyboard.press("Escape")  # leaves
    card = page.locator(".window.minted")
    expect(card).to_contain_text(re.compile(r"[01]\.\d{3} JAM arrived"))
    expect(card).to_contain_text("Practice neighbour 1")
    card.get_by_text("What it is worth to 4 neighbours").click()
    expect(card).to_contain_text(re.compile(r"worth 0\.\d{3} to Practice neighbour"))
    page.get_by_role("link", name="Purse").click()
    expect(page.locator("section.purse")).to_contain_text(re.compile(r"1 coin: [01]\.\d{3} JAM"))


def test_who_leaves_the_riffs_unanswered_is_told_why_nothing_arrived(page: Page) -> None:
    player = Player(page, SILENT)
    page.reload()
    expect(page.get_by_text("4 practice neighbours will witness you")).to_be_visible()
    page.keyboard.press("Enter")
    player.play(PLAYED_S)
    page.keyboard.press("Escape")  # pauses
    page.keyboard.press("Escape")  # leaves
    card = page.locator(".window.failed")
    expect(card).to_contain_text("riffs were answered", timeout=15_000)
    expect(card).to_contain_text("answer the riffs")


def test_a_page_that_is_loaded_anew_in_the_middle_can_play_again(page: Page) -> None:
    player = Player(page)
    page.reload()
    expect(page.get_by_text("4 practice neighbours will witness you")).to_be_visible()
    page.keyboard.press("Enter")
    player.play(3)
    player.hands = None
    page.reload()
    expect(page.get_by_text("4 practice neighbours will witness you")).to_be_visible()
    page.keyboard.press("Enter")
    player.play(3)
    page.keyboard.press("Escape")  # pauses
    page.keyboard.press("Escape")  # leaves
    expect(page.get_by_role("button", name="Play again")).to_be_visible()


def test_who_presses_at_random_is_told_what_to_do_better(page: Page) -> None:
    player = Player(page)
    page.reload()
    expect(page.get_by_text("4 practice neighbours will witness you")).to_be_visible()
    page.keyboard.press("Enter")
    player.flail(PLAYED_S)
    page.keyboard.press("Escape")  # pauses
    page.keyboard.press("Escape")  # leaves
    card = page.locator(".window.failed")
    expect(card).to_contain_text("not believed", timeout=15_000)
    expect(card).to_contain_text("Press each key as its shape reaches the line")
