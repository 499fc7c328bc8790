"""The place Nearby: who performs, their lanes as they play, being drawn, a word by hand."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.game.client.test_access import faults, spills
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

NARROW = 360
QUIET = ("--window-ms=4000",)
STREAM = Path(__file__).with_name("late_frames.js").read_text()
SHOWN = "async () => (await import('/client/nearby/nearby.js'))[%r].value"


def ask(theatre: Theatre, what: str) -> Any:
    return theatre.ask(f"nearby/{what}")


def signal(theatre: Theatre, name: str) -> Any:
    """What a signal of Nearby holds."""
    return theatre.page.evaluate(SHOWN % name)


def posts(theatre: Theatre) -> list[Any]:
    return list(ask(theatre, "look")["posts"])


def visit(theatre: Theatre) -> None:
    """Opens the page, and goes to Nearby."""
    theatre.open()
    theatre.page.get_by_role("link", name="Nearby").click()
    expect(theatre.page.get_by_role("heading", name="Nearby", exact=True)).to_be_focused()


def look_at_ada(theatre: Theatre) -> None:
    """Ada performs, and is watched."""
    visit(theatre)
    ask(theatre, "begin")
    theatre.page.get_by_role("button", name="Watch").click()
    expect(theatre.page.locator(".lanes canvas")).to_be_visible()


@pytest.fixture
def alone(raise_curtain: Callable[..., Theatre]) -> Theatre:
    return raise_curtain(*QUIET)


def test_an_empty_page_says_how_to_fill_it_and_fills_by_itself(alone: Theatre) -> None:
    visit(alone)
    page = alone.page
    expect(page.get_by_text("Nobody performs nearby right now.")).to_be_visible()
    expect(page.get_by_text("Open this page on a second machine")).to_be_visible()
    ask(alone, "begin")
    card = page.locator(".performer")
    expect(card).to_contain_text("First Light")
    expect(card).to_contain_text("window 1 of 3")
    expect(card).to_contain_text("says it is on your link; round trip 0.8 ± 0.3 ms")


def test_the_lanes_move_as_they_are_played_and_are_judged_here_too(alone: Theatre) -> None:
    look_at_ada(alone)
    page = alone.page
    page.wait_for_timeout(1_500)
    lanes = page.locator(".lanes canvas")
    assert lanes.screenshot() != lanes.screenshot()
    expect(page.locator(".read-out")).to_contain_text("Played like a person", timeout=6_000)
    expect(page.locator(".read-out")).to_contain_text("looks odd12 %")
    expect(page.locator(".read-out")).to_contain_text("100 % since you look")
    expect(page.get_by_text("It is over.")).to_be_visible(timeout=15_000)
    assert [one["type"] for one in ask(alone, "look")["heard"]] == ["attend", "watch"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Nearby", exact=True)).to_be_visible()
    page.wait_for_timeout(300)
    assert ask(alone, "look")["heard"][-1]["type"] == "unwatch"


def test_who_is_there_attends_and_who_leaves_does_not(alone: Theatre) -> None:
    visit(alone)
    page = alone.page
    page.wait_for_timeout(200)
    assert ask(alone, "look")["attending"] == 1
    page.get_by_role("link", name="Play", exact=True).click()
    page.wait_for_timeout(200)
    assert ask(alone, "look")["attending"] == 0


@pytest.mark.parametrize(("key", "choice"), [("a", "accept"), ("r", "reject")])
def test_a_word_by_hand_is_given_by_key_taken_back_and_given_again(
    alone: Theatre, key: str, choice: str
) -> None:
    visit(alone)
    page = alone.page
    ask(alone, "draw")
    card = page.locator(".duty")
    expect(card).to_contain_text("Your node would accept it: played like a person")
    expect(card).to_contain_text("It says so by itself in")
    page.keyboard.press(key)
    expect(card).to_contain_text(f"You {choice} it. Signed in 1 s.")
    expect(page.get_by_role("status").last).to_contain_text("It can be undone for 5 s.")
    page.keyboard.press("z")
    expect(card).to_contain_text("It says so by itself in")
    expect(page.get_by_role("status").last).to_have_text("Taken back.")
    card.get_by_role("button", name=choice.capitalize()).click()
    expect(card).to_contain_text(f"Signed: you {choice}ed it.", timeout=4_000)
    expect(page.locator(".word").first).to_contain_text(f"by hand You {choice}ed")
    block = ask(alone, "look")["duties"][0]["block"]
    said = {"block": block, "choice": choice}
    assert posts(alone) == [["judge", said], ["undo", {"block": block}], ["judge", said]]


def test_who_cannot_judge_says_nothing(alone: Theatre) -> None:
    visit(alone)
    ask(alone, "draw")
    page = alone.page
    expect(page.locator(".duty")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator(".duty")).to_contain_text("Your node stays silent in")
    expect(page.locator(".duty")).to_contain_text("That costs nothing.", timeout=4_000)


def test_a_refused_word_is_told_with_its_next_step(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain(*QUIET, may_fail=True)
    visit(theatre)
    page = theatre.page
    ask(theatre, "draw")
    expect(page.locator(".duty")).to_be_visible()
    ask(theatre, "draw?state=signed")
    page.evaluate(
        "async () => (await import('/client/nearby/nearby.js')).judge('b2'.repeat(32), 'accept')"
    )
    expect(page.get_by_role("alert").first).to_have_text("Your word is signed. Report it.")


def test_being_drawn_is_told_wherever_one_is_and_leads_there(alone: Theatre) -> None:
    alone.open()
    page = alone.page
    ask(alone, "draw?look=Chance+chose+this+block.")
    toast = page.get_by_role("complementary", name="You were drawn")
    expect(toast).to_contain_text("You were drawn to judge Ada (practice): window 2")
    expect(toast).to_contain_text("A person is asked to look.")
    expect(toast).to_contain_text("It says so by itself in")
    expect(page.get_by_role("status").last).to_contain_text("You were drawn to judge")
    assert faults(alone) == []
    toast.get_by_role("button", name="Look").click()
    expect(toast).to_have_count(0)
    expect(page.locator(".duty .look")).to_contain_text("Chance chose this block.")


def test_another_window_in_front_is_notified_where_the_user_allowed_it(alone: Theatre) -> None:
    page = alone.page
    page.context.grant_permissions(["notifications"], origin=alone.address)
    page.add_init_script(
        """
        window.told = [];
        const Real = window.Notification;
        window.Notification = class {
          static permission = "granted";
          static requestPermission = async () => "granted";
          constructor(title, { body }) { told.push([title, body]); }
        };
        """
    )
    alone.open()
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    ask(alone, "draw")
    page.wait_for_function("told.length === 1")
    (told,) = page.evaluate("told")
    assert told[0] == "You were drawn"
    assert told[1].startswith("You were drawn to judge Ada (practice): window 2 of First Light.")
    page.get_by_role("link", name="Nearby").click()
    page.get_by_role("button", name="Don't notify me when I am drawn").click()
    ask(alone, "draw")
    expect(page.locator(".duty")).to_have_count(2)
    assert len(page.evaluate("told")) == 1


def test_a_report_shows_what_others_will_see_before_it_goes(alone: Theatre) -> None:
    visit(alone)
    page = alone.page
    ask(alone, "draw")
    page.get_by_role("button", name="Report…").click()
    dialog = page.get_by_role("dialog", name="Report this play")
    expect(dialog).to_contain_text("you reported a play of Ada (practice), because no person")
    dialog.get_by_label("Why").select_option("copied")
    expect(dialog).to_contain_text("because it is a copy of an earlier play")
    assert posts(alone) == []
    dialog.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("Your report is public")).to_be_visible()
    block = ask(alone, "look")["duties"][0]["block"]
    assert posts(alone) == [["report", {"block": block, "reason": "copied"}]]


def test_why_nothing_was_minted_has_a_sentence_a_step_and_a_human_look(alone: Theatre) -> None:
    visit(alone)
    page = alone.page
    ask(alone, "unminted")
    page.get_by_role("button", name="Why nothing was minted").click()
    card = page.locator(".unminted")
    expect(card).to_contain_text("too few riffs were answered")
    expect(card).to_contain_text("What to do: Play a slower chart")
    card.get_by_role("button", name="Ask for a human look").click()
    expect(card).to_contain_text("3 of those who were drawn are asked to look.")


def test_results_offer_a_human_look_beside_what_was_not_believed(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", "--fates=failed")
    theatre.start()
    page = theatre.page
    page.wait_for_timeout(4_500)
    theatre.leave()
    card = page.locator(".window.failed").first
    expect(card).to_contain_text("It was not believed, because", timeout=5_000)
    card.get_by_role("button", name="Ask for a human look").click()
    expect(card).to_contain_text("asked to look")
    assert [what for what, _ in posts(theatre)] == ["appeal"]


def test_a_line_that_broke_watches_and_attends_again(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain(*QUIET)
    look_at_ada(theatre)
    page = theatre.page
    ask(theatre, "drop")
    page.wait_for_timeout(1_000)
    told = ask(theatre, "look")
    wishes = ["attend", "watch", "watch", "attend"]
    assert ([one["type"] for one in told["heard"]], told["attending"]) == (wishes, 1)


def test_a_guest_watches_and_has_nothing_to_judge(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain(*QUIET, "--scopes=play,rate,read", width=NARROW, height=740)
    look_at_ada(theatre)
    page = theatre.page
    assert ask(theatre, "look")["attending"] == 0
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_text("What you were drawn for")).to_have_count(0)
    expect(page.get_by_text("What your node said")).to_have_count(0)


def test_every_state_of_nearby_is_for_everybody(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain(*QUIET, width=NARROW, height=740)
    page = theatre.page
    page.emulate_media(reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(theatre), spills(theatre)

    visit(theatre)
    look("nobody")
    for what in ("begin", "said", "unminted", "draw?look=Chance+chose+it."):
        ask(theatre, what)
    expect(page.locator(".duty")).to_be_visible()
    page.get_by_text("What is behind it").click()
    look("somebody performs and one is drawn")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    look("decided")
    page.get_by_role("button", name="Watch").click()
    page.wait_for_timeout(400)
    look("watching")
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Report…").first.click()
    look("reporting")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Why nothing was minted").click()
    expect(page.locator(".unminted")).to_be_visible()
    look("why")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}


def test_all_of_it_is_reached_by_keyboard_alone(alone: Theatre) -> None:
    alone.open()
    page = alone.page
    ask(alone, "begin")
    page.get_by_role("link", name="Nearby").press("Enter")
    expect(page.get_by_role("button", name="Watch")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Watch":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="plays First Light")).to_be_focused()
    ask(alone, "draw")
    expect(page.locator(".duty")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator(".duty")).to_contain_text("You reject it.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Nearby", exact=True)).to_be_focused()


def test_what_is_shown_stays_under_half_a_second_behind(alone: Theatre) -> None:
    look_at_ada(alone)
    page = alone.page
    page.wait_for_timeout(3_000)
    expect(page.locator(".read-out")).to_contain_text("Shown 0.4 s behind")
    performance = signal(alone, "watched")
    played_ms = time.time() * 1_000 - performance["start_us"] / 1_000
    shown = page.locator(".watching-somebody header").text_content() or ""
    assert (
        f"at 0:0{int(played_ms / 1_000)}" in shown or f"at 0:0{int(played_ms / 1_000) + 1}" in shown
    )


def test_a_stream_waits_for_late_frames_falls_back_and_catches_up(alone: Theatre) -> None:
    """What was before one looked is left out; the performer's input delay is taken off."""
    alone.open()
    first, second = [1_000_000, 0, 10_000], [2_000_000, 0, 0]
    assert alone.page.evaluate(STREAM) == {
        "early": [],
        "onTime": [first],
        "open": 1,
        "late": [first, second],
        "missed": [3_000_000, 5, 0],
        "riffs": 0,
        "fallen": 760,
        "caughtUp": 400,
    }


def test_keys_are_about_the_block_that_has_to_be_decided_first(alone: Theatre) -> None:
    visit(alone)
    page = alone.page
    ask(alone, "draw")
    ask(alone, "draw")
    cards = page.locator(".duty")
    expect(cards).to_have_count(2)
    expect(cards.first.locator("kbd")).to_have_count(3)
    expect(cards.last.locator("kbd")).to_have_count(0)
    page.keyboard.press("r")
    expect(cards.first).to_contain_text("You reject it.")
    cards.last.get_by_role("button", name="Accept").click()
    for said in ("Signed: you accepted it.", "Signed: you rejected it."):
        expect(cards.filter(has_text=said)).to_have_count(1, timeout=4_000)


OVER = """
  async () => {
    const { performances } = await import("/client/nearby/nearby.js");
    performances.value = [];
  }
"""


def test_what_is_over_is_not_listened_to_any_more(alone: Theatre) -> None:
    look_at_ada(alone)
    page = alone.page
    page.evaluate("async () => { (await import('/client/nearby/nearby.js')).reads.value = {}; }")
    page.evaluate(OVER)
    expect(page.get_by_text("It is over.")).to_be_visible()
    expect(page.get_by_role("heading", name="Listening")).to_have_count(0)
