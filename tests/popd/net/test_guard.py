"""Whoever floods a node takes room from itself, not from others."""

import gc
import socket

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from popd.net.guard import (
    HALF_OPEN_RIGHT_US,
    MAX_HALF_OPEN,
    MAX_HALF_OPEN_PER_SOURCE,
    MAX_INBOUND,
    MAX_INBOUND_PER_SOURCE,
    Decision,
    Guard,
    source_of,
)
from tests.popd.net.nodes import LOOPBACK, Node, running, until

ADMITTED, REFUSED = Decision(is_admitted=True), Decision(is_admitted=False)
LATER_US = HALF_OPEN_RIGHT_US


def test_one_address_has_only_so_many_connections_that_do_not_shake_hands() -> None:
    guard = Guard()
    flood = [guard.enter(("192.0.2.1", port), 0) for port in range(100)]
    assert flood == [ADMITTED] * MAX_HALF_OPEN_PER_SOURCE + [REFUSED] * (
        100 - MAX_HALF_OPEN_PER_SOURCE
    )
    assert guard.enter(("192.0.2.2", 1), 0) == ADMITTED


def test_a_newcomer_of_the_same_address_takes_the_place_of_the_oldest() -> None:
    guard = Guard()
    for port in range(MAX_HALF_OPEN_PER_SOURCE):
        guard.enter(("192.0.2.1", port), port)
    assert guard.enter(("192.0.2.1", 99), LATER_US) == Decision(True, ("192.0.2.1", 0))


def test_when_all_is_taken_the_greediest_address_gives_way() -> None:
    guard = Guard()
    for port in range(MAX_HALF_OPEN_PER_SOURCE):
        guard.enter(("192.0.2.1", port), 1)
    for number in range(MAX_HALF_OPEN - MAX_HALF_OPEN_PER_SOURCE):
        guard.enter((f"198.51.100.{number}", 1), 0)
    assert guard.enter(("192.0.2.2", 1), 0) == REFUSED
    assert guard.enter(("192.0.2.2", 1), 1 + LATER_US) == Decision(True, ("192.0.2.1", 0))


def test_shaking_hands_frees_the_place() -> None:
    guard = Guard()
    for port in range(MAX_INBOUND_PER_SOURCE):
        assert guard.enter(("192.0.2.1", port), 0) == ADMITTED
        assert guard.open(("192.0.2.1", port)) == ADMITTED
    assert (guard.half_open, guard.inbound) == (0, MAX_INBOUND_PER_SOURCE)


def test_strangers_of_one_address_give_way_to_each_other_and_never_a_peer() -> None:
    guard = Guard()
    for port in range(MAX_INBOUND_PER_SOURCE):
        guard.enter(("192.0.2.1", port), port)
        guard.open(("192.0.2.1", port))
    for port in range(1, MAX_INBOUND_PER_SOURCE):
        guard.note_path(("192.0.2.1", port), carries_path=True)
    guard.enter(("192.0.2.1", 99), 99)
    assert guard.open(("192.0.2.1", 99)) == Decision(True, ("192.0.2.1", 0))
    guard.note_path(("192.0.2.1", 99), carries_path=True)
    guard.enter(("192.0.2.1", 100), 100)
    assert guard.open(("192.0.2.1", 100)) == REFUSED


def test_this_machine_may_fill_all_places_but_no_more() -> None:
    guard = Guard()
    for port in range(MAX_INBOUND):
        guard.enter(("127.0.0.1", port), port)
        assert guard.open(("127.0.0.1", port)) == ADMITTED
    guard.enter(("192.0.2.1", 1), MAX_INBOUND)
    assert guard.open(("192.0.2.1", 1)) == Decision(True, ("127.0.0.1", 0))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300), st.integers(0, 3)), max_size=300))
def test_the_bounds_hold_whatever_happens(moves: list[tuple[int, int, int]]) -> None:
    guard = Guard()
    for time, (host, port, move) in enumerate(moves):
        remote = (f"192.0.2.{host}", port)
        if move < 2:
            guard.enter(remote, time * 10_000)
        elif move == 2:
            guard.open(remote)
        else:
            guard.leave(remote)
        assert guard.half_open <= MAX_HALF_OPEN
        assert guard.inbound <= MAX_INBOUND


def test_a_whole_network_of_ipv6_is_one_source() -> None:
    assert source_of("2001:db8::1") == source_of("2001:db8::ffff:1%eth0") == "2001:db8::/64"
    assert source_of("192.0.2.1") == "192.0.2.1"
    assert source_of("nonsense") == "nonsense"


def flood(address: str, source: str, count: int) -> list[socket.socket]:
    """Connections that never say anything."""
    parts = address.split("/")
    made = []
    for _ in range(count):
        made.append(socket.socket())
        made[-1].bind((source, 0))
        made[-1].connect((parts[2], int(parts[4])))
    return made


@pytest.mark.network
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("listen", [LOOPBACK, LOOPBACK + "/ws"], ids=["tcp", "ws"])
def test_a_flood_of_silent_connections_keeps_nobody_out(listen: str) -> None:
    async def main() -> None:
        victim, friend = Node(), Node()
        async with running((victim, [listen]), (friend, [LOOPBACK])):
            address = victim.network.addresses[0]
            silent = await trio.to_thread.run_sync(flood, address, "127.0.0.9", 200)
            await until(lambda: victim.network.state().refused >= 200 - MAX_HALF_OPEN_PER_SOURCE)
            friend.network.want(*victim.network.addresses)
            with trio.fail_after(2):
                await until(lambda: bool(friend.events))
            for connection in silent:
                connection.close()

    trio.run(main)
    gc.collect()
