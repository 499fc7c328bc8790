"""Rooms that only pretend: Ada comes in and is ready at once; who joins hers waits for her."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from fake_fates import IDENTITY, NEIGHBOURS

ROOM: Final = "ab" * 16
ADA: Final = {"id": NEIGHBOURS[0]["id"], "name": NEIGHBOURS[0]["name"]}
ME: Final = {"id": IDENTITY["id"], "name": "You"}
COUNT_IN_US: Final = 2_000_000
BAR_US: Final = 2_000_000


@dataclass(slots=True)
class Rooms:
    """One room nearby, if it is wanted, and the one that the user is in."""

    now_us: Callable[[], int]
    title: str
    chart: str
    has_nearby: bool = False
    is_in: bool = False
    is_host: bool = False
    is_alone: bool = False
    """Only Ada is connected."""
    t0_us: int | None = None
    me: dict[str, Any] = field(default_factory=dict)
    ada: dict[str, Any] = field(default_factory=dict)

    def reset(self) -> None:
        self.is_in = self.is_host = self.is_alone = False
        self.t0_us = None
        self.me, self.ada = {}, {}

    def said(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the daemon answers to a request below /rooms."""
        match what:
            case "":
                if body:
                    self._enter(is_host=True, part=body)
            case "join":
                self._enter(is_host=False, part={})
            case "part":
                self.me |= {"part": body["chart"], "label": body["label"], "ready": False}
            case "ready":
                self.me["ready"] = body["ready"]
            case "start":
                self.count_in()
            case "leave":
                self.reset()
        return self.state()

    def count_in(self, ahead_us: int = COUNT_IN_US) -> None:
        self.t0_us = self.now_us() + ahead_us
        self.me |= {"player": True}
        self.ada |= {"player": True, "playing": True}

    def lose_ada(self, *, has_left: bool) -> None:
        """Ada is not connected any more, or leaves."""
        self.ada |= {"here": False} if has_left else {"connected": False}

    def from_us(self) -> int:
        """Where somebody who begins now does."""
        late_us = self.now_us() - (self.t0_us or 0)
        return 0 if late_us < 0 else -(-late_us // BAR_US) * BAR_US

    def state(self) -> dict[str, Any]:
        nearby = {
            "id": ROOM,
            "title": self.title,
            "chart": self.chart,
            "host": ADA,
            "members": 1,
            "playing": self.t0_us is not None,
        }
        return {"own": self._own() if self.is_in else None, "nearby": [nearby] * self.has_nearby}

    def _enter(self, *, is_host: bool, part: dict[str, Any]) -> None:
        self.is_in, self.is_host = True, is_host
        mine = {"part": part.get("chart"), "label": part.get("label", "")}
        self.me = {"person": ME, "is_me": True, "is_host": is_host, **_blank(), **mine}
        theirs = {"part": self.chart, "label": "4 keys, easy", "ready": True}
        self.ada = {"person": ADA, "is_me": False, "is_host": not is_host, **_blank(), **theirs}

    def _own(self) -> dict[str, Any]:
        members = [self.me, self.ada] if self.is_host else [self.ada, self.me]
        states = {True: "counting", False: "playing"}
        state = "gathering" if self.t0_us is None else states[self.now_us() < self.t0_us]
        return {
            "id": ROOM,
            "title": self.title,
            "host": ME if self.is_host else ADA,
            "is_host": self.is_host,
            "state": state,
            "t0_us": self.t0_us,
            "uncertainty_us": 0 if self.is_host else 431,
            "can_play": bool(self.me.get("player")),
            "witnesses": 0 if self.is_alone else len(NEIGHBOURS) - 1,
            "advice": "Nobody could witness you: reach somebody else." if self.is_alone else "",
            "members": members,
        }


def _blank() -> dict[str, Any]:
    marks = dict.fromkeys(("ready", "player", "playing"), False)
    return {
        **marks,
        "here": True,
        "connected": True,
        "ratings": 0,
        "offset_us": 0,
        "uncertainty_us": 0,
    }
