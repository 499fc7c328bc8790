"""Reaches the addresses in the book: when they are due, few at a time, and again and again."""

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import trio

from consensus.identifiers import NodeKey
from popd.net.address_book import AddressBook, Known, Reached, Source

logger = logging.getLogger(__name__)

MAX_DIALS_AT_ONCE: Final = 4
"""Each costs a handshake at both ends: many at once only time out together."""
MAX_DIALS_PER_MINUTE: Final = 120
"""Attempts at addresses that the user did not give."""
MINUTE_US: Final = 60_000_000
DIAL_S: Final = 5.0


class Dialler:
    """Starts attempts; what an attempt does is given."""

    def __init__(
        self,
        book: AddressBook,
        now_us: Callable[[], int],
        attempt: Callable[[Known], Awaitable[None]],
    ) -> None:
        """`attempt` returns once a path is open, and raises when there is none."""
        self.dials = 0
        """Attempts so far."""
        self._book = book
        self._now_us = now_us
        self._attempt = attempt
        self._dialling: set[NodeKey] = set()
        self._recent_us: deque[int] = deque()

    def tick(self, nursery: trio.Nursery, reached: Mapping[NodeKey, Reached]) -> None:
        """Starts what is due."""
        now_us = self._now_us()
        while self._recent_us and now_us - self._recent_us[0] > MINUTE_US:
            self._recent_us.popleft()
        for known in self._book.due(reached, now_us):
            is_user = known.source is Source.USER
            is_over = not is_user and len(self._recent_us) >= MAX_DIALS_PER_MINUTE
            if known.key in self._dialling or is_over:
                continue
            if len(self._dialling) >= MAX_DIALS_AT_ONCE:
                return
            if not is_user:
                self._recent_us.append(now_us)
            self.dials += 1
            self._dialling.add(known.key)
            nursery.start_soon(self._dial, known)

    async def _dial(self, known: Known) -> None:
        try:
            with trio.fail_after(DIAL_S):
                await self._attempt(known)
        except Exception as error:
            # Whatever libp2p says, the address is tried again later.
            logger.debug("no path to %s", known.address, exc_info=True)
            self._book.note_failure(known, reason_of(error), self._now_us())
        else:
            self._book.note_success(known, self._now_us())
        finally:
            self._dialling.discard(known.key)


PLAIN_WORDS: Final = {
    "protocols not supported": "it answers, but is a node of another network or release",
    "peer id does not correspond": "it answers, but is another node than the address says",
    "multiple exceptions": "connection refused",
    "all attempts to connect": "connection refused",
}
"""What libp2p says, by what stands in it, and what it means."""


def reason_of(error: BaseException) -> str:
    """Why an attempt failed, in a few words: the last cause says it best."""
    if isinstance(error, trio.TooSlowError):
        return f"no answer within {DIAL_S:.0f} s"
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    if isinstance(error, BaseExceptionGroup):
        return reason_of(error.exceptions[0])
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    words = (str(error) or type(error).__name__).splitlines()[0][:200]
    return next((plain for sign, plain in PLAIN_WORDS.items() if sign in words), words)
