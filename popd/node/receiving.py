"""Receiving: takes in what others hand to the node's user, and sends what the user gives."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from consensus.entries import Body
from consensus.entries.chains import Reconcile
from consensus.entries.staking import Unstake
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.identifiers import EntryId, IdentityId
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import Statement
from consensus.units import Milliseconds
from popd.node.context import Context
from popd.node.events import DeclineCoins, SendCoins
from popd.node.pen import Pen


@dataclass(slots=True)
class Receiving:
    """Coins on their way to and from the user."""

    context: Context
    """The node."""
    pen: Pen
    """Writes the entries."""
    has_diverged: Callable[[IdentityId], bool]
    """Whether the user has parted from somebody."""

    def on_applied(self, statement: Statement) -> None:
        """Something may have been handed to the user; by themselves too, as a stake coming back."""
        claims = self.context.ledger.claims.get(statement.id, {})
        if self.context.identity in claims and self._is_welcome(statement):
            self.pen.write(partial(self._receive, statement.id))

    def resume(self) -> None:
        """After a restart or a reconcile: takes in what was handed over and not taken yet."""
        state = self.context.ledger.state(self.context.identity)
        taken = frozenset() if state is None else frozenset(state.taken)
        for source in list(self.context.ledger.claims):
            if source not in taken:
                self.on_applied(self.context.ledger.statements[source])

    def send(self, command: SendCoins) -> None:
        """The user gives, but not to whom they have parted from."""
        worth = command.valuation_ujam
        body = Transfer(command.lot, command.amount_ujam, command.recipient, worth)
        self.pen.write(lambda time_ms: self._transfer(body))

    def decline(self, command: DeclineCoins) -> None:
        """The user turns down."""
        self.pen.write(lambda time_ms: Decline(command.transfer))

    def reconcile(self) -> None:
        """Names all heads of a forked chain of one's own, the longest first."""
        self.pen.write(lambda time_ms: self._reconcile())

    def _is_welcome(self, statement: Statement) -> bool:
        """Whether what an entry hands over is received without asking.

        What somebody transfers from whom the user has parted waits until that is taken back.
        """
        if isinstance(statement.body, Unstake):
            return True
        is_shunned = isinstance(statement.body, Transfer) and self.has_diverged(
            statement.entry.author
        )
        return self.context.settings.receives_coins and not is_shunned

    def _transfer(self, body: Transfer) -> Body:
        if self.has_diverged(body.recipient):
            raise RejectionError(
                RejectionReason.WRONG_RECIPIENT,
                "you have diverged from them; reconcile with them before you give them coins",
            )
        return body

    def _receive(self, source: EntryId, time_ms: Milliseconds) -> Body | None:
        state = self.context.ledger.state(self.context.identity)
        return None if state is None or source in state.taken else Receive(source)

    def _reconcile(self) -> Body | None:
        state = self.context.ledger.state(self.context.identity)
        tips = self.context.ledger.tips.get(self.context.identity, {})
        if state is None or len(tips) < 2:
            return None
        return Reconcile((state.head, *sorted(head for head in tips if head != state.head)))
