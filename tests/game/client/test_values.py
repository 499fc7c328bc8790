"""What a coin is worth, and what counts: the page of a coin and the policy editor."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from consensus.value.policy import MadeBy, Rule
from consensus.value.policy_toml import parse_policy
from tests.game.client.test_access import NARROW, faults, spills
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

EDGES: Final = "all => all.map((one) => one.getBoundingClientRect()).map((at) => [at.x, at.right])"


@pytest.fixture
def purse(raise_curtain: Callable[..., Theatre]) -> Callable[..., Theatre]:
    """A page whose purse holds the village's coins, opened there."""

    def make(width: int = 1_000, height: int = 900, may_fail: bool = False) -> Theatre:
        theatre = raise_curtain("--no-riffs", width=width, height=height, may_fail=may_fail)
        theatre.ask("values/purse")
        theatre.open()
        theatre.page.get_by_role("link", name="Purse").click()
        expect(theatre.page.locator(".lot").first).to_be_visible()
        return theatre

    return make


def kept(theatre: Theatre) -> Any:
    return theatre.ask("values/kept")


def open_coin_with_a_way(theatre: Theatre) -> None:
    theatre.page.locator(".lot", has_text="somebody gave it to you").last.get_by_role(
        "button", name="Look at this coin"
    ).click()
    expect(theatre.page.locator(".way li")).to_have_count(3)


def open_editor(theatre: Theatre) -> None:
    theatre.page.get_by_role("button", name="What counts for you").first.click()
    expect(theatre.page.locator(".preview .sum")).to_be_visible()


def test_a_coin_opens_with_its_way_its_witnesses_and_parts_that_add_up(purse) -> None:
    theatre = purse()
    page = theatre.page
    open_coin_with_a_way(theatre)
    expect(page.get_by_role("heading", level=1)).to_contain_text("0.031 JAM, worth")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator(".way")).to_contain_text("giver: worth 0.001 to them")
    amounts = page.locator(".adds-up > li:not(.whole) > .number").all_inner_texts()
    whole = page.locator(".adds-up > .whole > .number").inner_text()
    assert sum(map(float, amounts)) == pytest.approx(float(whole), abs=0.0006)
    edges = page.locator(".adds-up .step-bar").evaluate_all(EDGES)
    assert edges == [edges[0]] * len(edges)
    page.get_by_label("See it as").select_option(label="Ben")
    expect(page.locator(".eye")).to_contain_text("Ben")
    page.locator(".eye summary").click()
    expect(page.locator(".eye")).to_contain_text("worth to Ben")
    page.get_by_role("button", name="Put away").click()
    expect(page.locator(".eye")).to_have_count(0)


def test_giving_asks_once_and_may_say_what_the_coin_is_worth(purse) -> None:
    theatre = purse()
    page = theatre.page
    open_coin_with_a_way(theatre)
    page.locator(".give summary").click()
    page.get_by_label("To", exact=True).select_option(label="Eve")
    page.get_by_label("JAM", exact=True).fill("0.01")
    page.get_by_label("Say what it is worth to you").check()
    page.get_by_role("button", name="Give…").click()
    expect(page.locator(".give")).to_contain_text("say that they are worth 0.001 to you")
    assert theatre.ask("values/sent") == []
    page.get_by_role("button", name="Give it").click()
    expect(page.get_by_text("0.010 JAM are on their way to Eve.")).to_be_visible()
    (sent,) = theatre.ask("values/sent")
    assert (sent["amount_ujam"], sent["says_worth"]) == (10_000, True)


def test_a_rule_is_tried_out_while_it_is_moved_undone_and_kept(purse) -> None:
    theatre = purse()
    page = theatre.page
    open_editor(theatre)
    expect(page.locator(".preview .sum")).to_contain_text("as it is now")
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("was played by", exact=True).select_option(label="a person")
    slider = page.get_by_role("slider", name="is then")
    slider.focus()
    slider.press("Home")
    slider.press("ArrowRight")
    expect(page.locator(".preview .sum")).to_contain_text("instead of")
    expect(page.locator(".changes")).to_contain_text("by coins that a person made")
    assert kept(theatre)["rules"] == []
    undo = page.get_by_role("button", name="Undo")
    for _ in range(3):
        undo.click()
    expect(page.locator(".rule")).to_have_count(0)
    expect(page.locator(".preview .sum")).to_contain_text("as it is now")
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("because").fill("I want people")
    page.get_by_label("is then, as a number").fill("0")
    page.get_by_label("is then, as a number").press("Enter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It counts now.")).to_be_visible()
    rule = Rule(0.0, "I want people", made_by=MadeBy.MACHINE)
    assert parse_policy(kept(theatre)["toml"]).rules == (rule,)


