"""What a pretended daemon says of disputes, in the shapes of the real one, and does with commands.

Under /fake/disputes a test chooses who is on the map, and reads what was asked for.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from fake_fates import IDENTITY, NEIGHBOURS
from fake_fates import STRANGER as HOSTILE
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from consensus.trust.phases import placed
from popd.api import dispute_shapes as shapes
from popd.api.dispute_words import (
    consequences_for_you,
    consequences_of_theirs,
    report_words,
    stake_words,
)
from popd.api.shapes import Person

ME: Final = Person(str(IDENTITY["id"]), "You")
ADA, BELA, CLEO, DIAN, STRANGER = (
    Person(str(one["id"]), str(one["name"])) for one in (*NEIGHBOURS, HOSTILE)
)
SINCE_MS: Final = 1_760_000_000_000
FIRST, SECOND = "f1" * 32, "f2" * 32


@dataclass(slots=True)
class Disputes:
    """The people, what stands between them, and what was asked for."""

    crowd: int = 4
    """People besides the user."""
    is_full: bool = False
    """There is something of everything."""
    is_forked: bool = False
    """The user's own chain is."""
    refuses: bool = False
    """No command is followed."""
    divergences: list[shapes.DivergenceView] = field(default_factory=list)
    stakes: list[shapes.StakeView] = field(default_factory=list)
    posts: list[tuple[str, Any]] = field(default_factory=list)

    def routes(self) -> Sequence[Route]:
        commands = ("stake", "unstake", "diverge", "reconcile-with", "reconcile")
        return (
            Route("/api/v1/disputes", self.read),
            Route("/api/v1/disputes/map", self.read_map),
            Route("/api/v1/disputes/preview", self.read_preview),
            *(Route(f"/api/v1/{name}", self.post, methods=["POST"]) for name in commands),
            Route("/fake/disputes/{what}", self.fake),
        )

    def reset(self) -> None:
        self.crowd, self.is_full, self.is_forked, self.refuses = 4, False, False, False
        for memory in (self.divergences, self.stakes, self.posts):
            memory.clear()

    async def fake(self, request: Request) -> Response:
        match request.path_params["what"]:
            case "crowd":
                self.crowd = int(request.query_params["count"])
            case "full":
                self.is_full = True
            case "forked":
                self.is_forked = True
            case "refuse":
                self.refuses = True
            case "free":
                self.stakes = [_stake(one.amount_ujam, "free") for one in self.stakes]
            case _:
                pass
        return JSONResponse({"posts": self.posts})

    async def read(self, _request: Request) -> Response:
        forks = [_own_fork()] if self.is_forked else []
        shown = shapes.Disputes(
            stakes=[*self.stakes, *([_stake(700_000, "burnt")] if self.is_full else [])],
            reports=_reports() if self.is_full else [],
            divergences=self.divergences,
            diverged_from_you=[_divergence(STRANGER, "other")] if self.is_full else [],
            forks=[*forks, *([_fork()] if self.is_full else [])],
            contested=[_contested()] if self.is_full else [],
        )
        return plain(shown)

    async def read_map(self, _request: Request) -> Response:
        people = _people(self.crowd)
        known = {one.id for one in people}
        arcs = [
            shapes.MapArc(ME.id, one.person.id, one.since_ms, one.reason, one.why)
            for one in self.divergences
        ]
        if self.is_full:
            arcs.append(shapes.MapArc(STRANGER.id, ME.id, SINCE_MS, "other", "for reasons"))
            words = ("unfair_play", "plays unfairly")
            arcs.append(shapes.MapArc(BELA.id, STRANGER.id, SINCE_MS, *words))
        arcs = [arc for arc in arcs if arc.source in known and arc.target in known]
        return plain(shapes.PhaseMap(people, arcs, len({one.phase for one in people}), 0))

    async def read_preview(self, request: Request) -> Response:
        return plain(_preview(_named(request.query_params["diverge"])))

    async def post(self, request: Request) -> Response:
        command, body = request.url.path.rsplit("/", 1)[-1], await request.body()
        given: Any = msgspec.json.decode(body) if body else None
        self.posts.append((command, given))
        if self.refuses:
            why = "Your chain forked, and nothing more is written."
            return JSONResponse({"error": "forked", "why": why, "next": "Reconcile first."}, 409)
        match command:
            case "diverge":
                self.divergences.append(_divergence(_named(given["person"]), given["reason"]))
            case "reconcile-with":
                self.divergences = [
                    one for one in self.divergences if one.person.id != given["person"]
                ]
            case "stake":
                self.stakes.append(_stake(given["amount_ujam"], "locked"))
            case "unstake":
                self.stakes = [one for one in self.stakes if one.stake != given["stake"]]
            case _:
                self.is_forked = False
        return JSONResponse({"entry": "e" * 64})


def plain(shown: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(shown), media_type="application/json")


def _named(key: str) -> Person:
    return next(one for one in (ADA, BELA, CLEO, DIAN, STRANGER) if one.id == key)


