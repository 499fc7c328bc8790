"""Restoring: whoever has only the keys of a chain asks others how far it came, before writing on.

Writing without knowing would fork the chain. Peers are asked again and again, and what they know is
fetched until three that know the chain are through; where nobody knows it, its owner says whether
it begins. Then the pen is handed over, and several branches, if there are, are reconciled.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import EntryId, NodeKey
from consensus.units import Milliseconds
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
ASK_AGAIN_MS: Final = 10_000
"""How often peers are asked: who lacked the chain may have learnt of it."""
PATIENCE_MS: Final = 30_000
"""A head that a peer named is not waited for once nothing of the chain came for so long."""


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
    told_ms: dict[NodeKey, Milliseconds] = field(default_factory=dict)
    """When they said so first."""
    tips: frozenset[EntryId] = frozenset()
    """How far the chain was here when it was looked at last."""
    progress_ms: Milliseconds = Milliseconds(0)
    """When the chain was last seen to have grown here."""

    @property
    def is_on(self) -> bool:
        """Whether the chain isn't known yet."""
        return self.pen.is_held

    def start(self) -> None:
        """Looks every second until it is done."""
        if self.is_on:
            self.context.call_after(LOOK_MS, self._look)
            self.context.call_after(ASK_AGAIN_MS, self._ask_again)

    def meet(self, peer: NodeKey) -> None:
        """A peer is there, and is asked."""
        if self.is_on:
            self.context.send(peer, HeadsAsked(self.context.identity))

    def answer(self, peer: NodeKey, message: HeadsAsked) -> None:
        """Somebody asks about a chain; whatever is known of it is no secret."""
        heads = tuple(sorted(self.context.ledger.tips.get(message.author, ())))
        self.context.send(peer, HeadsTold(message.author, heads[:MAX_TOLD_HEADS]))

    def take(self, peer: NodeKey, message: HeadsTold) -> None:
        """A peer says how far the own chain came; its last word counts."""
        if not self.is_on or message.author != self.context.identity:
            return
        before, applied = self.told.get(peer), self.context.ledger.applied
        if before == () and applied.issuperset(message.heads):
            return  # it knew nothing, and may have this from here
        if before is None or set(before) != set(message.heads):
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
        """Peers that know the chain, and of whose answer nothing is lacking any more."""
        late_ms = self.context.now_ms - PATIENCE_MS
        applied = self.context.ledger.applied
        return [
            peer
            for peer, heads in self.told.items()
            if heads
            and (applied.issuperset(heads) or max(self.told_ms[peer], self.progress_ms) < late_ms)
        ]

    @property
    def unknowing(self) -> list[NodeKey]:
        """Peers that said that they know nothing of the chain."""
        return [peer for peer, heads in self.told.items() if not heads]

    def _ask_again(self) -> None:
        if self.is_on:
            for peer in tuple(self.context.peers):
                self.meet(peer)
            self.context.call_after(ASK_AGAIN_MS, self._ask_again)

    def _look(self) -> None:
        if not self.is_on:
            return
        tips = frozenset(self.context.ledger.tips.get(self.context.identity, ()))
        if tips != self.tips:
            self.tips, self.progress_ms = tips, self.context.now_ms
        if len(self.answered) >= PEERS_NEEDED:
            self.finish()
        else:
            self.context.call_after(LOOK_MS, self._look)
