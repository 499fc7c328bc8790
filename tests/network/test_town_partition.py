"""Real nodes in network namespaces, cut into halves that go on without each other."""

from dataclasses import replace

import pytest

from benchmarks.network_cut import run_real_partition
from simulations.partition import PartitionReport

pytestmark = [pytest.mark.network, pytest.mark.slow]


def test_real_halves_agree_on_who_spent_twice_and_honest_payments_stand() -> None:
    assert replace(run_real_partition(4), healed_s=0.0) == PartitionReport(
        digests=1,
        contested=1,
        is_double_spend_contested=True,
        is_fork_known=True,
        mints=(1, 1),
        payments=2,
        standing=2,
        healed_s=0.0,
    )
