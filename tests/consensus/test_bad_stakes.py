"""Stakes and unstakes that break a rule, and forks that burn them."""

import pytest

from consensus.entries.staking import Stake, Unstake
from consensus.entries.transfer import Receive
from consensus.identifiers import EntryId, LotId
from consensus.lots import LotKey
from consensus.parameters import MAIN, PRACTICE
from consensus.rejections import RejectionError, RejectionReason
from consensus.units import MicroJam
from simulations import scribe
from simulations.scribe import Author
from simulations.stories import Story, Witnessed
from simulations.swarm import check_ledger
from tests.consensus.conftest import Refuse


@pytest.fixture
def people(story: Story) -> tuple[Author, ...]:
    return story.people("ann", "ben", "cat", "dan")


@pytest.fixture
def played(story: Story, people: tuple[Author, ...]) -> Witnessed:
    (witnessed,) = story.performed(people[0], people[1:])
    return witnessed


def staked(story: Story, who: Author) -> dict[EntryId, tuple[LotKey, MicroJam]]:
    stakes = story.ledger.tips[who.id][who.head].stakes
    return {entry: (record.key, record.amount_ujam) for entry, record in stakes.items()}


def held(story: Story, who: Author) -> dict[LotKey, MicroJam]:
    return story.ledger.tips[who.id][who.head].purse


