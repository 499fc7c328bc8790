"""Forgetting: what goes along when entries are let go, and what may not go.

Whatever follows in a chain after what goes is not settled any more. It may stay as a statement,
which others name; but what a settled entry needs to be there, or to be settled, has to stay so.
"""

from collections.abc import Callable, Collection, Iterable

from consensus.dag import Needs, WaitingEntries
from consensus.identifiers import EntryId

Following = Callable[[EntryId], Iterable[EntryId]]
"""The settled entries that come next in the chain after one."""


def unsettled_with(settled: Iterable[EntryId], following: Following) -> set[EntryId]:
    """The settled entries that are to go, and all that follow them."""
    found = set(settled)
    queue = list(found)
    while queue:
        for entry in following(queue.pop()):
            if entry not in found:
                found.add(entry)
                queue.append(entry)
    return found


def kept_by_others(
    going: Collection[EntryId],
    leaving: Collection[EntryId],
    waiting: WaitingEntries,
    needs_of: Callable[[EntryId], Needs],
    prev_of: Callable[[EntryId], EntryId],
) -> set[EntryId]:
    """Those of `going` that can't go, because something that stays settled needs them.

    `leaving` is everything that would not be settled any more.
    """
    held: dict[EntryId, int] = {}
    settled: dict[EntryId, int] = {}
    for entry in leaving:
        needs = needs_of(entry)
        for named in needs.held:
            held[named] = held.get(named, 0) + 1
        for named in needs.settled:
            settled[named] = settled.get(named, 0) + 1
    kept = {entry for entry in going if waiting.times_needed(entry) > held.get(entry, 0)}
    below: set[EntryId] = set()
    for entry in leaving:
        if waiting.times_needed_settled(entry) > settled.get(entry, 0):
            while entry in leaving and entry not in below:
                below.add(entry)
                entry = prev_of(entry)
    return kept | below.intersection(going)
