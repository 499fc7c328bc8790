"""Whether the map stays smooth with 5,000 people, in a real browser.

A frame is held against one of a map of 500 people, drawn in turns in the same run, because a
machine without a graphics card draws WebGL in software: how long that takes is not ours to say.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.common import Row, at_most, informs, run
from benchmarks.game import FLAGS, PATIENCE_MS, POPCTL, browser_path

PEOPLE: Final = 5_000
TIES: Final = 30_000
FRAMES: Final = 200
FRAME_GOALS: Final = {"mean": 2.5, "p95": 3.0}
"""Ten times the people may take at most so many times as long for a frame.

A screen's frames come in steps of 16.7 ms, so the smallest that a p95 can grow by is often twice.
"""
TOUCH_GOAL: Final = 3.0
"""And so many times as long until ties show, for which everybody is drawn anew."""
MOVES: Final = ("pan", "zoom")


def drawing() -> Mapping[str, Any]:
    """What the page's own measurement says of a town, a tenth of it, and nobody, in ms."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home:
        subprocess.run([POPCTL, "up", "--home", home], check=True, stdout=subprocess.DEVNULL)
        try:
            page_url = json.loads((Path(home) / "running.json").read_text())["page"]
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=browser_path(), args=[*FLAGS])
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                origin = page_url.partition("#")[0]
                query = f"people={PEOPLE}&ties={TIES}&frames={FRAMES}"
                page.goto(f"{origin}client/bench-map.html?{query}")
                result = page.get_by_text('"ready":true')
                found: Mapping[str, Any] = json.loads(result.inner_text(timeout=PATIENCE_MS))
                browser.close()
        finally:
            subprocess.run([POPCTL, "down", "--home", home], check=True, stdout=subprocess.DEVNULL)
    return found


def measure() -> Iterator[Row]:
    """Frames while panning and zooming, the first drawing, and ties after a touch."""
    found = drawing()
    town, tenth, nobody = found["town"], found["tenth"], found["nobody"]
    for move in MOVES:
        for kind, goal in FRAME_GOALS.items():
            ratio = town[move][kind] / tenth[move][kind]
            yield at_most(f"map_{move}_{kind}", ratio, goal, "times 500 people")
    touched = town["touch"]["p50"] / tenth["touch"]["p50"]
    yield at_most("map_ties_after_touch", touched, TOUCH_GOAL, "times 500 people")
    for name, one in (("5000", town), ("500", tenth), ("nobody", nobody)):
        yield informs(f"map_first_drawing_{name}", one["first_ms"], "ms")
        for move in MOVES:
            yield informs(f"map_{move}_p50_{name}", one[move]["p50"], "ms")
            yield informs(f"map_{move}_p95_{name}", one[move]["p95"], "ms")
    for name, one in (("5000", town), ("500", tenth)):
        yield informs(f"map_ties_after_touch_p50_{name}", one["touch"]["p50"], "ms")
        yield informs(f"map_ties_after_touch_p95_{name}", one["touch"]["p95"], "ms")


if __name__ == "__main__":
    run("Whether the map stays smooth with 5,000 people", measure)
