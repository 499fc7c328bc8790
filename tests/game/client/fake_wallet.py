"""A pretended daemon's wallet: transfers that wait, payments in two views, statements, a career.

Under /fake/wallet a test lets coins come, and asks what was done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fake_fates import IDENTITY, NEIGHBOURS
from fake_keys import LOCKED, Keys
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ME: Final = {"id": IDENTITY["id"], "name": IDENTITY["name"]}
ADA, BELA, CLEO = ({"id": one["id"], "name": one["name"]} for one in NEIGHBOURS[:3])
STRANGER: Final = {"id": "5c" * 32, "name": ""}
NOW_MS: Final = 1_790_000_000_000
LINK: Final = "popd:pay?to=did%3Akey%3Az6MkMe&ujam=250000&note=strings"


@dataclass(slots=True)
class Wallet:
    """Coins that come and go."""

    incoming: list[dict[str, Any]] = field(default_factory=list)
    outgoing: list[dict[str, Any]] = field(default_factory=list)
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    is_new: bool = False
    receives: str = "valued"
    keys: Keys = field(default_factory=Keys)

    def routes(self) -> Sequence[Route]:
        """In front of what is only pretended."""
        return (
            *self.keys.routes(),
            Route("/api/v1/wallet/incoming", self.read_incoming),
            Route("/api/v1/wallet/receives", self.choose, methods=["GET", "PUT"]),
            Route("/api/v1/people/{id}/name", self.name, methods=["POST"]),
            Route("/api/v1/wallet/history", self.read_history),
            Route("/api/v1/wallet/career", self.read_career),
            Route("/api/v1/wallet/{what}", self.post, methods=["POST"]),
            Route("/api/v1/decline", self.decline, methods=["POST"]),
            Route("/fake/wallet/{what}", self.fake),
        )

    def reset(self) -> None:
        """Nothing comes, nothing went."""
        for memory in (self.incoming, self.outgoing, self.posts, self.queries):
            memory.clear()
        self.keys.reset()
        self.is_new, self.receives = False, "valued"

    async def fake(self, request: Request) -> Response:
        """Lets coins come."""
        match request.path_params["what"]:
            case "coming":
                self.incoming.append(coming(ADA, 0, 320_000))
                contested = {"contested": True, "concert": "Lights over the harbour"}
                self.incoming.append(coming(CLEO, 1, None) | contested)
            case "gave":
                self.outgoing.append(gave(0, "waiting", ""))
                self.outgoing.append(gave(1, "declined", "not_worth"))
            case "new":
                self.is_new = True
            case _:
                pass
        return JSONResponse({"posts": self.posts, "queries": self.queries})

    async def read_incoming(self, _request: Request) -> Response:
        """What waits."""
        return JSONResponse({"incoming": self.incoming, "outgoing": self.outgoing,
                             "waiting": len(self.incoming)})  # fmt: skip

    async def choose(self, request: Request) -> Response:
        """What is received without asking."""
        if request.method == "PUT":
            self.receives = (await request.json())["receives"]
        return JSONResponse({"receives": self.receives})

    async def name(self, request: Request) -> Response:
        """Somebody is called something."""
        body, one = await request.json(), request.path_params["id"]
        self.posts.append(("name", body | {"id": one}))
        return JSONResponse({"id": one, "name": body["name"]})

    async def decline(self, request: Request) -> Response:
        """One goes back."""
        body = await request.json()
        self.posts.append(("decline", body))
        self._forget([body["transfer"]])
        return JSONResponse({"entries": ["de" * 32]})

    def _forget(self, transfers: list[str]) -> None:
        self.incoming = [one for one in self.incoming if one["transfer"] not in transfers]

    async def post(self, request: Request) -> Response:
        """Receives, previews, pays, asks and reads what is asked."""
        what, body = request.path_params["what"], await request.json()
        self.posts.append((what, body))
        match what:
            case "receive" | "pay" if self.keys.is_locked:
                return JSONResponse(LOCKED, 423)
            case "receive":
                self._forget(body["transfers"])
                return JSONResponse({"entries": ["ec" * 32]})
            case "preview":
                return self._preview(body)
            case "pay":
                self.outgoing.insert(0, gave(0, "waiting", ""))
                return JSONResponse({"entries": ["5e" * 32]})
            case "request":
                import segno

                rows = ["".join("01"[bool(dark)] for dark in row)
                        for row in segno.make(LINK).matrix]  # fmt: skip
                return JSONResponse({"link": LINK, "rows": rows})
            case "read-request" if body["link"] == LINK:
                return JSONResponse({"to": BELA, "amount_ujam": 250_000, "note": "strings",
                                     "network": "practice"})  # fmt: skip
            case "read-request" if body["link"].startswith("did:key:"):
                return JSONResponse({"to": STRANGER, "amount_ujam": 0, "note": "",
                                     "network": "practice"})  # fmt: skip
        refusal = {"error": "no", "why": "That is no payment request.", "next": "Copy all of it."}
        return JSONResponse(refusal, 400)

    def _preview(self, body: dict[str, Any]) -> Response:
        if len(body.keys() & {"amount_ujam", "worth_ujam", "lots"}) != 1:
            refusal = {"error": "bad_request", "why": "Several kinds at once.", "next": "One."}
            return JSONResponse(refusal, 400)
        asked = body.get("amount_ujam") or body.get("worth_ujam", 0)
        if asked > 5_000_000:
            refusal = {"error": "short", "why": "You hold 1.205 JAM.", "next": "Choose less."}
            return JSONResponse(refusal, 409)
        lots = body.get("lots") or [
            {"lot": "10" * 32, "path": [ME["id"]], "amount_ujam": asked - asked // 3},
            {"lot": "20" * 32, "path": [ADA["id"], ME["id"]], "amount_ujam": asked // 3},
        ]
        parts = [part_of(lot, number) for number, lot in enumerate(lots)]
        total, mine, theirs = (
            sum(part[key] for part in parts) for key in ("amount_ujam", "mine_ujam", "theirs_ujam")
        )
        to = next(one for one in (ADA, BELA, CLEO, STRANGER) if one["id"] == body["to"])
        return JSONResponse({
            "to": to, "parts": parts, "amount_ujam": total, "mine_ujam": mine,
            "theirs_ujam": theirs, "seen_as": "What your own trust shows of their view.",
            "why": ["These are worth most to them, and least to you."],
            "warnings": ["They have declined a coin of this concert before."],
        })  # fmt: skip

    async def read_history(self, request: Request) -> Response:
        """A statement."""
        self.queries.append(dict(request.query_params))
        if request.query_params["format"] == "csv":
            return Response("time,kind\n", media_type="text/csv")
        return JSONResponse({"lines": [] if self.is_new else LINES, "as": ME, "more": 0,
                             "about": "Held is nominal: nobody's view."})  # fmt: skip

    async def read_career(self, _request: Request) -> Response:
        """A career."""
        concerts = [] if self.is_new else [CONCERT]
        totals = {"concerts": len(concerts), "voices": 33, "windows": 12, "minted_ujam": 1_359_600,
                  "witnesses": 9}  # fmt: skip
        return JSONResponse({"person": ME, "concerts": concerts, "totals": totals, "as": ME})


def coming(giver: dict[str, Any], number: int, says_worth_ujam: int | None) -> dict[str, Any]:
    """A transfer that waits."""
    return {
        "transfer": f"{number + 0x70:02x}" * 32, "from": giver, "lot": "10" * 32,
        "path": [giver["id"], ME["id"]], "song": "First Light", "amount_ujam": 250_000,
        "value_ujam": 81_000, "why": ["Ada (practice) attested 0.301; you trust her 0.42"],
        "says_worth_ujam": says_worth_ujam, "since_ms": NOW_MS, "contested": False, "concert": "",
    }  # fmt: skip


def gave(number: int, state: str, reason: str) -> dict[str, Any]:
    """A transfer that the user made."""
    return {
        "transfer": f"{number + 0x80:02x}" * 32, "to": (BELA, CLEO)[number], "lot": "10" * 32,
        "amount_ujam": 120_000, "since_ms": NOW_MS, "state": state, "reason": reason,
    }  # fmt: skip


def part_of(lot: dict[str, Any], number: int) -> dict[str, Any]:
    """One part of a payment, in both views."""
    amount_ujam = lot["amount_ujam"]
    return lot | {
        "song": ("First Light", "Lights over the harbour")[number % 2],
        "mine_ujam": amount_ujam // 4, "theirs_ujam": amount_ujam // 2,
        "mine_why": ["you trust its witnesses 0.25"], "theirs_why": ["they trust them 0.50"],
    }  # fmt: skip


LINES: Final = [
    {
        "time_ms": NOW_MS + number * 3_600_000, "kind": kind, "amount_ujam": 250_000,
        "change_ujam": sign * 250_000, "lot": "10" * 32, "path": [ME["id"]], "song": "First Light",
        "other": other, "entry": f"{number + 0x30:02x}" * 32, "held_ujam": 900_000,
        "value_ujam": 81_000, "words": words,
    }
    for number, (kind, sign, other, words) in enumerate((
        ("minted", 1, None, "A window of yours arrived."),
        ("crowd", 1, None, "The crowd of Lights over the harbour."),
        ("sent", -1, BELA, "To Bela (practice)."),
    ))
]  # fmt: skip
CONCERT: Final = {
    "first": "5e" * 32, "name": "Lights over the harbour", "tags": ["piano"], "time_ms": NOW_MS,
    "crowd": 33, "minted_ujam": 1_359_600, "value_ujam": 453_200, "mean_score_ppm": 764_000,
    "feelings": [{"tag": "wonder", "count": 14}, {"tag": "calm", "count": 9}],
    "songs": ["First Light"], "pages": ["5a" * 32],
    "shares": [ME | {"amount_ujam": 951_720}, ADA | {"amount_ujam": 407_880}],
}  # fmt: skip
