"""The Songs place in a real browser: looking for songs, tasting, choosing, importing, removing."""

import io
import json
import math
import struct
import wave
from collections.abc import Callable
from itertools import product
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from game.charts.osu_export import osu_from_chart
from game.charts.songs import SONGS
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

CHART: Final = SONGS["first_light"].chart(4)
LISTEN_TO_SOUND: Final = """
window.started = [];
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (at, offset, length) {
  started.push([this.buffer.duration, at, offset ?? 0]);
  return start.apply(this, arguments);
};
"""


def at_songs(theatre: Theatre) -> Page:
    """Opens the Songs place."""
    page = theatre.page
    page.goto(f"{theatre.address}/#token=test-token")
    page.get_by_role("link", name="Songs").click()
    expect(page.locator(".song-row").first).to_be_visible()
    return page


def row(page: Page, title: str) -> Locator:
    return page.locator(".song-row", has_text=title).first


def titles(page: Page) -> list[str]:
    return page.locator(".song-row .title").all_inner_texts()


def check_access(page: Page) -> None:
    """No serious or moderate violation, as axe sees it."""
    found = Axe().run(page).response["violations"]
    assert [
        (one["id"], one["nodes"][0]["html"][:120])
        for one in found
        if one["impact"] in {"moderate", "serious", "critical"}
    ] == []


