"""The application: pages, operations and both sockets, before any guard."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from popd.api.answers import ApiError, answer
from popd.api.desk import Desk
from popd.api.hall_socket import serve_hall
from popd.api.pages import Pages
from popd.api.play import serve_play
from popd.api.routes import ROUTES
from popd.api.routing import VERSION_PATH, mounted
from popd.api.watching import serve_nearby


def application(desk: Desk) -> Starlette:
    """Everything that is served, for callers whose scopes a guard has set."""
    pages = Pages(desk.client)

    async def play(socket: WebSocket) -> None:
        await serve_play(desk, socket)

    async def nearby(socket: WebSocket) -> None:
        await serve_nearby(desk, socket)

    async def hall(socket: WebSocket) -> None:
        await serve_hall(desk, socket)

    return Starlette(
        routes=[
            Route("/", pages.index),
            Route("/client/{file:path}", pages.file),
            *(mounted(route, desk) for route in ROUTES),
            WebSocketRoute(f"{VERSION_PATH}/play", play),
            WebSocketRoute(f"{VERSION_PATH}/nearby", nearby),
            WebSocketRoute(f"{VERSION_PATH}/concert", hall),
        ],
        exception_handlers={ApiError: _refused, HTTPException: _not_served},
    )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return answer(error.problem, error.status)


async def _not_served(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    name = error.detail.lower().replace(" ", "_")
    problem = ApiError(
        error.status_code,
        name,
        f"{request.method} {request.url.path[:200]} is not served.",
        "Look at /api/v1/openapi.json for what is.",
    ).problem
    return answer(problem, error.status_code)
