"""A pretended daemon's devices, and what follows the user from one to another.

Under /fake/devices a test lets one join, and sends the pen away.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

DESK, LAPTOP, PHONE = ("d" * 64, "a" * 64, "b" * 64)
SEEN_MS: Final = 1_790_000_000_000
LINK: Final = (
    "popd:device?network=practice&who=did:key:z6MkeqT8fe2d6RNJGLKi2Y2caR2YHadf5fzvYxmeL1UhSaWi"
    f"&node={'d' * 64}&at=/ip4/192.0.2.4/tcp/4001&secret={'s' * 43}"
)


def device(node: str, name: str, **more: Any) -> dict[str, Any]:
    """A device that is away and borrows the pen, unless told otherwise."""
    usual = {"holds_pen": False, "is_this": False, "is_connected": False, "seen_ms": SEEN_MS}
    return {"node": node, "name": name, **usual, **more}


@dataclass(slots=True)
class Devices:
    """Of one user."""

    pen: str = "own"
    devices: list[dict[str, Any]] = field(default_factory=list)
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    puts: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reset()

    def routes(self) -> Sequence[Route]:
        """In front of what is only pretended."""
        return (
            Route("/api/v1/devices", self.read),
            Route("/api/v1/devices/ticket", self.ticket, methods=["POST"]),
            Route("/api/v1/devices/{node}", self.forget, methods=["DELETE"]),
            Route("/api/v1/own/{map}", self.keep, methods=["GET", "PUT"]),
            Route("/fake/devices/{what}", self.fake),
        )

    def reset(self) -> None:
        """One device, which holds the pen, and nothing kept."""
        self.pen = "own"
        self.devices = [device(DESK, "Ann's desk", holds_pen=True, is_this=True, is_connected=True)]
        self.own = {"settings": {}, "keymaps": {}, "runs": {}}
        self.puts.clear()

    async def fake(self, request: Request) -> Response:
        """Lets things happen."""
        match request.path_params["what"]:
            case "laptop":
                self.devices.append(device(LAPTOP, "laptop", is_connected=True))
            case "phone":
                self.devices.append(device(PHONE, "Klapprechnerbildschirmhalterung 2"))
            case "away" | "locked" | "unpaired" | "forgotten" as pen:
                self.pen = pen
                for one in self.devices:
                    one["is_this"] = False
                    one["is_connected"] = False
                self.devices.append(device(LAPTOP, "laptop", is_this=True, is_connected=True))
            case "best":
                self.own["runs"] = dict(request.query_params)
            case _:
                pass
        return JSONResponse({"own": self.own, "puts": self.puts})

    async def read(self, _request: Request) -> Response:
        """All devices."""
        return JSONResponse({"pen": self.pen, "devices": self.devices})

    async def ticket(self, _request: Request) -> Response:
        """A link for one more."""
        rows = segno.make(LINK, error="l", micro=False).matrix
        code = ["".join("1" if dark else "0" for dark in row) for row in rows]
        until_us = (time.time_ns() // 1_000) + 300_000_000
        return JSONResponse({"link": LINK, "code": code, "until_us": until_us})

    async def forget(self, request: Request) -> Response:
        """One less."""
        node = request.path_params["node"]
        self.devices = [one for one in self.devices if one["node"] != node]
        return await self.read(request)

    async def keep(self, request: Request) -> Response:
        """What follows the user."""
        place = request.path_params["map"]
        if request.method == "PUT":
            values = (await request.json())["values"]
            self.puts.append((place, values))
            self.own[place] |= values
        return JSONResponse({"values": self.own[place]})
