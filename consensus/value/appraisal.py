"""Appraisal: a holding as an observer looks at it, with all that its worth rests on."""

from dataclasses import replace

from consensus.entries.performance import Block, Mint, Session
from consensus.holdings import Holding
from consensus.identifiers import EntryId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.value.branches import is_after_fork
from consensus.value.lot import LotView


def holding_view(ledger: Ledger, holding: Holding) -> LotView:
    """The view of a holding; raises KeyError when its mint is not in the ledger."""
    view = lot_view(ledger, holding.key, holding.amount_ujam, holding.is_contested)
    return replace(view, stake=holding.stake, slashed=holding.is_slashed)


def lot_view(ledger: Ledger, key: LotKey, amount_ujam: int, is_contested: bool) -> LotView:
    """Part of a lot, wherever it is; raises KeyError when its mint is not in the ledger.

    A word that stands in no chain counts for nothing: its budget can't be checked.
    """
    mint = ledger.statements[EntryId(key.origin)]
    if not isinstance(mint.body, Mint):
        raise KeyError(key.origin)
    contributions = next(
        state.contributions[mint.id]
        for state in ledger.tips[mint.entry.author].values()
        if mint.id in state.contributions
    )
    in_chain = {
        ledger.statements[named.attestation].entry.author
        for named in mint.body.verdicts
        if named.attestation in ledger.applied
    }
    return LotView(
        origin=key.origin,
        contributions=tuple(
            (part.verifier, part.amount_ujam if part.verifier in in_chain else 0)
            for part in contributions
        ),
        path=key.path,
        amount_ujam=amount_ujam,
        minted_ujam=mint.body.amount_ujam,
        tags=_tags(ledger, mint.body),
        forked=is_after_fork(ledger, mint),
        contested=is_contested,
        block=mint.body.block,
    )


def _tags(ledger: Ledger, mint: Mint) -> tuple[str, ...]:
    block = ledger.statements[mint.block].body
    session = ledger.statements[block.session].body if isinstance(block, Block) else None
    return session.tags if isinstance(session, Session) else ()
