"""Appraisal: a holding as an observer looks at it, with all that its worth rests on."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from consensus.entries.appreciation import Concert
from consensus.entries.attestation import Attestation
from consensus.entries.chains import Profile
from consensus.entries.performance import Block, Mint, Session
from consensus.holdings import Holding
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.reward import Contribution, tier_ppm
from consensus.units import MILLION
from consensus.value.branches import is_after_fork
from consensus.value.given_words import given_words
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
    if not isinstance(mint.body, Mint | Concert):
        raise KeyError(key.origin)
    state = next(
        state for state in ledger.tips[mint.entry.author].values() if mint.id in state.contributions
    )
    return LotView(
        origin=key.origin,
        contributions=_words(given_words(ledger, state, mint.id)),
        path=key.path,
        amount_ujam=amount_ujam,
        minted_ujam=mint.body.amount_ujam,
        tags=_tags(ledger, mint.body),
        forked=is_after_fork(ledger, mint),
        contested=is_contested,
        block=mint.body.block if isinstance(mint.body, Mint) else None,
        concert=mint.body.sessions[0] if isinstance(mint.body, Concert) else None,
        minter=mint.entry.author,
        minted_ms=mint.entry.time_ms,
        made_by=_made_by(ledger, mint.entry.author, mint.body),
    )


def _words(parts: Iterable[Contribution]) -> tuple[tuple[IdentityId, int], ...]:
    """What each person's words added; a host answers for all guests in one."""
    words: dict[IdentityId, int] = {}
    for who, amount_ujam in parts:
        words[who] = words.get(who, 0) + amount_ujam
    return tuple(words.items())


def _tags(ledger: Ledger, mint: Mint | Concert) -> tuple[str, ...]:
    sessions = mint.sessions if isinstance(mint, Concert) else _session_of(ledger, mint)
    found = set(mint.tags) if isinstance(mint, Concert) else set()
    for session in sessions:
        body = ledger.statements[session].body
        found |= set(body.tags) if isinstance(body, Session) else set()
    return tuple(sorted(found))


def _session_of(ledger: Ledger, mint: Mint) -> tuple[EntryId, ...]:
    block = ledger.statements[mint.block].body
    return (block.session,) if isinstance(block, Block) else ()


def _made_by(ledger: Ledger, minter: IdentityId, mint: Mint | Concert) -> MadeBy:
    """By the performer's own label first, then by what its witnesses thought of the play.

    Of a concert, by the blocks of it that minted.
    """
    if BOT_TAG in _tags(ledger, mint) or _is_automated(ledger, minter):
        return MadeBy.MACHINE
    mints = [mint] if isinstance(mint, Mint) else _mints_of(ledger, minter, mint)
    is_believed = all(_is_believed(ledger, minter, one) for one in mints)
    return MadeBy.PERSON if is_believed else MadeBy.DOUBTFUL


def _mints_of(ledger: Ledger, minter: IdentityId, concert: Concert) -> list[Mint]:
    """The mints of a concert's blocks."""
    found: dict[EntryId, Mint] = {}
    for state in ledger.tips[minter].values():
        for block, mint in state.mints.items():
            body = ledger.statements[mint].body
            if isinstance(body, Mint) and state.blocks[block].session in concert.sessions:
                found[mint] = body
    return list(found.values())


def _is_believed(ledger: Ledger, minter: IdentityId, mint: Mint) -> bool:
    """Whether its witnesses found nothing suspicious in what was played."""
    records = (state.blocks.get(mint.block) for state in ledger.tips[minter].values())
    record = next((record for record in records if record is not None), None)
    if record is None:
        return True
    bodies = ((ledger.statements[named.attestation].body, named) for named in mint.verdicts)
    anomalies = [
        body.verdicts[named.position].anomaly_ppm
        for body, named in bodies
        if isinstance(body, Attestation)
    ]
    return tier_ppm(ledger.params, anomalies, len(record.drawn)) == MILLION


def _is_automated(ledger: Ledger, person: IdentityId) -> bool:
    bodies = (ledger.statements[entry].body for entry in ledger.numbered(person, 0))
    return any(isinstance(body, Profile) and body.is_automated for body in bodies)
