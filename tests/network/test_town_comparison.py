"""What two nodes exchange in the virtual network that the benchmark counts on."""

from benchmarks.network_reconciling import compared, written_entries


def test_two_nodes_that_differ_in_a_few_entries_come_to_the_same_and_what_it_took_is_counted() -> (
    None
):
    chains = written_entries(400, 100)
    found = compared(chains, 5)
    assert found.is_same
    assert found.differing_bytes < found.bytes
    assert found.messages > 0 < found.round_trips


def test_counting_is_exact_and_comes_out_the_same_every_time() -> None:
    chains = written_entries(400, 100)
    one, other = (compared(chains, 5) for _ in range(2))
    counted = [(each.bytes, each.messages, each.round_trips, each.seconds) for each in (one, other)]
    assert counted[0] == counted[1]
