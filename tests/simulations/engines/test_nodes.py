"""An hour of the daemon's own nodes, cut to a few minutes."""

from dataclasses import replace
from functools import cache

from simulations.engines.nodes import Hour, Lived, Pace
from simulations.world.scenario import Group, Scenario

STREET = Scenario(
    "street",
    "A street of two venues.",
    (Group("people", "honest", 20, options={"windows": 1.1, "sessions_per_week": 7.0}),),
    town_size=20,
    venue_size=10,
)
PACE = Pace(seconds=300, evening_seconds=900)


@cache
def lived(seed: int) -> Lived:
    return Hour(STREET, seed, PACE).live()


def test_townspeople_play_witness_and_mint_and_hold_what_all_hold() -> None:
    found = lived(1)
    assert found.begun > 1
    assert found.kinds["Profile"] == found.nodes == 20
    assert found.kinds["Mint"] > 0
    assert found.lacking <= found.nodes
    assert not found.parted


def test_the_same_seed_gives_the_same_hour() -> None:
    assert Hour(STREET, 1, PACE).live() == lived(1)


def test_nobody_knows_everybody_and_each_minute_is_told() -> None:
    hour = Hour(STREET, 1, replace(PACE, seconds=150))
    told: list[int] = []
    hour.live(lambda hour: told.append(hour.lived_s))
    assert told == [60, 120, 150]
    running = [node.node for node in hour.nodes if node.node is not None]
    assert all(0 < len(node.context.peers) < len(running) - 1 for node in running)
