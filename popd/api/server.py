"""Serves the API on loopback, behind the guard, and on a Unix socket that only its owner opens."""

import logging
import os
import socket
import stat
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import trio
from hypercorn.config import Config
from hypercorn.trio import serve
from hypercorn.typing import ASGIFramework
from starlette.types import ASGIApp

from popd.api.app import application
from popd.api.daemon import Daemon
from popd.api.desk import Desk, desk_for
from popd.api.door_keeping import reopen_door
from popd.api.guard import as_owner, guarded
from popd.api.hall_socket import keep_hall
from popd.api.knocks import Knocks
from popd.api.lan import Lan
from popd.api.messages import MAX_MESSAGE_SIZE
from popd.api.own import keep_runs
from popd.api.pages import client_folder
from popd.api.wallet_receiving import keep_receiving
from popd.config import ConfigError
from popd.node.notices import SessionRefused

LOOPBACK: Final = "127.0.0.1"
BACKLOG: Final = 64
PING_INTERVAL_S: Final = 20
"""How often a silent play socket is asked whether it is still there."""


async def serve_api(
    daemon: Daemon,
    *,
    port: int,
    token: str,
    task_status: Any = trio.TASK_STATUS_IGNORED,
    client: Path | None = None,
) -> None:
    """Serves until cancelled; starts with the page's address once it accepts.

    `port` 0 takes a free one. `client` is the page's folder, otherwise the installed one. Raises
    ConfigError when the port or the socket can't be had.
    """
    desk = desk_for(daemon, client or client_folder(), token)
    app = application(desk)
    loopback = _loopback_socket(port)
    bound_port: int = loopback.getsockname()[1]
    try:
        unix = _unix_socket(daemon.home.socket)
    except ConfigError:
        loopback.close()
        raise
    hosts = {f"{name}:{bound_port}" for name in (LOOPBACK, "localhost")}
    guarded_app = guarded(app, desk.tokens, hosts)
    try:
        async with trio.open_nursery() as nursery:
            desk.lan = Lan(app, desk.tokens, nursery, _serve, bound_port, Knocks(daemon.now_us))
            await nursery.start(_follow, desk)
            nursery.start_soon(desk.open_imports)
            nursery.start_soon(desk.keep_pockets)
            nursery.start_soon(desk.keep_society)
            nursery.start_soon(keep_receiving, desk)
            nursery.start_soon(keep_runs, desk)
            nursery.start_soon(desk.keep_locking)
            nursery.start_soon(keep_hall, desk)
            nursery.start_soon(reopen_door, desk)
            await nursery.start(partial(_serve, guarded_app, loopback))
            await nursery.start(partial(_serve, as_owner(app), unix))
            task_status.started(f"http://{LOOPBACK}:{bound_port}/")
    finally:
        with suppress(OSError):
            daemon.home.socket.unlink()


async def _follow(desk: Desk, *, task_status: Any) -> None:
    """Keeps what the node tells of windows; begins anew where it lagged too far."""
    while True:
        with desk.daemon.notices() as notices:
            task_status.started()
            task_status = trio.TASK_STATUS_IGNORED
            async for notice in notices:
                desk.stage.note(notice)
                if isinstance(notice, SessionRefused):
                    desk.stage.refused(is_on=desk.is_on)
        await trio.lowlevel.checkpoint()


async def _serve(app: ASGIApp, bound: socket.socket, *, task_status: Any) -> None:
    await serve(cast(ASGIFramework, app), _config(bound), mode="asgi", task_status=task_status)


def _config(bound: socket.socket) -> Config:
    """Takes the socket over; every size and time has a bound."""
    config = Config()
    config.bind = f"fd://{bound.detach()}"
    config.backlog = BACKLOG
    config.alpn_protocols = ["http/1.1"]
    config.websocket_max_message_size = MAX_MESSAGE_SIZE
    config.websocket_ping_interval = PING_INTERVAL_S
    config.include_server_header = False
    config.graceful_timeout = 1.0
    config.errorlog = logging.getLogger("popd.api")
    return config


def _loopback_socket(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        bound.bind((LOOPBACK, port))
    except OSError as error:
        bound.close()
        why = f"port {port} can't be used for the page: {error.strerror}"
        raise ConfigError(f"{why}. Choose another, or 0 for a free one") from error
    return bound


def _unix_socket(path: Path) -> socket.socket:
    """Bound and private before anybody can connect; a stale one of a dead daemon is removed."""
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.exists() and stat.S_ISSOCK(path.lstat().st_mode):
            path.unlink()
        bound.bind(str(path))
        os.chmod(path, 0o600)
    except OSError as error:
        bound.close()
        raise ConfigError(
            f"{path} can't be used as a socket: {error}. Choose a home with a shorter path, "
            "where you may write"
        ) from error
    return bound
