"""A concert's performer: starting it, the poster and its door, and the desk from first to last."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.game.client.concert_stories import NARROW, ask, own_concert, visit
from tests.game.client.fake_fates import CODE, IDENTITY, NEIGHBOURS
from tests.game.client.test_access import faults, spills
from tests.game.client.test_pairing import DRAWN
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

Curtain = Callable[..., Theatre]
ADA, ME = NEIGHBOURS[0], IDENTITY
SHARES = """
async () => {
  const { evenly, faultOf, sumOf } = await import("/client/concert/shares.js");
  const even = Array.from({ length: 16 }, (_, place) => evenly(place + 1));
  const odd = [[50, 49], [50, 51], [100, 0], [NaN, 100], [33.5, 66.5], [-1, 101]];
  const faults = [even, odd].map((all) => all.map(faultOf));
  return { sums: even.map(sumOf), spread: evenly(3), faults };
}
"""


@pytest.fixture
def home(raise_curtain: Curtain) -> Theatre:
    return raise_curtain()


def test_an_empty_list_says_how_to_fill_it_and_fills_by_itself(home: Theatre) -> None:
    page = visit(home)
    expect(page.get_by_text("No concert around you right now.")).to_be_visible()
    ask(home, "begin")
    row = page.locator(".concert-row")
    expect(row).to_contain_text("Lights over the harbour")
    expect(row).to_contain_text("piano · night")
    expect(row.get_by_role("button", name="Take a seat")).to_be_visible()


def test_shares_have_to_add_up_before_it_starts(home: Theatre) -> None:
    page = visit(home)
    page.get_by_role("button", name="Start a concert").click()
    page.get_by_label("What it is called").fill("Two at a table")
    page.get_by_label("Tags").fill("jazz, late, jazz ,")
    page.get_by_label("How many people").fill("60")
    page.get_by_label("Add somebody").select_option(ADA["id"])
    start = page.get_by_role("button", name="Start it")
    page.get_by_label("Share of you").fill("70")
    expect(page.get_by_text("That is 20 % too much").first).to_be_visible()
    start.click(force=True)
    assert ask(home)["heard"] == []
    page.get_by_label("Share of Ada").fill("30")
    start.click()
    expect(page.get_by_role("heading", name="Two at a table")).to_be_focused()
    shared = [(ME["id"], 700_000), (ADA["id"], 300_000)]
    assert ask(home)["heard"] == [
        {
            "path": "concerts", "name": "Two at a table", "tags": ["jazz", "late"], "expected": 60,
            "performers": [{"id": one, "share_ppm": share} for one, share in shared],
        }
    ]  # fmt: skip


def test_whole_percent_are_spread_and_checked(home: Theatre) -> None:
    home.open()
    found = home.page.evaluate(SHARES)
    assert found["sums"] == [100] * 16
    assert found["spread"] == [34, 33, 33]
    assert found["faults"][0] == [""] * 16
    assert found["faults"][1] == [
        "1 % are left: give them to somebody.",
        "That is 1 % too much: take it from somebody.",
        *["Every share is a whole number from 1 to 100."] * 4,
    ]


def test_a_poster_says_what_letting_people_in_does_and_then_shows_the_way(home: Theatre) -> None:
    page = own_concert(home)
    page.get_by_role("button", name="Poster and door").click()
    expect(page.locator(".qr")).to_have_count(0)
    page.get_by_role("button", name="Let people in…").click()
    expect(page.get_by_text("Other devices of this network can then join")).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    page.get_by_role("button", name="Let people in…").click()
    with page.expect_response("**/door") as told:
        page.get_by_role("button", name="Let people in", exact=True).click()
    rows = told.value.json()["door"]["rows"]
    expect(page.locator(".qr")).to_be_visible()
    side = len(rows) + 8
    drawn = page.evaluate(DRAWN)["rows"]
    assert (len(drawn), drawn[4][4:-4]) == (side, rows[0])
    expect(page.locator(".short-code")).to_contain_text(CODE)
    expect(page.locator(".address-big")).to_contain_text("127.0.0.2")
    expect(page.get_by_text("Nobody came in yet")).to_be_visible()
    page.get_by_role("button", name="Let nobody in any more").click()
    expect(page.locator(".qr")).to_have_count(0)


def test_a_performer_leads_it_from_the_desk_to_the_coin(home: Theatre) -> None:
    page = own_concert(home)
    expect(page.get_by_text("before it, nobody can rate")).to_be_visible()
    page.get_by_role("button", name="Open the ratings").click()
    ask(home, "song")
    expect(page.get_by_text("On stage: First Light")).to_be_visible()
    ask(home, "crowd?voices=31")
    crowd = page.get_by_label("The crowd")
    expect(crowd).to_contain_text("voices so far31")
    expect(crowd).to_contain_text("here now7")
    expect(crowd.locator("progress")).to_have_js_property("value", 640_000)
    page.get_by_role("button", name="Lock the ratings").click()
    page.get_by_role("button", name="Open again").click()
    page.get_by_role("button", name="Lock the ratings").click()
    page.get_by_role("button", name="Reveal…").click()
    expect(page.get_by_text("It can't be taken back.")).to_be_visible()
    page.get_by_role("button", name="Not yet").click()
    page.get_by_role("button", name="Reveal…").click()
    page.reload()
    expect(page.get_by_role("heading", name="Dawn")).to_be_visible()
    page.get_by_role("button", name="Reveal…").click()
    page.get_by_role("button", name="Reveal now").click()
    ask(home, "mint?crowd=33")
    words = page.locator(".comments li").first
    words.get_by_role("button", name="Hide it").click()
    expect(words).to_contain_text("Others don't get these words from you any more.")
    words.get_by_role("button", name="Show it again").click()
    expect(words.get_by_role("button", name="Hide it")).to_be_visible()
    receipt = page.get_by_label("The coin of this concert")
    expect(receipt).to_contain_text("1.360 JAM arrived, by 33 voices.")
    expect(receipt).to_contain_text("Worth 0.453 to you.")
    expect(receipt.locator(".shared li")).to_have_text(["you1.360"])
    expect(page.locator(".histogram svg")).to_have_attribute(
        "aria-label",
        "Of 10: 1 gave 1, 1 gave 4, 2 gave 5, 3 gave 6, 6 gave 7, 9 gave 8, 6 gave 9, 5 gave 10",
    )
    page.get_by_role("button", name="Close the concert…").click()
    page.get_by_role("button", name="Close the concert now").click()
    expect(page.get_by_role("button", name="Start another")).to_be_visible()


def test_what_is_refused_is_told_with_its_next_step(raise_curtain: Curtain) -> None:
    theatre = raise_curtain(may_fail=True)
    page = own_concert(theatre)
    refusal = {"error": "no", "why": "The network refused it.", "next": "Look at Settings."}
    page.route("**/phase", lambda route: route.fulfill(status=409, json=refusal))
    page.get_by_role("button", name="Open the ratings").click()
    expect(page.get_by_role("alert")).to_have_text("The network refused it. Look at Settings.")


def test_every_state_of_a_performer_is_for_everybody(raise_curtain: Curtain) -> None:
    theatre = raise_curtain(**NARROW)
    page = theatre.page
    page.emulate_media(reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(theatre), spills(theatre)

    visit(theatre)
    look("empty")
    page.get_by_role("button", name="Start a concert").click()
    page.get_by_label("What it is called").fill("Donaudampfschifffahrtsgesellschaftskonzert")
    page.get_by_label("Add somebody").select_option(ADA["id"])
    look("starting")
    page.get_by_role("button", name="Start it").click()
    page.get_by_role("button", name="Let people in…").click()
    look("letting in")
    page.get_by_role("button", name="Let people in", exact=True).click()
    expect(page.locator(".qr")).to_be_visible()
    look("poster")
    page.get_by_role("button", name="Your desk").click()
    look("desk")
    page.get_by_role("button", name="Open the ratings").click()
    ask(theatre, "crowd?voices=12")
    page.get_by_role("button", name="Lock the ratings").click()
    page.get_by_role("button", name="Reveal…").click()
    page.get_by_role("button", name="Reveal now").click()
    ask(theatre, "mint?crowd=33")
    expect(page.get_by_label("The coin of this concert")).to_be_visible()
    look("revealed")
    page.get_by_role("button", name="All concerts").click()
    look("list")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}


def test_a_concert_is_started_and_led_by_keyboard_alone(home: Theatre) -> None:
    home.open()
    page = home.page

    def press(label: str) -> None:
        for _ in range(40):
            if page.evaluate("document.activeElement.textContent.trim()") == label:
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")

    press("Concert")
    press("Start a concert")
    expect(page.get_by_role("heading", name="Start a concert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keys")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    press("Your desk")
    press("Open the ratings")
    expect(page.get_by_role("button", name="Lock the ratings")).to_be_visible()
