"""Live load: one performer and thirty watchers in six processes, and entries on their way.

Frames: how long after the last press of a frame, and after it was made, a watcher shows it; what
one frame costs one watcher. Entries: written in two rounds without anybody playing and in two
while somebody plays and all watch, in one run; the slowest hundredth of their ways is compared.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Final

from msgspec import structs

from benchmarks.common import Row, at_most, informs, progress, run
from benchmarks.live_node import Frames, LiveConfig
from benchmarks.network_child import Arrivals, Config
from benchmarks.network_town import Child, peer_id
from popd.cli.ports import free_ports

MODULE: Final = "benchmarks.live_node"
PROCESSES: Final = 6
WATCHERS_EACH: Final = 5
FRIENDS: Final = 3
"""Other watchers that each one dials besides the performer and its witness."""
SETTLING_S: Final = 20
ROUND_S: Final = 40
PLAY_S: Final = ROUND_S + 20
ENTRIES_PER_S: Final = 5
MAX_SLOWER: Final = 1.5
MAX_DELAY_MS: Final = 500.0


class Stage:
    """The processes of one run."""

    def __init__(self, folder: Path) -> None:
        names = ["performer", "witness"]
        names += [f"watcher {number}" for number in range(PROCESSES * WATCHERS_EACH)]
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        chance = Random(5)

        def config(name: str, dialled: list[str]) -> Config:
            return Config(
                home=str(folder / name.replace(" ", "-")),
                name=name,
                listen=(f"/ip4/127.0.0.1/tcp/{ports[name]}",),
                dial=tuple(f"/ip4/127.0.0.1/tcp/{ports[n]}/p2p/{peer_id(n)}" for n in dialled),
            )

        watchers = names[2:]
        each = [
            config(name, [*names[:2], *chance.sample(watchers[:number], min(number, FRIENDS))])
            for number, name in enumerate(watchers)
        ]
        groups = [
            LiveConfig(str(folder), "performer", (config("performer", []),), witnesses=True),
            LiveConfig(str(folder), "witness", (config("witness", ["performer"]),), witnesses=True),
        ]
        groups += [
            LiveConfig(
                str(folder),
                f"watchers {first}",
                tuple(each[first : first + WATCHERS_EACH]),
            )
            for first in range(0, len(each), WATCHERS_EACH)
        ]
        self.children: list[Child] = []
        for group in groups:
            home = folder / f"process {group.name}"
            self.children.append(Child(MODULE, structs.replace(group, home=str(home))))
        for child in self.children:
            child.wait_ready()
        self.performer, self.witness, *self.watchers = self.children

    def end(self) -> None:
        """Ends all processes."""
        for child in self.children:
            child.end()

    def watchers_cpu_s(self) -> float:
        """CPU seconds that the watchers' processes took so far."""
        return sum(child.ask("cpu_s", float) for child in self.watchers)


def measured() -> Iterator[Row]:
    """Runs it all."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        try:
            yield from _rows(stage)
        finally:
            stage.end()


def _rows(stage: Stage) -> Iterator[Row]:
    progress(f"{PROCESSES * WATCHERS_EACH} watchers meet")
    time.sleep(SETTLING_S)
    spans: dict[bool, list[tuple[int, int]]] = {False: [], True: []}
    cpu_s = {False: 0.0, True: 0.0}
    for is_live in (False, True, False, True):
        if is_live:
            stage.performer.ask("perform", object, seconds=PLAY_S, seed=7)
            time.sleep(4)
            seen = [n for child in stage.watchers for n in child.ask("watch", list[int])]
            assert all(seen), f"{seen.count(0)} watchers know of no performance"
            time.sleep(3)
        progress(f"{ROUND_S} s of entries, {'with' if is_live else 'without'} a performance")
        begin_ns, begin_cpu_s = time.time_ns(), stage.watchers_cpu_s()
        count = ROUND_S * ENTRIES_PER_S
        stage.witness.ask("write", object, count=count, per_s=ENTRIES_PER_S)
        time.sleep(ROUND_S)
        cpu_s[is_live] += stage.watchers_cpu_s() - begin_cpu_s
        spans[is_live].append((begin_ns, time.time_ns()))
        time.sleep(25 if is_live else 5)
    yield from _frame_rows(stage, spans[True], cpu_s)
    ways = {is_live: _ways_ms(stage, spans[is_live]) for is_live in spans}
    p99 = {}
    for is_live, name in ((False, "quiet"), (True, "live")):
        cuts = quantiles(ways[is_live], n=100)
        p99[is_live] = cuts[98]
        yield informs(f"entries_p50_{name}", cuts[49], "ms")
        yield informs(f"entries_p99_{name}", cuts[98], "ms")
    yield at_most("entries_slower_when_live", p99[True] / p99[False], MAX_SLOWER, "times")


def _frame_rows(
    stage: Stage, spans: list[tuple[int, int]], cpu_s: dict[bool, float]
) -> Iterator[Row]:
    own = stage.performer.ask("frames", Frames)
    shown = [seen for child in stage.watchers for seen in child.ask("frames", Frames).seen_ns]
    made = {
        mark: made_ns
        for mark, made_ns in own.made_ns.items()
        if any(begin <= made_ns < end for begin, end in spans)
    }
    ways = [(seen[m] - made[m]) / 1e6 for seen in shown for m in made.keys() & seen.keys()]
    played = [
        seen[m] / 1e6 - own.played_us[m] / 1e3 for seen in shown for m in made.keys() & seen.keys()
    ]
    expected = len(made) * len(shown)
    yield informs("frames", len(made), "frames")
    yield informs("frames_shown_share", len(ways) / expected, "of all")
    for name, values in (("frame_way", ways), ("press_to_watcher", played)):
        cuts = quantiles(values, n=100)
        yield informs(f"{name}_p50", cuts[49], "ms")
        yield at_most(f"{name}_p99", cuts[98], MAX_DELAY_MS, "ms")
    spent_us = (cpu_s[True] - cpu_s[False]) * 1e6
    yield informs("cpu_per_frame_and_watcher", spent_us / expected, "us")


def _ways_ms(stage: Stage, spans: list[tuple[int, int]]) -> list[float]:
    """How long each entry of these spans took to each node's disk."""
    asked = stage.witness.ask("asked", Arrivals).asked_ns
    chosen = {
        entry: at_ns
        for entry, at_ns in asked.items()
        if any(begin <= at_ns < end for begin, end in spans)
    }
    return [
        (stored[entry] - at_ns) / 1e6
        for child in (stage.performer, *stage.watchers)
        for stored in child.ask("stored", list[dict[str, int]])
        for entry, at_ns in chosen.items()
        if entry in stored
    ]


if __name__ == "__main__":
    run(__doc__ or "", measured)
