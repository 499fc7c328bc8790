"""Whoever one has parted from is neither asked to witness nor witnessed."""

from consensus.entries.dispute import DivergeReason
from popd.node.duty import DutyState
from popd.node.events import DivergeFrom, ReconcileWith
from popd.node.notices import Inviting
from tests.popd.node.shows import ShowTown, duty_of, is_in


def openings(town: ShowTown) -> set[bytes]:
    assert town.performer.node is not None
    show = town.performer.node.performing.show
    assert show is not None
    return {opening.candidate for opening in show.session.openings}


def test_a_performer_does_not_ask_whom_it_parted_from() -> None:
    town = ShowTown()
    parted, *others = town.witnesses
    town.give(town.performer, DivergeFrom(parted.identity, DivergeReason.OTHER))
    town.run(0.5)
    town.begin()
    assert openings(town) == {other.identity for other in others}
    assert Inviting(2) in town.performer.notices


def test_whoever_parted_from_a_performer_does_not_open_itself_until_it_makes_up() -> None:
    town = ShowTown()
    parted, *others = town.witnesses
    town.give(parted, DivergeFrom(town.performer.identity, DivergeReason.UNFAIR_PLAY))
    town.begin()
    assert openings(town) == {other.identity for other in others}
    town.run(40)
    town.give(parted, ReconcileWith(town.performer.identity))
    town.run(1)
    town.begin()
    assert openings(town) == {witness.identity for witness in town.witnesses}


def test_parting_in_the_middle_of_a_session_withholds_the_word() -> None:
    town = ShowTown()
    parted = town.witnesses[0]
    town.begin()
    town.run(5)
    town.give(parted, DivergeFrom(town.performer.identity, DivergeReason.UNFAIR_PLAY))
    assert town.run_until(lambda: is_in(parted, DutyState.PASSED), 35)
    duty = duty_of(parted)
    assert duty is not None
    assert duty.attestation is None
    assert town.run_until(lambda: town.mint() is not None, 15)
