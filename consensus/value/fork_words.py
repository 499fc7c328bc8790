"""A fork in words: what somebody signed twice, what it did to which coins, and what it cost them.

Sentences for people who play and never heard of chains; ids and times let anybody check them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Final

from consensus.entries.staking import Stake
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.forks import Manner, Move, lots_moved_twice
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.statement import Statement
from consensus.value.branches import is_mended
from consensus.value.explain import in_jam

NameOf = Callable[[IdentityId], str]
MAX_BRANCHES: Final = 16
"""Branches of one author that are told of; each is compared with each."""


@dataclass(frozen=True, slots=True)
class MovedTwice:
    """A lot that two branches of one author moved."""

    author: IdentityId
    """Who."""
    key: LotKey
    """What."""
    branches: tuple[tuple[EntryId, EntryId], ...]
    """Of each branch that moved it, its head and the first entry that did."""


def moved_twice(ledger: Ledger, author: IdentityId) -> tuple[MovedTwice, ...]:
    """The lots that branches of an author moved twice, in order; of many, the lowest heads."""
    branches: dict[EntryId, list[Move]] = {}
    for head in sorted(ledger.tips.get(author, ()))[:MAX_BRANCHES]:
        chain = (ledger.move(item.id) for item in ledger.chain(head))
        branches[head] = [move for move in chain if move is not None]
    found: dict[LotKey, dict[EntryId, EntryId]] = {}
    for one, other in combinations(branches, 2):
        shared = {move.entry for move in branches[one]} & {move.entry for move in branches[other]}
        for key in lots_moved_twice(branches[one], branches[other]):
            for head in (one, other):
                own = [move for move in branches[head] if move.entry not in shared]
                entry = _mover(own, key)
                if entry is not None:
                    found.setdefault(key, {}).setdefault(head, entry)
    return tuple(
        MovedTwice(author, key, tuple(sorted(stories.items())))
        for key, stories in sorted(found.items())
    )


def _mover(own: list[Move], key: LotKey) -> EntryId | None:
    """What moved a lot on one branch: it was spent, or received, or declined."""
    spending = (Manner.TRANSFERRED, Manner.STAKED)
    same = [move for move in own if move.key == key]
    spent = [move.entry for move in same if move.manner in spending]
    taken = [move.entry for move in same if move.manner in (Manner.RECEIVED, Manner.DECLINED)]
    return next(iter((*spent, *taken)), None)


def fork_words(ledger: Ledger, author: IdentityId, name_of: NameOf) -> tuple[str, ...]:
    """What is known of somebody's fork, sentence by sentence; empty for whoever did not fork."""
    proof = ledger.forks.get(author)
    if proof is None:
        return ()
    name = name_of(author)
    said = [entry_words(ledger, entry, name_of) for entry in proof.entries]
    if len(said) == 1:
        return (
            f"As number {proof.number} of their chain, {name} signed {said[0]}.",
            "It says how much they had accepted that week, or judges a block a second time, and "
            "their own chain shows otherwise.",
            f"Coins that {name} mints from there on count for nothing to you.",
        )
    return (
        f"{name} signed two different entries as number {proof.number} of their chain: {said[0]}, "
        f"and {said[1]}.",
        "Only their key can sign either, and a chain has one entry for each number.",
        *_effects(ledger, author, name_of),
    )


def _effects(ledger: Ledger, author: IdentityId, name_of: NameOf) -> tuple[str, ...]:
    name = name_of(author)
    twice = moved_twice(ledger, author)
    if not twice and is_mended(ledger, author):
        return (f"No coin moved twice, and {name} has named both branches: it is mended.",)
    if not twice:
        return (
            "No coin moved twice: it may be a restored backup, or two devices with one key.",
            f"Until {name} reconciles, coins that they mint after it count for nothing to you.",
        )
    burnt = [
        body.amount_ujam
        for stake in sorted(ledger.slashed)
        if (item := ledger.statements.get(stake)) and item.entry.author == author
        if isinstance(body := item.body, Stake)
    ]
    lots = "one lot" if len(twice) == 1 else f"{len(twice)} lots"
    words = [f"Both branches moved {lots}, so all coins that came from there are contested."]
    if burnt:
        words.append(f"{name} had {in_jam(sum(burnt))} JAM at stake, which burnt.")
    words.append(f"Coins that {name} mints after it count for nothing to you.")
    return tuple(words)


def entry_words(ledger: Ledger, entry: EntryId, name_of: NameOf) -> str:
    """What an entry says, when, and the beginning of its id."""
    statement = ledger.statements.get(entry)
    if statement is None:
        return f"an entry that is not kept here ({entry.hex()[:8]})"
    at = f"{moment(statement.entry.time_ms)}, {entry.hex()[:8]}"
    return f"{_deed(statement, name_of)} ({at})"


def _deed(statement: Statement, name_of: NameOf) -> str:
    match statement.body:
        case Transfer(amount_ujam=amount, recipient=recipient):
            return f"a transfer of {in_jam(amount)} JAM to {name_of(recipient)}"
        case Stake(amount_ujam=amount):
            return f"a stake of {in_jam(amount)} JAM"
        case Receive():
            return "the receipt of coins"
        case Decline():
            return "a declined transfer"
        case _:
            article = "an" if statement.entry.kind[:1] in "aeiou" else "a"
            return f"{article} {statement.entry.kind}"


def moment(time_ms: int) -> str:
    """A time as people write it, in UTC; what lies beyond calendars, in milliseconds."""
    try:
        return f"{datetime.fromtimestamp(time_ms / 1_000, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return f"{time_ms} ms after 1970"