def _people(crowd: int) -> list[shapes.MapPerson]:
    """The user and four neighbours in one phase, everybody else in others of forty."""
    known = [ME, ADA, BELA, CLEO, DIAN, STRANGER][: crowd + 1]
    known += [Person(f"{seed:06x}" + "9" * 58, f"Person {seed}") for seed in range(6, crowd + 1)]
    groups = [known[:5], known[5:6], *(known[start : start + 40] for start in range(6, crowd, 40))]
    near = {person.id: 1_000_000 // (place + 1) for place, person in enumerate(groups[0])}
    ties = [[1, 2], [0], [0], [0]]
    people = {person.id: person for person in known}
    places = placed([[person.id for person in group] for group in groups if group])
    return [
        shapes.MapPerson(
            id=one.person,
            name=people[one.person].name,
            is_me=one.person == ME.id,
            phase=one.phase,
            x=one.x,
            y=one.y,
            proximity_ppm=near.get(one.person, 0),
            ties=[at for at in (ties[place] if place < len(ties) else []) if at < len(known)],
        )
        for place, one in enumerate(places)
    ]


def _divergence(person: Person, reason: str) -> shapes.DivergenceView:
    words = consequences_of_theirs if person == STRANGER else consequences_for_you
    return shapes.DivergenceView(
        person, "d1" * 32, SINCE_MS, reason, "plays unfairly", words(person.name)
    )


def _stake(amount_ujam: int, state: str) -> shapes.StakeView:
    now_ms = time.time_ns() // 1_000_000
    return shapes.StakeView(
        stake=state.encode().hex().ljust(64, "0"), lot="aa" * 32, path=[ME.id],
        amount_ujam=amount_ujam, value_ujam=0 if state == "burnt" else amount_ujam // 3,
        why=["Ada (practice) attested 0.301"], state=state, since_ms=now_ms - 1_000,
        free_ms=now_ms + 60_000, words=stake_words(state, amount_ujam),
    )  # fmt: skip


def _word(person: Person, near_ppm: int, standing_ppm: int = 1_000_000) -> shapes.WordAgainst:
    return shapes.WordAgainst(person.id, person.name, "copied", SINCE_MS, near_ppm, standing_ppm)


def _reports() -> list[shapes.ReportedView]:
    own = [_word(STRANGER, 0)]
    theirs = [_word(ADA, 500_000), _word(CLEO, 210_000, 600_000), _word(DIAN, 120_000)]
    return [
        shapes.ReportedView(
            "b1" * 32, ME, 320_000, True, False, False, own, [ADA, BELA],
            report_words(1, is_believed=False, is_own_word=False, denied=False),
        ),
        shapes.ReportedView(
            "b2" * 32, BELA, 250_000, False, False, True, theirs, [DIAN],
            report_words(3, is_believed=True, is_own_word=False, denied=False),
        ),
        shapes.ReportedView(
            "b3" * 32, STRANGER, 0, False, True, True, [_word(ME, 1_000_000)], [],
            report_words(1, is_believed=True, is_own_word=True, denied=False),
        ),
        shapes.ReportedView(
            "b4" * 32, CLEO, 10_000, False, False, False, [_word(STRANGER, 0)], [ADA],
            report_words(1, is_believed=False, is_own_word=False, denied=False),
        ),
    ]  # fmt: skip


def _fork() -> shapes.ForkView:
    name = STRANGER.name
    words = [
        f"{name} signed two different entries as number 7 of their chain: a transfer of 0.300 JAM "
        f"to {ADA.name} (2025-10-09 08:53 UTC, f1f1f1f1), and a transfer of 0.300 JAM to "
        f"{BELA.name} (2025-10-09 08:54 UTC, f2f2f2f2).",
        "Only their key can sign either, and a chain has one entry for each number.",
        "Both branches moved one lot, so all coins that came from there are contested.",
    ]
    return shapes.ForkView(STRANGER, 7, [FIRST, SECOND], False, words)


def _own_fork() -> shapes.ForkView:
    words = ["No coin moved twice: it may be a restored backup, or two devices with one key."]
    return shapes.ForkView(ME, 12, ["c1" * 32, "c2" * 32], False, words)


def _contested() -> shapes.ContestedView:
    stories = [
        shapes.StoryView(
            FIRST, FIRST, SINCE_MS, f"a transfer of 0.300 JAM to {ADA.name} (2025-10-09)", True,
            812_000,
        ),
        shapes.StoryView(
            SECOND, SECOND, SINCE_MS, f"a transfer of 0.300 JAM to {BELA.name} (2025-10-09)",
            False, 40_000,
        ),
    ]  # fmt: skip
    words = f"{STRANGER.name} moved this lot on two branches."
    path = [STRANGER.id]
    return shapes.ContestedView(STRANGER, "aa" * 32, path, stories, 300_000, 200_000, words)


def _preview(person: Person) -> shapes.Preview:
    coins = [shapes.ChangedCoin("aa" * 32, [ME.id], 400_000, 319_870, 120_000, True)]
    return shapes.Preview(
        person=person, is_diverged=False, consequences=consequences_for_you(person.name),
        sessions=[shapes.SharedSession("5e" * 32, SINCE_MS, ME, 2, 126_000)], coins=coins,
        before_ujam=640_000, after_ujam=440_130,
        between=[shapes.Between(BELA.id, BELA.name, 333_333, 210_000)],
    )  # fmt: skip
