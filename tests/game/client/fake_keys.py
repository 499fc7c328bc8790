"""A pretended daemon's keys: locked and unlocked, restored, and of several identities."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fake_fates import IDENTITY
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PASSPHRASE: Final = "seven blue herons"
DID: Final = "did:key:z6MkfFakeFakeFakeFakeFakeFakeFakeFakeFakeFakeFake"
WRONG: Final = {
    "error": "wrong_passphrase",
    "why": "The passphrase is wrong.",
    "next": "Type it again.",
}
LOCKED: Final = {
    "error": "locked",
    "why": "Your keys are locked.",
    "next": "Unlock them: popctl wallet unlock.",
}


@dataclass(slots=True)
class Keys:
    """Somebody's keys, and what was asked of them."""

    is_locked: bool = False
    lock_after_s: int = 0
    has_passphrase: bool = True
    names: list[str] = field(default_factory=lambda: ["main"])
    restoring: dict[str, int] | None = None
    said: list[str] = field(default_factory=list)
    """Passphrases that came."""

    def routes(self) -> Sequence[Route]:
        """In front of the wallet's."""
        return (
            Route("/api/v1/wallet", self.read),
            Route("/api/v1/wallet/lock", self.lock, methods=["POST"]),
            Route("/api/v1/wallet/unlock", self.unlock, methods=["POST"]),
            Route("/api/v1/wallet/locking", self.set_locking, methods=["PUT"]),
            Route("/api/v1/wallet/write-on", self.write_on, methods=["POST"]),
            Route("/fake/keys/{what}", self.fake),
        )

    def reset(self) -> None:
        """Open, and of one identity."""
        self.is_locked, self.lock_after_s, self.has_passphrase = False, 0, True
        self.names, self.restoring = ["main"], None
        self.said.clear()

    async def fake(self, request: Request) -> Response:
        """What happens to keys while nobody looks at the page."""
        match request.path_params["what"]:
            case "lock":
                self.is_locked = True
            case "bare":
                self.has_passphrase = False
            case "several":
                self.names = ["main", "stage", "test"]
            case "restore":
                self.restoring = {"asked": 1, "needed": 3, "entries": 142}
            case "answer":
                assert self.restoring is not None
                self.restoring["asked"] += 1
            case _:
                pass
        return JSONResponse({"said": self.said})

    async def read(self, _request: Request) -> Response:
        """Whose they are, and whether they are locked."""
        return JSONResponse(self._state())

    async def lock(self, request: Request) -> Response:
        """Nothing is signed from now on."""
        self.is_locked = True
        return await self.read(request)

    async def unlock(self, request: Request) -> Response:
        """Only the passphrase opens them, where there is one."""
        passphrase = (await request.json())["passphrase"]
        self.said.append(passphrase)
        if passphrase != (PASSPHRASE if self.has_passphrase else ""):
            return JSONResponse(WRONG, 403)
        self.is_locked = False
        return await self.read(request)

    async def set_locking(self, request: Request) -> Response:
        """When they lock by themselves."""
        self.lock_after_s = (await request.json())["lock_after_s"]
        return await self.read(request)

    async def write_on(self, request: Request) -> Response:
        """Without asking further."""
        self.restoring = None
        return await self.read(request)

    def _state(self) -> dict[str, Any]:
        return {
            "identity": {"id": IDENTITY["id"], "did": DID, "name": IDENTITY["name"]},
            "identities": [{"name": name, "active": name == "main"} for name in self.names],
            "network": "practice",
            "locked": self.is_locked,
            "lock_after_s": self.lock_after_s,
            "has_passphrase": self.has_passphrase,
            "remembered": False,
            "restoring": self.restoring,
            "receives": "valued",
        }
