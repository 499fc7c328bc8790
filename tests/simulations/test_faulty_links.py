"""Nodes that write while a tenth of all messages is lost, doubled and out of order."""

from dataclasses import replace

import pytest

from simulations.faulty_links import FaultyPlan, FaultyReport, run_faulty_links


@pytest.mark.parametrize("seed", range(5))
def test_all_agree_though_a_tenth_of_all_messages_is_lost_and_another_doubled(seed: int) -> None:
    report = run_faulty_links(seed, FaultyPlan(seconds=20))
    assert replace(report, agreed_s=0.0) == FaultyReport(digests=1, lacking=0, agreed_s=0.0)
