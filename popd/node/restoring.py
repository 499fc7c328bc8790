"""Restoring: whoever has only the keys of a chain asks others how far it came, before writing on.

Writing without knowing would fork the chain. Three peers are asked; what they know is fetched.
Then the pen is handed over, and where there are several branches after all, they are reconciled.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import EntryId, NodeKey
from popd.node.context import Context
from popd.node.messages.comparing import Head
from popd.node.messages.restoring import MAX_TOLD_HEADS, HeadsAsked, HeadsTold
from popd.node.notices import ChainRestored
from popd.node.pen import Pen
from popd.node.pulling import Pulling

PEERS_NEEDED: Final = 3
"""One may lag, one may lie."""
LOOK_MS: Final = 1_000
"""How often it is looked at what came."""
PATIENCE_MS: Final = 30_000
"""A head that a peer named and that can't be had for so long is not waited for."""


@dataclass(slots=True)
class Restoring:
    """Holds the pen back until the chain is known."""

    context: Context
    """The node."""
    pen: Pen
    """Writes nothing until then."""
    pulling: Pulling
    """Fetches what others know of the chain."""
    reconcile: Callable[[], None]
    """Names all branches in an entry, where there are several."""
    told: dict[NodeKey, tuple[EntryId, ...]] = field(default_factory=dict)
    """What peers said, in order."""
    told_ms: dict[NodeKey, int] = field(default_factory=dict)
    """When they said it."""

    @property
    def is_on(self) -> bool:
        """Whether the chain isn't known yet."""
        return self.pen.is_held

    def start(self) -> None:
        """Looks every second until it is done."""
        if self.is_on:
            self.context.call_after(LOOK_MS, self._look)

    def meet(self, peer: NodeKey) -> None:
        """A peer is there, and is asked."""
        if self.is_on:
            self.context.send(peer, HeadsAsked(self.context.identity))

    def answer(self, peer: NodeKey, message: HeadsAsked) -> None:
        """Somebody asks about a chain; whatever is known of it is no secret."""
        heads = tuple(sorted(self.context.ledger.tips.get(message.author, ())))
        self.context.send(peer, HeadsTold(message.author, heads[:MAX_TOLD_HEADS]))

    def take(self, peer: NodeKey, message: HeadsTold) -> None:
        """A peer says how far the own chain came."""
        if not self.is_on or message.author != self.context.identity or peer in self.told:
            return
        self.told[peer] = message.heads
        self.told_ms[peer] = self.context.now_ms
        self.pulling.want(peer, [Head(message.author, head) for head in message.heads])

    def finish(self) -> None:
        """The chain is known, or its owner will not wait any longer."""
        if not self.is_on:
            return
        self.pen.release()
        if len(self.context.ledger.tips.get(self.context.identity, ())) > 1:
            self.reconcile()
        self.context.tell(ChainRestored(len(self.answered)))

    @property
    def answered(self) -> list[NodeKey]:
        """Peers of whose answer nothing is lacking any more."""
        late_ms = self.context.now_ms - PATIENCE_MS
        applied = self.context.ledger.applied
        return [
            peer
            for peer, heads in self.told.items()
            if self.told_ms[peer] < late_ms or applied.issuperset(heads)
        ]

    def _look(self) -> None:
        if not self.is_on:
            return
        if len(self.answered) >= PEERS_NEEDED:
            self.finish()
        else:
            self.context.call_after(LOOK_MS, self._look)
