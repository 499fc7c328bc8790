"""Calibration: how late a player's own devices are, said and signed before the play.

Three delays that must be kept apart. Sound leaves the speakers late and the picture leaves the
screen late: the player's machine starts both earlier by that much, and nobody else needs to know.
A key reaches the machine late: the log holds when it arrived, and whoever judges takes that off.
All three are fixed in the session, because a shift chosen after the play would fit any play.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from consensus.encoding import Canonical
from consensus.evidence import KeyEvent
from consensus.fields import Fields

MAX_CALIBRATION_US: Final = 250_000
"""Headphones without a wire are 200 ms late; more is no device but a mistake."""


class Calibration(NamedTuple):
    """Delays of one player's devices; below zero where a device seems early."""

    audio_us: int = 0
    """From when a sound is due until it is heard."""
    visual_us: int = 0
    """From when a picture is due until it is seen."""
    input_us: int = 0
    """From when a key is struck until its time is taken."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return tuple(self)

    @classmethod
    def from_body(cls, body: Canonical) -> "Calibration":
        """Raises RejectionError when `body` is no calibration, or beyond its bound."""
        fields = Fields("calibration", body, 3)
        bounds = (-MAX_CALIBRATION_US, MAX_CALIBRATION_US)
        return cls(fields.integer(*bounds), fields.integer(*bounds), fields.integer(*bounds))

    def struck(self, events: Iterable[KeyEvent]) -> tuple[KeyEvent, ...]:
        """The logged events when the fingers moved; some may lie before the window."""
        if self.input_us == 0:
            return tuple(events)
        return tuple(event._replace(time_us=event.time_us - self.input_us) for event in events)


UNCALIBRATED: Final = Calibration()
"""Devices that are never late."""
