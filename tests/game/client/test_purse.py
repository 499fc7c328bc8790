"""The purse: coins that come and go, payments in two views, statements and a career."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.game.client.fake_fates import NEIGHBOURS
from tests.game.client.test_access import faults, spills
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

ADA, BELA = NEIGHBOURS[:2]
LOTS = ("10" * 32, "20" * 32)


def ask(theatre: Theatre, what: str = "look") -> Any:
    return theatre.ask(f"wallet/{what}")


def visit(theatre: Theatre) -> Page:
    theatre.open()
    theatre.page.get_by_role("link", name="Purse").click()
    expect(theatre.page.get_by_role("button", name="Career")).to_be_visible()
    return theatre.page


@pytest.fixture
def home(raise_curtain: Callable[..., Theatre]) -> Theatre:
    return raise_curtain()


def test_what_comes_is_received_or_declined_with_a_reason(home: Theatre) -> None:
    for what in ("coming", "gave"):
        ask(home, what)
    page = visit(home)
    expect(page.locator(".arriving-coin")).to_have_count(2)
    first, second = page.locator(".arriving-coin").all()
    expect(first).to_contain_text("0.250 JAM from Ada (practice)")
    expect(first).to_contain_text("They say: worth 0.320 to them.")
    expect(first).to_contain_text("worth 0.081 to you")
    expect(second).to_contain_text("Lights over the harbour")
    expect(second).to_contain_text("Somebody gave this coin away twice")
    expect(page.locator(".outgoing li")).to_have_text([
        "0.120Bela (practice) has not taken it yet; it waits for them.",
        "0.120Cleo (practice) declined it because it was not worth enough to them; "
        "all of it is back with you.",
    ])  # fmt: skip
    second.get_by_role("button", name="Decline…").click()
    page.get_by_label("Why?").select_option("disputed")
    expect(page.get_by_text("Everybody can read that you decline it")).to_be_visible()
    assert ask(home)["posts"] == []
    page.get_by_role("button", name="Decline it").click()
    expect(page.get_by_text("0.250 JAM go back to Cleo (practice).")).to_be_visible()
    page.get_by_role("button", name="Receive").click()
    expect(page.locator(".arriving-coin")).to_have_count(0)
    assert ask(home)["posts"] == [
        ["decline", {"transfer": "71" * 32, "reason": "disputed"}],
        ["receive", {"transfers": ["70" * 32]}],
    ]


def test_a_payment_is_looked_at_in_both_views_and_changed_before_it_leaves(home: Theatre) -> None:
    page = visit(home)
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_role("combobox", name="To").select_option(ADA["id"])
    page.get_by_label("How much").fill("0,3")
    page.get_by_text("worth to them").click()
    page.get_by_role("button", name="Look what would leave").click()
    leaves = page.get_by_label("What leaves")
    expect(leaves).to_contain_text("0.300 JAM leave to Ada (practice)")
    expect(leaves).to_contain_text("worth to you0.075")
    expect(leaves).to_contain_text("worth to Ada (practice)0.150")
    expect(page.get_by_text("They have declined a coin")).to_be_visible()
    amount = page.get_by_label("JAM of the coin of First Light")
    amount.fill("0.05")
    page.get_by_role("button", name="Look again").click()
    expect(leaves).to_contain_text("0.150 JAM leave")
    page.get_by_role("button", name="Leave it out").last.click()
    expect(leaves).to_contain_text("0.050 JAM leave")
    page.get_by_label("Say what they are worth to you").check()
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_text("0.050 JAM are on their way to Ada (practice).")).to_be_visible()
    what, body = ask(home)["posts"][-1]
    assert (what, body["to"], body["says_worth"]) == ("pay", ADA["id"], True)
    assert [(one["lot"], one["amount_ujam"]) for one in body["parts"]] == [(LOTS[0], 50_000)]


def test_a_request_is_shown_as_a_code_and_read_from_its_link(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain(may_fail=True)
    page = visit(theatre)
    page.get_by_role("button", name="Ask for coins").click()
    page.get_by_label("How many JAM").fill("0.25")
    page.get_by_label("What for").fill("strings")
    page.get_by_role("button", name="Make the code").click()
    expect(page.locator(".qr")).to_be_visible()
    link = page.locator(".address").inner_text()
    page.get_by_role("button", name="Purse").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    asked = page.get_by_label("Were you asked by a link?")
    asked.fill("popd:pay?nonsense")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("alert")).to_have_text("That is no payment request. Copy all of it.")
    asked.fill(link)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("combobox", name="To")).to_have_value(BELA["id"])
    expect(page.get_by_label("How much")).to_have_value("0.25")
    expect(page.get_by_text("For: strings")).to_be_visible()
    page.get_by_label("How much").fill("9999")
    page.get_by_role("button", name="Look what would leave").click()
    expect(page.get_by_role("alert")).to_have_text("You hold 1.205 JAM. Choose less.")


def test_a_statement_says_whose_view_it_is_and_is_saved_as_a_table(home: Theatre) -> None:
    page = visit(home)
    page.get_by_role("button", name="History").click()
    lines = page.locator(".statement li")
    expect(lines).to_have_count(3)
    expect(lines.first).to_contain_text("0.250You gave it to Bela (practice)")
    expect(lines.first).to_contain_text("worth 0.081 to you now")
    expect(page.get_by_text("Worths are as you see them today.")).to_be_visible()
    page.get_by_label("From").fill("2026-09-01")
    page.get_by_label("To").fill("2026-09-02")
    page.wait_for_timeout(200)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    assert saved.value.suggested_filename == "popd-history.csv"
    last = ask(home)["queries"][-1]
    assert last["format"] == "csv"
    assert int(last["until"]) - int(last["since"]) == 2 * 86_400_000 - 1


def test_what_is_received_by_itself_is_chosen_and_stays(home: Theatre) -> None:
    page = visit(home)
    page.get_by_text("What is received by itself: what is worth something").click()
    page.locator(".receiving label", has_text="none").click()
    page.reload()
    expect(page.get_by_text("What is received by itself: none")).to_be_visible()


def test_somebody_is_called_as_one_likes(home: Theatre) -> None:
    home.open()
    page = home.page
    page.goto(f"{home.address}/#people/{ADA['id']}")
    page.get_by_text("What you call them").click()
    page.get_by_label("Your name for them").fill(" Aunt Ada ")
    page.get_by_role("button", name="Call them so").click()
    expect(page.get_by_text("You call them Aunt Ada from now on.")).to_be_visible()
    assert ask(home)["posts"] == [["name", {"id": ADA["id"], "name": "Aunt Ada"}]]


def test_a_career_shows_concerts_crowds_and_coins(home: Theatre) -> None:
    page = visit(home)
    page.get_by_role("button", name="Career").click()
    concert = page.locator(".career-concert")
    expect(concert).to_contain_text("33 voices gave 7.6 of 10.")
    expect(concert).to_contain_text("1.360 JAM arrived, worth 0.453 to you.")
    expect(page.locator(".figures")).to_contain_text("witnesses9")
    page.reload()
    expect(concert).to_be_visible()


def test_every_page_of_the_purse_is_for_everybody(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain(width=360, height=740)
    page = theatre.page
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(theatre), spills(theatre)

    for what in ("coming", "gave"):
        ask(theatre, what)
    visit(theatre)
    expect(page.locator(".arriving-coin")).to_have_count(2)
    page.get_by_role("button", name="Decline…").first.click()
    look("purse")
    for name in ("History", "Career", "Ask for coins", "Pay"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name)).to_be_focused()
        page.wait_for_timeout(150)
        look(name)
        if name != "Pay":
            page.get_by_role("button", name="Purse", exact=True).click()
    page.get_by_role("combobox", name="To").select_option(ADA["id"])
    page.get_by_label("How much").fill("0.3")
    page.get_by_role("button", name="Look what would leave").click()
    expect(page.get_by_label("What leaves")).to_be_visible()
    look("preview")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}
