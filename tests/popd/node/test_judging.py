"""A person who is there may judge by hand: in their time, with a moment to take it back."""

import pytest

from consensus.entries.attestation import Decision
from consensus.identifiers import EntryId
from popd.node import duty as duties
from popd.node.context import NodeSettings
from popd.node.duty import Choice, DutyState
from popd.node.events import AppealBlock, Attend, JudgeByHand, MessageReceived, UndoJudgement
from popd.node.judging import BY_HAND_MS, LOOK_MS, UNDO_MS
from popd.node.messages import to_bytes
from popd.node.messages.judging import MAX_PONDERING_MS, Appeal, Pondering
from popd.node.minting import MAX_PATIENCE_MS
from popd.node.notices import AppealAnswered, WindowState
from simulations.virtual_network import VirtualNode
from tests.popd.node.shows import LENGTH_S, ShowTown, duty_of, is_in


def drawn(town: ShowTown, virtual: VirtualNode, state: DutyState = DutyState.ASKING) -> EntryId:
    """Plays until a node has to judge; returns the block."""
    town.begin()
    assert town.run_until(lambda: is_in(virtual, state), LENGTH_S + 15)
    duty = duty_of(virtual)
    assert duty is not None
    return duty.id


def test_a_word_by_hand_is_signed_five_seconds_later_and_the_mint_names_it() -> None:
    town = ShowTown()
    person = town.witnesses[0]
    town.give(person, Attend(is_attentive=True))
    block = drawn(town, person)
    town.run(20)
    assert town.mint() is None
    assert town.words()[-1].looking == (person.identity,)
    chosen_s = town.seconds
    town.give(person, JudgeByHand(block, Choice.ACCEPT))
    assert is_in(person, DutyState.DECIDED)
    assert town.run_until(lambda: is_in(person, DutyState.SIGNED), 10)
    assert UNDO_MS / 1_000 <= town.seconds - chosen_s < UNDO_MS / 1_000 + 0.5
    assert town.run_until(lambda: town.mint() is not None, 5)
    mint = town.mint()
    assert mint is not None
    assert sorted(verdict.is_by_hand for verdict in town.named(mint)) == [False, False, True]


def test_what_was_said_can_be_taken_back_and_then_the_node_speaks_for_itself() -> None:
    town = ShowTown()
    person = town.witnesses[0]
    town.give(person, Attend(is_attentive=True))
    block = drawn(town, person)
    town.give(person, JudgeByHand(block, Choice.REJECT))
    town.run(3)
    town.give(person, UndoJudgement(block))
    town.run(30)
    assert is_in(person, DutyState.ASKING)
    assert town.run_until(lambda: is_in(person, DutyState.SIGNED), BY_HAND_MS / 1_000)
    duty = duty_of(person)
    assert duty is not None
    assert duty.verdict is not None
    assert (duty.verdict.decision, duty.verdict.is_by_hand) == (Decision.ACCEPT, False)


def test_taking_a_word_back_gives_no_more_time_to_think_than_there_was() -> None:
    town = ShowTown()
    person = town.witnesses[0]
    town.give(person, Attend(is_attentive=True))
    block = drawn(town, person)
    asked_s = town.seconds
    town.run(50)
    town.give(person, JudgeByHand(block, Choice.ACCEPT))
    town.run(2)
    town.give(person, UndoJudgement(block))
    assert town.run_until(lambda: is_in(person, DutyState.SIGNED), 60)
    assert town.seconds - asked_s < BY_HAND_MS / 1_000 + 1


def test_silence_that_was_chosen_stays_when_a_later_word_is_taken_back() -> None:
    town = ShowTown()
    person = town.witnesses[0]
    town.give(person, Attend(is_attentive=True))
    block = drawn(town, person)
    town.give(person, JudgeByHand(block, Choice.CANNOT_JUDGE))
    town.run(10)
    town.give(person, JudgeByHand(block, Choice.ACCEPT))
    town.run(2)
    town.give(person, UndoJudgement(block))
    assert is_in(person, DutyState.PASSED)
    town.run(100)
    assert is_in(person, DutyState.PASSED)


def test_a_word_that_comes_after_the_mint_says_so() -> None:
    town = ShowTown()
    person = town.witnesses[0]
    town.give(person, Attend(is_attentive=True))
    block = drawn(town, person)
    town.give(person, JudgeByHand(block, Choice.CANNOT_JUDGE))
    assert town.run_until(lambda: town.mint() is not None, 20)
    town.run(2)
    town.give(person, JudgeByHand(block, Choice.ACCEPT))
    town.run(10)
    duty = duty_of(person)
    assert duty is not None
    assert (duty.state, duty.why) == (DutyState.SIGNED, "It minted before your word came.")


def test_who_cannot_judge_says_nothing_and_is_not_waited_for() -> None:
    town = ShowTown()
    person = town.witnesses[0]
    town.give(person, Attend(is_attentive=True))
    block = drawn(town, person)
    town.give(person, JudgeByHand(block, Choice.CANNOT_JUDGE))
    assert town.run_until(lambda: town.mint() is not None, 15)
    mint = town.mint()
    assert mint is not None
    assert len(mint.verdicts) == 2
    assert is_in(person, DutyState.PASSED)
    assert person.node is not None
    assert person.node.ledger.state(person.identity).judged == set()  # type: ignore[union-attr]


