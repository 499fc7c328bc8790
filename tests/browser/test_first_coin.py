"""A newcomer's first coin: real nodes, a real browser, and keys pressed as a person would."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from game.bots.responder import Responder
from tests.browser.player import Player, wait_for_neighbours

pytestmark = [pytest.mark.browser, pytest.mark.network]

PLAYED_S: Final = 22.0
SILENT: Final = Responder(miss_ppm=1_000_000)


def test_a_newcomer_plays_twenty_seconds_and_a_coin_arrives(page: Page) -> None:
    player = Player(page)
    page.reload()
    wait_for_neighbours(page)
    page.keyboard.press("Enter")
    player.play(PLAYED_S)
    strip = page.locator(".strip")
    expect(strip).to_contain_text("minted", timeout=15_000)
    expect(strip).to_contain_text("attested 4 of 4")
    player.leave()
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
    wait_for_neighbours(page)
    page.keyboard.press("Enter")
    player.play(PLAYED_S)
    player.leave()
    card = page.locator(".window.failed")
    expect(card).to_contain_text("riffs were answered", timeout=15_000)
    expect(card).to_contain_text("answer the riffs")


def test_a_page_that_is_loaded_anew_in_the_middle_can_play_again(page: Page) -> None:
    player = Player(page)
    page.reload()
    wait_for_neighbours(page)
    page.keyboard.press("Enter")
    player.play(3)
    player.hands = None
    page.reload()
    wait_for_neighbours(page)
    page.keyboard.press("Enter")
    player.play(3)
    player.leave()
    expect(page.get_by_role("button", name="Play again")).to_be_visible()


def test_who_presses_at_random_is_told_what_to_do_better(page: Page) -> None:
    player = Player(page)
    page.reload()
    wait_for_neighbours(page)
    page.keyboard.press("Enter")
    player.flail(PLAYED_S)
    player.leave()
    card = page.locator(".window.failed")
    expect(card).to_contain_text("not believed", timeout=15_000)
    expect(card).to_contain_text("Press each key as its shape reaches the line")
