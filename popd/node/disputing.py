"""Disputing: stakes, reports, and parting from people, as the user asks for it.

From whom the user has diverged follows from their own chain, so a restart forgets nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from consensus.entries import Body
from consensus.entries.chains import Reconcile
from consensus.entries.dispute import Diverge, Report
from consensus.entries.staking import Stake, Unstake
from consensus.identifiers import EntryId, IdentityId
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import Statement
from popd.node.context import Context
from popd.node.events import (
    DivergeFrom,
    ReconcileWith,
    ReportBlock,
    StakeCoins,
    UnstakeCoins,
)
from popd.node.pen import Pen

DisputeCommand = StakeCoins | UnstakeCoins | ReportBlock | DivergeFrom | ReconcileWith


@dataclass(slots=True)
class Disputing:
    """The user's disputes."""

    context: Context
    """The node."""
    pen: Pen
    """Writes the entries."""
    on_reconciled: Callable[[], None]
    """Somebody is welcome again: what they handed over meanwhile is looked at."""

    def has_diverged(self, identity: IdentityId) -> bool:
        """Whether the user has diverged from somebody and not taken it back.

        Such people's invitations are not answered, no verdict on them is given by itself, and
        what they transfer is not received by itself.
        """
        state = self.context.ledger.state(self.context.identity)
        return state is not None and identity in state.divergences

    def follow(self, command: DisputeCommand) -> None:
        """The user wants something written."""
        self.pen.write(lambda time_ms: self._body(command), is_command=True)

    def on_applied(self, statement: Statement) -> None:
        """The user may have taken a divergence back."""
        is_own = statement.entry.author == self.context.identity
        if is_own and isinstance(statement.body, Reconcile):
            self.on_reconciled()

    def _body(self, command: DisputeCommand) -> Body:
        match command:
            case StakeCoins(lot=lot, amount_ujam=amount):
                return Stake(lot, amount)
            case UnstakeCoins(stake=stake):
                return Unstake(stake)
            case ReportBlock(block=block, reason=reason):
                return Report(block, reason, None)
            case DivergeFrom(identity=identity, reason=reason):
                return Diverge(identity, reason)
            case ReconcileWith(identity=identity):
                return Reconcile((self._divergence(identity),))

    def _divergence(self, identity: IdentityId) -> EntryId:
        state = self.context.ledger.state(self.context.identity)
        entry = None if state is None else state.divergences.get(identity)
        if entry is None:
            raise RejectionError(
                RejectionReason.NOTHING_TO_RECONCILE, "you have not diverged from them"
            )
        return entry
