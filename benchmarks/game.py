"""Whether the game keeps up: judging a window, and drawing 500 notes, in a real browser.

A frame is held against one of the same size in which nothing is drawn, in the same run: how
often a browser without a screen draws at all is not ours to say.
"""

from collections.abc import Iterator
from random import Random
from time import perf_counter
from typing import Final

from benchmarks.common import Row, below, informs, median_of, run
from benchmarks.pages import measured
from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import Evidence, KeyEvent, NonceEvent
from consensus.identifiers import NO_ENTRY
from consensus.judgement import judge
from consensus.parameters import MAIN

EVENTS: Final = 1_000
NOTES: Final = 500
FRAMES: Final = 600
JUDGE_ROUNDS: Final = 200
JUDGE_GOAL_MS: Final = 2.0
DRAW_GOAL_MS: Final = 4.0
FRAME_GOAL: Final = 1.5
SLACK: Final = 1e-9
"""A goal that says `at most` is reached by its own figure too."""


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


def measure() -> Iterator[Row]:
    """Judging, then drawing on four and on ten lanes."""
    yield below("judge_1000_events", judging_ms(), JUDGE_GOAL_MS, "ms")
    for keys in (4, 10):
        found = measured(f"bench.html?notes={NOTES}&frames={FRAMES}&keys={keys}")
        full, blank = found["full"], found["blank"]
        ratio = full["frame"]["p99"] / blank["frame"]["p99"]
        yield below(f"draw_p99_{keys}_keys", full["draw"]["p99"], DRAW_GOAL_MS + SLACK, "ms")
        yield below(f"frame_p99_{keys}_keys", ratio, FRAME_GOAL + SLACK, "times a blank canvas")
        yield informs(f"draw_p50_{keys}_keys", full["draw"]["p50"], "ms")
        yield informs(f"frame_p99_{keys}_keys_full", full["frame"]["p99"], "ms")
        yield informs(f"frame_p99_{keys}_keys_blank", blank["frame"]["p99"], "ms")


if __name__ == "__main__":
    run("Whether the game keeps up", measure)