def test_a_stake_leaves_the_purse_and_comes_back_under_its_path(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann = people[0]
    lot = played.share(ann)
    before = dict(held(story, ann))
    stake = story.stakes(ann, lot, 10)
    assert (held(story, ann)[lot], staked(story, ann)) == (before[lot] - 10, {stake.id: (lot, 10)})
    check_ledger(story.ledger)
    back = story.unstakes(ann, stake)
    assert (held(story, ann)[lot], staked(story, ann)) == (before[lot] - 10, {})
    check_ledger(story.ledger)
    story.receives(ann, back)
    assert held(story, ann) == before
    check_ledger(story.ledger)


def test_nobody_stakes_more_than_they_hold_or_anybody_elses(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, _, _ = people
    lot = played.share(ann)
    too_much = Stake(lot, MicroJam(held(story, ann)[lot] + 1))
    assert refuse(story, ann, too_much) is RejectionReason.INSUFFICIENT_FUNDS
    assert refuse(story, ben, Stake(lot, MicroJam(1))) is RejectionReason.INSUFFICIENT_FUNDS
    story.stakes(ann, lot, held(story, ann)[lot])
    assert lot not in held(story, ann)
    assert refuse(story, ann, Stake(lot, MicroJam(1))) is RejectionReason.INSUFFICIENT_FUNDS


def test_a_stake_comes_back_once_to_its_own_author_after_its_lock(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, _, _ = people
    stake = story.stakes(ann, played.share(ann), 10)
    assert refuse(story, ann, Unstake(stake.id)) is RejectionReason.TOO_EARLY
    story.tick(PRACTICE.stake_lock_ms)
    for who, named in ((ben, stake), (ann, played.mint), (ann, played.block)):
        assert refuse(story, who, Unstake(named.id)) is RejectionReason.UNKNOWN_STAKE
    back = story.unstakes(ann, stake)
    assert refuse(story, ann, Unstake(stake.id)) is RejectionReason.UNKNOWN_STAKE
    assert refuse(story, ann, Receive(stake.id)) is RejectionReason.WRONG_RECIPIENT
    assert refuse(story, ben, Receive(back.id)) is RejectionReason.WRONG_RECIPIENT
    story.receives(ann, back)
    assert refuse(story, ann, Receive(back.id)) is RejectionReason.ALREADY_TAKEN


def test_a_lock_ends_to_the_millisecond(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann = people[0]
    stake = story.stakes(ann, played.share(ann), 10)
    end_ms = stake.entry.time_ms + PRACTICE.stake_lock_ms
    early = scribe.restored(ann).write(PRACTICE, end_ms - 1, Unstake(stake.id))
    story.tell(early)
    assert story.ledger.rejected[early.id] is RejectionReason.TOO_EARLY
    due = ann.write(PRACTICE, end_ms, Unstake(stake.id))
    story.tell(due)
    assert due.id in story.ledger.applied
    assert MAIN.stake_lock_ms == MAIN.mint_deadline_ms


def test_a_branch_receives_only_what_it_took_back_itself(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann = people[0]
    stake = story.stakes(ann, played.share(ann), 10)
    backup = scribe.restored(ann)
    back = story.unstakes(ann, stake)
    assert refuse(story, backup, Receive(back.id)) is RejectionReason.WRONG_RECIPIENT
    story.receives(ann, back)


@pytest.mark.parametrize("second", ["transfer", "stake"])
def test_a_lot_staked_on_one_branch_and_moved_on_another_is_contested(
    story: Story, people: tuple[Author, ...], played: Witnessed, second: str
) -> None:
    ann, ben, _, _ = people
    lot = played.share(ann)
    backup = scribe.restored(ann)
    story.stakes(ann, lot, 10)
    if second == "stake":
        story.stakes(backup, lot, 10)
    else:
        story.gives(backup, lot, 10, ben)
    assert (story.ledger.contested, story.ledger.slashed) == ({lot}, frozenset())


def test_taking_a_stake_back_on_two_branches_moves_nothing_twice(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann = people[0]
    stake = story.stakes(ann, played.share(ann), 10)
    backup = scribe.restored(ann)
    for device in (ann, backup):
        story.receives(device, story.unstakes(device, stake))
    assert (story.ledger.contested, story.ledger.slashed) == (frozenset(), frozenset())


def test_whoever_moves_a_lot_twice_loses_what_stood_at_stake_before_the_fork(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, cat, _ = people
    lot = played.share(ann)
    gone, stands, moved = (story.stakes(ann, lot, amount) for amount in (10, 20, 30))
    story.receives(ann, story.unstakes(ann, gone))
    backup = scribe.restored(ann)
    late = story.stakes(ann, lot, 40)
    assert story.ledger.slashed == frozenset()
    story.unstakes(ann, moved)
    story.gives(backup, lot, 1, ben)
    assert story.ledger.slashed == {stands.id, moved.id}
    assert late.id in staked(story, ann)
    slashed = [
        (holding.amount_ujam, holding.marks)
        for holding in story.ledger.holdings()
        if holding.is_slashed
    ]
    assert slashed == [(20, 7), (20, 7), (30, 7)]
    story.gives(cat, played.share(cat), 1, ben)
    assert story.ledger.slashed == {stands.id, moved.id}


def test_a_blemish_burns_nothing(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann, ben, cat, _ = people
    story.stakes(ann, played.share(ann), 10)
    backup = scribe.restored(ann)
    story.gives(ann, played.share(ann), 1, ben)
    story.reports(backup, story.performed(cat, (ben,))[0].block)
    assert set(story.ledger.forks) == {ann.id}
    assert story.ledger.slashed == frozenset()


def test_the_digest_without_stakes_is_what_it_was_and_stakes_show_in_it(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    ann = people[0]
    assert {holding.marks for holding in story.ledger.holdings()} == {0}
    before = story.ledger.author_digest(ann.id)
    stake = story.stakes(ann, played.share(ann), 10)
    marks = {holding.stake: holding.marks for holding in story.ledger.holdings()}
    assert marks == {None: 0, stake.id: 2}
    assert story.ledger.author_digest(ann.id) != before


ORIGIN = bytes(32)
HOLDER = bytes([1]) * 32


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        (Stake, (ORIGIN, (HOLDER,), 0), "out_of_range"),
        (Stake, (ORIGIN, (), 1), "out_of_range"),
        (Stake, (ORIGIN, (HOLDER,) * 257, 1), "out_of_range"),
        (Stake, (ORIGIN, (b"short",), 1), "out_of_range"),
        (Stake, (ORIGIN, (HOLDER,), "1"), "malformed"),
        (Stake, (ORIGIN, (HOLDER,), 1, 1), "malformed"),
        (Stake, (ORIGIN, HOLDER, 1), "malformed"),
        (Stake, ORIGIN, "malformed"),
        (Unstake, (), "malformed"),
        (Unstake, (ORIGIN, ORIGIN), "malformed"),
        (Unstake, (ORIGIN[:31],), "out_of_range"),
        (Unstake, (7,), "malformed"),
    ],
)
def test_a_hostile_body_is_turned_down(
    kind: type[Stake] | type[Unstake], body: object, reason: str
) -> None:
    with pytest.raises(RejectionError) as caught:
        kind.from_body(body)  # type: ignore[arg-type]
    assert caught.value.reason == reason


def test_a_stake_of_a_lot_that_nobody_minted_waits_and_then_holds_nothing(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann = people[0]
    nowhere = LotKey(LotId(bytes([9]) * 32), (ann.id,))
    stray = scribe.restored(ann).write(PRACTICE, story.tick(), Stake(nowhere, MicroJam(1)))
    story.tell(stray)
    assert story.ledger.is_waiting(stray.id)
    no_mint = LotKey(LotId(played.block.id), (ann.id,))
    assert refuse(story, ann, Stake(no_mint, MicroJam(1))) is RejectionReason.INSUFFICIENT_FUNDS