def test_text_and_cards_say_the_same_and_a_mistake_is_told_with_its_place(purse) -> None:
    theatre = purse(may_fail=True)
    page = theatre.page
    open_editor(theatre)
    page.get_by_label("Begin with").select_option("humans only")
    expect(page.locator(".rule")).to_have_count(2)
    page.get_by_role("button", name="Text", exact=True).click()
    box = page.get_by_label("The same as text")
    assert parse_policy(box.input_value()).rules[0] == Rule(
        0.0, "nobody played", made_by=MadeBy.MACHINE
    )
    box.fill('name = "mine"\n[[rule]]\ntag = "concert"\ntimes = "two"\n')
    expect(page.get_by_role("alert")).to_contain_text("times of rule 1: write a number")
    expect(page.get_by_role("button", name="Save")).to_have_attribute("aria-disabled", "true")
    box.fill('name = "mine"\n[[rule]]\ntag = "concert"\ntimes = 2\n')
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Cards").click()
    expect(page.get_by_role("textbox", name="is tagged")).to_have_value("concert")
    page.locator("input[type=file]").set_input_files(
        {"name": "theirs.toml", "mimeType": "text/plain", "buffer": b'name = "theirs"'}
    )
    expect(page.get_by_label("Call it")).to_have_value("theirs")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    shared = download.value.path().read_text()
    assert shared == 'name = "theirs"'


def test_both_pages_are_for_everybody(purse) -> None:
    theatre = purse(width=NARROW, height=740)
    page = theatre.page
    found: dict[str, list[str]] = {"purse": faults(theatre)}
    wide: dict[str, int] = {"purse": spills(theatre)}
    open_coin_with_a_way(theatre)
    page.get_by_label("See it as").select_option(index=1)
    page.locator(".eye summary").click()
    found["coin"], wide["coin"] = faults(theatre), spills(theatre)
    page.get_by_role("button", name="Purse").click()
    open_editor(theatre)
    page.get_by_label("Begin with").select_option("humans only")
    expect(page.locator(".rule")).to_have_count(2)
    found["cards"], wide["cards"] = faults(theatre), spills(theatre)
    page.get_by_role("button", name="Text", exact=True).click()
    found["text"], wide["text"] = faults(theatre), spills(theatre)
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}


def test_a_rule_names_people_and_clusters_by_choosing_them(purse) -> None:
    theatre = purse()
    page = theatre.page
    open_editor(theatre)
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("and", exact=True).select_option(label="comes from the cluster")
    page.get_by_role("combobox", name="comes from the cluster").select_option(index=1)
    page.get_by_label("and", exact=True).select_option(label="went through the hands of")
    page.get_by_role("button", name="Remove: was played by").click()
    expect(page.locator(".changes")).to_contain_text("coins from the cluster")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It counts now.")).to_be_visible()
    (rule,) = parse_policy(kept(theatre)["toml"]).rules
    assert set(rule.conditions) == {"minter_cluster", "holder"}


def test_a_draft_waits_unsaved_until_its_author_comes_back(purse) -> None:
    theatre = purse()
    page = theatre.page
    open_editor(theatre)
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_role("button", name="← Purse").click()
    open_editor(theatre)
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    expect(page.locator(".rule")).to_have_count(1)
    asks = "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert page.evaluate(asks)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".rule")).to_have_count(0)
    expect(page.get_by_text("This counts now.")).to_be_visible()
    assert not page.evaluate(asks)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x89PNG\r\n\xff\x00", "It can't be read as text."),
        (b"name = ", "theirs.toml was not taken:"),
        (b"#" * 65_537, "A policy is at most 64 KiB."),
    ],
)
def test_a_file_that_is_no_policy_leaves_the_draft_alone(purse, content: bytes, why: str) -> None:
    theatre = purse(may_fail=True)
    page = theatre.page
    open_editor(theatre)
    page.get_by_label("Call it").fill("mine")
    page.locator("input[type=file]").set_input_files(
        {"name": "theirs.toml", "mimeType": "text/plain", "buffer": content}
    )
    expect(page.locator(".sharing").get_by_role("status")).to_contain_text(why)
    expect(page.locator(".sharing").get_by_role("status")).to_contain_text("draft is as it was")
    expect(page.get_by_label("Call it")).to_have_value("mine")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="Save")).to_have_attribute("aria-disabled", "false")


def test_a_text_that_is_too_long_is_told_so_without_asking(purse) -> None:
    theatre = purse()
    page = theatre.page
    open_editor(theatre)
    page.get_by_role("button", name="Text", exact=True).click()
    page.get_by_label("The same as text").fill("#" * 65_537)
    expect(page.get_by_role("alert")).to_have_text("A policy is at most 64 KiB.")
    expect(page.get_by_role("button", name="Save")).to_have_attribute("aria-disabled", "true")


def test_a_coin_and_what_counts_have_addresses(purse) -> None:
    theatre = purse()
    page = theatre.page
    open_coin_with_a_way(theatre)
    assert "#purse/coin/" in page.url
    page.reload()
    expect(page.locator(".way li")).to_have_count(3)
    page.get_by_role("button", name="What counts for you").click()
    expect(page.locator(".preview .sum")).to_be_visible()
    assert page.url.endswith("#purse/values")
    page.reload()
    expect(page.get_by_role("heading", name="What counts for you")).to_be_focused()


def test_a_new_rule_changes_nothing_and_is_no_copy(purse) -> None:
    theatre = purse()
    page = theatre.page
    open_editor(theatre)
    for _ in range(2):
        page.get_by_role("button", name="Add a rule").click()
    expect(page.locator(".rule")).to_have_count(2)
    expect(page.locator(".rule").first.get_by_label("was played by", exact=True)).to_be_visible()
    expect(page.locator(".rule").last.get_by_role("textbox", name="is tagged")).to_be_visible()
    expect(page.locator(".rule").get_by_text("as much as without the rule")).to_have_count(2)
    expect(page.locator(".preview .sum")).to_contain_text("as it is now")
