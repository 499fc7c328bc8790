"""Two halves of a network that go on without each other, and come to one ledger again."""

from dataclasses import replace

import pytest

from simulations.partition import PartitionPlan, PartitionReport, run_partition

AGREED = PartitionReport(
    digests=1,
    contested=1,
    is_double_spend_contested=True,
    is_fork_known=True,
    mints=(1, 1),
    payments=2,
    standing=2,
    healed_s=0.0,
)


@pytest.mark.parametrize("seed", range(3))
def test_after_a_cut_all_agree_on_who_spent_twice_and_honest_payments_stand(seed: int) -> None:
    report = run_partition(seed, PartitionPlan(half=5))
    assert replace(report, healed_s=0.0) == AGREED


@pytest.mark.slow
def test_halves_of_ten_agree_as_well() -> None:
    assert replace(run_partition(1), healed_s=0.0) == AGREED
