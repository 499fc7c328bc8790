"""Three real nodes go on together while rogues attack one of them in many ways."""

import gc

import pytest

from benchmarks.network_hostile import MOST_GROWTH, MOST_OVERHEAD, STORE_MB, siege
from tests.attacks import ATTACKS

QUICK = (
    "garbage",
    "broken_frames",
    "beats",
    "hellos",
    "promises",
    "endless_answers",
    "wrong_signatures",
    "never_reads",
    "wrong_chart",
    "charts_it_lacks",
    "pushed_crowd",
    "served_crowd",
)
"""What is over soon; `python -m benchmarks.network --only hostile` tries all of it."""

pytestmark = [pytest.mark.network, pytest.mark.slow]


# libp2p leaves the sockets of broken connections to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_rogues_are_kept_out_with_a_reason_and_honest_nodes_come_to_the_same() -> None:
    found = siege(QUICK)
    gc.collect()
    held = {met.name: met for met in found.met}
    for name in QUICK:
        if ATTACKS[name].reasons:
            assert held[name].is_dropped, f"{name}: {held[name].why}"
    assert found.is_converged
    assert found.parted == 0
    assert found.growth_bytes < MOST_GROWTH
    assert found.disk_bytes < STORE_MB * 1_000_000 + MOST_OVERHEAD
