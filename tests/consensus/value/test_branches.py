"""Coins of somebody who forked count for nothing until they mend it, and never if they cheated."""

import pytest

from consensus.entries.chains import Reconcile
from consensus.entries.transfer import Transfer
from consensus.identifiers import EntryId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.parameters import PRACTICE
from consensus.statement import Statement
from consensus.units import MicroJam
from consensus.value.appraisal import lot_view
from consensus.value.branches import is_mended
from simulations import scribe
from simulations.scribe import Author

START_MS = 19_700 * 86_400_000
HOUR_MS = 3_600_000


class Stage:
    """A performer with three witnesses."""

    def __init__(self) -> None:
        self.ledger = Ledger(PRACTICE)
        self.performer, *self.others = (scribe.author(name) for name in ("p", "a", "b", "c"))
        people = [self.performer, *self.others]
        self.add(*(scribe.begin(PRACTICE, who, START_MS) for who in people))
        self.now_ms = START_MS

    def add(self, *statements: Statement) -> None:
        scribe.add_all(self.ledger, statements)

    def mint(self) -> Statement:
        """The performer's next minted window."""
        self.now_ms += HOUR_MS
        chart = scribe.small_chart(20)
        show = scribe.announce(PRACTICE, self.performer, self.others, self.now_ms, 1, chart)
        self.add(show.session)
        day_index = len(self.ledger.state(self.performer.id).blocks)  # type: ignore[union-attr]
        block = scribe.seal(PRACTICE, show, 0, day_index)
        self.add(block)
        time_ms = block.entry.time_ms + 1_000
        words = [scribe.attest(PRACTICE, who, [block], time_ms) for who in self.others]
        self.add(*words)
        named = [(word, 0) for word in words]
        mint = scribe.mint(self.ledger, self.performer, block, named, time_ms)
        self.add(mint)
        return mint

    def fork(self, *bodies: Transfer) -> Author:
        """Another branch of the performer's chain, from here."""
        other = scribe.restored(self.performer)
        for body in bodies or (Transfer(self.own_lot(), MicroJam(1), self.others[0].id, None),):
            self.add(other.write(PRACTICE, self.now_ms + HOUR_MS, body))
        return other

    def own_lot(self) -> LotKey:
        state = self.ledger.state(self.performer.id)
        assert state is not None
        return next(iter(state.purse))

    def is_worthless(self, mint: Statement) -> bool:
        state = self.ledger.state(self.performer.id)
        assert state is not None
        key = next(key for key in state.purse if EntryId(key.origin) == mint.id)
        return lot_view(self.ledger, key, 1, False).forked


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_what_was_minted_before_a_fork_stays_and_what_comes_after_does_not_count(
    stage: Stage,
) -> None:
    before = stage.mint()
    stage.fork()
    after = stage.mint()
    assert (stage.is_worthless(before), stage.is_worthless(after)) == (False, True)


def test_a_fork_that_moved_nothing_twice_is_mended_by_naming_all_heads(stage: Stage) -> None:
    stage.mint()
    other = stage.fork()
    after = stage.mint()
    assert stage.is_worthless(after)
    heads = (stage.performer.head, other.head)
    stage.now_ms += 2 * HOUR_MS
    stage.add(stage.performer.write(PRACTICE, stage.now_ms, Reconcile(heads)))
    assert not stage.is_worthless(after)


def test_a_fork_that_moved_a_lot_twice_is_never_mended(stage: Stage) -> None:
    stage.mint()
    lot = stage.own_lot()
    other = stage.fork()
    stage.now_ms += 2 * HOUR_MS
    gift = Transfer(lot, MicroJam(2), stage.others[1].id, None)
    stage.add(stage.performer.write(PRACTICE, stage.now_ms, gift))
    heads = (stage.performer.head, other.head)
    stage.add(stage.performer.write(PRACTICE, stage.now_ms, Reconcile(heads)))
    assert stage.ledger.contested
    assert not is_mended(stage.ledger, stage.performer.id)
