"""Transfers, receives and declines that break a rule, and double spends."""

import pytest

from consensus.entries.chains import Reconcile
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.forks import ForkProof
from consensus.identifiers import EntryId, LotId
from consensus.lots import LotKey, extended_path
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import Statement
from consensus.units import MicroJam
from simulations import scribe
from simulations.scribe import Author
from simulations.stories import Story, Witnessed
from tests.consensus.conftest import Refuse, TurnDown


@pytest.fixture
def people(story: Story) -> tuple[Author, ...]:
    return story.people("ann", "ben", "cat", "dan")


@pytest.fixture
def played(story: Story, people: tuple[Author, ...]) -> Witnessed:
    (witnessed,) = story.performed(people[0], people[1:])
    return witnessed


def purse(story: Story, who: Author) -> dict[LotKey, MicroJam]:
    return story.ledger.tips[who.id][who.head].purse


def path(played: Witnessed, *holders: Author) -> LotKey:
    return LotKey(LotId(played.mint.id), tuple(holder.id for holder in holders))


def transfer(lot: LotKey, amount: int, to: Author) -> Transfer:
    return Transfer(lot, MicroJam(amount), to.id, None)


def test_nobody_spends_more_than_they_hold(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, cat, _ = people
    lot = played.share(ann)
    held = purse(story, ann)[lot]
    too_much = transfer(lot, held + 1, ben)
    assert refuse(story, ann, too_much) is RejectionReason.INSUFFICIENT_FUNDS
    story.gives(ann, lot, held, ben)
    assert lot not in purse(story, ann)
    assert refuse(story, ann, transfer(lot, 1, cat)) is RejectionReason.INSUFFICIENT_FUNDS


def test_nobody_spends_what_they_were_given_before_they_receive_it(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, cat, _ = people
    story.gives(ann, played.share(ann), 10, ben)
    early = transfer(path(played, ann, ben), 1, cat)
    assert refuse(story, ben, early) is RejectionReason.INSUFFICIENT_FUNDS


def test_nobody_spends_somebody_elses_lot(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, cat, _ = people
    theft = transfer(played.share(ann), 1, cat)
    assert refuse(story, ben, theft) is RejectionReason.INSUFFICIENT_FUNDS


def test_nobody_pays_themselves(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    own = transfer(played.share(people[0]), 1, people[0])
    assert refuse(story, people[0], own) is RejectionReason.WRONG_RECIPIENT


def test_a_path_has_a_bound_that_shows_in_the_bytes(people: tuple[Author, ...]) -> None:
    holders = tuple(bytes([i, j]) * 16 for i in range(16) for j in range(16))
    body = Transfer(LotKey(LotId(bytes(32)), holders), MicroJam(1), people[0].id, None)  # type: ignore[arg-type]
    with pytest.raises(RejectionError) as caught:
        Transfer.from_body(body.to_body())
    assert caught.value.reason is RejectionReason.OUT_OF_RANGE
    back = Transfer(body.lot, MicroJam(1), holders[7], None)  # type: ignore[arg-type]
    assert Transfer.from_body(back.to_body()) == back
    assert len(extended_path(back.lot.path, back.recipient)) == 8


def test_nothing_is_received_twice(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, _, _ = people
    given = story.gives(ann, played.share(ann), 10, ben)
    story.receives(ben, given)
    assert purse(story, ben) == {path(played, ann, ben): 10}
    assert refuse(story, ben, Receive(given.id)) is RejectionReason.ALREADY_TAKEN
    assert refuse(story, ben, Decline(given.id)) is RejectionReason.ALREADY_TAKEN


def test_nobody_receives_somebody_elses_transfer(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, cat, _ = people
    given = story.gives(ann, played.share(ann), 10, ben)
    for thief in (ann, cat):
        assert refuse(story, thief, Receive(given.id)) is RejectionReason.WRONG_RECIPIENT
        assert refuse(story, thief, Decline(given.id)) is RejectionReason.WRONG_RECIPIENT


def test_the_performer_has_nothing_to_receive_from_the_own_mint(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann = people[0]
    assert refuse(story, ann, Receive(played.mint.id)) is RejectionReason.WRONG_RECIPIENT
    assert refuse(story, ann, Receive(played.block.id)) is RejectionReason.WRONG_RECIPIENT


def test_only_transfers_are_declined(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    share = Decline(played.mint.id)
    assert refuse(story, people[1], share) is RejectionReason.WRONG_REFERENCE_KIND


def test_what_was_declined_is_not_received_after_all(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, _, _ = people
    given = story.gives(ann, played.share(ann), 10, ben)
    story.declines(ben, given)
    assert refuse(story, ben, Receive(given.id)) is RejectionReason.ALREADY_TAKEN
    assert refuse(story, ben, Decline(given.id)) is RejectionReason.ALREADY_TAKEN


def test_a_declined_transfer_comes_back_whole_under_its_old_path(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, cat, _ = people
    first = story.gives(ann, played.share(ann), 100, ben)
    story.receives(ben, first)
    before = dict(purse(story, ben))
    given = story.gives(ben, path(played, ann, ben), 70, cat)
    assert purse(story, ben) == {path(played, ann, ben): 30}
    back = story.declines(cat, given)
    assert refuse(story, cat, Receive(back.id)) is RejectionReason.WRONG_RECIPIENT
    story.receives(ben, back)
    assert purse(story, ben) == before
    assert refuse(story, ben, Receive(back.id)) is RejectionReason.ALREADY_TAKEN


def test_a_loop_is_cut_where_it_closes(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, cat, _ = people
    before = dict(purse(story, ann))
    story.receives(ben, story.gives(ann, played.share(ann), 100, ben))
    story.receives(cat, story.gives(ben, path(played, ann, ben), 100, cat))
    story.receives(ann, story.gives(cat, path(played, ann, ben, cat), 100, ann))
    assert purse(story, ann) == before


def test_what_builds_on_a_broken_transfer_is_broken(
    story: Story, people: tuple[Author, ...], played: Witnessed, turn_down: TurnDown, refuse: Refuse
) -> None:
    ann, ben, _, _ = people
    broken = scribe.restored(ann).write(
        story.params, story.tick(), transfer(played.share(ann), 10**12, ben)
    )
    assert turn_down(story, broken) is RejectionReason.INSUFFICIENT_FUNDS
    assert refuse(story, ben, Receive(broken.id)) is RejectionReason.BROKEN_DEPENDENCY
    assert refuse(story, ben, Decline(broken.id)) is RejectionReason.BROKEN_DEPENDENCY


def test_an_unknown_reference_waits_and_can_be_dropped(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, _, _ = people
    digest = story.ledger.digest()
    given = scribe.restored(ann).write(
        story.params, story.tick(), transfer(played.share(ann), 10, ben)
    )
    got = scribe.restored(ben).write(story.params, story.tick(), Receive(given.id))
    assert story.ledger.add(got) == ()
    assert (story.ledger.waiting, story.ledger.missing) == ((got.id,), {given.id})
    story.ledger.drop(got.id)
    assert (story.ledger.waiting, story.ledger.missing) == ((), frozenset())
    assert story.ledger.digest() == digest
    with pytest.raises(KeyError):
        story.ledger.drop(got.id)
    assert story.ledger.add(got) == ()
    assert [change.statement.id for change in story.ledger.add(given)] == [given.id, got.id]
    with pytest.raises(KeyError):
        story.ledger.drop(got.id)


def test_dropping_leaves_nothing_behind(story: Story, people: tuple[Author, ...]) -> None:
    def indices() -> list[object]:
        ledger, waiting = story.ledger, story.ledger._waiting
        return [
            dict(ledger.statements),
            dict(ledger._held._numbered),
            dict(waiting._blocker_of),
            dict(waiting._waiters_of),
        ]

    before = indices()
    for i in range(50):
        ghost = Receive(EntryId(bytes([i]) * 32))
        loose = scribe.restored(people[0]).write(story.params, story.tick(), ghost)
        story.ledger.add(loose)
        story.ledger.drop(loose.id)
    assert indices() == before


def test_what_the_ledger_builds_on_is_never_dropped(story: Story) -> None:
    ann, ben, *others = story.people("ann", "ben", "cat", "dan")
    show = scribe.announce(
        story.params, ann, (ben, *others), story.tick(), 1, scribe.small_chart(20)
    )
    block = scribe.seal(story.params, show, 0, 0)
    story.tell(show.session, block)
    lost = ben.write(story.params, story.now_ms, scribe.Profile(None, is_automated=True))
    attestations = [
        scribe.attest(story.params, who, [block], block.entry.time_ms) for who in (ben, *others)
    ]
    story.tell(*attestations)
    assert story.ledger.waiting == (attestations[0].id,)
    mint = scribe.mint(
        story.ledger, ann, block, [(a, 0) for a in attestations], block.entry.time_ms
    )
    story.tell(mint)
    assert mint.id in story.ledger.applied
    assert story.ledger.waiting == ()
    with pytest.raises(KeyError):
        story.ledger.drop(attestations[0].id)
    backup = scribe.restored(ann)
    for who in (ann, backup):
        story.tell(who.write(story.params, story.tick(30_000), scribe.Profile(None, who is ann)))
    assert len(story.ledger.tips[ann.id]) == 2
    story.tell(lost)
    assert attestations[0].id in story.ledger.applied


def forked_spend(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> tuple[Statement, Statement, Author]:
    ann, ben, cat, _ = people
    backup = scribe.restored(ann)
    one = story.gives(ann, played.share(ann), 10, ben)
    other = story.gives(backup, played.share(ann), 20, cat)
    return one, other, backup


def test_a_double_spend_on_two_branches_is_contested_with_all_that_came_from_it(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, cat, dan = people
    story.receives(dan, played.mint)
    one, other, _ = forked_spend(story, people, played)
    story.receives(ben, one)
    story.receives(cat, other)
    story.receives(dan, story.gives(ben, path(played, ann, ben), 5, dan))
    contested = {
        path(played, ann), path(played, ann, ben), path(played, ann, cat),
        path(played, ann, ben, dan),
    }  # fmt: skip
    assert story.ledger.contested == contested
    assert {h.key for h in story.ledger.holdings() if h.is_contested} == contested
    assert not any(h.is_contested for h in story.ledger.holdings() if h.key.path == (dan.id,))
    pair = tuple(sorted((one.id, other.id)))
    assert story.ledger.forks == {ann.id: ForkProof(one.entry.number, pair)}


def test_a_fork_that_moves_a_lot_on_one_branch_only_contests_nothing(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, _, _ = people
    backup = scribe.restored(ann)
    story.receives(ben, story.gives(ann, played.share(ann), 10, ben))
    story.tell(backup.write(story.params, story.tick(), scribe.Profile(None, is_automated=True)))
    assert story.ledger.contested == frozenset()
    assert set(story.ledger.forks) == {ann.id}


def test_receiving_on_one_branch_what_another_declined_is_contested_and_the_giver_is_not(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, cat, _ = people
    given = story.gives(ann, played.share(ann), 10, ben)
    backup = scribe.restored(ben)
    story.receives(ben, given)
    story.receives(ann, story.declines(backup, given))
    story.receives(cat, story.gives(ben, path(played, ann, ben), 4, cat))
    assert story.ledger.contested == {path(played, ann, ben), path(played, ann, ben, cat)}


def test_a_decline_restores_only_the_branch_that_made_the_transfer(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, _, _ = people
    backup = scribe.restored(ann)
    back = story.declines(ben, story.gives(ann, played.share(ann), 10, ben))
    assert refuse(story, backup, Receive(back.id)) is RejectionReason.WRONG_RECIPIENT
    story.receives(ann, back)


def test_a_restored_backup_is_mended_by_naming_all_heads(
    story: Story, people: tuple[Author, ...], refuse: Refuse
) -> None:
    ann, ben, _, _ = people
    backup = scribe.restored(ann)
    story.tell(ann.write(story.params, story.tick(), scribe.Profile(None, is_automated=False)))
    story.tell(backup.write(story.params, story.tick(), scribe.Profile(None, is_automated=True)))
    for heads in ((backup.head, ann.head), (ann.head, ann.head), (ann.head, ben.head)):
        reason = refuse(story, ann, Reconcile(heads))
        assert reason is RejectionReason.NOTHING_TO_RECONCILE
    mended = story.reconciles(ann, backup.head)
    assert mended.id in story.ledger.applied
    state = story.ledger.state(ann.id)
    assert state is not None
    assert (state.head, set(story.ledger.forks)) == (mended.id, {ann.id})


def test_of_three_entries_with_one_number_the_two_lowest_prove_the_fork(story: Story) -> None:
    (ann,) = story.people("ann")
    written = [
        scribe.restored(ann).write(
            story.params, story.tick(), scribe.Profile(None, is_automated=False)
        )
        for _ in range(5)
    ]
    story.tell(*written)
    lowest = tuple(sorted(statement.id for statement in written)[:2])
    assert story.ledger.forks == {ann.id: ForkProof(1, lowest)}
