"""A page in a real browser, and the pretended daemon behind it."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, expect

from consensus.chart import Note
from popd.cli.ports import free_ports

FAKE: Final = Path(__file__).with_name("fake_daemon.py")
QUICK: Final = ("--window-ms=3600", "--asking-ms=150", "--lead-ms=600", "--pace-ms=90")
LISTENER: Final = """
window.heard = [];
for (const [name, down] of [["keydown", 1], ["keyup", 0]]) {
  window.addEventListener(name, (event) => {
    if ("DFJK".includes(event.code.slice(3)) && !event.repeat) {
      heard.push([(performance.timeOrigin + event.timeStamp) * 1000, down]);
    }
  }, true);
}
"""


class Theatre:
    """A page, and the pretended daemon behind it."""

    def __init__(self, page: Page, port: int) -> None:
        self.page = page
        self.address = f"http://127.0.0.1:{port}"

    def open(self) -> None:
        self.page.goto(f"{self.address}/#token=test-token")
        expect(self.page.get_by_role("button", name="Play", exact=True)).to_be_focused()

    def ask(self, what: str = "events") -> Any:
        with urllib.request.urlopen(f"{self.address}/fake/{what}") as answer:
            return json.load(answer)

    def logged(self, count: int) -> Any:
        """What the daemon has once so many events arrived, or after five seconds."""
        for _ in range(100):
            logged = self.ask()
            if len(logged["events"]) >= count:
                break
            self.page.wait_for_timeout(50)
        return self.ask()

    def start(self) -> None:
        """Opens the page, presses Play and waits until the first moment of the song."""
        self.open()
        self.begin()

    def begin(self) -> None:
        """Presses Play and waits until the first moment of the song."""
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("canvas")
        time.sleep(max(0.0, self.ask()["start_us"] / 1e6 - time.time() + 0.05))

    def perform(self, notes: Sequence[Note], keys: str, start_us: int) -> None:
        """Presses keys as the notes of a chart ask, from `start_us` of the wall's clock on."""
        moves = [(note.start_us, True, note.lane) for note in notes]
        moves += [
            (note.start_us + max(note.duration_us, 60_000), False, note.lane) for note in notes
        ]
        for time_us, is_press, lane in sorted(moves):
            self.page.wait_for_timeout(max(0, (start_us + time_us) / 1e3 - time.time() * 1e3))
            (self.page.keyboard.down if is_press else self.page.keyboard.up)(keys[lane])

    def practise(self) -> None:
        """Opens the page and starts practice."""
        self.open()
        self.page.get_by_role("button", name="Practise").click()
        self.page.wait_for_selector("canvas")

    def settings(self, part: str) -> None:
        """Opens a page of the settings."""
        self.page.goto(f"{self.address}/#token=test-token")
        self.page.get_by_role("link", name="Settings").click()
        self.page.get_by_role("link", name=part, exact=True).click()

    def check_times(self, logged: Sequence[int], heard: Sequence[float]) -> None:
        """The same moments (us): apart by one constant, which is what the clocks may differ by."""
        apart = [time_us - heard_us for time_us, heard_us in zip(logged, heard, strict=True)]
        assert max(apart) - min(apart) < 2_000
        script = "import('/client/daemon/state.js').then(({ clock }) => clock.roundTripMs)"
        round_trip_us = self.page.evaluate(script) * 1_000
        assert max(map(abs, apart)) < 2_000 + round_trip_us / 2

    def stored(self) -> Any:
        """The settings that the browser keeps."""
        return json.loads(self.page.evaluate("localStorage.getItem('popd.settings')"))

    def state(self, name: str) -> Any:
        """What a signal of the page holds."""
        script = "async (name) => (await import('/client/daemon/state.js'))[name].value"
        return self.page.evaluate(script, name)

    def leave(self) -> None:
        """Pauses, and leaves for the results."""
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_be_visible()
        self.page.keyboard.press("Escape")
        expect(self.page.locator(".results")).to_be_visible()

    def play(self, presses: int) -> None:
        for number in range(presses):
            key = "dfjk"[number % 4]
            self.page.keyboard.down(key)
            self.page.wait_for_timeout(23)
            self.page.keyboard.up(key)
            self.page.wait_for_timeout(31)


@contextmanager
def pretended_daemon(*arguments: str) -> Iterator[int]:
    [port] = free_ports(1)
    process = subprocess.Popen([sys.executable, str(FAKE), "--port", str(port), *arguments])
    try:
        for _ in range(1_200):  # a minute: four hundred songs on a busy machine
            assert process.poll() is None, "the pretended daemon ended"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()
