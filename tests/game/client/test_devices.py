"""Gamepads, MIDI instruments and fingers play lanes too."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

PAD: Final = """
const buttons = Array.from({ length: 17 }, () => ({ pressed: false, value: 0 }));
const axes = [0, 0, 0, 0];
window.pad = { id: "Stub pad", index: 0, connected: true, buttons, axes, timestamp: 0 };
window.setButton = (number, isDown) => {
  buttons[number] = { pressed: isDown, value: isDown ? 1 : 0 };
  window.pad.timestamp = performance.now();
  return performance.timeOrigin + performance.now();
};
navigator.getGamepads = () => [window.pad, null, null, null];
"""
MIDI: Final = """
const input = { id: "1", name: "Stub drums", onmidimessage: null };
window.strike = (status, note, velocity) => {
  const timeStamp = performance.now();
  input.onmidimessage({ data: [status, note, velocity], timeStamp });
  return (performance.timeOrigin + timeStamp) * 1000;
};
navigator.requestMIDIAccess = async () => ({ inputs: new Map([["1", input]]) });
"""


def test_buttons_of_a_gamepad_play_lanes_at_their_time(theatre: Theatre) -> None:
    theatre.page.add_init_script(PAD)
    theatre.start()
    page = theatre.page
    pressed = []
    for button in (14, 13, 12, 15):
        pressed.append(page.evaluate("(button) => setButton(button, true)", button) * 1_000)
        page.wait_for_timeout(40)
        page.evaluate("(button) => setButton(button, false)", button)
        page.wait_for_timeout(30)
    logged = theatre.logged(8)
    assert [event[1:] for event in logged["events"]] == [[n // 2, 1 - n % 2] for n in range(8)]
    times = [logged["start_us"] + time_us for time_us, _, _ in logged["events"][::2]]
    theatre.check_times(times, pressed)


def test_a_gamepad_is_mapped_in_the_same_place_as_keys(theatre: Theatre) -> None:
    theatre.page.add_init_script(PAD)
    theatre.settings("Keys")
    page = theatre.page
    page.get_by_role("radio", name="Gamepad").check(force=True)
    page.get_by_role("button", name="Lane 1,").click()
    page.wait_for_timeout(50)
    page.evaluate("setButton(0, true)")
    expect(page.get_by_role("status").filter(has_text="Lane 1 is now A.")).to_be_visible()
    page.evaluate("setButton(0, false)")
    page.get_by_role("button", name="Lane 2,").click()
    page.wait_for_timeout(50)
    page.evaluate("pad.axes[0] = -1")
    expect(page.get_by_role("status").filter(has_text="Lane 2 is now stick 0-.")).to_be_visible()
    assert theatre.stored()["keymaps"]["pad"]["4"][:2] == ["b0", "a0-"]


def test_an_instrument_plays_lanes_and_needs_no_hit_sounds(theatre: Theatre) -> None:
    theatre.page.add_init_script(MIDI)
    theatre.settings("Inputs")
    page = theatre.page
    has_hits = "import('/client/stage/engine.js').then((engine) => engine.hasHitSounds())"
    assert page.evaluate(has_hits) is True
    page.get_by_role("button", name="Connect MIDI").click()
    expect(page.get_by_role("status").filter(has_text="Stub drums")).to_be_visible()
    assert page.evaluate(has_hits) is False
    assert theatre.stored()["devices"]["midi"] is True
    page.get_by_role("link", name="Play").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()
    theatre.begin()
    struck = []
    for note in (60, 65, 64, 99):
        struck.append(page.evaluate("(note) => strike(0x99, note, 90)", note))
        page.wait_for_timeout(25)
        page.evaluate("(note) => strike(0x99, note, 0)", note)
    logged = theatre.logged(6)
    assert [event[1:] for event in logged["events"]] == [
        [0, 1],
        [0, 0],
        [3, 1],
        [3, 0],
        [2, 1],
        [2, 0],
    ]
    times = [logged["start_us"] + time_us for time_us, _, _ in logged["events"][::2]]
    theatre.check_times(times, struck[:3])


def test_a_browser_that_forbids_midi_says_what_to_do(theatre: Theatre) -> None:
    refuse = "navigator.requestMIDIAccess = () => Promise.reject(new Error('no'))"
    theatre.page.add_init_script(refuse)
    theatre.settings("Inputs")
    theatre.page.get_by_role("button", name="Connect MIDI").click()
    expect(theatre.page.get_by_text("Allow MIDI for this page")).to_be_visible()


def touch(session: Any, kind: str, *points: tuple[float, float, int]) -> None:
    fingers = [{"x": x, "y": y, "id": number} for x, y, number in points]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})


def test_two_fingers_hold_two_lanes_and_one_slides_into_a_third(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", width=360, height=740, touch=True)
    theatre.start()
    session = theatre.page.context.new_cdp_session(theatre.page)
    touch(session, "touchStart", (45, 600, 0))
    touch(session, "touchStart", (45, 600, 0), (315, 600, 1))
    touch(session, "touchMove", (135, 600, 0), (315, 600, 1))
    touch(session, "touchEnd", (315, 600, 1))
    touch(session, "touchEnd")
    events = [event[1:] for event in theatre.logged(6)["events"]]
    assert events == [[0, 1], [3, 1], [0, 0], [1, 1], [3, 0], [1, 0]]
    assert theatre.page.evaluate("visualViewport.scale") == 1


def test_lanes_on_a_phone_fill_its_width_and_are_wide_enough_for_fingers(
    raise_curtain: Callable[..., Theatre],
) -> None:
    theatre = raise_curtain("--no-riffs", width=360, height=740, touch=True)
    theatre.start()
    script = (
        "import('/client/play/show.js').then((show) => show.showNow().engine.stage.plan.laneWidth)"
    )
    width = theatre.page.evaluate(script)
    assert width * 4 >= 350
    assert width >= 44


def test_a_key_that_repeats_presses_once(theatre: Theatre) -> None:
    theatre.start()
    page = theatre.page
    page.keyboard.down("d")
    for _ in range(4):
        page.keyboard.down("d")  # the browser marks these as repeats
        page.wait_for_timeout(15)
    page.keyboard.up("d")
    assert [down for _, _, down in theatre.logged(2)["events"]] == [1, 0]
