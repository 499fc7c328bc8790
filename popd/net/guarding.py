"""Whatever a peer makes libp2p stumble over ends that peer's stream, and nothing else.

libp2p runs its handlers in one nursery with everything else of the host: an exception in one,
and bytes of a stranger can cause many, would end the daemon.
"""

import contextlib
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

logger = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[None]]


def guarded_stream(handler: Handler) -> Handler:
    """The stream handler; where it fails, the stream is reset."""

    @functools.wraps(handler)
    async def guard(stream: Any) -> None:
        try:
            await handler(stream)
        except Exception:
            # Any exception at all: it is the peer's bytes that made it.
            logger.debug("a stream was broken off", exc_info=True)
            with contextlib.suppress(Exception):
                await stream.reset()

    return guard


def guarded_task(task: Handler) -> Handler:
    """The task; where it fails, it was for nothing."""

    @functools.wraps(task)
    async def guard(*arguments: Any) -> None:
        try:
            await task(*arguments)
        except Exception:
            # Any exception at all: it is the peer's bytes that made it.
            logger.debug("a message was dropped", exc_info=True)

    return guard
