"""Playing together in a real browser: one opens or joins a room, is counted in, and comes back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.game.client.test_access import NARROW, faults, spills
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

SLOW = "--window-ms=20000"
LANES_OF = """
async (id) => {
  const { loadChart } = await import("/client/daemon/state.js");
  return (await loadChart(id)).keys;
}
"""


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def hold(page: Page, path: str) -> list[Route]:
    """Lets requests wait; returns those that do."""
    held: list[Route] = []
    page.route(f"**/api/v1/{path}", lambda route: held.append(route))
    return held


def test_whoever_opens_a_room_counts_in_and_begins_with_the_others(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", SLOW)
    page = theatre.page
    theatre.open()
    button(page, "Play together")
    expect(page.get_by_role("dialog")).to_contain_text("No room is open nearby.")
    button(page, "Open a room")
    room = page.get_by_role("region", name="Your room")
    expect(room.get_by_role("listitem")).to_contain_text(["you4 keys", "Ada (practice)4 keys"])
    expect(page.get_by_text("3 practice neighbours will witness you")).to_be_visible()
    expect(page.get_by_role("button", name="Count in")).to_have_attribute("aria-disabled", "true")
    button(page, "I am ready")
    button(page, "Count in")
    expect(page.locator(".together-strip")).to_contain_text("with Ada (practice)")
    [start] = theatre.ask()["starts"]
    assert (start["room"], start["from_us"]) == (True, 0)
    expect(page.locator(".strip")).to_contain_text("window 1")


def test_whoever_joins_takes_the_part_they_want_and_is_counted_in(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", SLOW, "--room")
    page = theatre.page
    theatre.open()
    expect(page.get_by_role("button", name="Play together 1 open")).to_be_visible()
    button(page, "Play together")
    button(page, "Join")
    room = page.get_by_role("region", name="Your room")
    expect(room).to_contain_text(re.compile(r"Ada \(practice\).s room"))
    expect(room).to_contain_text("You begin together within ±0.4 ms")
    room.get_by_label("Your part").select_option(label="7 keys · not rated")
    expect(room.get_by_role("listitem").nth(1)).to_contain_text("7 keys")
    button(page, "I am ready")
    expect(room).to_contain_text("Ada (practice) counts in.")
    theatre.ask("count-in")
    page.wait_for_selector("canvas")
    [start] = theatre.ask()["starts"]
    assert start["room"]
    assert page.evaluate(LANES_OF, start["chart"]) == 7


def test_a_room_can_be_joined_from_nearby(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--no-riffs", "--room")
    theatre.open()
    page = theatre.page
    page.get_by_role("link", name="Nearby").click()
    page.get_by_role("main").get_by_role("button", name="Join").click()
    expect(page.get_by_role("region", name="Your room")).to_be_visible()
    page.get_by_role("link", name="Nearby").click()
    expect(page.get_by_text("You are in a room of")).to_be_visible()
    page.get_by_role("button", name="Go there").click()
    expect(page.get_by_role("region", name="Your room")).to_be_visible()


def test_a_reloaded_page_shows_the_part_that_was_taken_and_all_others_however_late_the_songs_come(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", SLOW, "--room")
    page = theatre.page
    theatre.open()
    button(page, "Play together")
    button(page, "Join")
    part = page.get_by_label("Your part")
    part.select_option(label="7 keys · not rated")
    expect(page.get_by_role("listitem").filter(has_text="7 keys")).to_be_visible()
    offered = part.locator("option").all_text_contents()
    held = {path: hold(page, path) for path in ("songs", "charts/*")}
    page.reload()
    page.wait_for_timeout(700)
    for path, routes in held.items():
        for route in routes:
            route.continue_()
        page.unroute(f"**/api/v1/{path}")
        page.wait_for_timeout(300)
    expect(part.locator("option")).to_have_text(offered)
    expect(part.locator("option:checked")).to_have_text("7 keys · not rated")
    assert len(offered) > 1


def test_a_part_that_is_too_wide_for_the_page_is_named_and_another_can_be_taken(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", SLOW, "--room")
    page = theatre.page
    theatre.open()
    button(page, "Play together")
    button(page, "Join")
    part = page.get_by_label("Your part")
    part.select_option(label="10 keys · not rated")
    expect(page.get_by_role("listitem").filter(has_text="10 keys")).to_be_visible()

    def widen(route: Route) -> None:
        answer = route.fetch()
        songs = answer.json()
        for chart in (chart for song in songs["songs"] for chart in song["charts"]):
            chart["keys"] = 18 if chart["keys"] == 10 else chart["keys"]
        route.fulfill(response=answer, json=songs)

    page.route("**/api/v1/songs", widen)
    page.reload()
    chosen = part.locator("option:checked")
    expect(chosen).to_have_text(re.compile("^10 keys.*: not for 4 to 10 lanes, choose another$"))
    part.select_option(label="7 keys · not rated")
    expect(chosen).to_have_text("7 keys · not rated")


def test_a_room_whose_player_nobody_could_witness_says_so(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", "--room")
    page = theatre.page
    theatre.open()
    button(page, "Play together")
    button(page, "Join")
    room = page.get_by_role("region", name="Your room")
    expect(room).to_contain_text("Ada")
    expect(room).not_to_contain_text("Nobody could witness you")
    theatre.ask("alone")
    expect(room).to_contain_text("Nobody could witness you: reach somebody else.")


def test_who_left_and_who_is_not_connected_are_told_apart(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", "--room")
    page = theatre.page
    theatre.open()
    button(page, "Play together")
    button(page, "Open a room")
    ada = page.get_by_role("region", name="Your room").get_by_role("listitem").nth(1)
    expect(ada.locator(".ready")).to_have_text("ready")
    button(page, "I am ready")
    count_in = page.get_by_role("button", name="Count in")
    expect(count_in).to_have_attribute("aria-disabled", "false")
    theatre.ask("ada-apart")
    expect(ada.locator(".ready")).to_have_text("ready · not connected to you")
    expect(count_in).to_have_attribute("aria-disabled", "true")
    theatre.ask("ada-left")
    expect(ada.locator(".ready")).to_have_text("left")


def test_where_no_room_is_open_nearby_leads_to_opening_one(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs")
    page = theatre.page
    theatre.open()
    page.get_by_role("link", name="Nearby").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("No room is open nearby. Open one; whoever is near")
    main.get_by_role("button", name="Open a room").click()
    panel = page.get_by_role("dialog", name="Play together")
    expect(panel).to_contain_text("No room is open nearby. Open one here;")
    panel.get_by_role("button", name="Open a room").click()
    expect(page.get_by_role("region", name="Your room")).to_be_visible()


def test_who_pauses_comes_back_in_where_the_others_are(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", SLOW, "--room")
    page = theatre.page
    theatre.open()
    button(page, "Play together")
    button(page, "Join")
    button(page, "I am ready")
    expect(page.get_by_role("button", name="Not ready after all")).to_be_visible()
    theatre.ask("count-in")
    page.wait_for_selector("canvas")
    page.wait_for_timeout(3_500)
    page.keyboard.press("Escape")
    button(page, "Come back in")
    page.wait_for_selector("canvas")
    expect(page.locator(".together-strip")).to_contain_text("with Ada")
    first, second = theatre.ask()["starts"]
    assert first["room"]
    assert second["room"]
    page.wait_for_timeout(1_500)
    progress = "import('/client/daemon/state.js').then(({ progress }) => progress.value.us)"
    assert page.evaluate(progress) >= 2_000_000, "it goes on at a bar, not at the beginning"


def test_who_was_away_is_asked_whether_to_come_in(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--no-riffs", SLOW, "--room")
    page = theatre.page
    theatre.open()
    button(page, "Play together")
    button(page, "Join")
    expect(page.get_by_role("button", name="I am ready")).to_be_visible()
    theatre.ask("they-play")
    expect(page.get_by_role("button", name="Come in at the next bar")).to_be_visible()
    assert theatre.ask()["starts"] == []
    button(page, "Leave the room")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_nobody_is_made_to_play_who_is_not_ready(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--no-riffs", SLOW, "--room")
    page = theatre.page
    theatre.open()
    button(page, "Play together")
    button(page, "Join")
    expect(page.get_by_role("button", name="I am ready")).to_be_visible()
    theatre.ask("count-in")
    expect(page.get_by_role("timer")).to_contain_text("You begin together")
    expect(page.get_by_role("button", name="Begin with them")).to_be_visible()
    assert theatre.ask()["starts"] == []


def test_every_state_of_a_room_is_for_everybody(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--no-riffs", SLOW, "--room", width=NARROW, height=740)
    page = theatre.page
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(theatre), spills(theatre)

    theatre.open()
    button(page, "Play together")
    expect(page.get_by_role("dialog")).to_be_visible()
    look("panel")
    button(page, "Join")
    expect(page.get_by_role("button", name="I am ready")).to_be_focused()
    look("room")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Not ready after all")).to_be_visible()
    look("ready")
    theatre.ask("they-play")
    expect(page.get_by_role("button", name="Come in at the next bar")).to_be_visible()
    look("they play")
    button(page, "Come in at the next bar")
    page.wait_for_selector("canvas")
    look("on stage")
    page.wait_for_timeout(1_000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Come back in")).to_be_visible()
    look("pause")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}
