"""A link: one long-lived stream to a peer, on which messages and echoes travel in frames.

A frame is four bytes of length, one byte of kind, and the content.
"""

import contextlib
import logging
from collections import deque
from collections.abc import Callable
from enum import IntEnum
from typing import Final, Protocol

import trio

logger = logging.getLogger(__name__)

HEADER_SIZE: Final = 5
MAX_FRAME_BYTES: Final = 1024 * 1024
MAX_QUEUE_ITEMS: Final = 8_192
MAX_QUEUE_BYTES: Final = 64 * 1024 * 1024
"""A peer that does not read is cut off when this much waits for it."""
READ_BYTES: Final = 64 * 1024
ECHO_INTERVAL_S: Final = 2.0
SILENCE_S: Final = 12.0
"""A link on which not even an echo came for this long is dead."""


class FrameKind(IntEnum):
    """What a frame holds."""

    MESSAGE = 0
    PING = 1
    PONG = 2


class Stream(Protocol):
    """What a link needs of a libp2p stream."""

    async def read(self, n: int | None = None) -> bytes:
        """Some bytes, at most n; none at the end."""

    async def write(self, data: bytes) -> None:
        """Sends bytes."""

    async def reset(self) -> None:
        """Breaks the stream at once."""


class LinkBrokenError(Exception):
    """The peer is gone, or it broke the framing, or it does not read."""


class Link:
    """The queue, the reader, the writer and the echo of one stream."""

    def __init__(
        self,
        stream: Stream,
        now_us: Callable[[], int],
        on_message: Callable[[bytes], None],
        on_round_trip: Callable[[int], None],
    ) -> None:
        """A link that does not run yet. The callbacks neither wait nor raise."""
        self._stream = stream
        self._now_us = now_us
        self._on_message = on_message
        self._on_round_trip = on_round_trip
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._wake = trio.Event()
        self._scope = trio.CancelScope()
        self._heard_us = now_us()

    def send(self, data: bytes) -> None:
        """Queues a message. A link whose queue is full is closed: its peer does not read."""
        self._put(FrameKind.MESSAGE, data)

    def close(self) -> None:
        """Ends the link."""
        self._scope.cancel()

    async def run(self) -> None:
        """Runs the link until it breaks or is closed; never raises for what the peer does."""
        with self._scope:
            try:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._write)
                    nursery.start_soon(self._echo)
                    await self._read()
                    nursery.cancel_scope.cancel()
            except* Exception as broken:
                # libp2p's streams raise what they like; whatever it is, the link is over.
                logger.debug("link ended", exc_info=broken)
        goodbye = trio.CancelScope(deadline=trio.current_time() + 1, shield=True)
        with goodbye, contextlib.suppress(Exception):
            await self._stream.reset()

    def _put(self, kind: FrameKind, content: bytes) -> None:
        frame = len(content).to_bytes(4) + bytes([kind]) + content
        is_full = len(self._queue) >= MAX_QUEUE_ITEMS
        if is_full or self._queued_bytes + len(frame) > MAX_QUEUE_BYTES:
            self.close()
            return
        self._queue.append(frame)
        self._queued_bytes += len(frame)
        self._wake.set()

    async def _write(self) -> None:
        while True:
            if not self._queue:
                self._wake = trio.Event()
                await self._wake.wait()
            batch = bytearray()
            while self._queue and len(batch) < READ_BYTES:
                batch += self._queue.popleft()
            self._queued_bytes -= len(batch)
            await self._stream.write(bytes(batch))

    async def _read(self) -> None:
        buffer = bytearray()
        while True:
            data = await self._stream.read(READ_BYTES)
            if not data:
                return
            self._heard_us = self._now_us()
            buffer += data
            while len(buffer) >= HEADER_SIZE:
                size = int.from_bytes(buffer[:4])
                if size > MAX_FRAME_BYTES:
                    raise LinkBrokenError("a frame larger than any message")
                if len(buffer) < HEADER_SIZE + size:
                    break
                kind, content = buffer[4], bytes(buffer[HEADER_SIZE : HEADER_SIZE + size])
                del buffer[: HEADER_SIZE + size]
                self._take(kind, content)

    def _take(self, kind: int, content: bytes) -> None:
        if kind == FrameKind.MESSAGE:
            self._on_message(content)
        elif kind == FrameKind.PING and len(content) == 8:
            self._put(FrameKind.PONG, content)
        elif kind == FrameKind.PONG and len(content) == 8:
            self._on_round_trip(max(0, self._now_us() - int.from_bytes(content)))
        else:
            raise LinkBrokenError("a frame of an unknown kind")

    async def _echo(self) -> None:
        while True:
            self._put(FrameKind.PING, self._now_us().to_bytes(8))
            await trio.sleep(ECHO_INTERVAL_S)
            if self._now_us() - self._heard_us > SILENCE_S * 1_000_000:
                raise LinkBrokenError("the peer fell silent")
