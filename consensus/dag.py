"""The graph of entries as they arrive: what waits for what, and what may be let go.

An entry waits for at most one other at a time; when that comes, or is settled, it is looked at
again. What an applied entry names is built upon and stays, even while it waits itself.
"""

from collections.abc import Iterable

from consensus.identifiers import EntryId


class WaitingEntries:
    """Entries that are held but not settled yet."""

    __slots__ = ("_blocker_of", "_built_upon", "_waiters_of")

    def __init__(self) -> None:
        """Nothing waits."""
        self._blocker_of: dict[EntryId, EntryId | None] = {}
        self._waiters_of: dict[EntryId, set[EntryId]] = {}
        self._built_upon: set[EntryId] = set()

    def wait(self, entry: EntryId, blocker: EntryId | None) -> None:
        """An entry waits for another, or for a release that understands it (None)."""
        self._blocker_of[entry] = blocker
        if blocker is not None:
            self._waiters_of.setdefault(blocker, set()).add(entry)

    def settle(self, entry: EntryId) -> None:
        """An entry waits no more."""
        self._blocker_of.pop(entry, None)

    def released_by(self, entry: EntryId) -> list[EntryId]:
        """Those that waited for an entry, in a stable order; they are to be looked at again."""
        return sorted(self._waiters_of.pop(entry, ()))

    def build_upon(self, entries: Iterable[EntryId]) -> None:
        """Applied entries name these: they stay."""
        self._built_upon.update(entries)

    def can_drop(self, entry: EntryId) -> bool:
        """Whether the entry waits, and nothing that was applied names it."""
        return entry in self._blocker_of and entry not in self._built_upon

    def drop(self, entry: EntryId) -> None:
        """Forgets that an entry waits; raises KeyError when it can't be dropped."""
        if not self.can_drop(entry):
            raise KeyError(entry)
        blocker = self._blocker_of.pop(entry)
        if blocker is not None:
            waiters = self._waiters_of[blocker]
            waiters.discard(entry)
            if not waiters:
                del self._waiters_of[blocker]

    @property
    def droppable(self) -> tuple[EntryId, ...]:
        """What waits and can be dropped, in order of arrival."""
        return tuple(entry for entry in self._blocker_of if entry not in self._built_upon)

    @property
    def blockers(self) -> frozenset[EntryId]:
        """What is waited for, held or not."""
        return frozenset(entry for entry in self._blocker_of.values() if entry is not None)
