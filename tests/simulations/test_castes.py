"""Verifiers that accept all, never answer, or only accept each other earn what the law says."""

from collections.abc import Iterator
from math import exp
from random import Random

import pytest

from consensus.entries.performance import Mint
from consensus.identifiers import IdentityId, NodeKey
from consensus.parameters import PRACTICE
from consensus.statement import Statement
from game.bots.exact import Exact
from game.bots.human_like import HumanLike
from game.bots.strokes import Player
from popd.node.context import NodeSettings
from popd.node.duty import Choice, DutyState
from popd.node.events import Attend, JudgeByHand
from popd.node.notices import DutyChanged, Notice
from simulations.players import VirtualPlayer, judge_play
from simulations.swarm import study
from simulations.virtual_network import VirtualNetwork, VirtualNode
from tests.simulations.rewards_by_hand import (
    accepted_weight,
    chain_of,
    contributions_by_hand,
    shares_by_hand,
)

SHOW_S = 20
DAY_US = 86_400_000_000


class Swarm(VirtualNetwork):
    """Some nodes, all connected, that play one after another."""

    def __init__(self, count: int, seed: int) -> None:
        super().__init__(PRACTICE, judge_play, seed)
        self.people = [self.add(f"person {number}", NodeSettings()) for number in range(count)]
        for virtual in self.people:
            self.start(virtual)
        self.players: dict[NodeKey, VirtualPlayer] = {}
        self.run(3)

    def play(self, performer: VirtualNode, strategy: Player | None = None) -> None:
        chart = study(SHOW_S, Random(self.now_us))
        fresh = self.players.get(performer.key) or VirtualPlayer(self, performer, chart)
        player = self.players.setdefault(performer.key, fresh)
        player.chart, player.strategy = chart, strategy or HumanLike()
        player.begin()
        self.run(SHOW_S + 20)

    def sleep_a_day(self) -> None:
        self.now_us += DAY_US - (self.now_us % DAY_US) + 3_600_000_000  # type: ignore[assignment]
        self.run(5)

    def mints(self, virtual: VirtualNode) -> list[Statement]:
        assert virtual.node is not None
        ledger = virtual.node.ledger
        return [s for s in chain_of(ledger, virtual.identity) if isinstance(s.body, Mint)]


def accept_all(swarm: Swarm, verifier: VirtualNode) -> None:
    """A verifier that says yes to whatever it is drawn for."""

    def hear(virtual: VirtualNode, notice: Notice) -> None:
        if virtual is verifier and isinstance(notice, DutyChanged):
            duty = virtual.node.judging.duties[notice.block]  # type: ignore[union-attr]
            if duty.state is DutyState.ASKING:
                choice = JudgeByHand(notice.block, Choice.ACCEPT)
                swarm.later(swarm.now_us, lambda: swarm.give(virtual, choice))

    swarm.give(verifier, Attend(is_attentive=True))
    swarm.listeners.append(hear)


def check_pays_by_the_page(swarm: Swarm) -> int:
    """Every mint that anybody holds pays what was worked out by hand; returns how many."""
    ledger = swarm.people[0].node.ledger  # type: ignore[union-attr]
    count = 0
    for entry in ledger.applied:
        statement = ledger.statements[entry]
        if not isinstance(statement.body, Mint):
            continue
        count += 1
        state = ledger.state(statement.entry.author)
        assert state is not None
        assert contributions_by_hand(ledger, statement) == {
            part.verifier: part.amount_ujam for part in state.contributions[entry]
        }
        by_hand = shares_by_hand(ledger, statement)
        assert statement.body.amount_ujam == sum(by_hand.values())
        claims = {who: claim.amount_ujam for who, claim in ledger.claims.get(entry, {}).items()}
        assert claims == {w: a for w, a in by_hand.items() if w != statement.entry.author}
    return count


def earned_by(swarm: Swarm, performer: VirtualNode) -> Iterator[dict[IdentityId, int]]:
    ledger = swarm.people[0].node.ledger  # type: ignore[union-attr]
    for statement in swarm.mints(performer):
        yield contributions_by_hand(ledger, statement)


def test_a_verifier_that_accepts_everything_is_paid_less_for_every_word_it_gives_away() -> None:
    swarm = Swarm(4, seed=11)
    performer, easy, *others = swarm.people
    accept_all(swarm, easy)
    for faker in others:
        swarm.play(faker, Exact())
    assert swarm.mints(others[0]) == []
    swarm.play(performer)
    (parts,) = earned_by(swarm, performer)
    assert check_pays_by_the_page(swarm) == 1
    honest = {parts[virtual.identity] for virtual in others}
    assert len(honest) == 1
    assert parts[easy.identity] < honest.pop()
    ledger = performer.node.ledger  # type: ignore[union-attr]
    (mint,) = swarm.mints(performer)
    assert isinstance(mint.body, Mint)
    named = next(
        n
        for n in mint.body.verdicts
        if ledger.statements[n.attestation].entry.author == easy.identity
    )
    day = ledger.statements[named.attestation].entry.time_ms // 86_400_000
    assert accepted_weight(ledger, easy.identity, named.attestation, named.position, day) == 2


@pytest.mark.parametrize("silent", [1, 2, 3])
def test_verifiers_that_never_answer_earn_nothing_and_cost_their_part(silent: int) -> None:
    swarm = Swarm(7, seed=12)
    performer, *witnesses = swarm.people
    for virtual in witnesses[:silent]:
        assert virtual.node is not None
        virtual.node.judging.refuses = lambda identity: True
    swarm.play(performer)
    mints = swarm.mints(performer)
    if silent > 2:
        assert mints == []
        return
    (parts,) = earned_by(swarm, performer)
    assert parts.keys() == {virtual.identity for virtual in witnesses[silent:]}
    assert check_pays_by_the_page(swarm) == 1


def test_a_caste_that_only_accepts_each_other_fades_by_the_day_to_the_unit() -> None:
    swarm = Swarm(4, seed=13)
    totals = []
    for _ in range(6):
        swarm.sleep_a_day()
        for performer in swarm.people[:2]:
            swarm.play(performer)
        ledger = swarm.people[0].node.ledger  # type: ignore[union-attr]
        newest = swarm.mints(swarm.people[0])[-1:]
        totals.append(sum(contributions_by_hand(ledger, newest[0]).values()) if newest else 0)
    assert check_pays_by_the_page(swarm) >= 10
    state = swarm.people[0].node.ledger.state(swarm.people[0].identity)  # type: ignore[union-attr]
    assert state is not None
    met = [record.familiarity_days for record in state.blocks.values()]
    assert met == [(day,) * 3 for day in range(6)]
    assert totals[-1] < totals[0]
    assert PRACTICE.familiarity_decay_ppm[5] == round(exp(-5 / 24) * 1_000_000)
