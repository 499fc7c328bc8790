"""Three real nodes go on together while rogues attack one of them in every way there is."""

import gc

import pytest

from benchmarks.network_hostile import MOST_GROWTH, MOST_OVERHEAD, STORE_MB, siege
from tests.attacks import ATTACKS

pytestmark = [pytest.mark.network, pytest.mark.slow]


# libp2p leaves the sockets of broken connections to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_rogues_are_kept_out_with_a_reason_and_honest_nodes_come_to_the_same() -> None:
    found = siege()
    gc.collect()
    held = {met.name: met for met in found.met}
    for name, attack in ATTACKS.items():
        if attack.reasons:
            assert held[name].is_dropped, f"{name}: {held[name].why}"
        else:
            assert held[name].why or name == "served_crowd"
    assert found.is_converged
    assert found.parted == 0
    assert found.growth_bytes < MOST_GROWTH
    assert found.disk_bytes < STORE_MB * 1_000_000 + MOST_OVERHEAD
