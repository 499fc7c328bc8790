"""Appraisal: a holding as an observer looks at it, with all that its worth rests on."""

from dataclasses import replace
from typing import Final

from consensus.entries.attestation import Attestation
from consensus.entries.chains import Profile
from consensus.entries.performance import Block, Mint, Session
from consensus.holdings import Holding
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.reward import tier_ppm
from consensus.units import MILLION
from consensus.value.branches import is_after_fork
from consensus.value.lot import LotView
from consensus.value.policy import MadeBy

BOT_TAG: Final = "bot"
"""The tag of sessions that a machine plays for somebody."""


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
        minter=mint.entry.author,
        minted_ms=mint.entry.time_ms,
        made_by=_made_by(ledger, mint.entry.author, mint.body),
    )


def _tags(ledger: Ledger, mint: Mint) -> tuple[str, ...]:
    block = ledger.statements[mint.block].body
    session = ledger.statements[block.session].body if isinstance(block, Block) else None
    return session.tags if isinstance(session, Session) else ()


def _made_by(ledger: Ledger, minter: IdentityId, mint: Mint) -> MadeBy:
    """By the performer's own label first, then by what its witnesses thought of the play."""
    if BOT_TAG in _tags(ledger, mint) or _is_automated(ledger, minter):
        return MadeBy.MACHINE
    records = (state.blocks.get(mint.block) for state in ledger.tips[minter].values())
    record = next((record for record in records if record is not None), None)
    if record is None:
        return MadeBy.PERSON
    bodies = ((ledger.statements[named.attestation].body, named) for named in mint.verdicts)
    anomalies = [
        body.verdicts[named.position].anomaly_ppm
        for body, named in bodies
        if isinstance(body, Attestation)
    ]
    tier = tier_ppm(ledger.params, anomalies, len(record.drawn))
    return MadeBy.PERSON if tier == MILLION else MadeBy.DOUBTFUL


def _is_automated(ledger: Ledger, person: IdentityId) -> bool:
    bodies = (ledger.statements[entry].body for entry in ledger.numbered(person, 0))
    return any(isinstance(body, Profile) and body.is_automated for body in bodies)
