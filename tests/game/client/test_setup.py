"""Setting up: keys, keyboards that drop some, calibration, settings that were tampered with."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

KEYBOARD: Final = """
async ([codes, rectangles]) => {
  const { Rollover, suggestLayout } = await import("/client/hands/rollover.js");
  const test = new Rollover(codes);
  let steps = 0;
  while (test.step && steps < 200) {
    steps++;
    const wanted = [...test.step];
    const dropped = rectangles.filter((three) => three.every((code) => wanted.includes(code)))
      .map((three) => three[2]);
    const coming = wanted.filter((code) => !dropped.includes(code));
    for (const code of coming) test.key(code, true);
    test.giveUp();
    for (const code of coming) test.key(code, false);
  }
  return { steps, smallest: test.smallest, layout: suggestLayout(codes, test.smallest) };
}
"""
TAPPER: Final = """
window.tapper = setInterval(() => {
  const canvas = document.querySelector(".tap-test canvas");
  const first = Number(canvas?.dataset.firstBeatMs);
  if (!first || canvas.isTapped) return;
  canvas.isTapped = true;
  clearInterval(window.tapper);
  for (let beat = 0; beat < 26; beat++) {
    const jitter = ((beat * 7) % 5 - 2) * 4;
    const wild = beat === 11 ? 180 : 0;
    const due = first + beat * 600 + LATE + jitter + wild;
    setTimeout(() => {
      while (performance.now() < due) { /* a timer alone is too coarse */ }
      canvas.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyF", bubbles: true }));
    }, due - performance.now() - 6);
  }
}, 20);
"""


def test_a_key_that_another_lane_has_is_swapped_or_chosen_anew_and_undone(theatre: Theatre) -> None:
    theatre.settings("Keys")
    page = theatre.page
    page.get_by_role("button", name="Lane 2,").click()
    page.wait_for_timeout(40)
    page.keyboard.press("d")
    expect(page.get_by_role("alert")).to_contain_text("D plays lane 1 already.")
    page.get_by_role("button", name="Swap the two").click()
    assert theatre.stored()["keymaps"]["keyboard"]["4"] == ["KeyF", "KeyD", "KeyJ", "KeyK"]
    page.get_by_role("button", name="Lane 4,").click()
    page.wait_for_timeout(40)
    page.keyboard.press("p")
    expect(page.get_by_role("status").filter(has_text="Lane 4 is now P.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    assert theatre.stored()["keymaps"]["keyboard"]["4"] == ["KeyD", "KeyF", "KeyJ", "KeyK"]
    page.get_by_role("combobox", name="Layout").select_option(label="arrows: ← ↓ ↑ →")
    assert theatre.stored()["keymaps"]["keyboard"]["4"][0] == "ArrowLeft"


def test_what_was_mapped_plays(theatre: Theatre) -> None:
    keys = ["KeyQ", "KeyW", "KeyO", "KeyP"]
    text = json.dumps({"version": 1, "keymaps": {"keyboard": {"4": keys}}})
    theatre.page.add_init_script(f"localStorage.setItem('popd.settings', {json.dumps(text)})")
    theatre.start()
    for key in "qpdf":
        theatre.page.keyboard.press(key, delay=25)
    assert [lane for _, lane, _ in theatre.logged(4)["events"]] == [0, 0, 3, 3]


def test_a_keyboard_that_lets_all_keys_through_is_known_at_once(theatre: Theatre) -> None:
    theatre.settings("Keys")
    page = theatre.page
    page.get_by_role("button", name="Test the keyboard").click()
    expect(page.locator(".task")).to_have_text("Hold D + F + J + K")
    for key in "dfjk":
        page.keyboard.down(key)
    expect(page.locator(".good-news")).to_contain_text("All 4 keys come through together")
    for key in "dfjk":
        page.keyboard.up(key)
    expect(page.locator(".matrix .passed")).to_have_count(6)


def test_two_keys_that_block_each_other_show_and_another_layout_is_offered(
    theatre: Theatre,
) -> None:
    theatre.settings("Keys")
    page = theatre.page
    page.get_by_role("button", name="Test the keyboard").click()
    hold(page, "dfj")  # K doesn't come
    expect(page.locator(".task")).to_have_text("Hold D + K", timeout=3_000)  # D, F, J came
    for pair in ("dk", "fk"):
        hold(page, pair)
    hold(page, "j")  # K doesn't come here either
    hold(page, "dfk")
    expect(page.locator(".matrix .blocked")).to_have_count(1, timeout=3_000)
    expect(page.locator(".refusal")).to_contain_text("J + K held: K is missing")
    page.get_by_role("button", name="Take it, and test it").click()
    layout = theatre.stored()["keymaps"]["keyboard"]["4"]
    assert not {"KeyJ", "KeyK"} <= set(layout)
    expect(page.locator(".task")).to_contain_text("Hold")


def hold(page: Page, keys: str) -> None:
    """Presses keys together; long enough for the page to give up on others."""
    before = page.locator(".task").text_content()
    for key in keys:
        page.keyboard.down(key)
    wanted = (before or "").count("+") + 1
    page.wait_for_timeout(1_650 if len(keys) < wanted else 30)
    for key in keys:
        page.keyboard.up(key)
    page.wait_for_timeout(30)


@pytest.mark.parametrize(
    ("codes", "rectangles"),
    [
        (["KeyD", "KeyF", "KeyJ", "KeyK"], []),
        (["KeyS", "KeyD", "KeyF", "Space", "KeyJ", "KeyK", "KeyL"], [["KeyS", "KeyD", "KeyF"]]),
        (["KeyD", "KeyF", "KeyJ", "KeyK"], [["KeyD", "KeyJ", "KeyK"], ["KeyF", "KeyJ", "KeyK"]]),
    ],
)
def test_every_three_keys_that_hide_one_are_found(
    theatre: Theatre, codes: list[str], rectangles: list[list[str]]
) -> None:
    theatre.page.goto(f"{theatre.address}/#token=test-token")
    found = theatre.page.evaluate(KEYBOARD, [codes, rectangles])
    assert found["steps"] < 60
    assert sorted(sorted(one["codes"]) for one in found["smallest"]) == sorted(
        sorted(three) for three in rectangles
    )
    if rectangles:
        _, layout = found["layout"]
        assert not any(set(three) <= set(layout) for three in rectangles)


def test_what_is_pressed_for_each_falling_note_becomes_its_key(theatre: Theatre) -> None:
    theatre.settings("Keys")
    page = theatre.page
    page.get_by_role("button", name="Find keys by playing").click()
    task = page.locator(".task")
    expect(task).to_contain_text("press the key you would like")
    for number, key in enumerate("erui"):
        page.wait_for_timeout(1_050 if number == 0 else 700)
        if number == 2:
            page.keyboard.press("e")
            expect(task).to_contain_text("E plays lane 1 already")
        page.keyboard.press(key)
    expect(task).to_have_text("Try them: ten notes.", timeout=2_000)
    expect(task).to_contain_text("of 10. Keep these keys?", timeout=10_000)
    page.get_by_role("button", name="Keep them").click()
    assert theatre.stored()["keymaps"]["keyboard"]["4"] == ["KeyE", "KeyR", "KeyU", "KeyI"]


def test_three_offsets_are_measured_from_taps_that_come_late(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain()
    others = [theatre.page.context.new_page() for _ in range(2)]
    pages = [theatre.page, *others]
    for page, kind in zip(pages, ("Sound", "Picture", "Input"), strict=True):
        tapper = TAPPER.replace("LATE", "68")
        page.add_init_script(tapper)
        page.goto(f"{theatre.address}/#token=test-token")
        page.get_by_role("link", name="Settings").click()
        page.get_by_role("link", name="Calibration").click()
        offset = page.locator(".offset").filter(has=page.get_by_role("heading", name=kind))
        offset.get_by_role("button", name="Measure").click()
    said = []
    for page in pages:
        expect(page.locator(".good-news")).to_be_visible(timeout=30_000)
        said.append(page.locator(".good-news").text_content())
    typical = 8
    for text, wanted in zip(said, (68 - typical, 68 - typical, 68), strict=True):
        measured = int(str(text).split("+")[1].split(" ms")[0])
        assert abs(measured - wanted) <= 6
        assert re.search(r"from (1[6-9]|2\d) taps", str(text))


ESTIMATE: Final = """
async (errors) => (await import("/client/hands/calibration.js")).estimate(errors)
"""


@pytest.mark.parametrize(
    ("errors", "middle_us", "is_steady"),
    [
        ([40_000 + (number % 5 - 2) * 5_000 for number in range(20)], 40_000, True),
        ([40_000] * 17 + [280_000, -250_000, 300_000], 40_000, True),
        ([-120_000] * 16, -120_000, True),
        ([40_000] * 15, 40_000, False),
        ([(number % 10 - 5) * 30_000 for number in range(30)], None, False),
        ([250_000, -250_000] * 12, None, False),
        ([], 0, False),
    ],
)
def test_an_offset_is_the_middle_of_steady_taps_or_none_at_all(
    theatre: Theatre, errors: list[int], middle_us: int | None, is_steady: bool
) -> None:
    theatre.page.goto(f"{theatre.address}/#token=test-token")
    found = theatre.page.evaluate(ESTIMATE, errors)
    assert found["isSteady"] is is_steady
    if middle_us is not None:
        assert found["middle_us"] == middle_us


HOSTILE: Final[list[Any]] = [
    "not json",
    "null",
    "[]",
    '"x"',
    "1e999",
    "{" * 30_000,
    {"version": 2, "scroll": {"ms": 700}},
    {"version": 1, "scroll": {"ms": "900", "mode": "<img>", "direction": [], "view": None}},
    {"version": 1, "scroll": {"ms": -1e308}, "sound": {"music": 1e9, "hits": None}},
    {"version": 1, "calibration": {"audio_us": 9e15, "visual_us": -9e15, "input_us": "5"}},
    {
        "version": 1,
        "keymaps": {"keyboard": {"4": ["KeyD"] * 4, "5": ["Escape", "a", "b", "c", "d"]}},
    },
    {"version": 1, "keymaps": {"keyboard": "x", "pad": {"4": ["b0", "b1", "x", "b3"]}, "midi": 5}},
    {"version": 1, "keymaps": {"keyboard": {"4": ["<script>", "KeyA", "KeyB", "KeyC"]}}},
    {"version": 1, "__proto__": {"polluted": 1}, "picture": {"motion": {}, "errors": "yes"}},
]


def test_settings_that_somebody_tampered_with_become_the_defaults_within_bounds(
    theatre: Theatre,
) -> None:
    page = theatre.page
    page.goto(f"{theatre.address}/#token=test-token")
    texts = [one if isinstance(one, str) else json.dumps(one) for one in HOSTILE]
    script = """
      async (texts) => {
        const { read } = await import("/client/settings/settings.js");
        return texts.map((text) => {
          try {
            return read(JSON.parse(text));
          } catch {
            return read(null);
          }
        });
      }
    """
    defaults, *_ = found = page.evaluate(script, texts)
    for one in found:
        assert one["keymaps"] == defaults["keymaps"]
        assert one["scroll"] | {"ms": 0} == defaults["scroll"] | {"ms": 0}
        assert 400 <= one["scroll"]["ms"] <= 2_500
        assert all(0 <= one["sound"][name] <= 1 for name in ("music", "hits"))
        assert all(abs(value) <= 250_000 for value in one["calibration"].values())
        assert one["picture"] == defaults["picture"]
    for text in (texts[0], texts[5], texts[10]):
        page.evaluate("(text) => localStorage.setItem('popd.settings', text)", text)
        page.evaluate("localStorage.setItem('popd.keys', '9999')")
        page.reload()
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_settings_are_carried_as_text_and_reset(theatre: Theatre) -> None:
    theatre.settings("All settings")
    page = theatre.page
    text = page.get_by_label("Settings as text")
    wanted = json.loads(text.input_value())
    wanted["scroll"]["ms"] = 650
    text.fill(json.dumps(wanted))
    page.get_by_role("button", name="Take over").click()
    expect(page.locator(".good-news")).to_have_text("Taken over.")
    assert theatre.stored()["scroll"]["ms"] == 650
    text.fill("{ nonsense")
    page.get_by_role("button", name="Take over").click()
    expect(page.locator(".refusal")).to_contain_text("it is not JSON")
    assert theatre.stored()["scroll"]["ms"] == 650
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Yes, forget").click()
    assert theatre.stored()["scroll"]["ms"] == 1_100


def test_notes_come_from_below_and_by_the_beat_when_wished(theatre: Theatre) -> None:
    page = theatre.page
    page.goto(f"{theatre.address}/#token=test-token")
    script = """
      async () => {
        const { Places, planOf } = await import("/client/stage/plan.js");
        const timing = [[0, 500000], [4000000, 250000], [5000000, 500000]];
        const constant = new Places(timing, 20000000, false);
        const beat = new Places(timing, 20000000, true);
        const times = [0, 1000000, 4000000, 4500000, 5000000, 6000000];
        const scroll = { direction: "up", view: "flat", ms: 1000, mode: "beat" };
        const plan = planOf(360, 740, 10, scroll);
        return {
          constant: times.map((us) => constant.at(us)),
          beat: times.map((us) => beat.at(us)),
          goesUp: plan.yAt(1) > plan.yAt(0.5) && plan.yAt(0.5) > plan.yAt(0),
          isEven: Math.abs(plan.yAt(1) - 2 * plan.yAt(0.5) + plan.yAt(0)) < 1e-9,
          width: plan.edge(10, plan.lineY) - plan.edge(0, plan.lineY),
        };
      }
    """
    found = page.evaluate(script)
    assert found["constant"] == [0, 1_000_000, 4_000_000, 4_500_000, 5_000_000, 6_000_000]
    assert found["beat"] == [0, 1_000_000, 4_000_000, 5_000_000, 6_000_000, 7_000_000]
    assert (found["goesUp"], found["isEven"], found["width"]) == (True, True, 352)
