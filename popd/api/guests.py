"""Guests: people without an identity who rate a concert through this daemon.

The door of a concert opens to one secret, in the address behind a QR code, and to a short code for
those who type. Whoever comes in shows a key that their page made, and signs what the door just
asked; the same key finds the same seat again, so that a phone may sleep. From one address only a
few are let in: everybody has one phone.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from hmac import compare_digest
from typing import Final, NamedTuple

from consensus.encoding import tagged_digest
from consensus.identifiers import IdentityId
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from consensus.units import Microseconds
from popd.api.answers import ApiError
from popd.api.challenges import Challenges

MAX_SEATS: Final = 1_000
"""Guests of one daemon: a hall; their ratings are a few hundred kilobytes."""
SEATS_PER_ADDRESS: Final = 4
"""A household behind one address; a thousand keys of one phone are still one phone."""
IDLE_US: Final = 120 * 1_000_000
"""A seat whose guest left without an opinion is given away after this long."""
SEATED_US: Final = 12 * 3_600 * 1_000_000
"""An evening."""
JOINS_PER_S: Final = 20
JOIN_BURST: Final = 300
"""A hall that scans at once is let in at once."""
CODE_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that are mistaken for digits."""
CODE_LENGTH: Final = 6
SECRET_BYTES: Final = 18
TOKEN_BYTES: Final = 24


class Knock(NamedTuple):
    """Somebody who wants to come in."""

    key: bytes
    """Their Ed25519 key of 32 bytes."""
    challenge: bytes
    """What the door asked them to sign."""
    signature: bytes
    """Theirs, of 64 bytes."""
    address: str
    """Where they come from."""


@dataclass(slots=True, eq=False)
class GuestSeat:
    """One guest."""

    key: bytes
    """Their Ed25519 key of 32 bytes."""
    address: str
    """Where they came from last."""
    token: str
    """What their page shows."""
    seen_us: int
    """When they last came in or spoke."""
    until_us: int = 0
    """When the token is void: they come in anew then, and find their seat."""
    sockets: int = 0
    """Pages of theirs that are open."""
    has_opinion: bool = False
    """They said what they think, so the seat stays theirs."""


@dataclass(slots=True)
class GuestBook:
    """The guests of one daemon, of one concert at a time."""

    now_us: Callable[[], Microseconds]
    """The daemon's clock."""
    concert: bytes = b""
    """Which concert the door leads to; empty while it is shut."""
    secret: str = ""
    """What the QR code's address ends with."""
    code: str = ""
    """What is typed."""
    seats: dict[bytes, GuestSeat] = field(default_factory=dict)
    """By the guests' keys."""
    challenges: Challenges = field(init=False)
    """What guests are asked to sign."""
    _by_token: dict[bytes, GuestSeat] = field(default_factory=dict)
    _free_us: int = 0

    def __post_init__(self) -> None:
        self.challenges = Challenges(self.now_us)

    def open(self, concert: bytes) -> None:
        """Lets guests of a concert in; the same concert's guests keep their seats."""
        if concert == self.concert:
            return
        self.shut()
        self.concert = concert
        self.secret = secrets.token_urlsafe(SECRET_BYTES)
        self.code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))

    def reopen(self, concert: bytes, secret: str, code: str) -> None:
        """Opens the door that was open before a restart; whoever was a guest comes in anew."""
        self.shut()
        self.concert, self.secret, self.code = concert, secret, code

    def shut(self) -> None:
        """Nobody is let in, and whoever was is out."""
        self.concert, self.secret, self.code = b"", "", ""
        self.seats.clear()
        self.challenges.clear()
        self._by_token.clear()

    def opens_to(self, token: str) -> bool:
        """Whether this is the secret or the code; takes as long for any other."""
        given = token.encode("utf-8", "surrogateescape")
        is_secret = compare_digest(self.secret.encode(), given)
        return (bool(self.concert) and is_secret) or self.is_code(token)

    def is_code(self, token: str) -> bool:
        """Whether this is the short code."""
        given = token.encode("utf-8", "surrogateescape").upper()
        return bool(self.concert) and compare_digest(self.code.encode(), given)

    def seat_of(self, token: str) -> GuestSeat | None:
        """Whose token this is; looked up by digest, so that time says nothing of others."""
        seat = self._by_token.get(_digest(token))
        return None if seat is None or self.now_us() >= seat.until_us else seat

    def is_in(self, seat: GuestSeat) -> bool:
        """Whether somebody who came in is still a guest."""
        return self.seat_of(seat.token) is seat

    def enter(self, network: str, host: IdentityId, knock: Knock) -> GuestSeat:
        """A guest with a key comes in, or comes back with a fresh token. Raises ApiError.

        They sign that they come to this host's door of this concert, and what the door asked of
        them, so that nobody sits down in somebody else's name, not even with what they overheard.
        """
        key, address = knock.key, knock.address
        if not self.challenges.take(knock.challenge, address):
            why = "This page answered what the door asks of nobody now."
            raise ApiError(409, "old_knock", why, "Reload the page; it asks the door once more.")
        subject = tagged_digest("door", self.concert, host, key, knock.challenge)
        try:
            check_signature(key, knock.signature, network, Domain.GUEST, subject)
        except RejectionError:
            why = "The key that this page shows isn't its own."
            raise ApiError(403, "bad_guest", why, "Reload the page, then scan the code.") from None
        seat = self.seats.get(key)
        if seat is None:
            self._make_room(address)
            seat = self.seats[key] = GuestSeat(key, address, "", 0)
        self._by_token.pop(_digest(seat.token), None)
        seat.token = secrets.token_urlsafe(TOKEN_BYTES)
        seat.address, seat.seen_us = address, self.now_us()
        seat.until_us = seat.seen_us + SEATED_US
        self._by_token[_digest(seat.token)] = seat
        return seat

    def _make_room(self, address: str) -> None:
        """Raises ApiError where another guest can't be let in."""
        now_us = self.now_us()
        begin_us = max(self._free_us, now_us - JOIN_BURST * 1_000_000 // JOINS_PER_S)
        if begin_us > now_us:
            why = "Many people come in at this moment."
            raise ApiError(429, "too_fast", why, "Try again in a few seconds.")
        neighbours = [seat for seat in self.seats.values() if seat.address == address]
        if len(neighbours) >= SEATS_PER_ADDRESS:
            self._give_away(neighbours, now_us, f"{SEATS_PER_ADDRESS} guests came from this device")
        if len(self.seats) >= MAX_SEATS:
            self._give_away(list(self.seats.values()), now_us, f"All {MAX_SEATS} seats are taken")
        self._free_us = begin_us + 1_000_000 // JOINS_PER_S

    def _give_away(self, seats: list[GuestSeat], now_us: int, why: str) -> None:
        """The seat that stood empty longest goes; raises ApiError where none does."""
        idle = [
            seat
            for seat in seats
            if not (seat.sockets or seat.has_opinion) and now_us - seat.seen_us > IDLE_US
        ]
        if not idle:
            raise ApiError(
                429, "full", f"{why} already.", "Rate together, or come in with a popd of your own."
            )
        gone = min(idle, key=lambda seat: seat.seen_us)
        del self.seats[gone.key]
        self._by_token.pop(_digest(gone.token), None)


def _digest(token: str) -> bytes:
    return blake2b(token.encode("utf-8", "surrogateescape"), digest_size=32).digest()
