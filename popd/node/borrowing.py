"""Borrowing the pen: a companion has the device that holds it write, and asks until it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from consensus.identifiers import NodeKey
from consensus.rejections import RejectionError
from popd.node.context import Context
from popd.node.messages.comparing import Head
from popd.node.own_effects import Confide
from popd.node.pen import Pen
from popd.node.pen_words import (
    PenAsked,
    PenGiven,
    PenLeft,
    PenRefused,
    PenStale,
    PenUnasked,
    PenWord,
)
from popd.node.pulling import Pulling

ASK_AGAIN_MS: Final = 3_000
"""Words get lost, and the other device may be busy, locked or away."""


@dataclass(slots=True)
class Borrowing:
    """The pen that another device holds."""

    context: Context
    """The node."""
    pen: Pen
    """What is to be written."""
    holder: NodeKey
    """The device that holds it."""
    pulling: Pulling
    """Fetches what was written meanwhile."""
    take: Callable[[NodeKey, Sequence[bytes]], object]
    """Takes in entries that a peer delivered."""
    is_asking: bool = False
    """An alarm is set to ask again."""

    def ask(self) -> None:
        """Asks for the entry that is due, now and every few seconds."""
        self._say()
        if not self.is_asking:
            self.is_asking = True
            self.context.call_after(ASK_AGAIN_MS, self._ask_again)

    def meet(self, peer: NodeKey) -> None:
        """A peer is there; it may be the one that holds the pen."""
        if peer == self.holder:
            self._say()

    def hear(self, peer: NodeKey, word: PenWord) -> None:
        """The device that holds the pen answers."""
        asked = self.pen.asked
        if peer != self.holder or asked is None:
            return
        match word:
            case PenGiven():
                self.take(peer, [word.wire])
                if self.pen.asked is asked:
                    self._fetch(peer, Head(self.context.identity, asked.id))
            case PenStale() if word.asked == asked.id:
                state = self.context.ledger.state(self.context.identity)
                if state is not None and state.head == word.head != asked.entry.prev:
                    self.pen.redraft()
                else:
                    self._fetch(peer, Head(self.context.identity, word.head))
            case PenLeft() if word.asked == asked.id and asked.is_taken_back:
                self.pen.redraft()
            case PenRefused() if word.asked == asked.id:
                self.pen.refused(RejectionError(word.reason, word.why))
            case _:
                pass

    def _fetch(self, peer: NodeKey, head: Head) -> None:
        if peer in self.context.peers:
            self.pulling.want(peer, [head])

    def _ask_again(self) -> None:
        self.is_asking = False
        if self.pen.asked is not None:
            self.ask()

    def _say(self) -> None:
        asked = self.pen.asked
        if asked is not None and self.holder in self.context.peers:
            word = PenUnasked(asked.id) if asked.is_taken_back else PenAsked(asked.entry.to_bytes())
            self.context.do(Confide(self.holder, word))
