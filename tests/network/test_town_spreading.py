"""Real nodes on loopback that all write: in the end everybody has everything, and the same."""

from pathlib import Path

import pytest

from benchmarks.network_spreading import Spread, evenly, from_one, spread
from benchmarks.network_town import Town, sparse_graph

pytestmark = [pytest.mark.network, pytest.mark.slow]

NODES = 6
MEET_S = 60.0
SETTLE_S = 120.0


def outcome(spread: Spread) -> tuple[int, bool, float]:
    return spread.entries, spread.is_settled, spread.delivered


def test_under_a_steady_load_and_after_bursts_all_have_the_same(tmp_path: Path) -> None:
    with Town(tmp_path / "town", sparse_graph(NODES, 1)) as town:
        assert town.wait_settled(NODES, MEET_S)[0], "they never met"
        steady = spread(town, evenly(300, NODES), 15.0, SETTLE_S, "20 entries/s")
        one = spread(town, from_one(200, NODES), 0, SETTLE_S, "a burst of one")
        everybody = spread(town, evenly(200, NODES), 0, SETTLE_S, "a burst of all")
        held = {report.held for report in town.reports()}
    assert [outcome(each) for each in (steady, one, everybody)] == [
        (300, True, 1.0),
        (200, True, 1.0),
        (200, True, 1.0),
    ]
    assert held == {NODES + 700}


def test_a_town_ends_with_all_its_processes(tmp_path: Path) -> None:
    with Town(tmp_path / "town", sparse_graph(3, 1)) as town:
        children = list(town.children)
        assert [child.process.poll() for child in children] == [None] * 3
    assert [child.process.poll() for child in children] == [0] * 3
