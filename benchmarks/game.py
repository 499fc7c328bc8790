"""Whether the game keeps up: judging a window, and drawing 500 notes, in a real browser.

A frame is held against one of the same size in which nothing is drawn, in the same run: how
often a browser without a screen draws at all is not ours to say.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from shutil import which
from time import perf_counter
from typing import Any, Final

from benchmarks.common import Row, below, informs, median_of, run
from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import Evidence, KeyEvent, NonceEvent
from consensus.identifiers import NO_ENTRY
from consensus.judgement import judge
from consensus.parameters import MAIN

POPCTL: Final = str(Path(sys.executable).with_name("popctl"))
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
EVENTS: Final = 1_000
NOTES: Final = 500
FRAMES: Final = 600
JUDGE_ROUNDS: Final = 200
JUDGE_GOAL_MS: Final = 2.0
DRAW_GOAL_MS: Final = 4.0
FRAME_GOAL: Final = 1.5
SLACK: Final = 1e-9
"""A goal that says `at most` is reached by its own figure too."""
PATIENCE_MS: Final = 120_000


def busy_window() -> tuple[Chart, Evidence]:
    """A window of 1,000 key events and all its riffs."""
    chance = Random(1)
    step_us = MAIN.window_ms * 1_000 // (EVENTS // 2 + 5)
    notes = [Note(step_us * (place + 2), chance.randrange(4)) for place in range(EVENTS // 2)]
    chart = Chart("Busy", "popd", 4, (TimingPoint(0, 500_000),), tuple(notes))
    events: list[KeyEvent] = []
    for note in notes:
        press_us = note.start_us + chance.randrange(-60_000, 60_000)
        events += [
            KeyEvent(press_us, note.lane, True),
            KeyEvent(press_us + 50_000, note.lane, False),
        ]
    slot_us = MAIN.slot_ms * 1_000
    nonces = tuple(
        NonceEvent(slot * slot_us + slot_us // 3, slot, chance.randbytes(32))
        for slot in range(MAIN.window_ms // MAIN.slot_ms)
    )
    window_us = MAIN.window_ms * 1_000
    return chart, Evidence(NO_ENTRY, 0, window_us, tuple(sorted(events)), nonces)


def judging_ms() -> float:
    """Milliseconds to judge the busy window, the median of many."""
    chart, evidence = busy_window()

    def once() -> float:
        start = perf_counter()
        judge(chart, evidence)
        return (perf_counter() - start) * 1_000

    once()
    return median_of(JUDGE_ROUNDS, once)


def browser_path() -> str:
    """Where a Chromium is; ends with a sentence where there is none."""
    found = next(filter(None, map(which, BROWSERS)), None)
    if found is None:
        sys.exit("no Chromium is here; `make test` installs one where it may")
    return found


def drawing(keys: int) -> Mapping[str, Any]:
    """What the page's own measurement says: full, bare and blank, each draw and frame, in ms."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home:
        subprocess.run([POPCTL, "up", "--home", home], check=True, stdout=subprocess.DEVNULL)
        try:
            page_url = json.loads((Path(home) / "running.json").read_text())["page"]
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=browser_path(), args=[*FLAGS])
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                origin = page_url.partition("#")[0]
                query = f"notes={NOTES}&frames={FRAMES}&keys={keys}"
                page.goto(f"{origin}client/bench.html?{query}")
                result = page.get_by_text('"ready":true')
                found: Mapping[str, Any] = json.loads(result.inner_text(timeout=PATIENCE_MS))
                browser.close()
        finally:
            subprocess.run([POPCTL, "down", "--home", home], check=True, stdout=subprocess.DEVNULL)
    return found


def measure() -> Iterator[Row]:
    """Judging, then drawing on four and on ten lanes."""
    yield below("judge_1000_events", judging_ms(), JUDGE_GOAL_MS, "ms")
    for keys in (4, 10):
        found = drawing(keys)
        full, blank = found["full"], found["blank"]
        ratio = full["frame"]["p99"] / blank["frame"]["p99"]
        yield below(f"draw_p99_{keys}_keys", full["draw"]["p99"], DRAW_GOAL_MS + SLACK, "ms")
        yield below(f"frame_p99_{keys}_keys", ratio, FRAME_GOAL + SLACK, "times a blank canvas")
        yield informs(f"draw_p50_{keys}_keys", full["draw"]["p50"], "ms")
        yield informs(f"frame_p99_{keys}_keys_full", full["frame"]["p99"], "ms")
        yield informs(f"frame_p99_{keys}_keys_blank", blank["frame"]["p99"], "ms")


if __name__ == "__main__":
    run("Whether the game keeps up", measure)
