"""Other devices in the same network: a second door, that opens to tickets from this machine alone.

The first door is on loopback and lets the owner in. This one serves the same page on one address
of the machine, and whoever comes through it may play, rate and read, whatever token they show.
It is open only while its owner wants it, and speaks plain HTTP: no browser would trust a
certificate that this machine made, and what passes can play, not spend.
"""

import errno
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Final

import trio
from starlette.types import ASGIApp

from popd.api.answers import ApiError
from popd.api.guard import guarded
from popd.api.knocks import Knocks
from popd.api.tokens import GUESTS, Tokens

SOMEWHERE: Final = ("192.0.2.1", 9)
"""An address for examples (RFC 5737): asking how to get there sends nothing."""
ServeSocket = Callable[..., Awaitable[None]]


@dataclass(slots=True)
class Lan:
    """The second door of one daemon."""

    app: ASGIApp
    """What is served, before any guard."""
    tokens: Tokens
    """Who may come in."""
    nursery: trio.Nursery
    """Where it is served from."""
    serve: ServeSocket
    """Serves an application on a bound socket until cancelled, with a task status."""
    port: int
    """The one to take where it is free: a phone keeps its settings for an address with its port."""
    knocks: Knocks
    """Who showed wrong keys there."""
    address: str = ""
    """Where it is open, as `http://192.0.2.4:8772/`; empty while it is shut."""
    _scope: trio.CancelScope | None = None

    async def open(self, wanted: str, port: int = 0) -> None:
        """Opens the door on an address of this machine, or on the one that others reach.

        `port` is the one to take where it is free; 0 for the usual. Raises ApiError when that can't
        be had. A door that is open elsewhere is shut first; one that is open there stays, with
        everybody who came through it.
        """
        if self.address.startswith(f"http://{wanted or own_address()}:"):
            return
        bound = bound_socket(wanted, port or self.port)
        self.shut()
        host, bound_port = bound.getsockname()
        app = guarded(self.app, self.tokens, {f"{host}:{bound_port}"}, GUESTS, self.knocks)
        self._scope = await self.nursery.start(self._serve, app, bound)
        self.address = f"http://{host}:{bound_port}/"

    def shut(self) -> None:
        """Shuts it; whoever came through it is out, and has to join anew."""
        if self._scope is not None:
            self._scope.cancel()
            self._scope = None
        self.address = ""
        self.tokens.revoke_all()

    async def _serve(self, app: ASGIApp, bound: socket.socket, *, task_status: Any) -> None:
        with trio.CancelScope() as scope:
            async with trio.open_nursery() as nursery:
                await nursery.start(self.serve, app, bound)
                task_status.started(scope)


def host_and_port(address: str) -> tuple[str, int]:
    """Of where a door is open, as `http://192.0.2.4:8772/`."""
    host, _, port = address.removeprefix("http://").rstrip("/").rpartition(":")
    return host, int(port)


def bound_socket(wanted: str, port: int) -> socket.socket:
    """A socket on one IPv4 address of this machine, on `port` or on a free one.

    Raises ApiError for what is no address of this machine.
    """
    host = wanted or own_address()
    try:
        if IPv4Address(host).is_unspecified or IPv4Address(host).is_multicast:
            raise _no_address(host, "it stands for several")
    except AddressValueError:
        raise _no_address(host, "it is no IPv4 address") from None
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        _bind(bound, host, port)
    except OSError as error:
        bound.close()
        raise _no_address(host, error.strerror or str(error)) from error
    return bound


def _bind(bound: socket.socket, host: str, port: int) -> None:
    try:
        bound.bind((host, port))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        bound.bind((host, 0))


def own_address() -> str:
    """The address of this machine in its network; raises ApiError when it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            raise ApiError(
                409,
                "no_network",
                "This machine is in no network that a phone could be in.",
                "Connect it, or name an address: popctl up --lan ADDRESS.",
            ) from None
        return str(probe.getsockname()[0])


def _no_address(host: str, why: str) -> ApiError:
    return ApiError(
        409,
        "no_address",
        f"Other devices can't be let in on {host[:60]}: {why}.",
        "Name one IPv4 address of this machine, such as 192.168.1.4.",
    )
