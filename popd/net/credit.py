"""How much a peer may send ahead on a stream, without libp2p's answer to every few bytes.

libp2p 0.8.1 sends a window update for each read of a small message, which doubles what an idle
path costs, and lets windows grow to 16 MiB. Here a window is of fixed size and is refilled by
halves.
"""

from typing import Any, Final

FIRST_WINDOW: Final = 256 * 1024
"""What Yamux grants a new stream."""
WINDOW: Final = 1024 * 1024


async def grant_credit(stream: Any) -> None:
    """Widens the window of a libp2p stream and refills it by halves from now on."""
    muxed = stream.muxed_stream
    consumed = 0

    async def refill(*, bytes_read: int = 0) -> None:
        nonlocal consumed
        consumed += bytes_read
        if consumed >= WINDOW // 2:
            increment, consumed = consumed, 0
            await _grant(muxed, increment)

    vars(muxed)["_auto_tune_and_send_window_update"] = refill
    await _grant(muxed, WINDOW - FIRST_WINDOW)


async def _grant(muxed: Any, increment: int) -> None:
    muxed.recv_window += increment
    await muxed.send_window_update(increment)
