"""The same measures of a world that was lived by the real law, by the code that values real coins.

Who is near follows from what the ledger's entries acknowledge, and a lot's worth from its words as
the default policy has it. Reports speak against performers, as in the fast engine; whether they are
also believed, so that lots are worth nothing, is asked for apart, since the fast one can't say.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from consensus.entries.appreciation import Concert
from consensus.entries.performance import Mint
from consensus.identifiers import IdentityId, LotId
from consensus.lots import LotKey
from consensus.statement import Statement
from consensus.trust.acknowledged import acknowledged_by, parting_words
from consensus.trust.graph import Acknowledgement, graph_from
from consensus.trust.index import TrustIndex
from consensus.trust.reported import reported_blocks
from consensus.trust.reports import is_believed
from consensus.value.appraisal import lot_view
from consensus.value.bulk import LotTable, lot_table, values_of
from consensus.value.stance import NO_STANCE, Stance
from simulations.engines.exact import ExactWorld, midnight_ms
from simulations.measures.incomes import Incomes
from simulations.measures.observers import Numbers, Seen, seen_by

Floats = NDArray[np.float64]


class Earned(NamedTuple):
    """Who got which part of a lot; p parts."""

    lot: Numbers
    """The place of the lot; shape (p,)."""
    holder: Numbers
    """The person; shape (p,)."""
    amount_ujam: Floats
    """How much; shape (p,)."""


def look_by_ledger(world: ExactWorld, observers: Numbers) -> Seen:
    """What observers see after the last day, by all that was signed."""
    index: TrustIndex[IdentityId] = TrustIndex(world.now_ms)
    index.learn(_words(world), world.now_ms)
    return seen_by(index, [author.id for author in world.authors], observers)


def stances_by_ledger(world: ExactWorld, seen: Seen) -> list[Stance]:
    """Which reports each observer believes, and which witnesses that discredits."""
    reported = reported_blocks(world.ledger, world.ledger.statements)
    graph = graph_from(_words(world), world.now_ms)
    names = [author.id for author in world.authors]
    stances: list[Stance] = []
    for observer, near in zip(seen.observers.tolist(), seen.near.tolist(), strict=True):
        scores = dict(zip(names, near, strict=True))
        believed = frozenset(
            block
            for block, about in reported.items()
            if is_believed(about, graph, scores, names[observer])
        )
        discredited = {who for block in believed for who in reported[block].vouchers}
        stances.append(Stance(believed, frozenset(discredited)))
    return stances


def incomes_by_ledger(
    world: ExactWorld, seen: Seen, stances: Sequence[Stance] | None = None
) -> Incomes:
    """What everybody got since measuring began, whether or not they took it into their chain.

    No part of a lot has passed on, so that each has its share of the whole lot's worth. `stances`
    are the observers'; without them nobody believes a report.
    """
    taken = stances or [NO_STANCE] * len(seen.observers)
    names = [author.id for author in world.authors]
    mints = list(_mints(world))
    earned, table = _earned(world, mints, names), _table(world, mints)
    size, minted = len(names), np.array([view.minted_ujam for view in table.lots], np.float64)
    valued = np.zeros((len(seen.observers), size))
    for row, near, stance in zip(valued, seen.near, taken, strict=True):
        proximity = dict(zip(names, near.tolist(), strict=True))
        worth = values_of(table, proximity, stance=stance) / minted
        row[:] = np.bincount(earned.holder, earned.amount_ujam * worth[earned.lot], size)
    face = np.bincount(earned.holder, earned.amount_ujam, size).astype(np.float64)
    return Incomes(face, valued)


def _words(world: ExactWorld) -> Iterator[Acknowledgement[IdentityId]]:
    """All words in the order in which they were written, so that sums come out the same."""
    for statement in world.ledger.statements.values():
        yield from acknowledged_by(world.ledger, statement)
    yield from parting_words(world.ledger, world.ledger.statements)


def _mints(world: ExactWorld) -> Iterator[Statement]:
    since_ms = midnight_ms(world.scenario.attack_day)
    for statement in world.ledger.statements.values():
        if isinstance(statement.body, Mint | Concert) and statement.entry.time_ms >= since_ms:
            yield statement


def _table(world: ExactWorld, mints: list[Statement]) -> LotTable:
    views = []
    for mint in mints:
        assert isinstance(mint.body, Mint | Concert)
        key = LotKey(LotId(mint.id), (mint.entry.author,))
        views.append(lot_view(world.ledger, key, mint.body.amount_ujam, is_contested=False))
    return lot_table(views)


def _earned(world: ExactWorld, mints: list[Statement], names: list[IdentityId]) -> Earned:
    number_of = {name: number for number, name in enumerate(names)}
    rows: list[tuple[int, int, float]] = []
    for lot, mint in enumerate(mints):
        assert isinstance(mint.body, Mint | Concert)
        claims = world.ledger.claims.get(mint.id, {})
        others = {who: claim.amount_ujam for who, claim in claims.items()}
        rest = mint.body.amount_ujam - sum(others.values())
        for who, amount_ujam in {mint.entry.author: rest, **others}.items():
            rows.append((lot, number_of[who], amount_ujam))
    columns = np.array(rows, np.float64).reshape(-1, 3)
    return Earned(columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64), columns[:, 2])