def file(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def drop(page: Page, *files: dict[str, Any]) -> None:
    page.locator(".songs-head input[type=file]").set_input_files(list(files))


def osu(audio: str = "tune.wav") -> bytes:
    return osu_from_chart(CHART.cut(0, 20_000_000), "hard", audio).encode()


def tone(seconds: float = 20, rate: int = 8_000) -> bytes:
    """A sine of 440 Hz as a WAV file."""
    packed = io.BytesIO()
    with wave.open(packed, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(rate)
        samples = (
            round(9_000 * math.sin(math.tau * 440 * n / rate)) for n in range(int(seconds * rate))
        )
        made.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return packed.getvalue()


def test_songs_are_found_sorted_and_sifted(raise_curtain: Callable[..., Theatre]) -> None:
    page = at_songs(raise_curtain("--shelf=6"))
    assert titles(page) == [
        "Amber Rain", "Blue Hour", "Corvid", "Driftwood", "Élan Vital", "Fathom", "First Light",
    ]  # fmt: skip
    check_access(page)
    search = page.get_by_role("searchbox")
    search.fill("elan  MAKER")
    expect(page.locator(".song-row")).to_have_count(1)
    assert titles(page) == ["Élan Vital"]
    search.fill("zzz")
    expect(page.get_by_text("No song fits that")).to_be_visible()
    check_access(page)
    page.get_by_role("button", name="Show all songs").click()
    expect(page.locator(".song-row")).to_have_count(7)
    page.get_by_label("Lanes", exact=True).select_option("7")
    assert titles(page) == ["Blue Hour", "Driftwood", "Fathom", "First Light"]
    page.get_by_label("Lanes", exact=True).select_option("0")
    for sort, first in {"length": "Amber Rain", "newest": "Fathom", "bpm": "Amber Rain"}.items():
        page.get_by_label("Order").select_option(sort)
        assert titles(page)[0] == first
    page.get_by_label("Order").select_option("difficulty")
    shown = page.locator(".song-row .lanes").all_inner_texts()
    assert all("★" in one for one in shown)


def test_a_keyboard_alone_looks_chooses_and_plays(raise_curtain: Callable[..., Theatre]) -> None:
    page = at_songs(raise_curtain("--shelf=6"))
    page.keyboard.press("/")
    page.keyboard.type("r")
    page.keyboard.press("ArrowDown")
    chosen = page.locator('[role=option][aria-selected="true"]')
    page.keyboard.press("Home")  # within the text
    for _ in range(6):
        page.keyboard.press("ArrowUp")
    expect(chosen).to_contain_text("Amber Rain")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_contain_text("Blue Hour")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Blue Hour")).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()


def test_hundreds_of_songs_are_only_made_as_far_as_they_are_seen(
    raise_curtain: Callable[..., Theatre],
) -> None:
    page = at_songs(raise_curtain("--shelf=400"))
    assert page.locator(".song-row").count() < 40
    page.keyboard.press("End")
    expect(page.locator('[aria-selected="true"]')).to_have_attribute("aria-posinset", "401")
    expect(page.locator('[aria-selected="true"]')).to_be_in_viewport()
    assert page.locator(".song-row").count() < 40
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Choose another song")).to_be_visible()


def test_a_taste_starts_stops_and_ends_with_the_place(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--shelf=3")
    theatre.page.add_init_script(LISTEN_TO_SOUND)
    page = at_songs(theatre)
    row(page, "First Light").click()
    page.get_by_role("button", name="Listen").click()
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    stop.click()
    expect(page.get_by_role("button", name="Listen")).to_be_visible()
    row(page, "Blue Hour").click()  # has no music: its notes sound
    page.keyboard.press("Space")
    expect(stop).to_be_visible()
    row(page, "Amber Rain").click()
    expect(stop).to_have_count(0)
    page.keyboard.press("Space")
    expect(stop).to_be_visible()
    page.get_by_role("link", name="Purse").click()
    page.get_by_role("link", name="Songs").click()
    expect(page.get_by_role("button", name="Listen")).to_be_visible()


def test_charts_for_as_many_lanes_are_told_apart_and_remembered(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--shelf=1")
    page = at_songs(theatre)
    row(page, "Amber Rain").click()
    easy = page.get_by_role("radio", name="4 keys easy")
    easy.check()
    page.get_by_role("button", name="Play", exact=True).click()
    choice = page.get_by_label("Chart", exact=True)
    assert "easy" in choice.evaluate("(box) => box.selectedOptions[0].textContent")
    check_access(page)
    page.reload()
    assert "easy" in choice.evaluate("(box) => box.selectedOptions[0].textContent")
    choice.select_option(index=0)
    page.get_by_role("link", name="Songs").click()
    expect(page.get_by_role("radio", name="4 keys hard")).to_be_checked()


def test_a_chart_for_too_many_lanes_says_so_and_is_fitted(
    raise_curtain: Callable[..., Theatre],
) -> None:
    page = at_songs(raise_curtain("--shelf=3"))
    row(page, "Corvid").click()
    detail = page.get_by_label("The chosen song")
    expect(detail).to_contain_text("12 keys")
    expect(detail).to_contain_text("fit it to 4 to 10 lanes")
    expect(detail.get_by_role("button", name="Play")).to_have_attribute("aria-disabled", "true")
    check_access(page)
    detail.get_by_label("Lanes to fit it to").select_option("5")
    detail.get_by_role("button", name="Fit it").click()
    expect(detail).to_contain_text("It can be played with 5 keys now")
    expect(detail.get_by_role("radio", name="5 keys")).to_be_checked()
    detail.get_by_role("button", name="Play").click()
    expect(page.get_by_role("radio", name="5 keys")).to_be_checked()


def test_a_song_is_removed_unless_that_is_taken_back(
    raise_curtain: Callable[..., Theatre],
) -> None:
    page = at_songs(raise_curtain("--shelf=3"))
    row(page, "Blue Hour").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator(".song-row")).to_have_count(3)
    check_access(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".song-row")).to_have_count(4)
    row(page, "Blue Hour").click()
    with page.expect_request(lambda one: one.method == "DELETE", timeout=9_000) as gone:
        page.get_by_role("button", name="Remove it").click()
    assert gone.value.url.endswith("/songs/song-1")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.reload()
    expect(page.locator(".song-row")).to_have_count(3)


def test_a_chart_and_its_music_that_are_dropped_together_find_each_other(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--shelf=0")
    theatre.page.add_init_script(LISTEN_TO_SOUND)
    page = at_songs(theatre)
    drop(page, file("Tune.WAV", tone()), file("song.osu", osu()))
    job = page.get_by_label("Files on their way").get_by_role("listitem")
    expect(job).to_contain_text("1 song on the shelf")
    expect(page.get_by_text("with its music")).to_be_visible()
    expect(page.get_by_role("form")).to_have_count(0)
    page.get_by_role("button", name="Listen").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    (length, _, offset) = page.evaluate("started.find(([length]) => length > 1)")
    assert (round(length), round(offset)) == (20, 8)  # 40 % of the chart
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Practise").click()
    page.wait_for_selector("canvas")
    page.wait_for_timeout(700)
    assert len(page.evaluate("started.filter(([length]) => Math.round(length) === 20)")) == 2


def test_music_that_a_chart_wants_can_be_added_later(
    raise_curtain: Callable[..., Theatre],
) -> None:
    page = at_songs(raise_curtain("--shelf=0"))
    drop(page, file("song.osu", osu()), file("broken.osz", b"no archive"))
    jobs = page.get_by_label("Files on their way")
    expect(jobs).to_contain_text("First Light lacks its music, tune.wav.")
    expect(jobs.get_by_role("alert")).to_contain_text("broken.osz")
    expect(jobs.get_by_role("alert")).to_contain_text("nothing was kept of this one")
    check_access(page)
    jobs.get_by_label("Add it").set_input_files(file("other.wav", tone(1)))
    expect(jobs).not_to_contain_text("lacks its music")
    expect(page.get_by_text("with its music")).to_be_visible()


def pretend_import(page: Page, *states: dict[str, Any]) -> list[tuple[str, str]]:
    """Imports become what the test says; returns what was asked, as it comes."""
    left, asked = [*states], list[tuple[str, str]]()
    lists: dict[str, Any] = {"songs": [], "wanted": [], "problems": []}
    usual = {"id": "7", "file": "tune.mp3", "why": "", "next": ""} | lists

    def answer(route: Route) -> None:
        asked.append((route.request.method, route.request.url.partition("/v1/")[2]))
        if route.request.method == "DELETE":
            left[:] = [{"state": "cancelled", "stage": "", "share": 0}]
        state = left.pop(0) if len(left) > 1 else left[0]
        route.fulfill(body=json.dumps(usual | state), content_type="application/json")

    page.route("**/api/v1/imports**", answer)
    page.route("**/api/v1/imports/**", answer)
    return asked


def test_music_asks_first_shows_how_far_it_is_and_can_be_given_up(
    raise_curtain: Callable[..., Theatre],
) -> None:
    page = at_songs(raise_curtain("--shelf=0"))
    working = {"state": "working", "stage": "finding the beat for 7 keys", "share": 0.4}
    asked = pretend_import(
        page, {"state": "waiting", "stage": "waiting its turn", "share": 0}, working
    )
    drop(page, file("tune.mp3", b"ID3"))
    form = page.get_by_role("form", name="Make charts of tune.mp3")
    check_access(page)
    form.get_by_label("10").uncheck()
    form.get_by_label("How dense").select_option("4")
    form.get_by_label("Listen to").select_option("drums")
    form.get_by_role("button", name="Make charts").click()
    jobs = page.get_by_label("Files on their way")
    expect(jobs).to_contain_text("Finding the beat for 7 keys, 40 %")
    assert jobs.get_by_role("progressbar").get_attribute("value") == "0.4"
    assert asked[0] == ("POST", "imports?file=tune.mp3&keys=4%2C7&level=4&parts=percussive")
    check_access(page)
    jobs.get_by_role("button", name="Cancel").click()
    expect(jobs).to_contain_text("given up")
    assert ("DELETE", "imports/7") in asked


def test_what_could_not_be_read_of_an_archive_is_listed(
    raise_curtain: Callable[..., Theatre],
) -> None:
    page = at_songs(raise_curtain("--shelf=0"))
    problems = ["hard.osu: line 3: no such mode", "<b>x</b>.osu: empty"]
    pretend_import(page, {"state": "done", "stage": "", "share": 1, "problems": problems})
    drop(page, file("pack.osz", b"PK"))
    page.get_by_text("2 things in it could not be read").click()
    expect(page.locator(".problems")).to_contain_text("<b>x</b>.osu: empty")
    check_access(page)


MARKUP: Final = "<img src=x onerror=alert(1)>"
ODD_CHART: Final = {"id": CHART.id.hex(), "keys": 4, "level": "L" * 900, "stars": -2}
HOSTILE: Final = [
    {"name": "../../x", "title": MARKUP, "artist": "\u202egnp.exe", "charts": []},
    {"name": "long", "title": "W" * 300, "artist": "ß" * 400, "charts": [ODD_CHART]},
    {"name": "odd", "title": 7, "charts": [{"id": "zz", "keys": 4}, None], "bpm": "x"},
    {"title": "no name"},
    None,
]  # fmt: skip


@pytest.mark.parametrize("width", [1_280, 360])
def test_odd_songs_are_shown_as_text_and_break_nothing(
    raise_curtain: Callable[..., Theatre], width: int
) -> None:
    theatre = raise_curtain("--shelf=0", width=width, height=740, may_fail=True)
    page = theatre.page
    page.route("**/api/v1/songs", lambda route: route.fulfill(json={"songs": HOSTILE}))
    at_songs(theatre)
    expect(page.locator(".song-row")).to_have_count(3)
    assert {MARKUP, "A song without a name"} < set(titles(page))
    row(page, "WWW").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("img", name="x")).to_have_count(0)
    page.get_by_label("The chosen song").get_by_role("button", name="Play").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


STRETCH: Final = """
async ([rate, hertz]) => {
  const { Stretcher } = await import("/client/sound/stretch.js");
  const length = 48_000 * 3;
  const buffer = new AudioBuffer({ length, numberOfChannels: 2, sampleRate: 48_000 });
  const sine = (_, n, all) => (all[n] = 0.5 * Math.sin((2 * Math.PI * hertz * n) / 48_000));
  for (const channel of [0, 1]) buffer.getChannelData(channel).forEach(sine);
  const [out] = new Stretcher(buffer, rate).chunk(4_800, 40);
  const heard = out.slice(2_048);
  let crossings = 0;
  for (let n = 1; n < heard.length; n++) crossings += heard[n - 1] < 0 && heard[n] >= 0;
  const peak = (samples) => Math.max(...samples.map(Math.abs));
  let least = 1;
  for (let n = 0; n + 480 <= heard.length; n += 480) {
    least = Math.min(least, peak(heard.slice(n, n + 480)));
  }
  const heardHertz = (crossings * 48_000) / heard.length;
  return { hertz: heardHertz, loudest: peak(heard), least, seconds: out.length / 48_000 };
}
"""


def test_another_speed_keeps_the_pitch_and_the_loudness(theatre: Theatre) -> None:
    theatre.page.goto(f"{theatre.address}/#token=test-token")
    for rate, hertz in product((0.5, 0.75, 1.25, 1.5), (110, 440, 1_760)):
        heard = theatre.page.evaluate(STRETCH, [rate, hertz])
        assert heard["hertz"] == pytest.approx(hertz, rel=0.02)
        assert 0.45 < heard["least"] <= heard["loudest"] < 0.55
        assert heard["seconds"] == pytest.approx(40 * 1_024 / 48_000)


DRAG: Final = """
([type, name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
  return document.querySelector("main").dispatchEvent(event);
}
"""


def test_a_file_may_be_dropped_anywhere_on_the_place(
    raise_curtain: Callable[..., Theatre],
) -> None:
    page = at_songs(raise_curtain("--shelf=0"))
    dragged = ["song.osu", osu().decode()]
    assert page.evaluate(DRAG, ["dragover", *dragged]) is False
    expect(page.locator(".drop-here")).to_contain_text("Let go")
    check_access(page)
    assert page.evaluate(DRAG, ["drop", *dragged]) is False
    expect(page.locator(".drop-here")).to_have_count(0)
    expect(page.get_by_label("Files on their way")).to_contain_text("1 song on the shelf")
