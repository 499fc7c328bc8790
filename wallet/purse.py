"""The purse: what somebody holds, coin by coin, and how each came to them."""

from dataclasses import dataclass
from enum import StrEnum

from consensus.entries.appreciation import Concert
from consensus.entries.performance import Block, Mint, Session
from consensus.identifiers import ChartId, EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.statement import Statement
from consensus.units import MicroJam, Milliseconds


class CameBy(StrEnum):
    """How a coin came to its holder."""

    MINTED = "minted"
    WITNESSED = "witnessed"
    RECEIVED = "received"
    CROWD = "crowd"
    """A concert's crowd made it, for those who performed."""


@dataclass(frozen=True, slots=True)
class Coin:
    """Part of a lot that somebody holds."""

    key: LotKey
    """Which lot, and along which path it came."""
    amount_ujam: MicroJam
    """How much."""
    minted_ms: Milliseconds
    """When the lot was born."""
    chart: ChartId | None
    """What was played for it; None where the ledger doesn't hold the block."""
    came_by: CameBy
    """Played for, witnessed, or given by somebody."""
    is_contested: bool
    """Whether it derives from a lot that a fork moved twice."""


def coins_of(ledger: Ledger, holder: IdentityId) -> tuple[Coin, ...]:
    """What `holder` holds on their longest branch, youngest lots first."""
    state = ledger.state(holder)
    held = () if state is None else sorted(state.purse.items())
    coins = (_coin(ledger, key, amount_ujam) for key, amount_ujam in held)
    return tuple(sorted(coins, key=lambda coin: -coin.minted_ms))


def _coin(ledger: Ledger, key: LotKey, amount_ujam: MicroJam) -> Coin:
    mint = ledger.statements[EntryId(key.origin)]
    return Coin(
        key=key,
        amount_ujam=amount_ujam,
        minted_ms=mint.entry.time_ms,
        chart=chart_of_mint(ledger, mint),
        came_by=_came_by(key, mint),
        is_contested=key in ledger.contested,
    )


def _came_by(key: LotKey, mint: Statement) -> CameBy:
    if len(key.path) > 1:
        return CameBy.RECEIVED
    if isinstance(mint.body, Concert):
        return CameBy.CROWD
    return CameBy.MINTED if key.holder == mint.entry.author else CameBy.WITNESSED


def chart_of_mint(ledger: Ledger, mint: Statement) -> ChartId | None:
    """What was played for a mint or at a concert; None where the ledger doesn't hold that."""
    if isinstance(mint.body, Concert):
        session = ledger.statements[mint.body.sessions[0]].body
        return session.chart if isinstance(session, Session) else None
    if not isinstance(mint.body, Mint):
        return None
    block = ledger.statements[mint.body.block].body
    return block.chart if isinstance(block, Block) else None
