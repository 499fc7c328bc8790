"""A session: numbered messages to one peer, kept until acknowledged, whatever path carries them.

The sender sends in order on one path. When it changes paths it starts again behind the last
acknowledged message, so on every path the receiver sees no number beyond the one it waits for:
it drops what it has and needs no buffer.
"""

from typing import Final

from popd.net.frames import BrokenFramingError, message_frame
from popd.reports import Traffic

MAX_KEPT_MESSAGES: Final = 8_192
MAX_KEPT_BYTES: Final = 64 * 1024 * 1024
"""A peer that does not read, or does not acknowledge, is cut off when this much is kept for it."""
MAX_WAITING_LIVE: Final = 256
MAX_WAITING_LIVE_BYTES: Final = 256 * 1024
"""When this much waits to be sent, live messages are shed, and nothing else is."""
ACKNOWLEDGE_EVERY: Final = 64
ACKNOWLEDGE_EVERY_BYTES: Final = 64 * 1024
"""An acknowledgement goes out after this many messages or bytes, and with every beat."""


class PeerDoesNotReadError(Exception):
    """More is kept for the peer than a session holds."""


class Session:
    """The numbers of one session. Numbers start at 1; nothing here waits, or knows the time."""

    def __init__(self) -> None:
        """A session in which nothing was said yet."""
        self._kept: dict[int, bytes] = {}
        self._kept_bytes = 0
        self._waiting_bytes = 0
        self._last = 0
        self._sent = 0
        self._furthest = 0
        self._acknowledged = 0
        self._bytes_out = 0
        self.received = 0
        """The number up to which messages arrived."""
        self._bytes_in = 0
        self._doubles_in = 0
        self._live_shed = 0
        self._unacknowledged = 0
        self._unacknowledged_bytes = 0

    @property
    def has_waiting(self) -> bool:
        """Whether there is something to send."""
        return self._sent < self._last

    @property
    def acknowledged(self) -> int:
        """The number up to which the peer has what was sent."""
        return self._acknowledged

    @property
    def kept_bytes(self) -> int:
        """What is kept because the peer did not acknowledge it."""
        return self._kept_bytes

    @property
    def traffic(self) -> Traffic:
        """The figures so far."""
        return Traffic(
            messages_out=self._acknowledged,
            bytes_out=self._bytes_out,
            messages_in=self.received,
            bytes_in=self._bytes_in,
            doubles_in=self._doubles_in,
            live_shed=self._live_shed,
            kept_messages=len(self._kept),
            kept_bytes=self._kept_bytes,
            waiting_messages=self._last - self._sent,
            waiting_bytes=self._waiting_bytes,
        )

    def put(self, data: bytes, *, is_live: bool) -> None:
        """Takes a message to send; raises PeerDoesNotReadError."""
        is_crowded = (
            self._last - self._sent >= MAX_WAITING_LIVE
            or self._waiting_bytes + len(data) > MAX_WAITING_LIVE_BYTES
        )
        if is_live and is_crowded:
            self._live_shed += 1
            return
        is_full = self._kept_bytes + len(data) > MAX_KEPT_BYTES
        if is_full or len(self._kept) >= MAX_KEPT_MESSAGES:
            raise PeerDoesNotReadError(f"{len(self._kept)} messages wait for it")
        self._last += 1
        self._kept[self._last] = data
        self._kept_bytes += len(data)
        self._waiting_bytes += len(data)

    def take(self, room: int) -> list[bytes]:
        """The next frames to send, until they fill `room` bytes or nothing waits."""
        frames: list[bytes] = []
        while room > 0 and self._sent < self._last:
            self._sent += 1
            data = self._kept[self._sent]
            self._waiting_bytes -= len(data)
            frames.append(message_frame(self._sent, data))
            room -= len(frames[-1])
        self._furthest = max(self._furthest, self._sent)
        return frames

    def start_again(self) -> None:
        """Sends everything unacknowledged once more, on another path."""
        self._sent = self._acknowledged
        self._waiting_bytes = self._kept_bytes

    def acknowledge(self, number: int) -> int:
        """Forgets what arrived and says how many bytes that were; raises BrokenFramingError."""
        if number > self._furthest:
            raise BrokenFramingError("an acknowledgement of what was never sent")
        before = self._kept_bytes
        while self._acknowledged < number:
            self._acknowledged += 1
            data = self._kept.pop(self._acknowledged)
            self._kept_bytes -= len(data)
            if self._acknowledged > self._sent:
                self._sent = self._acknowledged
                self._waiting_bytes -= len(data)
        self._bytes_out += before - self._kept_bytes
        return before - self._kept_bytes

    def receive(self, number: int, data: bytes) -> bytes | None:
        """The message when it is new; raises BrokenFramingError when one before it is missing."""
        if number > self.received + 1 or number == 0:
            raise BrokenFramingError("a message is missing")
        self._unacknowledged += 1
        self._unacknowledged_bytes += len(data)
        if number <= self.received:
            self._doubles_in += 1
            return None
        self.received = number
        self._bytes_in += len(data)
        return data

    @property
    def is_acknowledgement_due(self) -> bool:
        """Whether enough arrived to say so."""
        return (
            self._unacknowledged >= ACKNOWLEDGE_EVERY
            or self._unacknowledged_bytes >= ACKNOWLEDGE_EVERY_BYTES
        )

    def note_acknowledged(self) -> None:
        """`received` was told to the peer."""
        self._unacknowledged = self._unacknowledged_bytes = 0
