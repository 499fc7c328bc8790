"""The map: who belongs together and who parted, and the acts on them, as a user sees them."""

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, expect

from tests.game.client.fake_fates import IDENTITY, MARKUP, NEIGHBOURS, STRANGER
from tests.game.client.test_access import NARROW, faults, spills
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

ME: Final = str(IDENTITY["id"])
ADA: Final = str(NEIGHBOURS[0]["id"])
HOSTILE: Final = STRANGER["id"]
PARTS: Final = ("Parted", "Stakes", "Forks", "Reports")
FORMAT: Final = "[\\u202a-\\u202e]"
GEOMETRY: Final = """
async (places) => {
  const geometry = await import("/client/map/geometry.js");
  const { places: fitted, height } = geometry.fitted(places, 328, 640, 56);
  const [from, to] = [0, 200].map((x) => ({ x, y: 0, r: 9 }));
  const { halves } = geometry.brokenArc(from, to);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", halves);
  const names = fitted.map((one) => ({ ...one, text: one.name }));
  const shown = geometry.labels(names, fitted, 328, 14);
  const pieces = halves.split("M").length - 1;
  return { fitted, height, long: path.getTotalLength(), pieces, shown };
}
"""


def shown(theatre: Theatre, *wishes: str, part: str = "Parted") -> Theatre:
    """The map, with something on it, and one of its parts open."""
    for wish in wishes:
        theatre.ask(wish if wish == "coin" else f"disputes/{wish}")
    theatre.open()
    theatre.page.get_by_role("link", name="Map", exact=True).click()
    expect(theatre.page.get_by_role("heading", name="Map", level=1)).to_be_focused()
    parts = theatre.page.get_by_role("navigation", name="Map")
    parts.get_by_role("link", name=part).click()
    return theatre


def face(theatre: Theatre, key: str) -> Locator:
    return theatre.page.locator(f".phase-map [data-id='{key}']")


def posts(theatre: Theatre) -> list[Any]:
    found: list[Any] = theatre.ask("disputes/posts")["posts"]
    return found


def test_an_empty_map_says_how_it_fills(theatre: Theatre) -> None:
    page = shown(theatre, "crowd?count=0").page
    expect(page.locator(".nobody")).to_contain_text("whoever is connected appears here")
    page.get_by_role("button", name="Go and play").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_device_that_was_let_in_does_not_get_the_map(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--scopes=play,rate,read")
    theatre.open()
    expect(theatre.page.get_by_role("link", name="Purse")).to_have_count(0)
    expect(theatre.page.get_by_role("link", name="Map", exact=True)).to_have_count(0)


def test_people_are_walked_to_by_keys_alone_and_told_with_their_ties(theatre: Theatre) -> None:
    page = shown(theatre, "crowd?count=5", "full").page
    me = face(theatre, ME)
    expect(me).to_have_attribute("tabindex", "0")
    expect(page.locator(".phase-map [tabindex='0']")).to_have_count(1)
    me.focus()
    card = page.locator(".looked-at")
    expect(card).to_contain_text("you")
    expect(card).to_contain_text("You acknowledgedAda (practice)Bela (practice)")
    page.keyboard.press("ArrowUp")
    expect(card).to_contain_text("Bela (practice)")
    page.keyboard.press("ArrowDown")
    expect(me).to_be_focused()
    visited = []
    for _ in range(6):
        visited.append(page.evaluate("document.activeElement.dataset.id"))
        page.keyboard.press("PageDown")
    assert (visited[:2], len(set(visited))) == ([ME, ADA], 6)
    expect(me).to_be_focused()
    page.keyboard.press("PageUp")
    face(theatre, HOSTILE).focus()
    expect(card).to_contain_text(f"{MARKUP} parted from you on")
    page.keyboard.press("Enter")
    expect(page.locator("#looked-at")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Who is this?")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Diverge…")).to_be_focused()


def test_nothing_is_only_in_the_picture(theatre: Theatre) -> None:
    page = shown(theatre, "crowd?count=5", "full").page
    expect(page.locator(".phase-map .parting")).to_have_count(2)
    expect(page.locator(".map > .partings li")).to_have_count(2)
    faces = page.locator(".phase-map [data-id]")
    expect(faces).to_have_count(6)
    expect(page.locator(".phases li")).to_have_count(6)
    expect(page.locator(".phases")).to_contain_text("Ada (practice) 50 % near, in your eyes")
    expect(faces.last).to_have_attribute("aria-label", re.compile("parted from"))
    page.get_by_role("button", name="Look at Bela (practice)").click()
    expect(page.locator(".looked-at")).to_contain_text("33 % near, in your eyes")


