"""Real hosts on loopback: sessions over several paths, bans, and what a report says."""

import errno
import gc
import socket

import pytest
import trio

from popd.net.frames import MAX_MESSAGE_BYTES
from popd.node.events import PeerConnected, PeerDisconnected
from popd.reports import PathState
from tests.popd.net.nodes import LOOPBACK, Node, running, until

pytestmark = [
    pytest.mark.network,
    # libp2p leaves the sockets of broken connections to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
THREE_WAYS = (LOOPBACK, "/ip4/127.0.0.2/tcp/0", "/ip4/127.0.0.1/tcp/0/ws")
SIX = ("/ip6/::1/tcp/0", "/ip6/::1/tcp/0/ws")


def has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as probe:
        return probe.connect_ex(("::1", 1)) == errno.ECONNREFUSED


async def talk_while_paths_close() -> tuple[Node, Node]:
    here, there = Node(), Node()
    async with running((there, THREE_WAYS), (here, [LOOPBACK])):
        here.network.want(*there.network.addresses)
        await until(lambda: [len(r.paths) for r in here.network.report()] == [3])
        for number in range(2_000):
            here.network.send(there.key, number.to_bytes(4) + bytes(300))
            there.network.send(here.key, number.to_bytes(4))
            if number in (500, 1_500):
                closed = here.network.report()[0].paths[0]
                here.network.close_path(there.key, closed.address)
            if number % 20 == 0:
                await trio.sleep(0.001)
        await until(lambda: len(there.messages) >= 2_000 and len(here.messages) >= 2_000)
        return here, there


def test_messages_keep_their_order_while_two_of_three_paths_close() -> None:
    here, there = trio.run(talk_while_paths_close)
    gc.collect()
    assert there.messages == [number.to_bytes(4) + bytes(300) for number in range(2_000)]
    assert here.messages == [number.to_bytes(4) for number in range(2_000)]
    for node in (here, there):
        ends = [event for event in node.events if isinstance(event, PeerDisconnected)]
        assert len(ends) <= 1, "only the end of the test ends the session"
        assert isinstance(node.events[0], PeerConnected)


def test_each_peer_is_reported_with_its_paths_and_its_subnet() -> None:
    async def main() -> None:
        here, there = Node(), Node()
        async with running((there, THREE_WAYS), (here, [LOOPBACK])):
            here.network.want(*there.network.addresses)
            await until(lambda: [len(r.paths) for r in there.network.report()] == [3])
            here.network.send(there.key, b"hello")
            await until(lambda: here.network.report()[0].traffic.messages_out == 1)
            (report,) = here.network.report()
            assert (report.peer, report.subnet) == (there.key, "loopback")
            assert sorted(path.transport for path in report.paths) == ["tcp", "tcp", "ws"]
            assert sorted(p.address for p in report.paths) == sorted(there.network.addresses)
            states = [path.state for path in report.paths]
            assert states == [PathState.ACTIVE, PathState.SPARE, PathState.SPARE]
            (seen,) = there.network.report()
            assert sorted(path.transport for path in seen.paths) == ["tcp", "tcp", "ws"]
            assert there.network.state().inbound == 3

    trio.run(main)
    gc.collect()


def test_a_peer_that_one_parts_with_is_gone_and_stays_out_until_the_ban_ends() -> None:
    async def main() -> None:
        here, there = Node(), Node()
        async with running((there, [LOOPBACK]), (here, [LOOPBACK])):
            here.network.want(*there.network.addresses)
            await until(lambda: len(there.events) == 1)
            there.network.part(here.key, ban_s=5.0)
            await until(lambda: len(here.events) == 2)
            assert isinstance(here.events[1], PeerDisconnected)
            assert there.network.state().banned == 1
            await until(lambda: len(there.events) == 3, 30.0)
            assert isinstance(there.events[2], PeerConnected)

    trio.run(main)
    gc.collect()


def test_two_that_want_each_other_keep_one_session() -> None:
    async def main() -> None:
        here, there = Node(), Node()
        async with running((there, [LOOPBACK]), (here, [LOOPBACK])):
            here.network.want(*there.network.addresses)
            there.network.want(*here.network.addresses)
            await until(lambda: bool(here.events and there.events))
            await trio.sleep(1.0)
            assert [len(r.paths) for r in here.network.report()] == [1]
            assert (len(here.events), len(there.events)) == (1, 1)

    trio.run(main)
    gc.collect()


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_paths_over_ipv6_are_as_good() -> None:
    async def main() -> None:
        here, there = Node(), Node()
        async with running((there, SIX), (here, [LOOPBACK])):
            here.network.want(*there.network.addresses)
            await until(lambda: [len(r.paths) for r in there.network.report()] == [2])
            (seen,) = there.network.report()
            assert seen.subnet == "loopback"
            assert sorted(path.transport for path in seen.paths) == ["tcp", "ws"]

    trio.run(main)
    gc.collect()


def test_a_connection_that_ends_gives_its_place_back() -> None:
    async def main() -> None:
        here, there = Node(), Node()
        async with running((there, [LOOPBACK])):
            async with running((here, [LOOPBACK])):
                here.network.want(*there.network.addresses)
                await until(lambda: there.network.state().inbound == 1)
            await until(lambda: there.network.state().inbound == 0)
            await until(lambda: len(there.events) == 2)
            assert isinstance(there.events[1], PeerDisconnected)

    trio.run(main)
    gc.collect()


def test_what_is_larger_than_any_message_is_lost_and_harms_nothing() -> None:
    async def main() -> None:
        here, there = Node(), Node()
        async with running((there, [LOOPBACK]), (here, [LOOPBACK])):
            here.network.want(*there.network.addresses)
            await until(lambda: bool(here.events))
            here.network.send(there.key, bytes(MAX_MESSAGE_BYTES + 1))
            here.network.send(there.key, bytes(MAX_MESSAGE_BYTES))
            await until(lambda: bool(there.messages))
            assert there.messages == [bytes(MAX_MESSAGE_BYTES)]

    trio.run(main)
    gc.collect()


def test_a_port_in_use_is_said_to_be() -> None:
    async def main() -> None:
        here, there = Node(), Node()
        async with running((here, [LOOPBACK])):
            taken = here.network.addresses[0].split("/p2p/")[0]
            with pytest.raises(OSError, match="in use"):
                await there.network.run([taken], [])

    trio.run(main)
    gc.collect()


def test_an_address_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match="looks like"):
        Node().network.want("/ip4/127.0.0.1/tcp/1")
