"""What is received without asking, what waits for the user, and where dust ends."""

from collections.abc import Sequence
from random import Random

import pytest

from consensus.entries.transfer import Decline, DeclineReason, Receive, Transfer
from consensus.identifiers import EntryId
from consensus.lots import LotKey
from consensus.parameters import PRACTICE
from consensus.statement import Statement
from consensus.units import MILLISECONDS_PER_DAY, MicroJam
from popd.node.context import NodeSettings
from popd.node.events import DeclineCoins, ReceiveCoins, Started, TakeGifts
from popd.node.gifts import MAX_GIFTS_A_DAY
from popd.node.node import Node
from simulations.stories import Story
from tests.popd.node.driven import Driven

MIDDAY_MS = MILLISECONDS_PER_DAY // 2


class Scene:
    """The user, and Ben, who minted with them and gives."""

    def __init__(self, settings: NodeSettings | None = None) -> None:
        self.settings = settings or NodeSettings()
        self.story = Story()
        self.me, self.ben, cat = self.story.people("me", "ben", "cat")
        (self.played,) = self.story.performed(self.ben, (self.me, cat))
        self.driven = Driven("me")
        self.driven.now_ms = self.story.now_ms + MIDDAY_MS
        self.start(self.story.told)

    def start(self, told: Sequence[Statement]) -> None:
        me = self.driven.author
        self.driven.node = Node(
            PRACTICE, self.settings, me.id, me.node, bytes(32), Random(1), list(told)
        )
        self.driven.give(Started())

    def restart(self) -> None:
        ledger = self.driven.node.ledger
        self.start([item for item in ledger.statements.values() if item.id in ledger.applied])

    def gift(self, count: int = 1) -> list[EntryId]:
        """Ben hands over one uJAM so many times."""
        body = Transfer(self.played.share(self.ben), MicroJam(1), self.me.id, None)
        given = [self.ben.write(PRACTICE, self.driven.now_ms, body) for _ in range(count)]
        for statement in given:
            self.driven.node.admission.admit(statement)
        self.driven.wait(1)
        return [statement.id for statement in given]

    def received(self) -> list[EntryId]:
        state = self.driven.node.ledger.state(self.me.id)
        assert state is not None
        bodies = (item.body for item in self.driven.node.ledger.chain(state.head))
        return [body.source for body in bodies if isinstance(body, Receive)]


def test_a_share_is_received_by_itself_and_a_transfer_waits_for_the_user() -> None:
    scene = Scene()
    (given,) = scene.gift()
    assert scene.received() == [scene.played.mint.id]
    scene.driven.give(ReceiveCoins((given,)))
    assert scene.received() == [scene.played.mint.id, given]
    scene.driven.give(ReceiveCoins((given,)))
    assert scene.received() == [scene.played.mint.id, given]


def test_a_transfer_is_declined_with_a_reason() -> None:
    scene = Scene()
    (given,) = scene.gift()
    scene.driven.give(DeclineCoins(given, DeclineReason.NOT_WORTH))
    ledger = scene.driven.node.ledger
    state = ledger.state(scene.me.id)
    assert state is not None
    assert ledger.statements[state.head].body == Decline(given, DeclineReason.NOT_WORTH)


@pytest.mark.parametrize(
    "settings", [NodeSettings(takes_gifts=True), NodeSettings(is_automated=True)]
)
def test_whoever_said_so_and_a_machine_receive_everything_by_themselves(
    settings: NodeSettings,
) -> None:
    scene = Scene(settings)
    assert scene.gift()[0] == scene.received()[-1]


def test_what_waited_is_received_once_the_user_takes_gifts_until_they_do_not_any_more() -> None:
    scene = Scene()
    (first,) = scene.gift()
    scene.driven.give(TakeGifts(is_on=True))
    assert scene.received()[-1] == first
    scene.driven.give(TakeGifts(is_on=False))
    scene.gift()
    assert scene.received()[-1] == first


def test_dust_beyond_the_days_bound_waits_for_the_next_day_also_over_a_restart() -> None:
    scene = Scene(NodeSettings(takes_gifts=True))
    given = scene.gift(MAX_GIFTS_A_DAY + 3)
    assert scene.received()[1:] == given[:MAX_GIFTS_A_DAY]
    scene.restart()
    more = scene.gift()
    assert scene.received()[1:] == given[:MAX_GIFTS_A_DAY]
    scene.driven.give(ReceiveCoins((more[0],)))
    assert scene.received()[-1] == more[0]
    scene.driven.wait(MIDDAY_MS)
    assert set(scene.received()[1:]) == {*given, *more}
    assert len(scene.received()) == MAX_GIFTS_A_DAY + 5


def test_shares_have_a_bound_of_their_own() -> None:
    scene = Scene(NodeSettings(takes_gifts=True))
    scene.gift(MAX_GIFTS_A_DAY + 1)
    before = len(scene.received())
    cat = scene.story.people("dora")[0]
    (played,) = scene.story.performed(cat, (scene.me, scene.ben))
    told = [item for item in scene.story.told if item.id not in scene.driven.node.ledger.statements]
    for statement in told:
        scene.driven.node.admission.admit(statement)
    scene.driven.wait(1)
    assert scene.received()[before:] == [played.mint.id]
    state = scene.driven.node.ledger.state(scene.me.id)
    assert state is not None
    assert LotKey(played.share(scene.me).origin, (scene.me.id,)) in state.purse
