"""Frames survive any cutting of the stream, and what is none is refused."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popd.net.frames import (
    MAX_FRAME_BYTES,
    NO_ID,
    Beat,
    BrokenFramingError,
    FrameKind,
    FrameReader,
    Hello,
    acknowledged_frame,
    beat_frame,
    frame,
    hello_frame,
    message_frame,
    read_beat,
    read_hello,
    read_number,
)

NUMBERS = st.integers(0, 2**63 - 1)
IDS = st.binary(min_size=16, max_size=16)
ADDRESSES = st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=255))


def read_one(data: bytes) -> tuple[FrameKind, bytes]:
    ((kind, content),) = FrameReader().feed(data)
    return kind, content


@given(st.lists(st.binary(max_size=50)), st.lists(st.integers(0, 2_000)))
def test_frames_come_out_as_they_went_in_however_the_stream_is_cut(
    messages: list[bytes], cuts: list[int]
) -> None:
    data = b"".join(message_frame(n, message) for n, message in enumerate(messages))
    reader, edges = FrameReader(), [0, *sorted(cuts), len(data)]
    pieces = [data[a:b] for a, b in pairwise(edges)]
    read = [item for piece in pieces for item in reader.feed(piece)]
    assert read == [
        (FrameKind.MESSAGE, n.to_bytes(8) + message) for n, message in enumerate(messages)
    ]


@given(IDS.filter(lambda own: own != NO_ID), IDS, NUMBERS, ADDRESSES)
def test_a_hello_reads_as_written(
    own: bytes, peer: bytes, received: int, addresses: list[str]
) -> None:
    hello = Hello(own, peer, received, False, tuple(addresses))
    kind, content = read_one(hello_frame(hello))
    assert (kind, read_hello(content)) == (
        FrameKind.HELLO,
        Hello(own, peer, received, False, tuple(addresses[:8])),
    )


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.booleans(), st.booleans())
def test_a_beat_reads_as_written(
    sent_us: int, echo_us: int, held_us: int, received: int, is_in_use: bool, is_quiet: bool
) -> None:
    beat = Beat(sent_us, echo_us, held_us, received, is_in_use, is_quiet)
    assert read_one(beat_frame(beat)) == (FrameKind.BEAT, beat_frame(beat)[5:])
    assert read_beat(beat_frame(beat)[5:]) == beat
    assert read_number(acknowledged_frame(received)[5:]) == received


@pytest.mark.parametrize(
    "data",
    [(MAX_FRAME_BYTES + 1).to_bytes(4) + b"\0", frame(FrameKind.GOODBYE, b"")[:4] + b"\x06"],
    ids=["oversized", "unknown kind"],
)
def test_a_frame_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenFramingError):
        list(FrameReader().feed(data))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_hello, read_beat, read_number, lambda b: list(FrameReader().feed(b))):
        try:
            read(data)
        except BrokenFramingError:
            continue
