"""What a pretended daemon says of trust: who is how near, by whose word, and what clusters think.

Under /fake/trust a test chooses how many people there are. The same number gives the same people.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from fake_fates import IDENTITY, NEIGHBOURS, STRANGER
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ME: Final = str(IDENTITY["id"])
NOW_MS: Final = 1_790_000_000_000
MONTH_MS: Final = 2_629_800_000
CLUSTERS: Final = (
    "Harbour",
    "Old town",
    "Night school",
    "Riverside",
    "Hill",
    "Far north",
    "Market",
)
FEW: Final = 8
"""Up to so many people make two clusters."""
BRIDGES: Final = 40
"""One in so many people stands in two clusters."""


@dataclass(slots=True)
class Trust:
    """The people around the user."""

    count: int = FEW
    """People besides the user."""
    asked: list[str] = field(default_factory=list)
    """Whose ties were asked for, in order."""

    def routes(self) -> Sequence[Route]:
        return (
            Route("/api/v1/trust/map", self.read_map),
            Route("/api/v1/trust/clusters", self.read_clusters),
            Route("/api/v1/trust/people/{id}", self.read_person),
            Route("/fake/trust/{what}", self.fake),
        )

    def reset(self) -> None:
        self.count = FEW
        self.asked.clear()

    async def fake(self, request: Request) -> Response:
        if request.path_params["what"] == "crowd":
            self.count = int(request.query_params["count"])
        return JSONResponse({"asked": self.asked})

    async def read_map(self, _request: Request) -> Response:
        people = crowd(self.count)
        return JSONResponse(
            {
                "observer": ME,
                "now_ms": NOW_MS,
                "total": len(people) + (7 if self.count > FEW else 0),
                "people": people,
                "clusters": clusters(people),
            }
        )

    async def read_clusters(self, _request: Request) -> Response:
        people = crowd(self.count)
        known = clusters(people)
        bridges = [
            {"id": one["id"], "name": one["name"], "clusters": ["c0", "c1"], "weight": 0.4}
            for one in people
            if one["is_bridge"] and not one["is_me"]
        ]
        rates = [[rate(row, column) for column in range(len(known))] for row in range(len(known))]
        members = [
            one | {"members": [who["id"] for who in people if who["cluster"] == one["id"]][:64]}
            for one in known
        ]
        return JSONResponse(
            {"clusters": members, "rates": rates, "bridges": bridges[:20], "mine": "c0"}
        )

    async def read_person(self, request: Request) -> Response:
        key = request.path_params["id"]
        self.asked.append(key)
        people = crowd(self.count)
        known = {one["id"]: place for place, one in enumerate(people)}
        if key not in known:
            said = {"why": "Nobody here knows that person.", "next": "Look on the map."}
            return JSONResponse(said, 404)
        return JSONResponse(person_of(people, known[key]))


def rate(row: int, column: int) -> float | None:
    """What one cluster's coins are worth to another; the third's own are worth nothing."""
    if row == 2:
        return None
    return 1.0 if row == column else round(0.9 / (1 + 1.7 * abs(row - column)) ** 2, 4)


def crowd(count: int) -> list[dict[str, Any]]:
    """The user, the practice neighbours, somebody hostile, and so many more; nearest first."""
    chance = Random(7)
    me = _person(ME, str(IDENTITY["name"]), 1.0, "c0", 0.0, is_me=True)
    people = [me | {"n_eff": 5.2, "belief": 0.41, "stratum": 2.6}]
    size = 2 if count <= FEW else len(CLUSTERS)
    named = [(str(one["id"]), str(one["name"])) for one in (*NEIGHBOURS, STRANGER)]
    for number in range(count):
        made = f"{number:06x}" + "9" * 58, f"Person {number}" if number % 3 else ""
        key, name = named[number] if number < len(named) else made
        cluster = 0 if number < len(NEIGHBOURS) else chance.randrange(size)
        spread = chance.gauss(0, 0.3) * math.pi / size
        angle = (
            2 * math.pi * cluster / size + max(-0.8, min(0.8, spread * size / math.pi)) / size * 2
        )
        near = 0.5 * math.exp(-number / 3) if number < FEW else 0.12 * chance.random() ** 9
        person = _person(key, name, near, f"c{cluster}", angle)
        person |= _standing(1 + 12 * chance.random() ** 4)
        people.append(person | {"is_bridge": number % BRIDGES == 3})
    return [people[0], *sorted(people[1:], key=lambda one: (-one["proximity"], one["id"]))]


def _person(
    key: str, name: str, near: float, cluster: str, angle: float, *, is_me: bool = False
) -> dict[str, Any]:
    return {
        "id": key,
        "name": name,
        "is_me": is_me,
        "proximity": near,
        "cluster": cluster,
        "angle": angle,
        "is_bridge": False,
    }


def _standing(independent: float) -> dict[str, float]:
    return {
        "n_eff": independent,
        "belief": 1 - math.exp(-independent / 10),
        "stratum": math.log2(1 + independent),
    }


def clusters(people: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    sizes = {f"c{place}": 0 for place in range(len(CLUSTERS))}
    for one in people:
        sizes[one["cluster"]] += 1
    named = zip(sizes.items(), CLUSTERS, strict=True)
    return [{"id": key, "name": name, "size": size} for (key, size), name in named if size]


def person_of(people: Sequence[dict[str, Any]], place: int) -> dict[str, Any]:
    """All about somebody: acknowledged by a few near them, two of whom say the same."""
    person = {key: value for key, value in people[place].items() if key != "angle"}
    chance = Random(person["id"])
    others = [one for one in people if one["id"] != person["id"]]
    near = chance.sample(others, min(len(others), 9))
    voices = [
        {
            "id": one["id"],
            "name": one["name"],
            "last_ms": NOW_MS - number * MONTH_MS // 2,
            "months": 1 + (9 - number) // 2,
            "freshness": 0.5 ** (number / 3),
            "share": 0.3 * 0.72**number,
            "alike": (0.05, 0.1, 0.85, 0.7, 0.0)[number % 5],
        }
        for number, one in enumerate(near)
    ]
    timeline = [
        {
            "time_ms": NOW_MS - number * MONTH_MS // 3,
            "from": near[number % len(near)]["id"],
            "name": near[number % len(near)]["name"],
            "kind": ("verdict", "witnessed", "jam")[number % 3],
            "by_hand": number % 2 == 0,
        }
        for number in range(15 if near else 0)
    ]
    growth = [
        {"time_ms": NOW_MS - back * MONTH_MS, **_standing(person["n_eff"] * (1 - back / 13) ** 2)}
        for back in range(12, -1, -1)
    ]
    tied = [{"id": one["id"], "name": one["name"], "weight": chance.random()} for one in near]
    return person | {
        "acknowledged_by": voices,
        "timeline": timeline,
        "growth": [{key: one[key] for key in ("time_ms", "n_eff", "belief")} for one in growth],
        "why": [
            f"{len(voices)} people acknowledged them, over 13 months.",
            "two of them say what the others say already, so they count as little more than one.",
        ],
        "ties": {"to": tied[:5], "from": tied[3:]},
    }
