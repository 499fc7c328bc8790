"""Practice, recorded plays and ghosts: no daemon, no coin, all the speeds."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from tests.game.client.fake_songs import SHORT_MS, short_chart
from tests.game.client.theatre import Theatre

pytestmark = pytest.mark.browser

SHORT: Final = ("--short", "--no-riffs", "--window-ms=5000")
TRANSPORT: Final = """
async () => {
  const { showNow } = await import("/client/play/show.js");
  const { runner } = showNow();
  const { transport } = runner;
  const beforeMs = performance.now();
  const before = transport.usAt(beforeMs);
  await new Promise((done) => setTimeout(done, 200));
  const afterMs = performance.now();
  return {
    isRunning: transport.isRunning, rate: runner.rate, from: runner.fromUs, to: runner.toUs,
    at: before, speed: (transport.usAt(afterMs) - before) / (afterMs - beforeMs) / 1000,
    openUs: runner.openUs, accuracy: runner.judge.accuracy,
  };
}
"""
NEAR_THE_END: Final = """
async () => {
  const { showNow } = await import("/client/play/show.js");
  showNow().runner.transport.run(performance.now(), 6e6);
}
"""
WATCH: Final = """
async ([record, how]) => {
  const { materialNow } = await import("/client/play/show.js");
  const { begin } = await import("/client/play/live.js");
  const { beginPractice } = await import("/client/play/practice.js");
  const { watch } = await import("/client/play/watching.js");
  const { chart, score } = materialNow();
  if (how === "watch") watch(record, chart, score);
  else if (how === "practice") beginPractice({ ghost: record });
  else begin({ ghost: record });
}
"""


@pytest.fixture
def short(raise_curtain: Callable[..., Theatre]) -> Theatre:
    return raise_curtain(*SHORT)


def exact_record(keys: int, late_us: int = 0) -> dict[str, Any]:
    """A play that hits every note of the short chart, so much late."""
    chart = short_chart(keys)
    events: list[list[int]] = []
    for note in chart.notes:
        start_us = note.start_us + late_us
        events.append([start_us, note.lane, 1])
        events.append([start_us + max(note.duration_us, 50_000), note.lane, 0])
    return {
        "chart": chart.id.hex(),
        "keys": keys,
        "rate": 1,
        "from_us": 0,
        "mode": "live",
        "calibration": {"audio_us": 0, "visual_us": 0, "input_us": 0},
        "events": sorted(events),
        "riffs": [],
        "tally": {},
        "played_us": SHORT_MS * 1_000,
    }


def test_practice_asks_nobody_and_ends_in_results_without_fates(short: Theatre) -> None:
    short.practise()
    page = short.page
    expect(page.locator(".hud")).to_contain_text("practice: nobody witnesses, no coin")
    expect(page.locator("[aria-live]")).to_contain_text("Play", timeout=4_000)
    page.keyboard.press("d", delay=40)
    page.evaluate(NEAR_THE_END)
    results = page.locator(".results")
    expect(results).to_be_visible()
    expect(results).to_contain_text("practice: nobody witnesses, no coin")
    expect(results).not_to_contain_text("What became of it")
    assert short.ask()["starts"] == []
    assert short.state("record")["mode"] == "practice"


def test_a_pause_in_practice_stops_the_time_and_three_counts_lead_back(theatre: Theatre) -> None:
    theatre.practise()
    page = theatre.page
    page.wait_for_timeout(2_600)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_contain_text("Paused")
    stood = page.evaluate(TRANSPORT)
    assert (stood["isRunning"], stood["speed"]) == (False, 0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    running = page.evaluate(TRANSPORT)
    assert running["isRunning"]
    assert running["openUs"] == stood["at"]  # presses before it don't count
    assert running["at"] < stood["at"]  # the music is heard before


def test_practice_runs_at_the_speed_that_was_chosen(theatre: Theatre) -> None:
    theatre.practise()
    page = theatre.page
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    page.get_by_label("Speed").focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("dialog")).to_contain_text("50 %")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("practice at 50 %")).to_be_visible()
    running = page.evaluate(TRANSPORT)
    assert running["rate"] == 0.5
    assert abs(running["speed"] - 0.5) < 0.001
    page.keyboard.press("Equal")
    assert page.evaluate(TRANSPORT)["rate"] == 0.55


def test_at_half_speed_the_windows_stay_as_long_for_the_fingers(short: Theatre) -> None:
    short.page.goto(f"{short.address}/#token=test-token")
    script = """
      async () => {
        const { Judge } = await import("/client/stage/judge.js");
        return [0.5, 1, 1.5].map((rate) => {
          const judge = new Judge(4, [[1000000, 0, 0], [2000000, 1, 0]], { rate });
          judge.press(0, 1000000 + 40000 * rate);
          judge.press(1, 2000000 + 41000 * rate);
          return [judge.grades, judge.judged.map((note) => Math.round(note.error))];
        });
      }
    """
    assert short.page.evaluate(script) == [[[0, 1, 1, 0, 0, 0], [40_000, 41_000]]] * 3


def test_a_part_is_chosen_by_dragging_and_by_keys_and_then_repeats(short: Theatre) -> None:
    short.practise()
    page = short.page
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    strip = page.get_by_role("dialog").locator(".overview")
    box = strip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 20, steps=4)
    page.mouse.up()
    expect(page.get_by_role("dialog")).to_contain_text("Repeats 0:01 to 0:03")
    page.get_by_role("dialog").get_by_role("slider", name="Loop to").focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Go on").click()
    part = page.evaluate(TRANSPORT)
    assert abs(part["from"] - 1_000_000) < 60_000
    assert 1_000_000 <= part["to"] - part["from"] < 1_200_000
    places = []
    for _ in range(14):
        page.wait_for_timeout(100)
        places.append(page.evaluate(TRANSPORT)["at"])
    assert max(places) < part["to"] + 200_000
    assert any(later < earlier for earlier, later in pairwise(places))


def test_riffs_in_practice_are_answered_like_those_of_witnesses(theatre: Theatre) -> None:
    theatre.practise()
    script = """
      async () => {
        const { showNow } = await import("/client/play/show.js");
        const { runner, engine } = showNow();
        const at = Math.round(runner.nowUs(performance.now()) - runner.fromUs);
        const times = [600000, 850000, 1100000, 1350000];
        runner.riff(times.map((us, lane) => [at + us, lane]), performance.now());
        const isCleared = (note) => note.droppedAt < Infinity;
        const cleared = runner.judge.lanes.some(({ notes }) => notes.some(isCleared));
        return [engine.stage.riff.length, cleared, runner.judge.riffs.length];
      }
    """
    theatre.page.wait_for_timeout(2_500)
    assert theatre.page.evaluate(script) == [4, True, 1]


def test_a_recorded_play_shows_itself_at_any_place_and_speed(short: Theatre) -> None:
    short.open()
    page = short.page
    page.wait_for_timeout(300)
    page.evaluate(WATCH, [exact_record(4), "watch"])
    expect(page.locator(".hud")).to_contain_text("a recorded play")
    page.get_by_role("button", name="Pause").click()
    page.get_by_label("Place in the play").fill("4750000")
    seen = page.evaluate(TRANSPORT)
    assert (seen["isRunning"], seen["accuracy"]) == (False, 1)
    grades = "import('/client/play/show.js').then((show) => show.showNow().runner.judge.grades[0])"
    assert page.evaluate(grades) == len(short_chart(4).notes)
    page.get_by_label("Place in the play").fill("1000000")
    assert page.evaluate(grades) == 2
    page.get_by_label("Speed").select_option("0.5")
    page.get_by_role("button", name="Show").click()
    page.wait_for_timeout(120)
    assert abs(page.evaluate(TRANSPORT)["speed"] - 0.5) < 0.001
    page.locator("canvas").focus()
    page.keyboard.press("Space")
    assert not page.evaluate(TRANSPORT)["isRunning"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


@pytest.mark.parametrize("how", ["practice", "live"])
def test_a_ghost_plays_along_and_the_difference_is_told(short: Theatre, how: str) -> None:
    short.open()
    page = short.page
    page.wait_for_timeout(300)
    page.evaluate(WATCH, [exact_record(4, late_us=60_000), how])
    page.wait_for_selector("canvas")
    expect(page.locator(".hud small")).to_contain_text("to the ghost", timeout=6_000)
    expect(page.locator(".hud small")).to_contain_text("\u221266.7 %")


def test_a_ghost_is_compared_over_the_notes_that_both_played(short: Theatre) -> None:
    short.open()
    page = short.page
    page.wait_for_timeout(300)
    script = """
      async (ghost) => {
        const { materialNow } = await import("/client/play/show.js");
        const { Runner } = await import("/client/stage/runner.js");
        const calibration = { audio_us: 0, visual_us: 0, input_us: 0 };
        const runner = new Runner({
          chart: materialNow().chart, mode: "practice", fromUs: 2000000, toUs: 9e6,
          calibration, ghost,
        });
        runner.transport.run(0, 2000000);
        runner.tick(5000);
        return runner.ghostJudge.judged.length;
      }
    """
    later = [note for note in short_chart(4).notes if note.start_us >= 2_000_000]
    assert page.evaluate(script, exact_record(4)) == len(later)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("chart", "00" * 32, "another chart"),
        ("events", [[0, 9, 1]], "presses is not of this chart"),
        ("events", "nothing", "no list of presses"),
        ("events", [[-5, 0, 1]], "presses is not of this chart"),
        ("riffs", [[0, []]], "riffs is not of this chart"),
        ("riffs", [[0, [None, None]]], "riffs is not of this chart"),
        ("events", [None], "presses is not of this chart"),
        ("calibration", {"input_us": 1e12}, "input offset is beyond"),
        ("rate", 40, "speed is not between"),
        ("from_us", None, "which part was played"),
    ],
)
def test_a_record_that_is_wrong_is_refused_in_a_sentence(
    short: Theatre, field: str, value: object, said: str
) -> None:
    short.open()
    short.page.wait_for_timeout(200)
    script = """
      async ([record, chart]) => (await import("/client/stage/record.js")).faultOf(record, chart)
    """
    chart = {"id": short_chart(4).id.hex(), "keys": 4}
    assert said in short.page.evaluate(script, [exact_record(4) | {field: value}, chart])


def test_a_play_of_more_than_ten_seconds_is_told_to_whoever_keeps_records(theatre: Theatre) -> None:
    theatre.practise()
    page = theatre.page
    script = """
      async () => {
        const { hooks } = await import("/client/daemon/state.js");
        const { showNow } = await import("/client/play/show.js");
        window.kept = [];
        hooks.onRecord = (record) => window.kept.push(record);
        showNow().runner.transport.run(performance.now(), 11e6);
      }
    """
    page.evaluate(script)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".results")).to_be_visible()
    (record,) = page.evaluate("kept")
    assert record["played_us"] > 10_000_000
    assert record == theatre.state("record")


def test_a_recording_at_half_speed_keeps_its_pitch(theatre: Theatre) -> None:
    theatre.page.goto(f"{theatre.address}/#token=test-token")
    script = """
      async () => {
        const { grains } = await import("/client/sound/stretch.js");
        const found = [];
        for (const rate of [0.5, 1, 1.5]) {
          const context = new OfflineAudioContext(1, 96000, 48000);
          const buffer = context.createBuffer(1, 144000, 48000);
          const tone = buffer.getChannelData(0);
          for (let at = 0; at < tone.length; at++) {
            tone[at] = Math.sin((2 * Math.PI * 440 * at) / 48000);
          }
          const secondsOf = (us) => us / 1e6 / rate;
          const more = grains(context, context.destination, { buffer }, secondsOf, 0, rate)(60);
          const heard = (await context.startRendering()).getChannelData(0);
          const middle = heard.slice(9600, 86400);
          let ups = 0;
          for (let at = 1; at < middle.length; at++) ups += middle[at - 1] < 0 && middle[at] >= 0;
          found.push([Math.round(ups / 1.6), more]);
        }
        return found;
      }
    """
    for (hertz, more), tolerance in zip(theatre.page.evaluate(script), (25, 1, 25), strict=True):
        assert abs(hertz - 440) <= tolerance
        assert more is False
