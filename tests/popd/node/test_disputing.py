"""The user stakes, reports, parts and makes up; a restart remembers from whom they parted."""

from random import Random

from consensus.entries.chains import Reconcile
from consensus.entries.dispute import Diverge, DivergeReason, Report, ReportReason
from consensus.entries.staking import Stake, Unstake
from consensus.entries.transfer import Receive, Transfer
from consensus.identifiers import EntryId, IdentityId
from consensus.lots import LotKey
from consensus.parameters import PRACTICE
from consensus.rejections import RejectionReason
from consensus.units import MicroJam
from popd.node.context import NodeSettings
from popd.node.effects import Effect, Tell
from popd.node.events import (
    DivergeFrom,
    ReconcileWith,
    ReportBlock,
    SendCoins,
    StakeCoins,
    Started,
    UnstakeCoins,
)
from popd.node.node import Node
from popd.node.notices import OwnEntryRejected
from simulations.stories import Story, Witnessed
from tests.popd.node.driven import Driven


class Scene:
    """A node whose user just minted, in a place where everybody knows everything."""

    def __init__(self) -> None:
        self.story = Story()
        self.me, self.ben, self.cat = self.story.people("me", "ben", "cat")
        (self.played,) = self.story.performed(self.me, (self.ben, self.cat))
        (self.bens,) = self.story.performed(self.ben, (self.me, self.cat))
        self.story.receives(self.ben, self.played.mint)
        self.driven = self._begin()

    def _begin(self) -> Driven:
        """The node as it starts from what its disk holds."""
        driven = Driven("me")
        driven.now_ms = self.story.now_ms + 1_000
        driven.node = Node(
            PRACTICE,
            NodeSettings(name="me", takes_gifts=True),
            driven.author.id,
            driven.author.node,
            bytes(32),
            Random(1),
            self.story.told,
        )
        return driven

    @property
    def lot(self) -> LotKey:
        return self.played.share(self.me)

    def own(self) -> list[object]:
        ledger = self.driven.node.ledger
        state = ledger.state(self.me.id)
        assert state is not None
        return [item.body for item in ledger.chain(state.head)]

    def last_id(self) -> EntryId:
        state = self.driven.node.ledger.state(self.me.id)
        assert state is not None
        return state.head

    def held(self, key: LotKey) -> int:
        state = self.driven.node.ledger.state(self.me.id)
        assert state is not None
        return state.purse.get(key, 0)


def refusals(effects: list[Effect]) -> list[OwnEntryRejected]:
    return [
        effect.notice
        for effect in effects
        if isinstance(effect, Tell) and isinstance(effect.notice, OwnEntryRejected)
    ]


def test_a_stake_is_locked_taken_back_and_received_even_by_those_who_receive_by_hand() -> None:
    scene = Scene()
    whole = scene.held(scene.lot)
    scene.driven.give(StakeCoins(scene.lot, MicroJam(100)))
    assert scene.own()[-1] == Stake(scene.lot, MicroJam(100))
    assert scene.held(scene.lot) == whole - 100
    stake = scene.last_id()
    (early,) = refusals(scene.driven.give(UnstakeCoins(stake)))
    assert early.reason is RejectionReason.TOO_EARLY
    scene.driven.now_ms += PRACTICE.stake_lock_ms
    scene.driven.give(UnstakeCoins(stake))
    *_, back, received = scene.own()
    assert (back, type(received)) == (Unstake(stake), Receive)
    assert scene.held(scene.lot) == whole


def test_more_than_the_purse_holds_is_not_staked() -> None:
    scene = Scene()
    before = scene.own()
    (refused,) = refusals(scene.driven.give(StakeCoins(scene.lot, MicroJam(10**12))))
    assert refused.reason is RejectionReason.INSUFFICIENT_FUNDS
    assert scene.own() == before


def test_a_report_is_written_once() -> None:
    scene = Scene()
    scene.driven.give(ReportBlock(scene.bens.block.id, ReportReason.COPIED))
    assert scene.own()[-1] == Report(scene.bens.block.id, ReportReason.COPIED, None)
    (refused,) = refusals(scene.driven.give(ReportBlock(scene.bens.block.id, ReportReason.STOLEN)))
    assert refused.reason is RejectionReason.DUPLICATE


