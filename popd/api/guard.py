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
from popd.api.knocks import Knocks
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
GUEST_KEY: Final = "popd.guest"
"""Where it finds which guest of a concert the caller is."""

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
    knocks: Knocks | None = None,
) -> ASGIApp:
    """The application behind all three checks; nobody may do more there than `most`.

    `hosts` are the exact names with port under which it is served. Where `knocks` are counted,
    wrong tokens can't be tried without end.
    """
    origins = frozenset(f"http://{host}" for host in hosts)

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            headers = Headers(scope=scope)
            token = shown_token(scope, headers)
            scope[SCOPES_KEY] = (tokens.scopes_of(token) if token else NOBODY) & most
            scope[GUEST_KEY] = tokens.guest_of(token) if token else None
            refusal = _refusal(scope, headers, hosts, origins)
            if token and knocks is not None:
                is_short = not scope[SCOPES_KEY] or tokens.book.is_code(token)
                refusal = (_knocked(scope, knocks) if is_short else None) or refusal
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


def shown_token(scope: Scope, headers: Headers) -> str:
    """The token that a caller shows; empty for none."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token
    for offered in scope.get("subprotocols", ()):
        if offered.startswith(BEARER) and scope["type"] == "websocket":
            return str(offered.removeprefix(BEARER))
    return ""


def caller_address(scope: Scope) -> str:
    """Where a request comes from; empty for the Unix socket."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _knocked(scope: Scope, knocks: Knocks) -> ApiError | None:
    """A short code or a wrong key was shown: after many wrong ones a code has to wait.

    Whoever has a whole secret or a token is never kept waiting by what others guess.
    """
    address = caller_address(scope)
    if knocks.is_barred(address):
        why = "Too many wrong codes came from there."
        return ApiError(429, "too_fast", why, "Wait a minute, then scan the code.")
    if not scope[SCOPES_KEY]:
        knocks.miss(address)
    return None


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
