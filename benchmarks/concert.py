"""A concert with a crowd: two hundred guests at one node, and twelve nodes that gather one coin.

`python -m benchmarks.concert --json`. Real processes on loopback: one performs, eleven bring
guests of theirs, one of them two hundred, whose pages listen, tap along and rate over WebSocket
from this process. Every guest has an address of its own; a thousand more keys of one address try to
come in as well; and in virtual time (`concert_spam`) a thousand keys rate by themselves. The times
are those of one busy machine that also plays all the guests.
"""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import trio

from benchmarks.common import Row, at_least, at_most, below, informs, progress, run
from benchmarks.concert_crowd import GuestClient, address_of, each_at_once
from benchmarks.concert_spam import Plan, evening
from consensus.encoding import tagged_digest
from game.charts.songs import SONGS
from popd.api.guests import SEATS_PER_ADDRESS
from popd.cli.town import Town

NODES: Final = 12
HALL: Final = 1
"""The node with the large crowd."""
GUESTS: Final = 200
FEW: Final = 4
"""Guests of every other node."""
BOTS: Final = 1_000
ACKNOWLEDGED_MS: Final = 250.0
MEMORY_MB: Final = 64.0
RATING_S: Final = 8.0
"""All rate within this time, each at a moment of its own."""
PAGES_S: Final = 150.0
LONG_S: Final = 240
"""Music that mints more than the crowd can: nothing displaces anything."""
MOST_CHANGE: Final = 0.01


def measure() -> Iterator[Row]:
    """The rows of these claims."""
    yield from _spam()
    with tempfile.TemporaryDirectory() as folder, Town(Path(folder), NODES) as town:
        progress(f"concert: {NODES} nodes start")
        town.wait_connected(120.0)
        yield from trio.run(_evening, town)


def _spam() -> Iterator[Row]:
    """What bots make of the coin, where music bounds what a crowd mints, and where it doesn't."""
    for name, plan in (("a song", Plan()), ("four minutes of music", Plan(seconds=LONG_S))):
        progress(f"concert: {name} in virtual time, without bots and with {BOTS}")
        quiet, spammed = evening(plan), evening(replace(plan, bots=BOTS, seats=SEATS_PER_ADDRESS))
        assert spammed.gathered_bots == BOTS, "they are heard, as everybody is"
        pairs = zip(quiet.values_ujam, spammed.values_ujam, strict=True)
        changes = [abs(now / then - 1) for then, now in pairs]
        what = f"{name}, {BOTS} rating bots and {SEATS_PER_ADDRESS} seats: worth changes by"
        yield below(f"{what}, at most", max(changes[1:]), MOST_CHANGE, "share")
        yield informs(f"{what}, to the host of those seats", changes[0], "share")


async def _evening(town: Town) -> list[Row]:
    ask = trio.to_thread.run_sync
    over = trio.Event()
    made = town.post(0, "/concerts", {"name": "First night", "tags": ["jazz"], "expected": 300})
    concert = made["id"]
    town.wait_until(
        lambda: all(town.get(n, "/concerts")["concerts"] for n in range(NODES)), 20.0, "the card"
    )
    doors = {
        n: town.post(n, f"/concerts/{concert}/door", {"address": "127.0.0.1"})["door"]
        for n in range(1, NODES)
    }
    before_mb = _memory_mb(town, HALL)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_play, town, over)
        await ask(
            town.wait_until, lambda: town.get(HALL, f"/concerts/{concert}")["first"], 30.0, "a song"
        )
        town.post(0, f"/concerts/{concert}/phase", {"phase": "open"})
        town.wait_until(lambda: _are_all(town, concert, "open"), 20.0, "all know that it is open")
        crowd = _crowd(town, concert, doors)
        progress(f"concert: {len(crowd)} guests come in, and {BOTS} keys of one address")
        assert await each_at_once([guest.join for guest in crowd]) == [200] * len(crowd)
        refused = await _rush(town, concert, doors[HALL])
        for guest in crowd:
            await nursery.start(guest.listen)
            nursery.start_soon(guest.tap)
        progress("concert: all rate, then change their minds")
        waits = await _rate(crowd, random.Random(1)) + await _rate(crowd, random.Random(2))
        for number in range(1, NODES):
            town.post(number, f"/concerts/{concert}/opinion", {"score_ppm": 900_000})
        after_mb = _memory_mb(town, HALL)
        total = len(crowd) + NODES - 1
        await ask(
            town.wait_until,
            lambda: town.get(0, f"/concerts/{concert}")["crowd"]["ballots"] == total,
            30.0,
            "all ballots at the gatherer",
        )
        progress("concert: the song goes on to its end")
        await over.wait()
        progress("concert: locked, revealed, gathered")
        for phase in ("locked", "revealed"):
            town.post(0, f"/concerts/{concert}/phase", {"phase": phase})
        await ask(town.wait_until, lambda: _are_all(town, concert, "closed"), PAGES_S, "the coins")
        nursery.cancel_scope.cancel()
    digests = await ask(town.wait_agreed, 120.0)
    coins = [town.get(n, f"/concerts/{concert}")["subcoin"] for n in range(NODES)]
    return list(_rows(waits, refused, before_mb, after_mb, total, digests, coins))


