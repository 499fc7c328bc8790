"""The keys behind the purse: locked, unlocked, coming back, and of several identities."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.game.client.fake_fates import NEIGHBOURS
from tests.game.client.test_access import faults, spills
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

PASSPHRASE = "seven blue herons"
LOOK_MS = 8_000


def visit(theatre: Theatre) -> Page:
    theatre.open()
    theatre.page.get_by_role("link", name="Purse").click()
    expect(theatre.page.get_by_role("button", name="Career")).to_be_visible()
    return theatre.page


@pytest.fixture
def home(raise_curtain: Callable[..., Theatre]) -> Theatre:
    return raise_curtain(may_fail=True)


def test_keys_are_locked_and_only_their_passphrase_opens_them(home: Theatre) -> None:
    page = visit(home)
    page.get_by_text("Your keys are open").click()
    page.get_by_role("button", name="Lock now").click()
    locked = page.get_by_role("region", name="Your keys")
    expect(locked).to_contain_text("nothing is paid, received or declined")
    field = locked.get_by_label("Passphrase")
    assert field.get_attribute("type") == "password"
    for typed in ("seven red herons", PASSPHRASE):
        field.fill(typed)
        page.keyboard.press("Enter")
        if typed != PASSPHRASE:
            expect(locked.get_by_role("alert")).to_have_text(
                "The passphrase is wrong. Type it again."
            )
            expect(field).to_have_value("")
            expect(field).to_be_focused()
    expect(page.get_by_text("Your keys are open")).to_be_visible()
    assert home.ask("keys/look")["said"] == ["seven red herons", PASSPHRASE]
    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert "herons" not in kept + page.content()


def test_keys_without_a_passphrase_are_unlocked_by_a_press(home: Theatre) -> None:
    for what in ("bare", "lock"):
        home.ask(f"keys/{what}")
    page = visit(home)
    expect(page.get_by_label("Passphrase")).to_have_count(0)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_text("Your keys are open").click()
    expect(page.get_by_text("popctl wallet passphrase")).to_be_visible()


def test_keys_that_lock_meanwhile_are_told_on_every_page_with_the_way_to_unlock_them(
    home: Theatre,
) -> None:
    page = visit(home)
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_role("combobox", name="To").select_option(NEIGHBOURS[0]["id"])
    page.get_by_label("How much").fill("0.3")
    page.get_by_role("button", name="Look what would leave").click()
    expect(page.get_by_label("What leaves")).to_be_visible()
    home.ask("keys/lock")
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(
        "Your keys are locked. Unlock them in your purse, then try again."
    )
    page.get_by_role("link", name="Songs").click()
    told = page.locator(".troubles")
    expect(told).to_contain_text("Your keys are locked.")
    told.get_by_role("button", name="Unlock them").click()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("link", name="Songs").click()
    expect(told).to_have_text("")
    home.ask("keys/lock")
    expect(told).to_contain_text("Your keys are locked.", timeout=LOOK_MS)


def test_when_they_lock_by_themselves_is_chosen(home: Theatre) -> None:
    page = visit(home)
    page.get_by_text("Your keys are open").click()
    page.locator(".keys label", has_text="15 min").click()
    expect(page.get_by_text("they lock after 15 min")).to_be_visible()
    page.reload()
    expect(page.get_by_text("they lock after 15 min")).to_be_visible()


def test_a_chain_that_comes_back_is_not_written_on_before_others_answered(home: Theatre) -> None:
    home.ask("keys/restore")
    page = visit(home)
    chain = page.get_by_role("region", name="Your chain comes back")
    expect(chain).to_contain_text("1 of 3 answered, and 142 entries are back")
    home.ask("keys/answer")
    expect(chain).to_contain_text("2 of 3 answered", timeout=LOOK_MS)
    chain.get_by_role("button", name="Write on without them…").click()
    expect(chain).to_contain_text("splits it in two")
    chain.get_by_role("button", name="Wait for them").click()
    chain.get_by_role("button", name="Write on without them…").click()
    chain.get_by_role("button", name="Write on", exact=True).click()
    expect(chain).to_have_count(0)


def test_of_several_identities_the_page_says_which_is_in_use_and_how_to_change(
    home: Theatre,
) -> None:
    home.ask("keys/several")
    page = visit(home)
    page.get_by_text("Your keys are open").click()
    keys = page.locator(".keys")
    expect(keys).to_contain_text("In use is main; also on this machine: stage, test.")
    expect(keys).to_contain_text("popctl wallet use stage")
    expect(keys).to_contain_text("popctl wallet backup FILE")


def test_every_state_of_the_keys_is_for_everybody(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain(width=360, height=740)
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(theatre), spills(theatre)

    theatre.ask("keys/several")
    page = visit(theatre)
    page.get_by_text("Your keys are open").click()
    look("open")
    page.get_by_role("button", name="Lock now").click()
    expect(page.get_by_label("Passphrase")).to_be_visible()
    look("locked")
    page.get_by_role("link", name="Songs").click()
    expect(page.locator(".troubles")).to_contain_text("locked")
    look("told elsewhere")
    theatre.ask("keys/restore")
    page.get_by_role("link", name="Purse").click()
    page.get_by_role("button", name="Write on without them…").click()
    look("coming back")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}
