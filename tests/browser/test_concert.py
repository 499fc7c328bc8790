"""A whole concert: one performs, another lets three phones in, all rate, and a coin arrives."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.player import NEARBY_MS, popctl
from tests.chromium import CHROMIUM, FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.network]

ELSEWHERE: Final = "127.0.0.3"
NAME: Final = "Lights over the harbour"
SCORES: Final = (10, 8, 6)
PHONE: Final = {"width": 360, "height": 740}
SOON_MS: Final = 30_000
COINS_MS: Final = 120_000


def status(home: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(popctl(home, "status", "--json"))
    return found


@pytest.fixture
def performer(tmp_path: Path) -> Iterator[Path]:
    """Ada's node with four neighbours, and Ben's that knows hers."""
    ada, ben = tmp_path / "ada", tmp_path / "ben"
    popctl(ada, "up", "--practice", "--no-open", "--name", "Ada")
    addresses = status(ada)["addresses"]
    assert isinstance(addresses, list)
    popctl(ben, "up", "--network", "practice", "--name", "Ben", "--dial", addresses[0])
    yield ada
    popctl(ben, "down")
    popctl(ada, "down")


def page_of(home: Path, browser: Browser) -> Page:
    said = popctl(home, "up", "--network", "practice", "--no-open")
    found = re.search(r"http://127\.0\.0\.1:\d+/#token=\S+", said)
    assert found is not None, said
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(found.group())
    return page


def phone_at(url: str, browser: Browser) -> Page:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    return page


def rates(phone: Page, score: int) -> None:
    """Three taps."""
    phone.get_by_role("button", name=re.compile(f"^{score} of 10")).tap()
    phone.get_by_role("button", name="joy", exact=True).tap()
    phone.get_by_role("button", name="Send").tap()
    expect(phone.get_by_role("region", name="Your rating")).to_contain_text(f"{score} of 10")


def goes_on(desk: Page, button: str, *, asks: bool = False) -> None:
    """The performer's one button, and where it asks once more, that one."""
    for _ in range(1 + asks):
        desk.locator(".main.big").click()
    expect(desk.locator(".main.big").filter(has_text=button)).to_have_count(0, timeout=SOON_MS)


def test_three_phones_rate_a_concert_and_its_coin_arrives(performer: Path) -> None:
    host = performer.with_name("ben")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        desk = page_of(performer, browser)
        expect(desk.get_by_text("5 neighbours will witness you")).to_be_visible(timeout=NEARBY_MS)
        desk.get_by_role("link", name="Concert").click()
        desk.get_by_role("button", name="Start a concert").click()
        desk.get_by_label("What it is called").fill(NAME)
        desk.get_by_role("button", name="Start it").click()
        expect(desk.get_by_role("heading", name=NAME)).to_be_visible(timeout=SOON_MS)
        desk.get_by_role("button", name="Your desk").click()

        bot = [str(Path(sys.executable).with_name("popctl")), "play", "--bot", "human_like"]
        playing = subprocess.Popen(
            [*bot, "--seed", "3", "--home", str(performer), "--json"], stdout=subprocess.DEVNULL
        )
        hall = page_of(host, browser)
        hall.get_by_role("link", name="Concert").click()
        expect(hall.get_by_text(NAME)).to_be_visible(timeout=SOON_MS)
        door = json.loads(popctl(host, "concert", "door", "--address", ELSEWHERE, "--json"))["door"]
        phones = [phone_at(door["url"], browser) for _ in SCORES]
        for phone in phones:
            expect(phone.get_by_role("heading", name=NAME)).to_be_visible(timeout=SOON_MS)
            expect(phone.get_by_role("link", name="Purse")).to_have_count(0)

        expect(desk.locator(".main.big")).to_have_text("Open the ratings", timeout=SOON_MS)
        goes_on(desk, "Open the ratings")
        for phone, score in zip(phones, SCORES, strict=True):
            rates(phone, score)
        phones[0].reload()
        mine = phones[0].get_by_role("region", name="Your rating")
        expect(mine).to_contain_text("10 of 10", timeout=SOON_MS)
        crowd = desk.get_by_role("region", name="The crowd")
        expect(crowd).to_contain_text("voices so far3", timeout=SOON_MS)
        popctl(performer, "play", "--stop")
        assert playing.wait(180) == 0
        goes_on(desk, "Lock the ratings")
        expect(phones[1].get_by_text("sealed")).to_be_visible(timeout=SOON_MS)
        goes_on(desk, "Reveal", asks=True)

        for phone, score in zip(phones, SCORES, strict=True):
            receipt = phone.get_by_role("region", name="The coin of this concert")
            expect(receipt).to_contain_text("3 voices", timeout=COINS_MS)
            said = phone.get_by_role("region", name="What everybody said")
            expect(said).to_contain_text(f"You gave {score}")
        expect(desk.get_by_role("region", name="The coin of this concert")).to_contain_text(
            "to you"
        )
        browser.close()
    coin = json.loads(popctl(performer, "concert", "show", "--json"))["subcoin"]
    assert coin["crowd"] == len(SCORES)
    assert coin["mean_score_ppm"] == sum(SCORES) * 100_000 // len(SCORES)
    assert sum(share["amount_ujam"] for share in coin["shares"]) == coin["minted_ujam"] > 0
    assert status(performer)["digest"] == status(host)["digest"]