def _rows(
    waits: list[float],
    refused: int,
    before_mb: float,
    after_mb: float,
    total: int,
    digests: dict[str, str],
    coins: list[dict[str, Any]],
) -> Iterator[Row]:
    waits.sort()
    coin = coins[0]
    name = f"{GUESTS} guests on one node"
    yield informs(f"{name}: acknowledged, median", 1_000 * waits[len(waits) // 2], "ms")
    p99 = 1_000 * waits[int(0.99 * len(waits))]
    yield at_most(f"{name}: acknowledged, p99", p99, ACKNOWLEDGED_MS, "ms")
    yield at_most(f"{name}: memory that they take", after_mb - before_mb, MEMORY_MB, "MB")
    yield at_least(f"{BOTS} keys of one address: turned away", refused / BOTS, 0.99, "share")
    missing = total - coin["crowd"]
    yield at_most("ratings that were not counted", abs(missing), 0, "ratings")
    yield at_most("ledgers that differ", len(set(digests.values())) - 1, 0, "ledgers")
    strip = [{k: v for k, v in one.items() if k != "value_ujam"} for one in coins]
    same = sum(_unnamed(one) == _unnamed(strip[0]) for one in strip)
    yield at_least(f"{NODES} nodes: same coin", same, NODES, "nodes")
    shares = sum(share["amount_ujam"] for share in coin["shares"])
    yield at_most("shares that don't add up", abs(shares - coin["minted_ujam"]), 0, "uJAM")
    yield informs("the crowd's coin", coin["minted_ujam"] / 1e6, "JAM")
    yield informs("pages", len(coin["pages"]), "pages")


def _unnamed(coin: dict[str, Any]) -> dict[str, Any]:
    """The coin without names, which everybody gives others for themselves."""
    shares = [(share["id"], share["amount_ujam"]) for share in coin["shares"]]
    return {**coin, "shares": shares}


async def _play(town: Town, over: trio.Event) -> None:
    body = {"song": next(iter(SONGS)), "bot": "human_like", "seed": 3}
    await trio.to_thread.run_sync(partial(town.post, 0, "/autoplay", body, timeout_s=900.0))
    over.set()


def _are_all(town: Town, concert: str, phase: str) -> bool:
    return all(
        town.get(number, f"/concerts/{concert}")["phase"] == phase for number in range(NODES)
    )


def _crowd(town: Town, concert: str, doors: dict[int, dict[str, Any]]) -> list[GuestClient]:
    found = []
    for number, door in doors.items():
        seen = town.get(number, f"/concerts/{concert}")
        for guest in range(GUESTS if number == HALL else FEW):
            seed = tagged_digest("guest", number, guest)
            found.append(GuestClient(door, seen, address_of(number, guest), seed))
    return found


async def _rush(town: Town, concert: str, door: dict[str, Any]) -> int:
    """A thousand fresh keys of one address; returns how many were turned away."""
    seen = town.get(HALL, f"/concerts/{concert}")
    bots = [
        GuestClient(door, seen, "127.250.0.1", tagged_digest("bot", number))
        for number in range(BOTS)
    ]
    statuses = await each_at_once([bot.join for bot in bots])
    return sum(status != 200 for status in statuses)


async def _rate(crowd: list[GuestClient], chance: random.Random) -> list[float]:
    """All rate, each at a moment of its own; how long each waited for its acknowledgement (s)."""
    waits: list[float] = []

    async def one(guest: GuestClient, after_s: float, message: dict[str, Any]) -> None:
        await trio.sleep(after_s)
        waits.append(await guest.rate(message))

    said = [guest.opinion(chance.randrange(5, 11) * 100_000, chance) for guest in crowd]
    async with trio.open_nursery() as nursery:
        for guest, message in zip(crowd, said, strict=True):
            nursery.start_soon(one, guest, chance.uniform(0, RATING_S), message)
    assert not any(guest.refused for guest in crowd), crowd[0].refused
    return waits


def _memory_mb(town: Town, number: int) -> float:
    """What a node's process holds in memory."""
    status = Path(f"/proc/{town.processes[number].pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1_024


if __name__ == "__main__":
    run(__doc__ or "", measure)
