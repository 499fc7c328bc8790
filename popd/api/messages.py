"""The messages of the play socket: what a page says, and what it hears besides windows."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from popd.api.play_shapes import CalibrationShape
from popd.api.shapes import MAX_BATCH, Hex, Key, Person, TimeUs, WindowCount, WindowMessage

MAX_MESSAGE_SIZE: Final = 64 * 1024
"""Bytes; a batch of key events fits three times."""


class Ping(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """What time is it?"""

    t: Annotated[float, Meta(ge=-1e15, le=1e15)]
    """The page's own clock; comes back unchanged."""


class Start(msgspec.Struct, frozen=True, tag_field="type", tag="start"):
    """Perform a chart."""

    chart: Hex
    windows: WindowCount | None = None
    """At most so many."""
    from_us: TimeUs = 0
    """Where in the chart to begin; the session is of what comes after."""
    calibration: CalibrationShape = CalibrationShape()
    """How late the player's devices are; signed with the session."""
    room: bool = False
    """With the others of the own room, when they begin or at the next bar; `from_us` follows."""


class Events(msgspec.Struct, frozen=True, tag_field="type", tag="events"):
    """Keys went down and up."""

    seq: Annotated[int, Meta(ge=1, le=2**53)]
    """Counts the batches of a session from 1."""
    events: Annotated[list[Key], Meta(max_length=MAX_BATCH)]
    """[t_us since the start, lane, 1 or 0]"""


class Stop(msgspec.Struct, frozen=True, tag_field="type", tag="stop"):
    """Stop performing."""


FromPage = Ping | Start | Events | Stop


class Pong(msgspec.Struct, frozen=True, tag_field="type", tag="pong"):
    """The time."""

    t: float
    """What the ping said."""
    now_us: int
    """The daemon's clock, since 1970."""


class Ack(msgspec.Struct, frozen=True, tag_field="type", tag="ack"):
    """A batch arrived, this time or before."""

    seq: int


class InvitingMessage(msgspec.Struct, frozen=True, tag_field="type", tag="inviting"):
    """People are asked to witness."""

    asked: int


class SessionMessage(msgspec.Struct, frozen=True, tag_field="type", tag="session"):
    """The session will start."""

    session: str
    start_us: int
    """The moment of chart time 0, by the daemon's clock."""
    windows: int
    window_us: int
    keys: int
    openings: int
    candidates: list[Person]
    from_us: int
    """Where in the chart that was asked for the session begins."""


class RefusedMessage(msgspec.Struct, frozen=True, tag_field="type", tag="refused"):
    """The session will not start."""

    reason: str
    next_step: str = msgspec.field(name="next")


class RiffMessage(msgspec.Struct, frozen=True, tag_field="type", tag="riff"):
    """Four notes to answer."""

    session: str
    window: int
    slot: int
    at_us: int
    notes: list[tuple[int, int]]
    """[t_us since the start, lane]"""


class RoomMessage(msgspec.Struct, frozen=True, tag_field="type", tag="room"):
    """Something about rooms changed: ask for /rooms."""


class EndedMessage(msgspec.Struct, frozen=True, tag_field="type", tag="ended"):
    """The performance is over."""

    session: str
    reason: str


class ErrorMessage(msgspec.Struct, frozen=True, tag_field="type", tag="error"):
    """A message that was not followed."""

    error: str
    next_step: str = msgspec.field(name="next")


ToPage = (
    Pong
    | Ack
    | InvitingMessage
    | SessionMessage
    | RefusedMessage
    | RiffMessage
    | WindowMessage
    | EndedMessage
    | ErrorMessage
    | RoomMessage
)
