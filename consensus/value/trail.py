"""A coin's trail: who held it when, and what its givers said that it was worth to them."""

from dataclasses import dataclass

from consensus.entries.transfer import Transfer
from consensus.forks import Manner
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey


@dataclass(frozen=True, slots=True)
class Step:
    """One holder on a coin's way."""

    holder: IdentityId
    """Who held it."""
    time_ms: int | None = None
    """When it was minted for them, or they received it; None where that is not known here."""
    given_ujam: int | None = None
    """How much was handed to them last along this way; None for whom it was minted."""
    valuation_ujam: int | None = None
    """What that was worth to the giver, if they said so."""


def trail_of(ledger: Ledger, key: LotKey) -> tuple[Step, ...]:
    """The steps of a coin's path, from whom it was minted for to who holds it.

    Somebody may have received along one way several times; the latest counts.
    """
    prefixes = {LotKey(key.origin, key.path[: length + 1]) for length in range(1, len(key.path))}
    received: dict[tuple[IdentityId, ...], Step] = {}
    for move in ledger.moves:
        if move.manner is Manner.RECEIVED and move.key in prefixes and move.source is not None:
            step = _received(ledger, move.entry, move.source, move.key)
            known = received.get(move.key.path)
            if known is None or (known.time_ms or 0) <= (step.time_ms or 0):
                received[move.key.path] = step
    mint = ledger.statements.get(EntryId(key.origin))
    first = Step(key.path[0], None if mint is None else mint.entry.time_ms)
    ways = (key.path[: length + 1] for length in range(1, len(key.path)))
    return (first, *(received.get(way, Step(way[-1])) for way in ways))


def _received(ledger: Ledger, entry: EntryId, source: EntryId, key: LotKey) -> Step:
    time_ms = ledger.statements[entry].entry.time_ms
    statement = ledger.statements.get(source)
    body = None if statement is None else statement.body
    if not isinstance(body, Transfer):
        return Step(key.holder, time_ms)
    return Step(key.holder, time_ms, body.amount_ujam, body.valuation_ujam)
