"""A phone comes in by a code: what the owner shows, what the phone gets, and what it may not do."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.game.client.test_songs import check_access
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

QUIET: Final = 4
DRAWN: Final = """
() => {
  const svg = document.querySelector(".qr");
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const path = new Path2D(svg.querySelector("path").getAttribute("d"));
  const context = document.createElement("canvas").getContext("2d");
  const rows = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) =>
    (context.isPointInPath(path, x + 0.5, y + 0.5) ? "1" : "0")).join(""));
  return { rows, dark: svg.querySelector("path").getAttribute("fill"),
    light: svg.querySelector("rect").getAttribute("fill") };
}
"""


def at_phone_part(theatre: Theatre) -> Page:
    page = theatre.page
    page.goto(f"{theatre.address}/#token=test-token")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Phones").click()
    return page


def code_shown(page: Page) -> str:
    page.get_by_role("button", name="Let a phone in").click()
    return page.locator(".address").inner_text()


def phone_of(theatre: Theatre) -> Page:
    context = theatre.page.context.browser
    assert context is not None
    return context.new_context(viewport={"width": 360, "height": 740}, has_touch=True).new_page()


def test_the_code_is_drawn_as_it_was_given(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--shelf=0")
    page = at_phone_part(theatre)
    with page.expect_response("**/api/v1/tickets") as told:
        address = code_shown(page)
    ticket = told.value.json()
    assert address == ticket["address"]
    drawn = page.evaluate(DRAWN)
    side = len(ticket["code"]) + 2 * QUIET
    empty, edge = "0" * side, "0" * QUIET
    rows = [f"{edge}{row}{edge}" for row in ticket["code"]]
    assert drawn["rows"] == [empty] * QUIET + rows + [empty] * QUIET
    assert (drawn["dark"], drawn["light"]) == ("#000000", "#ffffff")
    expect(page.locator(".pairing")).to_contain_text("for 5 more minutes")
    check_access(page)
    page.get_by_role("button", name="New code").click()
    expect(page.locator(".address")).not_to_have_text(address)
    page.get_by_role("button", name="Let nobody in any more").click()
    expect(page.get_by_role("button", name="Let a phone in")).to_be_visible()
    expect(page.locator(".qr")).to_have_count(0)


def test_a_phone_joins_once_stays_over_a_reload_and_sees_only_what_it_may(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--shelf=2", may_fail=True)
    address = code_shown(at_phone_part(theatre))
    phone = phone_of(theatre)
    phone.goto(address)
    expect(phone.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert phone.url == f"{theatre.address}/"
    phone.goto("about:blank")
    phone.goto(theatre.address)
    expect(phone.get_by_role("button", name="Play", exact=True)).to_have_text("Play")
    places = phone.get_by_role("navigation", name="Places").get_by_role("link").all_inner_texts()
    assert places == ["Play", "Nearby", "Concert", "Songs", "Settings"]
    phone.get_by_role("link", name="Songs").click()
    expect(phone.locator(".song-row")).to_have_count(3)
    phone.locator(".song-row", has_text="Blue Hour").click()
    phone.get_by_role("button", name="More").click()
    expect(phone.get_by_label("The chosen song")).to_contain_text("7 keys")
    for owners in ("Add songs", "Remove it", "Fit it", "Add its music"):
        expect(phone.get_by_text(owners)).to_have_count(0)
    check_access(phone)
    phone.get_by_role("link", name="Settings").click()
    expect(phone.get_by_role("link", name="Phones")).to_have_count(0)

    other = phone_of(theatre)
    other.goto(address)
    alert = other.get_by_role("alert")
    expect(alert).to_contain_text("used already, or its five minutes are over")
    expect(alert).to_contain_text("Ask for a fresh one")
    check_access(other)

    theatre.page.get_by_role("button", name="Let nobody in any more").click()
    phone.goto("about:blank")
    phone.goto(theatre.address)
    expect(phone.get_by_role("alert")).to_contain_text("not let in any more")
    phone.context.close()
    other.context.close()


ODD_EVENINGS: Final = ("not json", '{"token": 7}', '{"token": "x", "until_ms": 5}', "[]", '"x"')


def test_what_is_stored_wrongly_or_over_is_forgotten(theatre: Theatre) -> None:
    page = theatre.page
    page.goto(theatre.address)
    for stored in ODD_EVENINGS:
        page.evaluate("(text) => localStorage.setItem('popd.evening', text)", stored)
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("no key to your daemon")
        assert page.evaluate("localStorage.getItem('popd.evening')") is None


ODD_TICKETS: Final[list[dict[str, Any]]] = [
    {"address": "x" * 3_000, "code": ["1" * 500] * 500, "until_us": "soon"},
    {"address": "http://h/#join=1", "code": ["10", "1"], "until_us": 1},
    {"code": None},
]


def test_an_odd_code_is_not_drawn(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain("--shelf=0", width=360, height=740)
    left = list(ODD_TICKETS)
    theatre.page.route("**/api/v1/tickets", lambda route: route.fulfill(json=left.pop()))
    page = at_phone_part(theatre)
    page.get_by_role("button", name="Let a phone in").click()
    while True:
        expect(page.locator(".pairing")).to_be_visible()
        expect(page.locator(".qr")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        if not left:
            break
        with page.expect_response("**/api/v1/tickets"):
            page.get_by_role("button", name="New code").click()
