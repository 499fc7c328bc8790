"""A link carries messages whole and in order, and ends when its peer misbehaves."""

from collections.abc import Callable

import pytest
import trio
import trio.testing

from popd.net.link import MAX_FRAME_BYTES, MAX_QUEUE_ITEMS, FrameKind, Link


class PipeEnd:
    """One end of a two-way pipe in memory, as a libp2p stream looks to a link."""

    def __init__(
        self, sender: trio.MemorySendChannel[bytes], receiver: trio.MemoryReceiveChannel[bytes]
    ) -> None:
        self.sender, self.receiver = sender, receiver
        self.was_reset = False

    async def read(self, n: int | None = None) -> bytes:
        try:
            return await self.receiver.receive()
        except trio.EndOfChannel:
            return b""

    async def write(self, data: bytes) -> None:
        for start in range(0, len(data), 7):
            await self.sender.send(data[start : start + 7])

    async def reset(self) -> None:
        self.was_reset = True
        self.sender.close()


def pipe(room: int) -> tuple[PipeEnd, PipeEnd]:
    there_in, there_out = trio.open_memory_channel[bytes](room)
    back_in, back_out = trio.open_memory_channel[bytes](room)
    return PipeEnd(there_in, back_out), PipeEnd(back_in, there_out)


def link_on(end: PipeEnd, on_message: Callable[[bytes], None], trips: list[int]) -> Link:
    return Link(end, lambda: int(trio.current_time() * 1e6), on_message, trips.append)


def test_messages_arrive_whole_in_order_and_the_way_is_measured() -> None:
    async def main() -> None:
        one, other = pipe(10_000)
        heard: list[bytes] = []
        trips: list[int] = []
        is_all_heard = trio.Event()

        def hear(data: bytes) -> None:
            heard.append(data)
            if len(heard) == 50:
                is_all_heard.set()

        first = link_on(one, lambda data: None, trips)
        second = link_on(other, hear, [])
        async with trio.open_nursery() as nursery:
            nursery.start_soon(first.run)
            nursery.start_soon(second.run)
            for number in range(50):
                first.send(bytes([number]) * number)
            with trio.fail_after(5):
                await is_all_heard.wait()
                await trio.testing.wait_all_tasks_blocked()
            first.close()
            second.close()
        assert heard == [bytes([number]) * number for number in range(50)]
        assert trips[0] >= 0

    trio.run(main)


@pytest.mark.parametrize(
    "bytes_sent",
    [
        (MAX_FRAME_BYTES + 1).to_bytes(4) + b"\0",
        (3).to_bytes(4) + b"\x09abc",
        (3).to_bytes(4) + bytes([FrameKind.PING]) + b"abc",
        b"",
    ],
    ids=["oversized frame", "unknown kind", "short ping", "end of stream"],
)
def test_a_peer_that_breaks_the_framing_is_cut_off(bytes_sent: bytes) -> None:
    async def main() -> None:
        one, other = pipe(100)
        link = link_on(one, lambda data: None, [])
        if bytes_sent:
            await other.write(bytes_sent)
        other.sender.close()
        with trio.fail_after(5):
            await link.run()
        assert one.was_reset

    trio.run(main)


def test_a_peer_that_never_reads_is_cut_off_when_its_queue_is_full() -> None:
    async def main() -> None:
        one, _ = pipe(0)
        link = link_on(one, lambda data: None, [])
        async with trio.open_nursery() as nursery:
            nursery.start_soon(link.run)
            await trio.testing.wait_all_tasks_blocked()
            for _ in range(MAX_QUEUE_ITEMS + 1):
                link.send(b"unread")
        assert one.was_reset

    trio.run(main)
