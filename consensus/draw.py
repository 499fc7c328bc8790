"""The draw: which of the candidates verify a block, fixed before anybody judged it.

Each candidate committed to a hash chain of tickets when it opened itself to the session, and
reveals one ticket a window. Nobody can know or choose a rank beforehand; an omitted ticket shows.
"""

from collections.abc import Sequence
from typing import NamedTuple

from consensus.encoding import digest, tagged_digest
from consensus.identifiers import EntryId, IdentityId

TICKET_DOMAIN = b"popd/1/ticket\0"


class Ticket(NamedTuple):
    """A candidate's lottery value for one window."""

    candidate: IdentityId
    """Whose."""
    value: bytes
    """32 bytes."""


def next_ticket(ticket: bytes) -> bytes:
    """What a ticket is the preimage of: the ticket of the window before."""
    return digest(TICKET_DOMAIN + ticket)


def ticket_chain(seed: bytes, windows: int) -> tuple[bytes, tuple[bytes, ...]]:
    """The anchor that an opening states, and the ticket of each window, from a secret seed."""
    chain = [seed]
    for _ in range(windows):
        chain.append(next_ticket(chain[-1]))
    anchor, *tickets = reversed(chain)
    return anchor, tuple(tickets)


def is_ticket_of(ticket: bytes, known: bytes, steps: int) -> bool:
    """Whether hashing `ticket` `steps` times gives `known`, an anchor or an earlier ticket."""
    for _ in range(steps):
        ticket = next_ticket(ticket)
    return ticket == known


def draw(
    session: EntryId, window: int, tickets: Sequence[Ticket], count: int
) -> tuple[IdentityId, ...]:
    """The candidates with the `count` lowest ranks, lowest first."""
    ranked = sorted(
        (tagged_digest("draw", session, window, ticket.candidate, ticket.value), ticket.candidate)
        for ticket in tickets
    )
    return tuple(candidate for _, candidate in ranked[:count])
