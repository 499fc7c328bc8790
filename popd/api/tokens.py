"""Who may do what: bearer tokens, each with a scope; lesser ones are lent for a while."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from hmac import compare_digest
from types import MappingProxyType
from typing import Final, NamedTuple

from consensus.units import Microseconds
from popd.api.guests import GuestBook, GuestSeat


class Scope(StrEnum):
    """What a token is good for."""

    OWNER = "owner"
    PLAY = "play"
    RATE = "rate"
    READ = "read"
    JOIN = "join"
    DOOR = "door"
    LISTEN = "listen"


IMPLIED: Final = MappingProxyType(
    {
        Scope.OWNER: frozenset(Scope) - {Scope.JOIN, Scope.DOOR},
        Scope.PLAY: frozenset({Scope.PLAY, Scope.RATE, Scope.READ, Scope.LISTEN}),
        Scope.RATE: frozenset({Scope.RATE, Scope.LISTEN}),
        Scope.READ: frozenset({Scope.READ, Scope.LISTEN}),
        Scope.LISTEN: frozenset({Scope.LISTEN}),
        Scope.JOIN: frozenset({Scope.JOIN}),
        Scope.DOOR: frozenset({Scope.DOOR}),
    }
)
"""What each scope includes."""

NOBODY: Final[frozenset[Scope]] = frozenset()
"""What a caller without a token may do."""
GUESTS: Final = frozenset(
    {Scope.PLAY, Scope.RATE, Scope.READ, Scope.LISTEN, Scope.JOIN, Scope.DOOR}
)
"""The most that anybody may do who is not on this machine."""

TICKET_US: Final = 300 * 1_000_000
"""Five minutes to take a phone out of a pocket."""
LENT_US: Final = 12 * 3_600 * 1_000_000
"""An evening."""
MAX_LENT: Final = 32
"""Tickets and tokens that are out at once; beyond, the oldest is void."""
TOKEN_BYTES: Final = 32


class Lent(NamedTuple):
    """A token, or a ticket that can be changed for one."""

    token: str
    """What its holder shows."""
    scope: Scope
    """What it is good for; JOIN for a ticket."""
    until_us: int
    """When it is void, by the daemon's clock."""


class Tokens:
    """The tokens that this daemon gave out."""

    def __init__(self, owner: str, now_us: Callable[[], Microseconds]) -> None:
        """The owner's, which is everything; others are lent."""
        assert owner, "an empty token would let everybody in"
        self._owner = owner.encode()
        self._now_us = now_us
        self._lent: OrderedDict[bytes, Lent] = OrderedDict()
        self.book = GuestBook(now_us)
        """The guests of a concert, with tokens of their own."""

    def scopes_of(self, token: str) -> frozenset[Scope]:
        """What a token allows; nothing when it isn't one of ours. Takes as long for any token."""
        given = token.encode("utf-8", "surrogateescape")
        allowed = IMPLIED[Scope.OWNER] if compare_digest(self._owner, given) else NOBODY
        now_us = self._now_us()
        for known, lent in self._lent.items():
            if compare_digest(known, given) and now_us < lent.until_us:
                allowed = IMPLIED[lent.scope]
        if self.book.seat_of(token) is not None:
            allowed = IMPLIED[Scope.RATE]
        return IMPLIED[Scope.DOOR] if self.book.opens_to(token) else allowed

    def guest_of(self, token: str) -> GuestSeat | None:
        """The guest of a concert who shows this token; None for everybody else."""
        return self.book.seat_of(token)

    def ticket(self) -> Lent:
        """A ticket for one phone, to be changed soon for a token."""
        return self._lend(Scope.JOIN, TICKET_US)

    def redeem(self, ticket: str) -> Lent | None:
        """A token that may play, for a ticket, which is void from then on; None for no ticket."""
        if self.scopes_of(ticket) != IMPLIED[Scope.JOIN]:
            return None
        del self._lent[ticket.encode()]
        return self._lend(Scope.PLAY, LENT_US)

    def revoke_all(self) -> None:
        """Whatever was lent is void."""
        self._lent.clear()
        self.book.shut()

    def _lend(self, scope: Scope, for_us: int) -> Lent:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        lent = Lent(token, scope, self._now_us() + for_us)
        self._lent[token.encode()] = lent
        if len(self._lent) > MAX_LENT:
            self._lent.popitem(last=False)
        return lent
