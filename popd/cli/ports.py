"""TCP ports of loopback on which nodes can be told to listen before they run."""

import random
import socket
from contextlib import suppress
from typing import Final

PORTS: Final = range(20_000, 32_000)
"""Below those that connections going out are given (from 32,768 on Linux, 49,152 elsewhere): one
of those may be taken by a neighbour's connection before its node gets to listen there."""


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
