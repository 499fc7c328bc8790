"""A whole song, from the first key to the last coin: logged exactly, judged alike, witnessed."""

import json
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Page, expect

from game.charts.songs import SONGS
from tests.browser.player import Player, wait_for_neighbours

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.slow]

WINDOWS: Final = 5
TAIL_S: Final = 3.0
SONG_S: Final = SONGS["first_light"].duration_us / 1e6
EXACT_MS: Final = 2.0
LISTENER: Final = """
window.heard = [];
for (const [name, down] of [["keydown", 1], ["keyup", 0]]) {
  window.addEventListener(name, (event) => {
    const lane = ["KeyD", "KeyF", "KeyJ", "KeyK"].indexOf(event.code);
    if (lane >= 0 && !event.repeat) heard.push([event.timeStamp, lane, down]);
  }, true);
}
"""


def asked(home: Path, path: str) -> Any:
    transport = httpx.HTTPTransport(uds=str(home / "api.sock"))
    with httpx.Client(transport=transport, base_url="http://popd/api/v1/") as node:
        answer = node.get(path)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content)


def shown_grades(page: Page) -> list[int]:
    return [int(text) for text in page.locator(".grades b.number").all_inner_texts()]


def test_a_whole_song_is_logged_exactly_judged_alike_and_every_window_mints(
    page: Page, tmp_path: Path
) -> None:
    player = Player(page)
    page.add_init_script(LISTENER)
    page.reload()
    wait_for_neighbours(page)
    page.keyboard.press("Enter")
    player.play(SONG_S)
    expect(page.locator(".results")).to_be_visible(timeout=15_000)
    expect(page.locator(".window.minted")).to_have_count(WINDOWS, timeout=30_000)

    (about,) = asked(tmp_path, "plays")["plays"]
    play = asked(tmp_path, f"plays/{about['id']}")["play"]
    heard = page.evaluate("heard")
    logged = play["events"]
    assert [event[1:] for event in heard] == [event[1:] for event in logged]
    ahead_ms = [at_ms - logged[i][0] / 1_000 for i, (at_ms, _, _) in enumerate(heard)]
    start_ms = median(ahead_ms)
    assert max(abs(one - start_ms) for one in ahead_ms) <= EXACT_MS
    assert len(play["riffs"]) >= WINDOWS

    assert shown_grades(page) == about["grades"]
    assert (about["mode"], about["is_best"], sum(about["grades"]) > 150) == ("live", True, True)
