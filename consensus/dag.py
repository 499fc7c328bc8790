"""The graph of entries as they arrive: what waits for what, what is built upon, what may go.

An entry waits for at most one other at a time; when that comes, or is settled, it is looked at
again. What a settled entry needs is built upon and stays, even while it waits itself.
"""

from collections.abc import Iterable
from typing import NamedTuple

from consensus.identifiers import NO_ENTRY, EntryId, IdentityId
from consensus.statement import Statement


class HeldEntries:
    """Entries by id, and by author and number; of a forked author's, several have one number."""

    __slots__ = ("_numbered", "statements")

    def __init__(self) -> None:
        """Nothing is held."""
        self.statements: dict[EntryId, Statement] = {}
        """Every entry held."""
        self._numbered: dict[tuple[IdentityId, int], set[EntryId]] = {}

    def add(self, statement: Statement) -> set[EntryId]:
        """Takes an entry in; returns all of its author and number."""
        self.statements[statement.id] = statement
        key = (statement.entry.author, statement.entry.number)
        same = self._numbered.setdefault(key, set())
        same.add(statement.id)
        return same

    def let_go(self, entry: EntryId) -> None:
        """Takes an entry out; raises KeyError when it is not held."""
        header = self.statements.pop(entry).entry
        key = (header.author, header.number)
        self._numbered[key].remove(entry)
        if not self._numbered[key]:
            del self._numbered[key]

    def numbered(self, author: IdentityId, number: int) -> list[EntryId]:
        """The entries of one author and number, in order."""
        return sorted(self._numbered.get((author, number), ()))

    def prev(self, entry: EntryId) -> EntryId:
        """What an entry says to follow."""
        return self.statements[entry].entry.prev

    def following(self, entry: EntryId) -> list[EntryId]:
        """The entries that come next in the chain after one."""
        before = self.statements[entry].entry
        same = self._numbered.get((before.author, before.number + 1), ())
        return [item for item in same if self.prev(item) == entry]

    def is_next(self, statement: Statement) -> bool:
        """Whether author and number go on from the entry's prev, or it has none."""
        entry = statement.entry
        if entry.prev == NO_ENTRY:
            return True
        prev = self.statements[entry.prev].entry
        return (prev.author, prev.number + 1) == (entry.author, entry.number)

    def chain(self, head: EntryId) -> list[Statement]:
        """The entries from number 0 to `head`, in order."""
        found: list[Statement] = []
        while head != NO_ENTRY:
            found.append(self.statements[head])
            head = found[-1].entry.prev
        return found[::-1]


class Needs(NamedTuple):
    """What a settled entry rests on, apart from its own chain."""

    held: tuple[EntryId, ...]
    """Must be there, as statements."""
    settled: tuple[EntryId, ...]
    """Must be there, and settled."""


class WaitingEntries:
    """Entries that are held but not settled yet, and entries that settled ones need."""

    __slots__ = ("_awaiting_named", "_blocker_of", "_needed", "_needed_settled", "_waiters_of")

    def __init__(self) -> None:
        """Nothing waits."""
        self._blocker_of: dict[EntryId, EntryId | None] = {}
        self._waiters_of: dict[EntryId, set[EntryId]] = {}
        self._awaiting_named: set[EntryId] = set()
        self._needed: dict[EntryId, int] = {}
        self._needed_settled: dict[EntryId, int] = {}

    def wait(self, entry: EntryId, blocker: EntryId | None, *, is_named: bool = False) -> None:
        """An entry waits for another, or for a release that understands it (None).

        `is_named` when what it waits for is not the entry before it, but one that it names.
        """
        self._blocker_of[entry] = blocker
        if blocker is not None:
            self._waiters_of.setdefault(blocker, set()).add(entry)
        if is_named:
            self._awaiting_named.add(entry)
        else:
            self._awaiting_named.discard(entry)

    def settle(self, entry: EntryId) -> None:
        """An entry waits no more."""
        if self._blocker_of.pop(entry, None) is not None:
            self._awaiting_named.discard(entry)

    def released_by(self, entry: EntryId) -> list[EntryId]:
        """Those that waited for an entry, in a stable order; they are to be looked at again."""
        return sorted(self._waiters_of.pop(entry, ()))

    def build_upon(self, needs: Needs) -> None:
        """A settled entry needs these: they stay."""
        needed = self._needed
        for entry in needs.held:
            needed[entry] = needed.get(entry, 0) + 1
        for entry in needs.settled:
            self._needed_settled[entry] = self._needed_settled.get(entry, 0) + 1

    def give_up(self, needs: Needs) -> None:
        """An entry that needed these goes, or is not settled any more."""
        _subtract(self._needed, needs.held)
        _subtract(self._needed_settled, needs.settled)

    def times_needed(self, entry: EntryId) -> int:
        """How often settled entries need it to be there."""
        return self._needed.get(entry, 0)

    def times_needed_settled(self, entry: EntryId) -> int:
        """How often settled entries need it to be settled."""
        return self._needed_settled.get(entry, 0)

    def is_named_by_waiting(self, entry: EntryId) -> bool:
        """Whether an entry that could be settled otherwise waits for this one, as one it names."""
        return not self._awaiting_named.isdisjoint(self._waiters_of.get(entry, ()))

    def can_drop(self, entry: EntryId) -> bool:
        """Whether the entry waits, and nothing that was settled needs it."""
        return entry in self._blocker_of and entry not in self._needed

    def drop(self, entry: EntryId) -> None:
        """Forgets that an entry waits; raises KeyError when it can't be dropped."""
        if not self.can_drop(entry):
            raise KeyError(entry)
        self.remove(entry)

    def remove(self, entry: EntryId) -> None:
        """Forgets that an entry waits, if it does."""
        blocker = self._blocker_of.pop(entry, None)
        self._awaiting_named.discard(entry)
        if blocker is not None:
            waiters = self._waiters_of[blocker]
            waiters.discard(entry)
            if not waiters:
                del self._waiters_of[blocker]

    def blocker_of(self, entry: EntryId) -> EntryId | None:
        """What an entry waits for; None where it waits for nothing that could come."""
        return self._blocker_of.get(entry)

    @property
    def awaiting_named(self) -> tuple[EntryId, ...]:
        """What follows in its chain, and waits only for what it names."""
        return tuple(self._awaiting_named)

    @property
    def droppable(self) -> tuple[EntryId, ...]:
        """What waits and can be dropped, in order of arrival."""
        return tuple(entry for entry in self._blocker_of if entry not in self._needed)

    @property
    def blockers(self) -> frozenset[EntryId]:
        """What is waited for, held or not."""
        return frozenset(self._waiters_of)


def _subtract(counts: dict[EntryId, int], entries: Iterable[EntryId]) -> None:
    for entry in entries:
        counts[entry] -= 1
        if not counts[entry]:
            del counts[entry]
