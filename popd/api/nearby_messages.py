"""The messages of the socket of Nearby: what a page says, and what it hears."""

from typing import Final

import msgspec

from popd.api.messages import ErrorMessage, Ping, Pong
from popd.api.nearby_shapes import DutyView, MetricsView, PerformanceView
from popd.api.shapes import Hex

MAX_NEARBY_MESSAGE: Final = 1_024
"""Characters; the longest names one session."""


class WatchMessage(msgspec.Struct, frozen=True, tag_field="type", tag="watch"):
    """Show me this performance as it happens."""

    session: Hex


class UnwatchMessage(msgspec.Struct, frozen=True, tag_field="type", tag="unwatch"):
    """I don't look at it any more."""

    session: Hex


class AttendMessage(msgspec.Struct, frozen=True, tag_field="type", tag="attend"):
    """A person is there to judge by hand, or is not any more. For the owner alone."""

    on: bool


FromWatcher = Ping | WatchMessage | UnwatchMessage | AttendMessage


class NearbyMessage(msgspec.Struct, frozen=True, tag_field="type", tag="nearby"):
    """Who performs now, and what this node was drawn for; whenever either changed."""

    performances: list[PerformanceView]
    duties: list[DutyView]


class FrameMessage(msgspec.Struct, frozen=True, tag_field="type", tag="frame"):
    """A quarter of a second of a performance that is watched, in chart time."""

    session: str
    window: int
    from_us: int
    """Where in the chart the window begins."""
    start_us: int
    """The moment of chart time 0, by the daemon's clock."""
    keys: list[tuple[int, int, int]]
    """[chart_us, lane, 1 or 0]"""
    riffs: list[tuple[int, list[tuple[int, int]]]]
    """[chart_us when the challenge arrived, the four notes as [chart_us, lane]]"""
    received_us: int
    """When it reached this node, by the daemon's clock."""
    now_us: int
    """When this message was written, by the daemon's clock."""


class ReadMessage(msgspec.Struct, frozen=True, tag_field="type", tag="read"):
    """What the detectors make of a performance that is watched, so far."""

    session: str
    window: int
    metrics: MetricsView
    """Riffs in the player's own time."""
    anomaly_ppm: int
    impression: str
    """The anomaly in words."""
    reasons: list[str]


class DutyMessage(msgspec.Struct, frozen=True, tag_field="type", tag="duty"):
    """A block that this node was drawn for came a step further. For the owner alone."""

    duty: DutyView


class AppealMessage(msgspec.Struct, frozen=True, tag_field="type", tag="appeal"):
    """What asking for a human look at a block of one's own came to. For the owner alone."""

    block: str
    asked: int
    why: str
    next_step: str = msgspec.field(name="next")


ToWatcher = (
    Pong | NearbyMessage | FrameMessage | ReadMessage | DutyMessage | AppealMessage | ErrorMessage
)
