"""How nearly together a room begins: five real nodes on loopback, counted in again and again.

`python -m benchmarks.rooms --json`. The nodes' clocks are read once from one machine's and then run
on by themselves, so that what each makes of the host's `t0` can be compared.
"""

import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.common import Row, at_most, informs, progress, run
from game.charts.songs import SONGS
from popd.cli.town import Town

PLAYERS: Final = 5
LOOKS: Final = 60
LOOK_S: Final = 0.5
TOGETHER_MS: Final = 10.0


def measure() -> Iterator[Row]:
    """The rows of this claim."""
    with tempfile.TemporaryDirectory() as folder, Town(Path(folder), PLAYERS) as town:
        town.wait_connected()
        _gather(town)
        progress("rooms: five are in; their clocks are compared for half a minute")
        errors_ms: list[float] = []
        doubts_ms: list[float] = []
        for _ in range(LOOKS):
            time.sleep(LOOK_S)
            for member in _others(town):
                errors_ms.append(abs(member["offset_us"]) / 1_000)
                doubts_ms.append(member["uncertainty_us"] / 1_000)
        for number in range(PLAYERS):
            town.post(number, "/rooms/ready", {"ready": True})
        town.post(0, "/rooms/start", {})
        town.wait_until(lambda: all(_t0(town, n) for n in range(PLAYERS)), 5.0, "counted in")
        starts = [_t0(town, number) for number in range(PLAYERS)]
    errors_ms.sort()
    name = f"{PLAYERS} players on loopback"
    yield at_most(
        f"{name}: beginnings apart", (max(starts) - min(starts)) / 1_000, TOGETHER_MS, "ms"
    )
    yield informs(f"{name}: error of an offset, median", errors_ms[len(errors_ms) // 2], "ms")
    yield at_most(f"{name}: error of an offset, worst", errors_ms[-1], TOGETHER_MS, "ms")
    yield at_most(f"{name}: uncertainty shown, worst", max(doubts_ms), TOGETHER_MS, "ms")


def _gather(town: Town) -> None:
    song = next(iter(SONGS))
    room = town.post(0, "/rooms", {"song": song})["own"]["id"]
    for number in range(1, PLAYERS):
        town.wait_until(partial(_sees_a_room, town, number), 20.0, "a room nearby")
        town.post(number, "/rooms/join", {"room": room})
        town.post(number, "/rooms/part", {"song": song})


def _sees_a_room(town: Town, number: int) -> bool:
    return bool(town.get(number, "/rooms")["nearby"])


def _others(town: Town) -> list[dict[str, Any]]:
    """The other members, as each node sees them."""
    members = [one for n in range(PLAYERS) for one in town.get(n, "/rooms")["own"]["members"]]
    return [one for one in members if not one["is_me"] and one["offset_us"] is not None]


def _t0(town: Town, number: int) -> int:
    found: int | None = town.get(number, "/rooms")["own"]["t0_us"]
    return found or 0


if __name__ == "__main__":
    run(__doc__ or "", measure)
