"""Charts that people play, if they are here, and `.ojn` files made on the spot."""

import os
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from game.charts.ojn import HEADER

REPOSITORY = Path(__file__).parents[3]
Event = tuple[int, int, int] | float | None


@pytest.fixture(scope="session")
def charts_folder() -> Path:
    data = Path(os.environ.get("POPD_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (data / "charts").is_dir():
        pytest.skip(f"charts are not at {data}; set POPD_DATA to where they are")
    return data / "charts"


@pytest.fixture(scope="session")
def package() -> Callable[..., bytes]:
    def make(measure: int, channel: int, *events: Event) -> bytes:
        """Events evenly apart: (value, volume, kind), the number of a tempo, or None."""
        body = b""
        for event in events:
            if event is None:
                body += bytes(4)
            elif isinstance(event, tuple):
                body += struct.pack("<hBB", *event)
            else:
                body += struct.pack("<f", event)
        return struct.pack("<ihH", measure, channel, len(events)) + body

    return make


@pytest.fixture(scope="session")
def ojn() -> Callable[..., bytes]:
    def make(
        *difficulties: Sequence[bytes], tempo: float = 60.0, title: bytes = b"A song"
    ) -> bytes:
        """A file with these packages for up to three difficulties."""
        padded = [*difficulties, *([()] * (3 - len(difficulties)))]
        bodies = [b"".join(packages) for packages in padded]
        offsets = [HEADER.size + sum(map(len, bodies[:end])) for end in range(4)]
        counts = [len(packages) for packages in padded]
        fields = (
            1, b"ojn\0", 2.9, 0, tempo, 1, 5, 9, 0, *[0] * 9, *counts, 0, 0, b"", 0, 0,
            title, b"Someone", b"Maker", b"a.ojm", 0, 0, 0, 0, *offsets,
        )  # fmt: skip
        return HEADER.pack(*fields) + b"".join(bodies)

    return make
