"""A route as data: what it needs, takes and gives; from the table come application and document."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import trio
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute

from popd.api.answers import ApiError, answer, decoded
from popd.api.desk import Desk
from popd.api.guard import GUEST_KEY, SCOPES_KEY, caller_address
from popd.api.guests import GuestSeat
from popd.api.tokens import NOBODY, Scope

VERSION_PATH = "/api/v1"


@dataclass(slots=True)
class Call:
    """A request, understood as far as its route says."""

    path: Mapping[str, str]
    """From the address."""
    query: Mapping[str, str]
    """After the question mark."""
    body: Any
    """Of the route's body type; None where it has none."""
    scopes: frozenset[Scope] = NOBODY
    """What the caller may do."""
    guest: GuestSeat | None = None
    """Which guest of a concert the caller is; None for everybody else."""
    address: str = ""
    """Where the caller is; empty on the Unix socket."""
    repeated: Sequence[tuple[str, str]] = ()
    """The same as the query, with parameters that stand there several times."""
    afterwards: Callable[[], None] | None = None
    """What the handler wants done once the answer is out."""
    until_gone: Callable[[], Awaitable[None]] = trio.sleep_forever
    """Returns once the caller has hung up."""

    def multi(self, name: str) -> list[str]:
        """All values of a parameter, in order."""
        return [value for key, value in self.repeated if key == name]


Handler = Callable[[Desk, Call], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation."""

    method: str
    """GET, POST, PUT or DELETE."""
    path: str
    """Below /api/v1, with {parameters}."""
    scope: Scope
    """What the caller must be allowed."""
    handler: Handler
    """Does it; its docstring's first line says what."""
    gives: Any
    """The type of the answer; bytes where it is a file, which the handler answers itself."""
    takes: Any = None
    """The type of the body; None for none, bytes for a file."""
    query: tuple[str, ...] = field(default=())
    """Names of optional parameters after the question mark."""


def check_scope(allowed: frozenset[Scope], needed: Scope) -> None:
    """Raises ApiError when the caller's token does not reach so far."""
    if needed not in allowed:
        raise ApiError(
            403,
            "not_allowed",
            f"This token lacks the scope {needed.value!r}.",
            "Ask the owner of this daemon for a token that does.",
        )


def mounted(route: Route, desk: Desk) -> StarletteRoute:
    """The route as starlette serves it."""

    async def endpoint(request: Request) -> Response:
        scopes = request.scope.get(SCOPES_KEY, NOBODY)
        check_scope(scopes, route.scope)
        body = None
        if route.takes is bytes:
            body = await request.body()
        elif route.takes is not None:
            body = decoded(await request.body() or b"{}", route.takes)
        gone = partial(_until_gone, request)
        call = Call(
            request.path_params,
            request.query_params,
            body,
            scopes,
            request.scope.get(GUEST_KEY),
            caller_address(request.scope),
            repeated=request.query_params.multi_items(),
            until_gone=gone,
        )
        given = await route.handler(desk, call)
        response = given if isinstance(given, Response) else answer(given)
        if call.afterwards is not None:
            response.background = BackgroundTask(_soon, call.afterwards)
        return response

    return StarletteRoute(VERSION_PATH + route.path, endpoint, methods=[route.method])


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _soon(action: Callable[[], None]) -> None:
    """Runs in the loop itself; starlette takes plain functions to another thread."""
    action()
