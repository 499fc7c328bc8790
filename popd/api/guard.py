"""The guard in front of the API: exact Host, then Origin, then the token; WebSocket alike.

Any page that the user visits can send requests to loopback, and a name that its owner points at
127.0.0.1 makes such a page same-origin: only the exact Host gives that away.
"""

import re
from collections.abc import Set
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from popd.api.answers import ApiError, send_refusal
from popd.api.tokens import IMPLIED, NOBODY, Tokens
from popd.api.tokens import Scope as TokenScope

API_PATH: Final = "/api/"
MAX_BODY_SIZE: Final = 1024 * 1024
"""Bytes of a request: a chart of 256 KiB in base64, and a long play, fit."""
MAX_FILE_SIZE: Final = 64 * 1024 * 1024
"""Bytes of a file that is dropped on the page: an archive of one song with its music."""
FILE_PATHS: Final = re.compile(r"/api/v1/(imports|songs/[^/]+/music)")
"""Where files are dropped."""
SUBPROTOCOL: Final = "popd.v1"
BEARER: Final = "bearer."
SCOPES_KEY: Final = "popd.scopes"
"""Where the application finds what the caller may do."""

SECURITY_HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
)
STARTS: Final = frozenset(
    {"http.response.start", "websocket.accept", "websocket.http.response.start"}
)


def guarded(
    app: ASGIApp,
    tokens: Tokens,
    hosts: Set[str],
    most: frozenset[TokenScope] = IMPLIED[TokenScope.OWNER],
) -> ASGIApp:
    """The application behind all three checks; nobody may do more there than `most`.

    `hosts` are the exact names with port under which it is served.
    """
    origins = frozenset(f"http://{host}" for host in hosts)

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            headers = Headers(scope=scope)
            scope[SCOPES_KEY] = allowed_scopes(scope, headers, tokens) & most
            refusal = _refusal(scope, headers, hosts, origins)
            if refusal is not None:
                await send_refusal(scope, send, refusal)
                return
        await app(scope, receive, send)

    return hardened(guard)


def as_owner(app: ASGIApp) -> ASGIApp:
    """The application for the Unix socket, which nobody but its owner can open."""

    async def owned(scope: Scope, receive: Receive, send: Send) -> None:
        scope[SCOPES_KEY] = IMPLIED[TokenScope.OWNER]
        await app(scope, receive, send)

    return hardened(owned)


def allowed_scopes(scope: Scope, headers: Headers, tokens: Tokens) -> frozenset[TokenScope]:
    """What the caller's token allows; nothing without one."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return tokens.scopes_of(token)
    for offered in scope.get("subprotocols", ()):
        if offered.startswith(BEARER) and scope["type"] == "websocket":
            return tokens.scopes_of(offered.removeprefix(BEARER))
    return NOBODY


def hardened(app: ASGIApp) -> ASGIApp:
    """The application with the browser's protections on every answer, and bounded bodies."""

    async def harden(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await app(scope, receive, send)
            return
        extra = [*SECURITY_HEADERS]
        if scope["path"].startswith(API_PATH):
            extra.append((b"cache-control", b"no-store"))
        received = 0

        async def send_hardened(message: Message) -> None:
            if message["type"] in STARTS:
                message["headers"] = [*message.get("headers", ()), *extra]
            await send(message)

        async def receive_bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b"")) if message["type"] == "http.request" else 0
            if received > limit:
                raise _too_large(limit)
            return message

        limit = MAX_FILE_SIZE if FILE_PATHS.fullmatch(scope["path"]) else MAX_BODY_SIZE
        length = Headers(scope=scope).get("content-length", "0")
        if len(length) > 12 or (length.isdecimal() and int(length) > limit):
            await send_refusal(scope, send_hardened, _too_large(limit))
            return
        await app(scope, receive_bounded, send_hardened)

    return harden


def _refusal(
    scope: Scope, headers: Headers, hosts: Set[str], origins: frozenset[str]
) -> ApiError | None:
    hosts_given, origins_given = headers.getlist("host"), headers.getlist("origin")
    if len(hosts_given) != 1 or hosts_given[0] not in hosts:
        return ApiError(
            421,
            "wrong_host",
            "This daemon answers to its own address alone.",
            "Open the address that the daemon printed.",
        )
    if len(origins_given) > 1 or not origins.issuperset(origins_given):
        return ApiError(
            403,
            "wrong_origin",
            "Another site asked for this.",
            "Open the address that the daemon printed, and ask from there.",
        )
    if scope["path"].startswith(API_PATH) and not scope[SCOPES_KEY]:
        return ApiError(
            401,
            "no_token",
            "The token is missing, or it is not this daemon's.",
            "Open the page anew with the whole address that the daemon printed.",
        )
    return None


def _too_large(limit: int) -> ApiError:
    return ApiError(413, "too_large", f"A request has at most {limit} bytes.", "Send less at once.")
