"""Replays made on the spot, byte by byte."""

import lzma
import struct
from collections.abc import Callable

import pytest

MakeReplay = Callable[..., bytes]


@pytest.fixture(scope="session")
def make_osr() -> MakeReplay:
    def make(
        frames: str, mods: int = 0, mode: int = 3, counts: tuple[int, ...] = (0,) * 6
    ) -> bytes:
        packed = lzma.compress(frames.encode(), format=lzma.FORMAT_ALONE)
        name = b"\x0b\x02ab"
        return b"".join(
            (
                struct.pack("<BI", mode, 20_200_918),
                name * 3,
                struct.pack("<6HIHBI", *counts, 0, 0, 0, mods),
                b"\0",
                struct.pack("<qI", 0, len(packed)),
                packed,
                struct.pack("<q", 1),
            )
        )

    return make
