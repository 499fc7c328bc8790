"""Lending the pen: the device that holds it writes what the user's companions ask for.

An entry is signed only where it continues the chain as it is here, so two that want the same place
never both get it: the chain can't fork, whatever is lost, doubled or late on the way.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from consensus.entry import read_signed_entry
from consensus.identifiers import EntryId, NodeKey
from consensus.parameters import RULES_VERSION
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import SIGNATURE_SIZE
from consensus.statement import Statement, stated
from popd.node.comparing import Comparing
from popd.node.context import Context
from popd.node.own_effects import Confide
from popd.node.own_words import MAX_OTHERS
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

MAX_AHEAD_MS: Final = 5_000
"""How far a companion's clock may be ahead: the chain never goes back behind what is written."""

MAX_UNASKED: Final = 64
"""Entries; copies of a question come late by seconds."""


@dataclass(slots=True)
class Lending:
    """What companions ask for."""

    context: Context
    """The node."""
    pen: Pen
    """Its pen."""
    comparing: Comparing
    """Finds what a companion has and this node lacks."""
    waiting: OrderedDict[NodeKey, Statement] = field(default_factory=OrderedDict)
    """The last that each asked for while the pen was not free, in turn."""
    unasked: OrderedDict[EntryId, None] = field(default_factory=OrderedDict)
    """What companions do not want any more, the oldest first."""
    signing: tuple[NodeKey, EntryId] | None = None
    """Who is waiting for what is being signed."""

    def hear(self, peer: NodeKey, word: PenAsked | PenUnasked) -> None:
        """A companion asks for an entry, or does not want any more what it asked for."""
        if isinstance(word, PenAsked):
            self._ask(peer, word)
        else:
            self._unask(peer, word)

    def _ask(self, peer: NodeKey, word: PenAsked) -> None:
        """Whoever asked before is answered as before."""
        try:
            wire, network = bytes(SIGNATURE_SIZE) + word.entry, self.context.params.name
            statement = stated(read_signed_entry(wire, network, is_signature_known=True))
        except RejectionError:
            return  # what no release of ours would ask for
        if statement.id in self.context.ledger.applied:
            self._say(peer, PenGiven(self.context.ledger.statements[statement.id].wire))
            return
        if statement.id in self.unasked:
            return
        self.waiting[peer] = statement
        while len(self.waiting) > MAX_OTHERS:
            self.waiting.popitem(last=False)
        self.serve()

    def _unask(self, peer: NodeKey, word: PenUnasked) -> None:
        """Late copies of the question are let go."""
        self._answer_written()
        if word.asked in self.context.ledger.applied:
            self._say(peer, PenGiven(self.context.ledger.statements[word.asked].wire))
            return
        self.unasked[word.asked] = None
        while len(self.unasked) > MAX_UNASKED:
            self.unasked.popitem(last=False)
        waiting = self.waiting.get(peer)
        if waiting is not None and waiting.id == word.asked:
            del self.waiting[peer]
        if self.signing == (peer, word.asked):
            self.signing = None
            if word.asked == self.pen.signing:
                self.pen.withdraw()
        self._say(peer, PenLeft(word.asked))

    def serve(self) -> None:
        """Writes what waits, in turn, as long as the pen is free."""
        self._answer_written()
        while self.waiting and not (self.pen.is_busy or self.pen.is_held):
            self._serve(*self.waiting.popitem(last=False))

    def forget(self, peer: NodeKey) -> None:
        """A device is none of the user's any more: nothing that it asked for is signed."""
        self.waiting.pop(peer, None)
        if self.signing is not None and self.signing[0] == peer:
            entry, self.signing = self.signing[1], None
            if entry == self.pen.signing:
                self.pen.withdraw()

    def _answer_written(self) -> None:
        if self.signing is not None and not self.pen.is_busy:
            (peer, entry), self.signing = self.signing, None
            if entry in self.context.ledger.applied:
                self._say(peer, PenGiven(self.context.ledger.statements[entry].wire))

    def _serve(self, peer: NodeKey, statement: Statement) -> None:
        ledger, entry = self.context.ledger, statement.entry
        state = ledger.state(self.context.identity)
        if state is None:
            return  # the chain has not begun; it asks again
        try:
            if entry.author != self.context.identity or entry.version != RULES_VERSION:
                raise RejectionError(RejectionReason.BROKEN_CHAIN, "it is of another chain")
            if entry.time_ms > self.context.now_ms + MAX_AHEAD_MS:
                raise RejectionError(
                    RejectionReason.TOO_EARLY, "the clock of this device is ahead of the pen's"
                )
            if (entry.number, entry.prev) != (state.number + 1, state.head):
                self._say(peer, PenStale(statement.id, state.head))
                return
            ledger.check(statement)
        except RejectionError as error:
            if error.reason is RejectionReason.BROKEN_DEPENDENCY:
                self.comparing.begin(peer)  # it has what is lacking here, and asks again
            else:
                self._say(peer, PenRefused(statement.id, error.reason, error.message[:100]))
            return
        self.signing = peer, statement.id
        self.pen.sign(entry)

    def _say(self, peer: NodeKey, word: PenWord) -> None:
        self.context.do(Confide(peer, word))
