"""Who is around the user, who a person is, and what clusters think, as a user sees them."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.game.client.fake_fates import IDENTITY, MARKUP, NEIGHBOURS
from tests.game.client.test_access import NARROW, faults, spills
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

ME: Final = str(IDENTITY["id"])
ADA: Final = str(NEIGHBOURS[0]["id"])
NO_WEBGL: Final = """
const original = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.includes("webgl") ? null : original.call(this, kind, ...rest);
};
"""
PLACES: Final = """
async (people) => {
  const { placed } = await import("/client/map/places.js");
  const flat = (places) => [...places.values()].map(({ id, x, y, r }) => [id, x, y, r]);
  const first = placed(people);
  const moved = people.map((one, at) => (at === 1 ? { ...one, proximity: 0.9 } : one));
  const others = people.slice(1, 100).map((one) => ({ ...one, id: "f" + one.id.slice(1) }));
  return {
    first: flat(first),
    again: flat(placed([...people].reverse())),
    later: flat(placed([...people, ...others], first)).slice(0, people.length),
    nearer: flat(placed(moved, first)),
  };
}
"""
WILD: Final = """
async () => {
  const { placed, distanceOf } = await import("/client/map/places.js");
  const { circlesOf } = await import("/client/people/voices.js");
  const { curveOf } = await import("/client/people/growth.js");
  const odd = [NaN, -1, Infinity, null, "x", 2];
  const made = (fields) =>
    odd.map((value, id) => fields.reduce((all, one) => ({ ...all, [one]: value }), { id }));
  const people = made(["proximity", "angle", "stratum"]);
  const voices = made(["share", "alike"]);
  const curve = curveOf(made(["time_ms", "n_eff"]), 100, 50);
  const scale = [0, 0.005, 0.05, 0.25, 1].map(distanceOf);
  const { circles } = circlesOf([0, 0, 1].map((alike, id) => ({ id, share: 0.3, alike })), 400);
  const isWithin = ({ x, y, r }) => [x, y, r].every(Number.isFinite) && x + r <= 90;
  return {
    isInside: [...placed(people).values()].every(({ x, y, r }) => Math.hypot(x, y) < 2 && r > 0),
    isFinite: circlesOf(voices, 90).circles.every(isWithin),
    isDrawn: !/NaN|Infinity/.test(curve.line),
    isFalling: scale.every((distance, at) => at === 0 || distance < scale[at - 1]),
    apart: [1, 2].map((at) => circles[at].x - circles[at - 1].x > 2 * circles[0].r),
  };
}
"""


RINGS: Final = """
async () => {
  const { ringSpots } = await import("/client/map/sky-words.js");
  const frame = { x: 300, y: 100, size: { width: 600, height: 200 } };
  const spots = (radius) => ringSpots(radius, frame, 13).map(({ x, y }) => [x, y]);
  return [50, 90, 150, 290, 400].map(spots);
}
"""


def shown(theatre: Theatre, count: int = 8, part: str = "") -> Page:
    """The map with so many people besides the user, and one of its parts open."""
    theatre.ask(f"trust/crowd?count={count}")
    theatre.open()
    page = theatre.page
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.get_by_role("heading", name="Map", level=1)).to_be_focused()
    if part:
        page.get_by_role("navigation", name="Map").get_by_role("link", name=part).click()
    return page


def people(count: int) -> list[dict[str, Any]]:
    """The user and so many others, crowded into three directions."""
    others = [
        {"id": f"{number:064x}", "is_me": False, "proximity": 0.4 / number**2,
         "stratum": number % 4, "angle": number % 3 * 2.0 + 0.002 * (number % 40)}
        for number in range(1, count)
    ]  # fmt: skip
    return [{"id": ME, "is_me": True, "proximity": 1, "stratum": 2, "angle": 0}, *others]


def test_nobody_overlaps_and_nobody_jumps_when_others_come(theatre: Theatre) -> None:
    theatre.open()
    found = theatre.page.evaluate(PLACES, people(400))
    first = {key: (x, y, r) for key, x, y, r in found["first"]}
    spots = list(first.values())
    assert all(
        (x - other_x) ** 2 + (y - other_y) ** 2 > (r + other_r) ** 2
        for place, (x, y, r) in enumerate(spots)
        for other_x, other_y, other_r in spots[:place]
    )
    assert first[ME][:2] == (0, 0)
    assert {key: (x, y, r) for key, x, y, r in found["again"]} == first
    for later in ("later", "nearer"):
        now = {key: (x, y, r) for key, x, y, r in found[later]}
        changed = {key for key in first if now.get(key) != first[key]}
        assert changed == ({f"{1:064x}"} if later == "nearer" else set())


def test_numbers_that_make_no_sense_are_drawn_inside(theatre: Theatre) -> None:
    theatre.open()
    found = theatre.page.evaluate(WILD)
    assert found.pop("apart") == [True, False]
    assert set(found.values()) == {True}


def test_a_ring_is_named_where_it_is_in_the_frame(theatre: Theatre) -> None:
    theatre.open()
    assert theatre.page.evaluate(RINGS) == [
        [[300, 50], [300, 150], [350, 100], [250, 100]],
        [[390, 100], [210, 100]],
        [[450, 100], [150, 100]],
        [],
        [],
    ]


def test_people_are_walked_to_from_near_to_far_and_show_their_ties(theatre: Theatre) -> None:
    page = shown(theatre)
    sky = page.get_by_role("slider", name="People around you")
    sky.focus()
    page.keyboard.press("Home")
    expect(sky).to_have_attribute("aria-valuetext", "you, in the middle")
    page.keyboard.press("ArrowRight")
    expect(sky).to_have_attribute("aria-valuetext", "Ada (practice), 0.50 near you, close, Harbour")
    expect(sky).to_have_attribute("data-ties", "8")
    expect(page.locator(".around")).to_contain_text("Ada (practice)")
    page.keyboard.press("Escape")
    expect(sky).to_have_attribute("data-ties", "0")
    sky.hover()
    expect(sky).not_to_have_attribute("data-ties", "0")
    page.get_by_label("Find somebody").hover()
    expect(sky).to_have_attribute("data-ties", "0")
    page.keyboard.press("End")
    expect(sky).to_have_attribute("aria-valuenow", "9")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ada (practice)", level=1)).to_be_focused()
    assert page.evaluate("location.hash") == f"#people/{ADA}"
    page.go_back()
    expect(page.get_by_role("heading", name="Map", level=1)).to_be_visible()


def test_a_touch_near_somebody_shows_their_ties_and_the_way_to_them(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain(width=NARROW, height=740, touch=True)
    page = shown(theatre)
    sky = page.locator(".sky")
    expect(sky).to_have_attribute("data-ties", "0")
    sky.scroll_into_view_if_needed()
    box = sky.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2 + 8, box["y"] + box["height"] / 2)
    expect(page.locator(".around h2")).to_have_text("you")
    expect(sky).not_to_have_attribute("data-ties", "0")
    page.get_by_role("link", name="All about you").click()
    expect(page.get_by_role("heading", name="you", level=1)).to_be_visible()


def test_somebody_is_found_by_name_among_thousands(theatre: Theatre) -> None:
    page = shown(theatre, 3_000)
    search = page.get_by_role("search")
    page.get_by_label("Find somebody").fill("no such name")
    expect(search.get_by_role("status")).to_have_text("Nobody has such a name here.")
    page.get_by_label("Find somebody").fill("person 2999")
    expect(search.get_by_role("status")).to_have_text("1 person")
    expect(page.locator(".everybody tbody tr")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".around h2")).to_have_text("Person 2999")
    expect(page.locator(".sky")).not_to_have_attribute("data-ties", "0")


def test_without_webgl_the_list_does_the_job_and_says_why(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain(width=NARROW, height=740)
    theatre.page.add_init_script(NO_WEBGL)
    page = shown(theatre)
    expect(page.locator(".no-webgl")).to_contain_text("This browser can't draw the map")
    expect(page.locator(".sky")).to_have_count(0)
    assert faults(theatre) == []
    assert spills(theatre) <= 0
    page.locator(".everybody").get_by_role("link", name="Bela (practice)").click()
    expect(page.get_by_role("heading", name="Bela (practice)", level=1)).to_be_focused()


def test_a_person_explains_each_number_and_whose_it_is(theatre: Theatre) -> None:
    page = shown(theatre)
    page.locator(".everybody").get_by_role("link", name=MARKUP).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(MARKUP)
    who = page.locator(".who")
    who.get_by_text("near you").click()
    expect(who).to_contain_text("Somebody else's number for them may differ")
    expect(page.locator(".voices .voice")).to_have_count(8)
    expect(page.locator(".voices .echo")).to_have_count(3)
    page.get_by_text("by your node: how it is counted").click()
    expect(page.locator(".person-page")).to_contain_text("8 people acknowledged them")
    expect(page.locator(".voices-table tbody tr")).to_have_count(8)
    expect(page.locator(".deeds > li")).to_have_count(15)
    expect(page.locator(".deeds > li").first).to_contain_text("witnessed them")
    expect(page.locator(".growth tbody tr")).to_have_count(13)
    expect(page.get_by_role("button", name="Diverge…")).to_be_visible()
    assert page.locator(".person-page img").count() == 0
    page.goto(f"{theatre.address}/#people/{ADA}")
    expect(page.get_by_role("heading", name="Ada (practice)", level=1)).to_be_visible()


@pytest.mark.parametrize("address", ["people/" + "e" * 64, "people/zzz", "people/%2F..", "people"])
def test_somebody_unknown_is_told_so(raise_curtain: Callable[..., Theatre], address: str) -> None:
    theatre = raise_curtain(may_fail=True)
    page = shown(theatre)
    page.goto(f"{theatre.address}/#people/{ADA}")
    expect(page.get_by_role("heading", name="Ada (practice)", level=1)).to_be_visible()
    page.goto(f"{theatre.address}/#{address}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody with this key is known here")
    page.get_by_role("link", name="To the Map").click()
    expect(page.get_by_role("heading", name="Map", level=1)).to_be_visible()


def test_rates_are_a_table_that_reads_as_sentences(theatre: Theatre) -> None:
    page = shown(theatre, 60, part="Clusters")
    rows = page.locator(".rates tbody tr")
    expect(rows).to_have_count(7)
    expect(rows.first).to_contain_text("Harbour")
    expect(rows.first.get_by_text("yours")).to_be_visible()
    page.locator(".rates td[tabindex='0']").focus()
    words = page.locator(".rate-words")
    expect(words).to_contain_text("To you and yours, 1 JAM of")
    page.keyboard.press("ArrowLeft")
    expect(words).to_have_text("To you and yours, your own coins are the measure: 1 is 1.")
    unknown = rows.filter(has_text="Night school").locator("td").first
    unknown.click()
    expect(words).to_contain_text("Not known: to Night school, their own coins are worth nothing")
    expect(page.locator(".bridges li").first).to_contain_text("Dian (practice) between")


def test_empty_pages_say_how_they_fill(theatre: Theatre) -> None:
    page = shown(theatre, 0)
    expect(page.locator(".nobody")).to_contain_text("whoever is connected appears here")
    page.get_by_role("navigation", name="Map").get_by_role("link", name="Clusters").click()
    expect(page.locator(".nobody")).to_contain_text("Clusters show by themselves once")
    page.goto(f"{theatre.address}/#people/{ME}")
    expect(page.get_by_text("Nobody has acknowledged you yet")).to_be_visible()
    expect(page.get_by_text("whoever witnesses you by hand")).to_be_visible()


def test_the_map_people_and_clusters_are_for_everybody(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain(width=NARROW, height=740)
    theatre.page.emulate_media(reduced_motion="reduce")
    page = shown(theatre, 40)
    found: dict[str, list[str]] = {}
    wide: dict[str, int] = {}

    def look(state: str) -> None:
        found[state], wide[state] = faults(theatre), spills(theatre)

    page.locator(".sky").focus()
    page.keyboard.press("ArrowRight")
    look("around")
    page.keyboard.press("Enter")
    expect(page.locator(".voices svg")).to_be_visible()
    for summary in page.locator(".person-page summary").all():
        summary.click()
    look("person")
    page.get_by_role("navigation", name="Map").get_by_role("link", name="Clusters").click()
    look("clusters")
    assert {state: said for state, said in found.items() if said} == {}
    assert {state: pixels for state, pixels in wide.items() if pixels > 0} == {}
