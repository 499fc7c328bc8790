"""A link: the edge of one path, a libp2p stream on a connection of its own."""

import contextlib
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

import trio

from popd.net.frames import BrokenFramingError, FrameKind, FrameReader, Hello, frame, hello_frame
from popd.net.path_meter import PathMeter
from popd.net.peering import PathName, Peering
from popd.net.relay_server import write_whole
from popd.net.subnets import Transport

logger = logging.getLogger(__name__)

READ_BYTES: Final = 256 * 1024
CROWDED_S: Final = 0.25
"""Pause before each read while too much waits; short enough that beats are still heard."""
CLOSE_S: Final = 1.0
"""What a goodbye may take before the connection is just dropped."""


class Stream(Protocol):
    """What a link needs of a libp2p stream."""

    async def read(self, n: int | None = None) -> bytes:
        """Some bytes, at most n; none at the end."""

    async def write(self, data: bytes) -> None:
        """Sends bytes."""


class LinkEndedError(Exception):
    """The far end closed the stream."""


class Link:
    """The reader and the writer of one stream."""

    def __init__(
        self, name: PathName, connection: Any, stream: Stream, now_us: Callable[[], int]
    ) -> None:
        """A link that does not run yet, on a connection that is its own."""
        self.name = name
        self.connection = connection
        self.since_us = now_us()
        self.meter = PathMeter(self.since_us)
        self._stream = stream
        self._now_us = now_us
        self._reader = FrameReader()
        self._early: deque[tuple[FrameKind, bytes]] = deque()
        self._wake = trio.Event()
        self._scope = trio.CancelScope()
        self._is_relayed = name.endpoint.transport is Transport.RELAY
        self._says_goodbye = True
        """Unless somebody closes the link for another reason, it ends because the node stops."""
        self._is_writing = False

    def wake(self) -> None:
        """Lets the writer ask for what to write."""
        self._wake.set()

    def close(self, *, says_goodbye: bool = False) -> None:
        """Ends the link; a goodbye ends the session at the other side, too."""
        self._says_goodbye = says_goodbye
        self._scope.cancel()

    async def write(self, data: bytes) -> None:
        """Writes at once; only before `run`."""
        await self._stream.write(data)

    async def say_hello(self, hello: Hello) -> None:
        """Writes a hello; only before `run`."""
        await self._stream.write(hello_frame(hello))

    async def hear(self) -> tuple[FrameKind, bytes]:
        """The first frame; only before `run`. Raises whatever a broken stream raises."""
        while not self._early:
            data = await self._stream.read(READ_BYTES)
            if not data:
                raise LinkEndedError
            self._early.extend(self._reader.feed(data))
        return self._early.popleft()

    async def run(
        self,
        peering: Peering,
        is_crowded: Callable[[], bool],
        on_broken: Callable[[BrokenFramingError], None],
    ) -> bool:
        """Carries the peering until either ends; says whether the peer said goodbye.

        Reads slowly while too much waits to be handled. Never raises for what the peer does;
        `on_broken` hears of what no path carries.
        """
        was_goodbye = False
        try:
            with self._scope:
                try:
                    async with trio.open_nursery() as nursery:
                        nursery.start_soon(self._write, peering)
                        was_goodbye = await self._read(peering, is_crowded)
                        self._says_goodbye = False
                        nursery.cancel_scope.cancel()
                except* Exception as broken:
                    # libp2p's streams raise what they like; whatever it is, the link is over.
                    logger.debug("link ended", exc_info=broken)
                    self._says_goodbye = False
                    for error in broken.exceptions:
                        if isinstance(error, BrokenFramingError):
                            on_broken(error)
        finally:
            if self._says_goodbye and not self._is_writing:
                await self._say_goodbye()
        return was_goodbye

    async def _say_goodbye(self) -> None:
        scope = trio.CancelScope(deadline=trio.current_time() + CLOSE_S, shield=True)
        with scope, contextlib.suppress(Exception):
            await self._stream.write(frame(FrameKind.GOODBYE, b""))

    async def _write(self, peering: Peering) -> None:
        while True:
            data = peering.take(self, self._now_us())
            if data:
                self._is_writing = True
                if self._is_relayed:
                    await write_whole(self._stream, data)
                else:
                    await self._stream.write(data)
                self._is_writing = False
            else:
                self._wake = trio.Event()
                await self._wake.wait()

    async def _read(self, peering: Peering, is_crowded: Callable[[], bool]) -> bool:
        while True:
            while self._early:
                kind, content = self._early.popleft()
                if kind is FrameKind.GOODBYE:
                    return True
                peering.handle(self, kind, content, self._now_us())
            if is_crowded():
                await trio.sleep(CROWDED_S)
            data = await self._stream.read(READ_BYTES)
            if not data:
                return False
            self.meter.hear(self._now_us())
            self._early.extend(self._reader.feed(data))
