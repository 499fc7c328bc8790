"""What travels on a path: frames of four bytes of length, one byte of kind, and the content."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

HEADER_SIZE: Final = 5
MAX_MESSAGE_BYTES: Final = 1024 * 1024
NUMBER_SIZE: Final = 8
MAX_FRAME_BYTES: Final = MAX_MESSAGE_BYTES + NUMBER_SIZE
"""A message and its number."""
MAX_NUMBER: Final = 2**63
ID_SIZE: Final = 16
NO_ID: Final = bytes(ID_SIZE)
"""In place of the id of a session that one does not know."""
MAX_ADDRESSES: Final = 8
MAX_ADDRESS_BYTES: Final = 255


class FrameKind(IntEnum):
    """What a frame holds."""

    HELLO = 0
    """Which session this path belongs to: the first frame each way."""
    MESSAGE = 1
    """A number and a message."""
    BEAT = 2
    """A sign of life, which echoes the other side's latest."""
    ACKNOWLEDGED = 3
    """The number up to which messages arrived."""
    STALE = 4
    """The session that a hello names is gone."""
    GOODBYE = 5
    """The session ends now, on purpose."""


class BrokenFramingError(Exception):
    """The peer sent what no path carries."""


@dataclass(frozen=True, slots=True)
class Hello:
    """Says which session a path belongs to."""

    own_id: bytes
    """The sender's half of the session's name, 16 random bytes."""
    peer_id: bytes
    """The receiver's half as the sender knows it, or `NO_ID`."""
    received: int
    """The number up to which messages arrived."""
    is_relay: bool
    """Whether the sender relays for others."""
    addresses: tuple[str, ...]
    """Where the sender can be dialled, too."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life, and what the other side needs to time the way."""

    sent_us: int
    """When it was sent, by the sender's clock."""
    echo_us: int
    """`sent_us` of the latest beat from the other side; 0 before the first."""
    held_us: int
    """How long ago that one came."""
    received: int
    """The number up to which messages arrived."""
    is_in_use: bool
    """Whether the sender's messages travel on this path."""
    is_quiet: bool
    """Whether nothing was said of late, so that the sender's beats are rarer."""


def frame(kind: FrameKind, content: bytes) -> bytes:
    """A frame as it travels."""
    return len(content).to_bytes(4) + bytes([kind]) + content


def message_frame(number: int, data: bytes) -> bytes:
    """A numbered message as it travels."""
    return (len(data) + NUMBER_SIZE).to_bytes(4) + b"\x01" + number.to_bytes(NUMBER_SIZE) + data


def hello_frame(hello: Hello) -> bytes:
    """A hello as it travels."""
    texts = [address.encode() for address in hello.addresses]
    fit = [text for text in texts if len(text) <= MAX_ADDRESS_BYTES][:MAX_ADDRESSES]
    listed = b"".join(bytes([len(text)]) + text for text in fit)
    return frame(
        FrameKind.HELLO,
        hello.own_id
        + hello.peer_id
        + hello.received.to_bytes(NUMBER_SIZE)
        + bytes([hello.is_relay])
        + listed,
    )


def beat_frame(beat: Beat) -> bytes:
    """A beat as it travels."""
    numbers = (beat.sent_us, beat.echo_us, beat.held_us, beat.received)
    content = b"".join(number.to_bytes(NUMBER_SIZE) for number in numbers)
    return frame(FrameKind.BEAT, content + bytes([beat.is_in_use + 2 * beat.is_quiet]))


def acknowledged_frame(received: int) -> bytes:
    """An acknowledgement as it travels."""
    return frame(FrameKind.ACKNOWLEDGED, received.to_bytes(NUMBER_SIZE))


def read_number(content: bytes) -> int:
    """The eight bytes at the front; raises BrokenFramingError."""
    number = int.from_bytes(content[:NUMBER_SIZE])
    if len(content) < NUMBER_SIZE or number >= MAX_NUMBER:
        raise BrokenFramingError("a number that is none")
    return number


def read_hello(content: bytes) -> Hello:
    """A hello from its frame's content; raises BrokenFramingError."""
    ids, rest = content[: 2 * ID_SIZE], content[2 * ID_SIZE :]
    received, flag = read_number(rest), rest[NUMBER_SIZE : NUMBER_SIZE + 1]
    if ids[:ID_SIZE] == NO_ID or flag not in {b"\0", b"\1"}:
        raise BrokenFramingError("a hello without a session")
    addresses = tuple(_read_texts(rest[NUMBER_SIZE + 1 :]))
    return Hello(ids[:ID_SIZE], ids[ID_SIZE:], received, flag == b"\1", addresses)


def _read_texts(rest: bytes) -> Iterator[str]:
    for _ in range(MAX_ADDRESSES):
        if not rest:
            return
        size = rest[0]
        text, rest = rest[1 : 1 + size], rest[1 + size :]
        if len(text) < size or not text.isascii() or not text.decode().isprintable():
            raise BrokenFramingError("an address that is none")
        yield text.decode()
    if rest:
        raise BrokenFramingError("more addresses than a hello holds")


def read_beat(content: bytes) -> Beat:
    """A beat from its frame's content; raises BrokenFramingError."""
    if len(content) != 4 * NUMBER_SIZE + 1 or content[-1] > 3:
        raise BrokenFramingError("a beat of the wrong size")
    sent_us, echo_us, held_us, received = (
        read_number(content[start:]) for start in range(0, 4 * NUMBER_SIZE, NUMBER_SIZE)
    )
    is_in_use, is_quiet = content[-1] % 2 == 1, content[-1] > 1
    return Beat(sent_us, echo_us, held_us, received, is_in_use, is_quiet)


class FrameReader:
    """Cuts the bytes of a stream into frames."""

    def __init__(self) -> None:
        """Starts at a frame's first byte."""
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[FrameKind, bytes]]:
        """The frames that these bytes complete; raises BrokenFramingError."""
        buffer = self._buffer
        buffer += data
        start = 0
        try:
            while len(buffer) >= start + HEADER_SIZE:
                size = int.from_bytes(buffer[start : start + 4])
                if size > MAX_FRAME_BYTES:
                    raise BrokenFramingError("a frame larger than any message")
                end = start + HEADER_SIZE + size
                if len(buffer) < end:
                    break
                kind = buffer[start + 4]
                if kind > FrameKind.GOODBYE:
                    raise BrokenFramingError("a frame of an unknown kind")
                yield FrameKind(kind), bytes(buffer[start + HEADER_SIZE : end])
                start = end
        finally:
            del buffer[:start]