def test_a_touch_beside_a_face_finds_whom_it_meant(raise_curtain: Callable[..., Theatre]) -> None:
    theatre = raise_curtain(width=NARROW, height=740, touch=True)
    page = shown(theatre).page
    face(theatre, ADA).scroll_into_view_if_needed()
    box = face(theatre, ADA).bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] + 6, box["y"] + box["height"] / 2)
    expect(page.locator(".looked-at")).to_contain_text("Ada (practice)")


def test_parting_says_first_what_follows_and_is_taken_back_where_it_was_done(
    theatre: Theatre,
) -> None:
    page = shown(theatre).page
    face(theatre, ADA).focus()
    page.get_by_role("button", name="Diverge…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("worth 0.640 to you, would be worth 0.440")
    expect(dialog).to_contain_text("Your node does not answer Ada (practice)'s invitations")
    expect(dialog).to_contain_text("1 person stands between you")
    dialog.get_by_label("Why").select_option("false_witness")
    expect(dialog).to_contain_text("you parted from Ada (practice): “witnesses falsely”")
    assert posts(theatre) == []
    dialog.get_by_role("button", name="Diverge from Ada (practice)").click()
    expect(page.get_by_text("You diverged from Ada (practice).")).to_be_visible()
    assert posts(theatre) == [["diverge", {"person": ADA, "reason": "false_witness"}]]
    expect(page.locator(".phase-map .parting")).to_have_count(1)
    page.get_by_role("button", name="Take it back…").click()
    expect(dialog).to_contain_text("stays in your chain for everybody to read")
    dialog.get_by_role("button", name="Make up with Ada (practice)").click()
    expect(page.get_by_text("are together again")).to_be_visible()
    expect(page.locator(".phase-map .parting")).to_have_count(0)
    assert posts(theatre)[1:] == [["reconcile-with", {"person": ADA}]]


def test_a_refusal_is_told_in_the_dialog_and_escape_leaves_it(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", may_fail=True)
    page = shown(theatre, "refuse").page
    face(theatre, ADA).focus()
    page.get_by_role("button", name="Diverge…").click()
    page.get_by_role("button", name="Diverge from Ada (practice)").click()
    alert = page.get_by_role("alert")
    expect(alert).to_have_text("Your chain forked, and nothing more is written. Reconcile first.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".phase-map .parting")).to_have_count(0)


def test_coins_are_put_at_stake_and_come_back(theatre: Theatre) -> None:
    page = shown(theatre, "coin", part="Stakes").page
    amount = page.get_by_label("How many JAM")
    for wrong in ("", "0", "-1", "0.963649", "one"):
        amount.fill(wrong)
        page.get_by_role("button", name="Put at stake…").click()
        expect(page.get_by_role("alert")).to_contain_text("no amount of this coin")
    amount.fill("0,25")
    page.get_by_role("button", name="Put at stake…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("locked for at least a minute")
    assert posts(theatre) == []
    dialog.get_by_role("button", name="Put 0.250 JAM at stake").click()
    stake = page.locator(".dispute")
    expect(stake).to_contain_text("Locked until")
    expect(stake.get_by_role("button", name="Take back…")).to_have_count(0)
    ((command, body),) = posts(theatre)
    assert (command, body["amount_ujam"], body["path"]) == ("stake", 250_000, [ME])
    theatre.ask("disputes/free")
    page.get_by_role("button", name="Take back…").click(timeout=8_000)
    dialog.get_by_role("button", name="Take 0.250 JAM back").click()
    expect(page.get_by_text("Nothing.", exact=True)).to_be_visible()


def test_forks_and_contested_lots_are_told_with_both_stories(theatre: Theatre) -> None:
    page = shown(theatre, "full", part="Forks").page
    expect(page.locator(".dispute")).to_have_count(2)
    fork, contested = page.locator(".dispute").all()
    expect(fork).to_contain_text("signed two different entries as number 7")
    expect(fork.locator("code").first).to_be_hidden()
    fork.get_by_text("The proof").click()
    expect(fork.locator("code").first).to_have_text("f1" * 32)
    expect(contested).to_contain_text("0.300 JAM of yours came from it; you count 0.200")
    counted, other = contested.locator(".story").all()
    expect(counted).to_contain_text("you count this oneA transfer of 0.300 JAM to Ada")
    expect(other).to_contain_text("you don't count this oneA transfer of 0.300 JAM to Bela")
    expect(contested).to_contain_text("because people you trust witnessed more on it since")


def test_reports_stand_by_whose_they_are(theatre: Theatre) -> None:
    page = shown(theatre, "full", part="Reports").page
    expect(page.locator(".map section")).to_have_count(4)
    own, made, believed, others = page.locator(".map section").all()
    expect(own).to_contain_text("About your plays")
    expect(own.locator("li li").first).to_contain_text("a copy of another play")
    expect(made).to_contain_text("That you made")
    expect(made.get_by_role("button", name="Report…")).to_have_count(0)
    expect(believed).to_contain_text("you believe it")
    believed.get_by_text("3 reports").click()
    expect(believed).to_contain_text("their word counts 60 % of what it did")
    expect(others.get_by_role("button", name="Report…")).to_be_visible()


def test_a_fork_of_ones_own_comes_first_and_is_mended(theatre: Theatre) -> None:
    page = shown(theatre, "forked", part="Reports").page
    page.get_by_role("button", name="Mend it…").click()
    expect(page.get_by_role("dialog")).to_contain_text("Stop any other copy of this node first")
    page.get_by_role("button", name="Name both branches and go on").click()
    expect(page.get_by_text("names both branches now")).to_be_visible()
    expect(page.locator(".own-fork")).to_have_count(0)
    assert posts(theatre) == [["reconcile", None]]


def test_hostile_names_are_text_everywhere(theatre: Theatre) -> None:
    page = shown(theatre, "crowd?count=5", "full").page
    title = page.title()
    face(theatre, HOSTILE).focus()
    expect(page.locator(".looked-at")).to_contain_text(MARKUP)
    for part in PARTS:
        page.get_by_role("navigation", name="Map").get_by_role("link", name=part).click()
        expect(page.locator(".map")).to_contain_text(MARKUP if part != "Stakes" else "JAM")
        assert page.locator(".map img").count() == 0
        assert page.evaluate(f"/{FORMAT}/.test(document.body.innerText)") is False
    assert page.title() == title


def test_three_hundred_people_stay_apart_on_the_map_and_are_seen_from_near(
    theatre: Theatre,
) -> None:
    page = shown(theatre, "crowd?count=299").page
    expect(page.locator(".phase-map [data-id]")).to_have_count(300)
    edges = page.locator(".phase-map svg").bounding_box()
    assert edges is not None
    spots = page.evaluate(
        "[...document.querySelectorAll('.phase-map [data-id] > .focus')]"
        ".map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.right])"
    )
    assert all(edges["x"] <= left and right <= edges["x"] + edges["width"] for left, right in spots)
    page.get_by_role("button", name="Only who is around you").click()
    expect(page.locator(".phase-map [data-id]")).to_have_count(5)
    expect(page.locator(".phases li")).to_have_count(300)


def test_places_that_make_no_sense_stay_inside_and_names_cover_nobody(theatre: Theatre) -> None:
    theatre.open()
    wild = [
        {"id": f"{number:064x}", "name": "n" * 40, "phase": number % 2, "proximity_ppm": near,
         "x": x, "y": 0.5, "is_me": False}
        for number, (x, near) in enumerate([(-9e9, 0), (0.5, -1), (1e308, 10**9), (0.5, 5)])
    ]  # fmt: skip
    found = theatre.page.evaluate(GEOMETRY, wild)
    assert all(0 <= one["x"] <= 328 and 0 <= one["y"] <= found["height"] for one in found["fitted"])
    assert (found["pieces"], found["long"] < 180) == (2, True)
    assert len({one["id"] for one in found["shown"]}) == len(found["shown"]) <= 4


@pytest.mark.parametrize("calm", [False, True])
def test_the_map_and_its_parts_are_for_everybody(
    raise_curtain: Callable[..., Theatre], calm: bool
) -> None:
    theatre = raise_curtain(width=NARROW, height=740)
    if calm:
        theatre.page.emulate_media(reduced_motion="reduce")
    page = shown(theatre, "crowd?count=40", "full", "forked", "coin").page
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(theatre), spills(theatre)

    look("map")
    face(theatre, HOSTILE).focus()
    look("somebody")
    page.get_by_role("button", name="Diverge…").click()
    expect(page.get_by_role("dialog")).to_contain_text("What follows")
    look("diverging")
    page.keyboard.press("Escape")
    for part in PARTS:
        page.get_by_role("navigation", name="Map").get_by_role("link", name=part).click()
        for summary in page.locator(".map summary").all():
            summary.click()
        look(part)
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}
    moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
    assert page.evaluate(moving) == 0
