"""Somebody who plays in a real browser: real keys, at human times."""

import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any, Final

from playwright.sync_api import Page, WebSocket, expect

from consensus.chart import Note
from game.bots.human_like import HumanLike
from game.bots.responder import Responder
from game.charts.songs import SONGS
from game.play.autoplay import Autoplay, autoplay

KEYS: Final = "dfjk"
ASKING_S: Final = 10.0
NEARBY_MS: Final = 45_000


def popctl(home: Path, *arguments: str) -> str:
    command = str(Path(sys.executable).with_name("popctl"))
    done = subprocess.run(
        [command, *arguments, "--home", str(home)],
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_for_neighbours(page: Page) -> None:
    """Waits until all four are there: on a busy machine some need a second attempt to connect."""
    expect(page.get_by_text("4 practice neighbours will witness you")).to_be_visible(
        timeout=NEARBY_MS
    )


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
                self.move(event.lane, is_press=event.is_press)
            self.page.wait_for_timeout(3)

    def move(self, lane: int, *, is_press: bool) -> None:
        """A finger goes down or up."""
        (self.page.keyboard.down if is_press else self.page.keyboard.up)(KEYS[lane])

    def leave(self) -> None:
        """Pauses, and leaves for the results."""
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_be_visible()
        self.page.keyboard.press("Escape")
        expect(self.page.locator(".results")).to_be_visible()


class TouchPlayer(Player):
    """Somebody with a finger for each lane on the glass of a phone."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.glass = page.context.new_cdp_session(page)
        self.down: set[int] = set()

    def move(self, lane: int, *, is_press: bool) -> None:
        self.down = self.down | {lane} if is_press else self.down - {lane}
        points = [{"x": self._x(lane), "y": self._height - 60, "id": lane} for lane in self.down]
        kind = "touchStart" if is_press else "touchEnd"
        self.glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    @property
    def _height(self) -> int:
        assert self.page.viewport_size is not None
        return self.page.viewport_size["height"]

    def _x(self, lane: int) -> float:
        assert self.page.viewport_size is not None
        return self.page.viewport_size["width"] * (lane + 0.5) / len(KEYS)
