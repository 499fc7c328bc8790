"""Plays as JSON: what a page hands in to be kept, and what it asks for to watch."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from consensus.calibration import MAX_CALIBRATION_US, Calibration
from consensus.entry import MAX_TIME_MS
from game.play.recording import (
    MAX_EVENTS,
    MAX_PLAYED_US,
    MAX_RATE_PPM,
    MAX_RIFFS,
    MIN_RATE_PPM,
)
from popd.api.shapes import Hex, IsPress, Lane, TimeUs

Delay = Annotated[int, Meta(ge=-MAX_CALIBRATION_US, le=MAX_CALIBRATION_US)]
PlayedUs = Annotated[int, Meta(ge=0, le=MAX_PLAYED_US)]
PlayKey = tuple[PlayedUs, Lane, IsPress]
RiffLanes = Annotated[list[Lane], Meta(min_length=4, max_length=4)]
WHOLE_PPM: Final = 1_000_000


class CalibrationShape(msgspec.Struct, frozen=True):
    """How late the player's devices are."""

    audio_us: Delay = 0
    visual_us: Delay = 0
    input_us: Delay = 0

    def as_rule(self) -> Calibration:
        """As a session states it."""
        return Calibration(self.audio_us, self.visual_us, self.input_us)


class PlayBody(msgspec.Struct, frozen=True):
    """A play as it was pressed."""

    chart: Hex
    mode: Literal["live", "practice"]
    made_ms: Annotated[int, Meta(ge=0, le=MAX_TIME_MS)]
    """When it began, since 1970."""
    played_us: PlayedUs
    events: Annotated[list[PlayKey], Meta(max_length=MAX_EVENTS)]
    """[t_us since the start in real time, lane, 1 or 0], as logged, in order"""
    riffs: Annotated[list[tuple[PlayedUs, RiffLanes]], Meta(max_length=MAX_RIFFS)] = []
    """[at_us, the four lanes], in order"""
    rate_ppm: Annotated[int, Meta(ge=MIN_RATE_PPM, le=MAX_RATE_PPM)] = WHOLE_PPM
    """How fast the chart ran."""
    from_us: TimeUs = 0
    """Where in the chart it began."""
    calibration: CalibrationShape = CalibrationShape()


class PlaySummary(msgspec.Struct, frozen=True):
    """A play in the list of plays."""

    id: str
    chart: str
    title: str
    keys: int
    mode: str
    rate_ppm: int
    from_us: int
    played_us: int
    made_ms: int
    accuracy_ppm: int
    """As this daemon judged it."""
    grades: list[int]
    """Perfect first."""
    is_own: bool
    """Played here, not brought from elsewhere."""
    is_best: bool
    """The own best of its chart, whole and at full speed."""


class Plays(msgspec.Struct, frozen=True):
    """What was kept, the newest first."""

    plays: list[PlaySummary]


class PlayView(msgspec.Struct, frozen=True):
    """A whole play, to be watched or raced against."""

    about: PlaySummary
    play: PlayBody


class Removed(msgspec.Struct, frozen=True):
    """It is gone."""

    removed: bool
