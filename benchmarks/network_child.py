"""A measured process as it sees itself: orders come in as lines of JSON, answers go out as such."""

import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Final

import msgspec
import trio

from consensus.encoding import tagged_digest

MAX_ORDER_BYTES: Final = 1_000_000
PAGE_BYTES: Final = resource.getpagesize()


class Config(msgspec.Struct, frozen=True):
    """How a process is started."""

    home: str
    """Its folder; a ledger in it is what it starts with."""
    name: str
    """Its keys follow from it."""
    listen: tuple[str, ...]
    """Where peers reach it."""
    dial: tuple[str, ...]
    """Whom it tries to reach."""
    identity: str = ""
    """The identity's key follows from this; where it is empty, from the name too."""
    tells_written: bool = False
    """Says of each own entry that it is on disk."""
    store_mb: int = 4_096
    """What its ledger may take up; where nothing is said, nobody is measured."""
    pins: tuple[str, ...] = ()
    """Names of processes whose people it keeps everything of."""
    rehearses: str = ""
    """A ledger file that is validated and stored before the node starts, to know the pace."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a process says of itself, all counted from its start."""

    held: int
    """Entries in its ledger."""
    stored: int
    """Entries that it has on disk."""
    owed: int
    """Entries that it was asked to write and has not stored yet."""
    digest: str
    """Of its ledger, in hex."""
    cpu_s: float
    """CPU time of all its threads."""
    rss_bytes: int
    """Memory in use."""
    open_files: int
    """File descriptors, sockets among them."""
    messages_in: int
    """Messages that peers delivered to the node."""
    message_bytes_in: int
    """Their bytes."""
    socket_bytes_in: int
    """Bytes that came in through TCP, encrypted and framed."""
    socket_bytes_out: int
    """Bytes that went out through TCP."""


class Arrivals(msgspec.Struct, frozen=True):
    """When entries were asked for and when they came, in nanoseconds of the machine's clock."""

    asked_ns: dict[str, int]
    """Entries that this process wrote."""
    stored_ns: dict[str, int]
    """All entries that it has on disk."""


class Written(msgspec.Struct, frozen=True, tag=True):
    """Entries of its own that a process has on disk: from now on they must not get lost."""

    ids: tuple[str, ...]
    """Their ids, shortened, in hex."""


class Answer(msgspec.Struct, frozen=True, tag=True):
    """What came of an order."""

    value: Any
    """It depends on the order."""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The process takes orders now."""

    pid: int
    """Its process id."""


Line = Written | Answer | Ready
"""What a process says."""


class Order(msgspec.Struct, frozen=True):
    """What a process is told to do."""

    do: str
    """Which of its orders."""
    arguments: dict[str, Any] = {}
    """By name."""


class Meter:
    """Counts what goes through the sockets of this process."""

    def __init__(self) -> None:
        """Starts to count, for as long as the process lives."""
        self.bytes_in = 0
        self.bytes_out = 0
        self.messages_in = 0
        self.message_bytes_in = 0
        send_all, receive_some = trio.SocketStream.send_all, trio.SocketStream.receive_some

        @wraps(send_all)
        async def counted_send(stream: Any, data: Any) -> None:
            await send_all(stream, data)
            self.bytes_out += len(data)

        @wraps(receive_some)
        async def counted_receive(stream: Any, max_bytes: int | None = None) -> bytes:
            data = await receive_some(stream, max_bytes)
            self.bytes_in += len(data)
            return data

        type.__setattr__(trio.SocketStream, "send_all", counted_send)
        type.__setattr__(trio.SocketStream, "receive_some", counted_receive)

    def report(self, *, held: int, stored: int, owed: int, digest: bytes) -> Report:
        """What was counted until now."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return Report(
            held=held,
            stored=stored,
            owed=owed,
            digest=digest.hex(),
            cpu_s=time.process_time(),
            rss_bytes=pages * PAGE_BYTES,
            open_files=len(os.listdir("/proc/self/fd")),
            messages_in=self.messages_in,
            message_bytes_in=self.message_bytes_in,
            socket_bytes_in=self.bytes_in,
            socket_bytes_out=self.bytes_out,
        )


def node_seed(name: str) -> bytes:
    """The seed of a node key that follows from a name, so that others know whom to dial."""
    return tagged_digest("bench node", name)


def short(identifier: bytes) -> str:
    """Enough of an id to tell it from others."""
    return identifier[:8].hex()


def say(line: Line) -> None:
    """Tells the parent something."""
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


async def obey(orders: Mapping[str, Callable[..., object]]) -> None:
    """Says that it is ready, and carries out orders until the parent closes its end."""
    say(Ready(os.getpid()))
    unread = bytearray()
    async with trio.lowlevel.FdStream(os.dup(sys.stdin.fileno())) as stream:
        async for data in stream:
            unread += data
            while (end := unread.find(b"\n")) >= 0:
                order = msgspec.json.decode(bytes(unread[:end]), type=Order)
                del unread[: end + 1]
                say(Answer(orders[order.do](**order.arguments)))
            assert len(unread) < MAX_ORDER_BYTES, "an order without an end"
