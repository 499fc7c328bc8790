"""Gifts: how much of what others hand over is received without asking, so that dust ends.

Whoever receives writes an entry for each thing received, and it is others who decide how many
things there are. So what is received by itself has a bound for each UTC day; the rest waits for
the user, or for the next day. What comes back to the user needs an entry of theirs before, and
has no bound. The counts are read off the user's own chain: a restart forgets nothing.
"""

from typing import Final

from consensus.entries import Body
from consensus.entries.appreciation import Concert
from consensus.entries.performance import Mint
from consensus.entries.transfer import Receive, Transfer
from consensus.identifiers import NO_ENTRY, EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.units import MILLISECONDS_PER_DAY, Milliseconds

MAX_GIFTS_A_DAY: Final = 128
"""Transfers received by themselves; whoever is paid more often receives the rest by hand."""
MAX_SHARES_A_DAY: Final = 8_192
"""Shares of mints and concerts: above what a witness of every window on `practice` earns."""


def bound_of(source: Body | None) -> int | None:
    """How many such things are received by themselves in a day; None for any number."""
    match source:
        case Transfer():
            return MAX_GIFTS_A_DAY
        case Mint() | Concert():
            return MAX_SHARES_A_DAY
        case _:
            return None


def day_of(time_ms: int) -> int:
    """The UTC day of a time, counted from 1970."""
    return time_ms // MILLISECONDS_PER_DAY


def end_of_day_ms(time_ms: int) -> Milliseconds:
    """When the UTC day of a time is over."""
    return Milliseconds((day_of(time_ms) + 1) * MILLISECONDS_PER_DAY)


def taken_on(ledger: Ledger, who: IdentityId, day: int) -> dict[int | None, set[EntryId]]:
    """What somebody received on a UTC day, by the bound that it is under."""
    state = ledger.state(who)
    taken: dict[int | None, set[EntryId]] = {}
    entry = NO_ENTRY if state is None else state.head
    while entry != NO_ENTRY:
        statement = ledger.statements[entry]
        if day_of(statement.entry.time_ms) < day:
            break
        if isinstance(statement.body, Receive):
            source = statement.body.source
            taken.setdefault(bound_of(ledger.statements[source].body), set()).add(source)
        entry = statement.entry.prev
    return taken
