"""What a terminal has seen of a performance: presses, riffs, the read-out, duties."""

import math
import time
from dataclasses import dataclass, field
from typing import Any, Final

from popd.cli.lanes import Press

KEPT_US: Final = 5_000_000
"""What is farther in the past is out of sight."""
AFTER_S: Final = 8.0
"""How long after the end one goes on listening when nothing is to be decided."""
MAX_DUTIES: Final = 64
"""Blocks that are kept, the newest; the node lists fewer at once."""
OPEN: Final = ("fetching", "judging", "asking", "decided")


@dataclass(slots=True)
class Seen:
    """What came of a performance so far, or of one after the other."""

    performance: dict[str, Any] | None
    """As the list has it; None while nobody performed yet."""
    is_staying: bool = False
    """Goes on with the next performance, and hears of every block that the user is drawn for."""
    chart: dict[str, Any] | None = None
    """What is played, once it is here."""
    presses: list[Press] = field(default_factory=list)
    """Those that may still be in sight."""
    riffs: list[list[tuple[int, int]]] = field(default_factory=list)
    """Likewise."""
    read: dict[str, Any] | None = None
    """What the detectors made of it last."""
    duties: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Blocks of this performance that the user was drawn for."""
    offset_us: float = math.nan
    """The daemon's clock less this program's, in us."""
    over_s: float | None = None
    """When it ended, by this program's clock."""

    def now_us(self) -> float:
        """The daemon's clock."""
        return time.time() * 1e6 + (0.0 if math.isnan(self.offset_us) else self.offset_us)

    def take(self, message: dict[str, Any]) -> None:
        """Takes in what the socket said."""
        match message["type"]:
            case "pong":
                self.offset_us = message["now_us"] - time.time() * 1e6
            case "nearby":
                self._take_list(message)
            case "frame":
                self._take_frame(message)
            case "read" if self._is_watched(message):
                self.read = message
            case "duty":
                self._take_duty(message["duty"])
            case _:
                pass

    def is_done(self) -> bool:
        """Over, and nothing is left to be decided."""
        if self.over_s is None or any(duty["state"] in OPEN for duty in self.duties.values()):
            return False
        return time.monotonic() - self.over_s > AFTER_S

    def is_idle(self) -> bool:
        """Nobody performs, and what was watched before is put away."""
        return self.performance is None or self.is_done()

    def pressing(self) -> dict[str, Any] | None:
        """The block that is to be decided first, otherwise the one that was drawn last."""
        waiting = [duty for duty in self.duties.values() if duty["state"] in OPEN]
        if waiting:
            return min(waiting, key=lambda duty: duty["until_ms"] or math.inf)
        return max(self.duties.values(), key=lambda duty: duty["drawn_ms"], default=None)

    def _take_list(self, message: dict[str, Any]) -> None:
        same = [one for one in message["performances"] if self._is_watched(one)]
        if same:
            self.performance, self.over_s = same[0], None
        elif self.is_staying and message["performances"]:
            self._turn_to(message["performances"][0])
        elif self.over_s is None:
            self.over_s = time.monotonic()
        for duty in message["duties"]:
            self._take_duty(duty)

    def _is_watched(self, one: dict[str, Any]) -> bool:
        return self.performance is not None and one["session"] == self.performance["session"]

    def _turn_to(self, performance: dict[str, Any]) -> None:
        self.performance, self.over_s = performance, None
        self.chart = self.read = None
        self.presses, self.riffs = [], []

    def _take_duty(self, duty: dict[str, Any]) -> None:
        is_new = self.is_staying and duty["state"] in OPEN
        if not (is_new or duty["block"] in self.duties or self._is_watched(duty)):
            return
        self.duties[duty["block"]] = duty
        for block in list(self.duties)[:-MAX_DUTIES]:
            del self.duties[block]

    def _take_frame(self, frame: dict[str, Any]) -> None:
        if not self._is_watched(frame):
            return
        assert self.performance is not None
        keys = max(1, self.performance["keys"])
        for us, lane, is_press in frame["keys"]:
            if lane >= keys:
                continue
            if is_press:
                self.presses.append(Press(lane, us, math.inf))
            else:
                held = [one for one in self.presses if one.lane == lane and one.up_us == math.inf]
                for press in held:
                    self.presses[self.presses.index(press)] = press._replace(up_us=us)
        self.riffs += [[(us, lane) for us, lane in notes] for _, notes in frame["riffs"]]
        before_us = frame["received_us"] - frame["start_us"] - KEPT_US
        self.presses = [one for one in self.presses if one.down_us > before_us]
        self.riffs = [riff for riff in self.riffs if riff[-1][0] > before_us]
