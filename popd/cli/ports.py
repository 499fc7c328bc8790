"""TCP ports of loopback on which nodes can be told to listen before they run."""

import random
import re
import socket
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Final

from popd.config import Home

PORTS: Final = range(20_000, 32_000)
"""Below those that connections going out are given (from 32,768 on Linux, 49,152 elsewhere): one
of those may be taken by a neighbour's connection before its node gets to listen there."""

LEFT_OPEN: Final = re.compile(r"/tcp/0(?=/|$)")
MAX_PORTS_SIZE: Final = 256


def listened(home: Home, addresses: Sequence[str], taken: Collection[int] = ()) -> list[str]:
    """The addresses, each with the port of the last run where it left that open.

    So others that dial this node find it again. A port that is taken by now gives way to another;
    so does one of `taken`, which somebody is about to listen on.
    """
    open_places = sum(len(LEFT_OPEN.findall(address)) for address in addresses)
    last = [port for port in _last_ports(home)[:open_places] if port not in taken and is_free(port)]
    fresh = [port for port in free_ports(open_places + len(taken)) if port not in taken]
    ports = [*last, *(port for port in fresh if port not in last)][:open_places]
    _keep_ports(home, ports)
    given = iter(ports)
    return [LEFT_OPEN.sub(lambda _: f"/tcp/{next(given)}", address) for address in addresses]


def is_free(port: int) -> bool:
    """Whether a node could listen on a port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except (OSError, OverflowError):
            return False
    return True


def _last_ports(home: Home) -> list[int]:
    try:
        words = home.ports.read_bytes()[:MAX_PORTS_SIZE].split()
    except OSError:
        return []
    numbers = [int(word) for word in words if word.isdigit() and len(word) <= 5]
    return [number for number in dict.fromkeys(numbers) if number in PORTS]


def _keep_ports(home: Home, ports: Sequence[int]) -> None:
    """For the next run; where that can't be written, it gets others."""
    with suppress(OSError):
        if ports:
            home.ports.write_text("".join(f"{port}\n" for port in ports))


def free_ports(count: int) -> list[int]:
    """So many different ports that are free now, in an order drawn by lot.

    Raises OSError where there aren't as many.
    """
    found: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        if len(found) == count:
            break
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
    if len(found) < count:
        raise OSError(f"no {count} free ports between {PORTS.start} and {PORTS.stop}")
    return found
