"""Two people to whom the same coin is not worth the same: it is offered, declined, and taken."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.player import NEARBY_MS, popctl
from tests.chromium import CHROMIUM, FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.network]

SOON_MS: Final = 30_000
PAID_UJAM: Final = 500_000
COIN_S: Final = 75.0


Coins = dict[tuple[str, tuple[str, ...]], int]


@pytest.fixture
def ada(tmp_path: Path) -> Iterator[Path]:
    """Ada's node with four neighbours, and Ben's that knows hers; each values in their own way."""
    ada, ben = tmp_path / "ada", tmp_path / "ben"
    popctl(ada, "up", "--practice", "--no-open", "--name", "Ada")
    status = told(ada, "status")
    popctl(ben, "up", "--network", "practice", "--name", "Ben", "--dial", status["addresses"][0])
    listener = told(ben, "status")["identity"]["did"]
    goes_by(ada, "Ben hears well", f'witness = "{listener}"\ntimes = 2.0')
    goes_by(ben, "not by machines", 'made_by = "machine"\ntimes = 0.25')
    yield ada
    popctl(ben, "down")
    popctl(ada, "down")


def told(home: Path, *arguments: str) -> Any:
    return json.loads(popctl(home, *arguments, "--json"))


def goes_by(home: Path, why: str, rule: str) -> None:
    """From now on one rule counts for somebody beside the default."""
    file = home / "mine.toml"
    file.write_text(f'name = "{why}"\nabout = ""\n\n[[rule]]\n{rule}\nwhy = "{why}"\n')
    popctl(home, "value", "policy", "use", str(file))


def purse_of(home: Path, browser: Browser) -> Page:
    said = popctl(home, "up", "--network", "practice", "--no-open")
    found = re.search(r"http://127\.0\.0\.1:\d+/#token=\S+", said)
    assert found is not None, said
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(found.group())
    page.get_by_role("link", name="Purse").click()
    return page


def coins(home: Path) -> Coins:
    """What somebody holds of each lot, by the way that it came."""
    held = told(home, "wallet", "list")["coins"]
    return {(one["lot"], tuple(one["path"])): one["amount_ujam"] for one in held}


def plays_until_a_coin_comes(home: Path) -> None:
    bot = [str(Path(sys.executable).with_name("popctl")), "play", "--bot", "human_like"]
    playing = subprocess.Popen([*bot, "--seed", "3", "--home", str(home), "--json"])
    deadline = time.monotonic() + COIN_S
    while not coins(home):
        assert time.monotonic() < deadline, "no coin came"
        time.sleep(1)
    popctl(home, "play", "--stop")
    assert playing.wait(30) == 0


def number_after(place: Locator, label: str) -> float:
    """The figure that stands after some words."""
    found = re.search(rf"{label}\s*(\d+\.\d+)", place.inner_text())
    assert found is not None, place.inner_text()
    return float(found.group(1))


def pays(page: Page, jam: str) -> tuple[float, float]:
    """Pays Ben; what the preview says that it is worth to Ada, and to him."""
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_role("combobox", name="To").select_option(label="Ben")
    page.get_by_label("How much").fill(jam)
    page.get_by_role("button", name="Look what would leave").click()
    leaves = page.get_by_role("region", name="What leaves")
    expect(leaves).to_contain_text(f"{jam} JAM leave to Ben", timeout=SOON_MS)
    views = number_after(leaves, "worth to you"), number_after(leaves, "worth to Ben")
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_text(f"{jam} JAM are on their way to Ben.")).to_be_visible(timeout=SOON_MS)
    return views


def open_coin(page: Page, lot: str, path: tuple[str, ...]) -> None:
    page.goto(f"{page.url.partition('#')[0]}#purse/coin/{lot}/{','.join(path)}")


def worth_of_one(page: Page) -> float:
    """What one JAM of the coin is worth to whose page it is."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("to you", timeout=SOON_MS)
    found = re.search(r"([\d.]+) JAM, worth ([\d.]+) to you", heading.inner_text())
    assert found is not None, heading.inner_text()
    return float(found.group(2)) / float(found.group(1))


def test_a_payment_is_declined_comes_back_whole_and_is_taken_at_the_second_try(ada: Path) -> None:
    ben = ada.with_name("ben")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        hers, his = purse_of(ada, browser), purse_of(ben, browser)
        hers.get_by_role("link", name="Play").click()
        expect(hers.get_by_text("5 neighbours will witness you")).to_be_visible(timeout=NEARBY_MS)
        plays_until_a_coin_comes(ada)
        before, his_before = coins(ada), coins(ben)

        hers.get_by_role("link", name="Purse").click()
        to_her, to_him = pays(hers, "0.500")
        offer = his.locator(".arriving-coin")
        expect(offer).to_contain_text("0.500 JAM from Ada", timeout=SOON_MS)
        in_his_eyes = number_after(offer, "worth")
        assert len({to_her, to_him, in_his_eyes}) == 3
        offer.get_by_text("to you").click()
        expect(offer).to_contain_text("not by machines")

        offer.get_by_role("button", name="Decline…").click()
        his.get_by_label("Why?").select_option("not_worth")
        his.get_by_role("button", name="Decline it").click()
        expect(hers.get_by_text("declined it because it was not worth enough")).to_be_visible(
            timeout=SOON_MS
        )
        assert coins(ada).items() >= before.items()
        assert coins(ben).items() >= his_before.items()

        pays(hers, "0.500")
        his.get_by_role("button", name="Receive").click(timeout=SOON_MS)
        expect(his.get_by_text("0.500 JAM of Ada are in your purse.")).to_be_visible()
        [(lot, path)] = [key for key in coins(ben) if len(key[1]) == 2]
        open_coin(hers, lot, path[:1])
        open_coin(his, lot, path)
        assert worth_of_one(hers) != worth_of_one(his)
        expect(hers.locator(".purse")).to_contain_text("Ben hears well")
        expect(his.locator(".purse")).to_contain_text("not by machines")
        expect(his.locator(".way")).to_contain_text("got 0.500")
        browser.close()
    assert coins(ben)[lot, path] == PAID_UJAM
    assert coins(ada)[lot, path[:1]] == before[lot, path[:1]] - PAID_UJAM
    assert told(ada, "status")["digest"] == told(ben, "status")["digest"]
