"""Nodes that play and trade while everything around them goes wrong."""

import pytest

from simulations.swarm import SwarmPlan, SwarmReport, run_swarm
from simulations.virtual_network import Faults

SEEDS = 50


def swarm_of(seed: int) -> SwarmReport:
    return run_swarm(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_swarm_under_faults_loses_nothing_and_agrees(seed: int) -> None:
    report = swarm_of(seed)
    outcome = (report.digests, report.marks, report.forks, report.lost, report.parted)
    assert outcome == (1, 1, 0, 0, {}), report


def test_swarms_mint_and_trade_so_that_there_is_something_to_agree_on() -> None:
    reports = [swarm_of(seed) for seed in range(5)]
    assert sum(report.mints for report in reports) >= 5
    assert sum(report.transfers for report in reports) >= 5


def test_the_same_seed_gives_the_same_run() -> None:
    assert swarm_of(7) == swarm_of(7)


def test_a_swarm_without_faults_mints_every_whole_window() -> None:
    plan = SwarmPlan(shows=2, crashes=0, partitions=0, faults=Faults(), skew_us=0)
    report = run_swarm(3, plan)
    assert report.mints == 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_nodes_that_come_back_with_an_old_disk_may_fork_and_all_agree_on_it(seed: int) -> None:
    report = run_swarm(seed, SwarmPlan(crashes=6, rollbacks=6))
    assert (report.digests, report.marks, report.lost, report.parted) == (1, 1, 0, {}), report