def test_a_choice_made_before_the_detectors_are_done_counts() -> None:
    town = ShowTown()
    person = town.witnesses[0]
    town.give(person, Attend(is_attentive=True))
    block = drawn(town, person, DutyState.JUDGING)
    town.give(person, JudgeByHand(block, Choice.REJECT))
    assert town.run_until(lambda: is_in(person, DutyState.SIGNED), 10)
    duty = duty_of(person)
    assert duty is not None
    assert duty.verdict is not None
    assert (duty.verdict.decision, duty.verdict.is_by_hand) == (Decision.REJECT, True)


def test_where_nobody_is_there_the_node_speaks_at_once() -> None:
    town = ShowTown()
    town.begin()
    assert town.run_until(lambda: town.mint() is not None, LENGTH_S + 8)
    mint = town.mint()
    assert mint is not None
    assert not any(verdict.is_by_hand for verdict in town.named(mint))


def test_two_people_who_say_no_keep_it_from_minting_and_it_is_said_so() -> None:
    town = ShowTown()
    people = town.witnesses[:2]
    for person in people:
        town.give(person, Attend(is_attentive=True))
    block = drawn(town, people[0])
    for person in people:
        town.give(person, JudgeByHand(block, Choice.REJECT))
    town.run(30)
    assert town.mint() is None
    last = town.words()[-1]
    assert last.state is WindowState.FAILED
    assert last.why == (
        "It was not believed: 2 of your 3 witnesses looked at it themselves and said no."
    )


def test_nobody_is_waited_for_longer_than_patience_lasts() -> None:
    town = ShowTown()
    silent = town.witnesses[1]
    assert silent.node is not None
    silent.node.judging.refuses = lambda identity: True
    block = drawn(town, silent, DutyState.PASSED)
    began_s = town.seconds
    told = to_bytes(Pondering(block, MAX_PONDERING_MS))
    town.give(town.performer, MessageReceived(silent.key, told))
    assert not town.run_until(lambda: town.mint() is not None, MAX_PATIENCE_MS / 1_000 - 5)
    assert town.run_until(lambda: town.mint() is not None, 10)
    assert town.seconds - began_s < MAX_PATIENCE_MS / 1_000 + 5


def test_who_was_not_drawn_can_make_nobody_wait() -> None:
    town = ShowTown()
    block = drawn(town, town.witnesses[0], DutyState.SIGNED)
    stranger = town.join("stranger")
    town.run(1)
    town.give(town.performer, MessageReceived(stranger.key, to_bytes(Pondering(block, 60_000))))
    assert town.performer.node is not None
    own = town.performer.node.minting.blocks.get(block)
    assert own is None or own.pondering == {}


def test_an_appeal_brings_those_who_said_nothing_to_look_again() -> None:
    town = ShowTown()
    people = town.witnesses[:2]
    for person in people:
        town.give(person, Attend(is_attentive=True))
    block = drawn(town, people[0])
    for person in people:
        town.give(person, JudgeByHand(block, Choice.CANNOT_JUDGE))
    town.run(20)
    assert town.words()[-1].state is WindowState.FAILED
    assert "1 of your 3 witnesses gave their word; 2 have to accept" in town.words()[-1].why
    town.give(town.performer, AppealBlock(block))
    town.run(1)
    answer = next(n for n in town.performer.notices if isinstance(n, AppealAnswered))
    assert answer.asked == 2
    assert all(is_in(person, DutyState.ASKING) for person in people)
    town.give(people[0], JudgeByHand(block, Choice.ACCEPT))
    town.give(people[1], JudgeByHand(block, Choice.ACCEPT))
    assert town.run_until(lambda: town.mint() is not None, 10)


def test_after_all_have_spoken_an_appeal_says_that_their_word_stands() -> None:
    town = ShowTown()
    people = town.witnesses
    for person in people:
        town.give(person, Attend(is_attentive=True))
    block = drawn(town, people[0])
    for person in people:
        town.give(person, JudgeByHand(block, Choice.REJECT))
    town.run(20)
    town.give(town.performer, AppealBlock(block))
    answer = next(n for n in town.performer.notices if isinstance(n, AppealAnswered))
    assert (answer.asked, answer.why) == (
        0,
        "All of your witnesses have given their word, and a word once given stands.",
    )


def test_only_the_performer_of_a_block_can_appeal_to_its_witnesses() -> None:
    town = ShowTown()
    person, other, _ = town.witnesses
    town.give(person, Attend(is_attentive=True))
    block = drawn(town, person)
    town.give(person, JudgeByHand(block, Choice.CANNOT_JUDGE))
    town.run(6)
    town.give(person, MessageReceived(other.key, to_bytes(Appeal(block))))
    assert is_in(person, DutyState.PASSED)


@pytest.mark.parametrize("is_automated", [False, True])
def test_a_block_drawn_for_a_human_look_waits_for_a_person_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, is_automated: bool
) -> None:
    monkeypatch.setattr(duties, "LOOK_ONE_IN", 1)
    town = ShowTown(witnesses=2)
    looker = town.add("looker", NodeSettings(is_automated=is_automated))
    town.start(looker)
    town.run(2)
    drawn(town, looker, DutyState.SIGNED if is_automated else DutyState.ASKING)
    town.run(BY_HAND_MS / 1_000 + 5)
    assert is_in(looker, DutyState.SIGNED if is_automated else DutyState.ASKING)
    town.run((LOOK_MS - BY_HAND_MS) / 1_000 + 5)
    assert is_in(looker, DutyState.SIGNED)


def test_a_block_in_a_thousand_is_drawn_for_a_look() -> None:
    ids = [EntryId(number.to_bytes(32)) for number in range(5_000, 10_000)]
    assert [int.from_bytes(i) for i in ids if duties.is_drawn_for_look(i)] == [
        5_000,
        6_000,
        7_000,
        8_000,
        9_000,
    ]
