"""Every state of the page: looked at by axe, at twice the text on a narrow screen, and calm."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.game.client.fake_songs import short_chart
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

WATCH: Final = """
async (record) => {
  const { materialNow } = await import("/client/play/show.js");
  const { watch } = await import("/client/play/watching.js");
  watch(record, materialNow().chart, materialNow().score);
}
"""
PARTS: Final = (
    "Keys",
    "Notes",
    "Sound and picture",
    "Calibration",
    "Inputs",
    "Devices",
    "All settings",
)
NARROW: Final = 360


def faults(theatre: Theatre) -> list[str]:
    """Serious and critical violations, and moderate ones; each with the elements it is about."""
    found: dict[str, Any] = Axe().run(theatre.page).response
    return [
        f"{one['id']} ({one['impact']}): {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in {"moderate", "serious", "critical"}
    ]


def spills(theatre: Theatre) -> int:
    """By how many pixels the page is wider than the screen, at twice the text."""
    theatre.page.evaluate("document.documentElement.style.fontSize = '200%'")
    theatre.page.wait_for_timeout(60)
    wide: int = theatre.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    theatre.page.evaluate("document.documentElement.style.fontSize = ''")
    return wide


@pytest.fixture
def phone(raise_curtain: Callable[..., Theatre]) -> Theatre:
    return raise_curtain(width=NARROW, height=740)


def test_waiting_asking_playing_pausing_and_results_are_for_everybody(phone: Theatre) -> None:
    page = phone.page
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(phone), spills(phone)

    phone.open()
    expect(page.get_by_text("will witness you")).to_be_visible()
    look("start")
    page.keyboard.press("Enter")
    page.wait_for_selector("canvas")
    page.wait_for_timeout(800)
    look("playing")
    expect(page.locator(".strip")).to_contain_text("minted", timeout=9_000)
    look("window minted")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()
    look("live pause")
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".window.minted")).to_be_visible()
    look("results")
    page.get_by_role("link", name="Purse").click()
    expect(page.locator(".lot").first).to_be_visible()
    look("purse")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}


def test_practice_watching_and_refusals_are_for_everybody(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--fates=refused", "--short", width=NARROW, height=740)
    page = theatre.page
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(theatre), spills(theatre)

    theatre.open()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    look("refused")
    page.get_by_role("button", name="Practise").click()
    page.wait_for_selector("canvas")
    page.wait_for_timeout(300)
    look("practice")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="A here").click()
    look("practice pause with a loop")
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".results")).to_be_visible()
    look("results of practice")
    chart = short_chart(4)
    record = {
        "chart": chart.id.hex(), "keys": 4, "rate": 1, "from_us": 0, "mode": "live", "riffs": [],
        "calibration": {"audio_us": 0, "visual_us": 0, "input_us": 0},
        "events": [[400_000, 0, 1], [500_000, 0, 0]], "tally": {}, "played_us": 5_000_000,
    }  # fmt: skip
    page.evaluate(WATCH, record)
    expect(page.get_by_label("Place in the play")).to_be_visible()
    look("watching")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}


def test_all_settings_and_their_tests_are_for_everybody(phone: Theatre) -> None:
    page = phone.page
    phone.settings("Keys")
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(phone), spills(phone)

    for part in PARTS:
        page.get_by_role("link", name=part, exact=True).click()
        page.wait_for_timeout(80)
        look(part)
    page.get_by_role("link", name="Keys", exact=True).click()
    page.locator(".choice label", has_text="10").click()
    page.get_by_role("button", name="Lane 2,").click()
    page.wait_for_timeout(40)
    page.keyboard.press("a")
    look("two lanes want one key")
    page.get_by_role("button", name="Test the keyboard").click()
    look("rollover")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Find keys by playing").click()
    page.wait_for_timeout(100)
    look("fitting")
    page.get_by_role("link", name="Calibration").click()
    page.get_by_role("button", name="Measure").nth(1).click()
    page.wait_for_timeout(150)
    look("calibrating")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}


def test_trouble_is_told_to_everybody(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain()
    theatre.page.goto(f"{theatre.address}/")
    expect(theatre.page.get_by_role("alert")).to_contain_text("no key to your daemon")
    assert faults(theatre) == []
    assert spills(theatre) <= 0


def test_who_wants_it_calm_gets_no_movement_whatever_the_system_says(theatre: Theatre) -> None:
    page = theatre.page
    page.emulate_media(reduced_motion="reduce")
    theatre.settings("Sound and picture")
    motion = "document.documentElement.dataset.motion"
    assert page.evaluate(motion) == "reduced"
    page.locator(".choice label", has_text="all").last.click()
    assert page.evaluate(motion) == "full"
    page.emulate_media(reduced_motion="no-preference")
    page.locator(".choice label", has_text="reduced").click()
    assert page.evaluate(motion) == "reduced"
