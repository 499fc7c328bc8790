"""Real nodes that are killed under load and start again from their disks."""

from dataclasses import replace

import pytest

from benchmarks.network_failing import Killed, killed

pytestmark = [pytest.mark.network, pytest.mark.slow]


def test_ten_kills_lose_nothing_that_was_acknowledged() -> None:
    report = killed(10, 6, seed=2)
    expected = Killed(kills=10, acknowledged=0, lost=0, forks=0, is_same=True, settled_s=0.0)
    assert report.acknowledged > 0
    assert replace(report, acknowledged=0, settled_s=0.0) == expected
