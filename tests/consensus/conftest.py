from collections.abc import Callable
from copy import deepcopy

import pytest

from consensus.entries import Body
from consensus.ledger import Rejected
from consensus.rejections import RejectionReason
from consensus.statement import Statement
from simulations.scribe import Author, restored
from simulations.stories import Story

TurnDown = Callable[[Story, Statement], RejectionReason]
Refuse = Callable[[Story, Author, Body], RejectionReason]


@pytest.fixture
def turn_down() -> TurnDown:
    """Adds an entry that must be rejected and change nothing; returns the reason."""

    def check(story: Story, statement: Statement) -> RejectionReason:
        ledger = story.ledger
        author = statement.entry.author
        before = (ledger.digest(), deepcopy(ledger.tips), ledger.claims.copy(), ledger.contested)
        (change,) = ledger.add(statement)
        assert isinstance(change, Rejected), change
        assert before == (ledger.digest(), ledger.tips, ledger.claims, ledger.contested)
        assert ledger.rejected[statement.id] is change.reason
        assert ledger.add(statement) == ()
        assert statement.id not in ledger.tips.get(author, {})
        return change.reason

    return check


@pytest.fixture
def refuse(turn_down: TurnDown) -> Refuse:
    """Writes the author's next entry, which must be rejected; the author goes on without it."""

    def check(story: Story, who: Author, body: Body) -> RejectionReason:
        return turn_down(story, restored(who).write(story.params, story.tick(), body))

    return check


@pytest.fixture
def story() -> Story:
    return Story()
