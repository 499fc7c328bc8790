"""Whether the map stays smooth with 5,000 people, in a real browser.

A frame is held against one of a map of 500 people, drawn in turns in the same run, because a
machine without a graphics card draws WebGL in software: how long that takes is not ours to say.
"""

from collections.abc import Iterator
from typing import Final

from benchmarks.common import Row, at_most, informs, run
from benchmarks.pages import measured

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


def measure() -> Iterator[Row]:
    """Frames while panning and zooming, the first drawing, and ties after a touch."""
    found = measured(f"bench-map.html?people={PEOPLE}&ties={TIES}&frames={FRAMES}")
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
