"""Elsewhere: whether the same keys also write at another node, which splits the chain in two.

Whoever copies a home, or restores keys and leaves the old machine on, writes one chain twice;
others see a fork, and part from its author. A node sees it first: an entry of its own chain, dated
after the node began, that it did not write.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import EntryId
from consensus.statement import Statement
from consensus.units import Milliseconds
from popd.node.context import Context

MAX_WRITTEN: Final = 256
"""Own entries that are remembered as written here: they take their place at once, or soon."""
TOLD_MS: Final = 86_400_000
"""It is told of for a day: by then the other node wrote again, or it is stopped."""


@dataclass(slots=True)
class Elsewhere:
    """What the own chain says that was not written here."""

    context: Context
    """The node."""
    started_ms: Milliseconds = Milliseconds(0)
    """When it began; what was written before is no word of another node."""
    seen_ms: Milliseconds = Milliseconds(0)
    """When such an entry last took its place here; 0 for never."""
    _written: OrderedDict[EntryId, None] = field(default_factory=OrderedDict)

    @property
    def is_seen(self) -> bool:
        """Whether the keys ran elsewhere lately."""
        return self.seen_ms > 0 and self.context.now_ms - self.seen_ms < TOLD_MS

    def start(self) -> None:
        """The node runs."""
        self.started_ms = self.context.now_ms

    def write(self, entry: EntryId) -> None:
        """An entry is written here."""
        self._written[entry] = None
        if len(self._written) > MAX_WRITTEN:
            self._written.popitem(last=False)

    def on_applied(self, statement: Statement) -> None:
        """An entry took its place; companions know nothing of where theirs are written."""
        entry, context = statement.entry, self.context
        if entry.author != context.identity or context.settings.is_companion:
            return
        if statement.id not in self._written and entry.time_ms > self.started_ms:
            self.seen_ms = context.now_ms