def has_diverged(node: Node, who: IdentityId) -> bool:
    return node.disputing.has_diverged(who)


def test_whom_the_user_parted_from_is_known_after_a_restart_until_they_make_up() -> None:
    scene = Scene()
    assert not has_diverged(scene.driven.node, scene.ben.id)
    scene.driven.give(DivergeFrom(scene.ben.id, DivergeReason.UNFAIR_PLAY))
    parted = scene.last_id()
    assert scene.own()[-1] == Diverge(scene.ben.id, DivergeReason.UNFAIR_PLAY)
    again = Node(
        PRACTICE,
        NodeSettings(),
        scene.me.id,
        scene.me.node,
        bytes(32),
        Random(1),
        scene.driven.node.ledger.statements.values(),
    )
    for node in (scene.driven.node, again):
        assert has_diverged(node, scene.ben.id)
        assert not has_diverged(node, scene.cat.id)
    scene.driven.give(ReconcileWith(scene.ben.id))
    assert Reconcile((parted,)) in scene.own()
    assert not has_diverged(scene.driven.node, scene.ben.id)
    (refused,) = refusals(scene.driven.give(ReconcileWith(scene.ben.id)))
    assert refused.reason is RejectionReason.NOTHING_TO_RECONCILE


def gift(scene: Scene) -> tuple[EntryId, Witnessed]:
    """Ben hands the user coins."""
    played = scene.bens
    given = scene.ben.write(
        PRACTICE,
        scene.driven.now_ms,
        Transfer(played.share(scene.ben), MicroJam(7), scene.me.id, None),
    )
    scene.driven.node.admission.admit(given)
    scene.driven.wait(1)
    return given.id, played


def test_coins_of_somebody_the_user_parted_from_wait_until_they_make_up() -> None:
    scene = Scene()
    scene.driven.give(DivergeFrom(scene.ben.id, DivergeReason.OTHER))
    given, played = gift(scene)
    key = LotKey(played.share(scene.ben).origin, (scene.ben.id, scene.me.id))
    assert Receive(given) not in scene.own()
    assert scene.held(key) == 0
    scene.driven.give(ReconcileWith(scene.ben.id))
    assert scene.own()[-1] == Receive(given)
    assert scene.held(key) == 7


def test_a_busy_life_does_not_crowd_out_what_waited() -> None:
    scene = Scene()
    scene.driven.give(Started())
    scene.driven.give(DivergeFrom(scene.ben.id, DivergeReason.OTHER))
    given, _ = gift(scene)
    state = scene.driven.node.ledger.state(scene.me.id)
    assert state is not None
    before = [body for body in scene.own() if isinstance(body, Receive)]
    scene.driven.give(ReconcileWith(scene.ben.id))
    after = [body for body in scene.own() if isinstance(body, Receive)]
    assert after == [*before, Receive(given)]


def test_coins_are_not_sent_to_somebody_the_user_parted_from() -> None:
    scene = Scene()
    scene.driven.give(DivergeFrom(scene.ben.id, DivergeReason.OTHER))
    (refused,) = refusals(scene.driven.give(SendCoins(scene.lot, MicroJam(1), scene.ben.id)))
    assert refused.reason is RejectionReason.WRONG_RECIPIENT
    assert "you have diverged from them" in refused.why
    scene.driven.give(SendCoins(scene.lot, MicroJam(1), scene.cat.id))
    assert scene.own()[-1] == Transfer(scene.lot, MicroJam(1), scene.cat.id, None)


def test_what_is_at_stake_keeps_the_chains_that_it_rests_on() -> None:
    scene = Scene()
    scene.driven.give(Started())
    key = scene.bens.share(scene.me)
    scene.driven.give(StakeCoins(key, MicroJam(scene.held(key))))
    assert scene.held(key) == 0
    again = Node(
        PRACTICE,
        NodeSettings(),
        scene.me.id,
        scene.me.node,
        bytes(32),
        Random(1),
        scene.driven.node.ledger.statements.values(),
    )
    assert scene.ben.id in again.keeping.tiers.path
