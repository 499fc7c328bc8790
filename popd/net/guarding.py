"""Whatever a peer makes libp2p stumble over ends that peer's stream, and nothing else.

libp2p runs its handlers in one nursery with everything else of the host: an exception in one,
and bytes of a stranger can cause many, would end the daemon.
"""

import contextlib
import functools
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

logger = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[None]]


def guarded_stream(handler: Handler, most: int) -> Handler:
    """The stream handler; where it fails, or has `most` streams of one connection, it resets."""
    open_streams: Counter[int] = Counter()

    @functools.wraps(handler)
    async def guard(stream: Any) -> None:
        connection = id(stream.muxed_conn)
        open_streams[connection] += 1
        try:
            if open_streams[connection] > most:
                await stream.reset()
            else:
                await handler(stream)
        except Exception:
            # Any exception at all: it is the peer's bytes that made it.
            logger.debug("a stream was broken off", exc_info=True)
            with contextlib.suppress(Exception):
                await stream.reset()
        finally:
            open_streams[connection] -= 1
            if not open_streams[connection]:
                del open_streams[connection]

    return guard
