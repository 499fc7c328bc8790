"""The same entries in any order, with duplicates and forks: same ledger, same marks."""

from collections.abc import Mapping
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.entries.appreciation import Concert
from consensus.entries.performance import Mint
from consensus.entries.staking import Stake, Unstake
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.forks import Manner, Move, contested_lots, slashed_stakes
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger, Rejected, folded
from consensus.statement import Statement
from simulations.festival import festival
from simulations.stories import Story, court, village

COURT = court()
VILLAGE = village()
FESTIVAL = festival()
SEEDS = st.integers(0, 2**64)


def outcome(ledger: Ledger) -> tuple[object, ...]:
    """Everything that two nodes must agree on."""
    return (
        ledger.digest(),
        {author: ledger.author_digest(author) for author in ledger.tips},
        ledger.applied,
        ledger.rejected,
        ledger.forks,
        ledger.contested,
        ledger.slashed,
        set(ledger.waiting),
        ledger.missing,
        ledger.claims,
        ledger.tips,
    )


def shuffled(told: list[Statement], seed: int) -> list[Statement]:
    """Any order, with some entries more than once."""
    chance = Random(seed)
    order = [*told, *chance.sample(told, chance.randint(0, len(told) // 3))]
    chance.shuffle(order)
    return order


EXPECTED = outcome(COURT.ledger)
CROWDED = outcome(FESTIVAL.ledger)


def check_order(seed: int) -> None:
    assert outcome(folded(COURT.params, shuffled(COURT.told, seed))) == EXPECTED


@settings(max_examples=100)
@given(SEEDS)
def test_a_concert_comes_to_the_same_in_any_order(seed: int) -> None:
    assert outcome(folded(FESTIVAL.params, shuffled(FESTIVAL.told, seed))) == CROWDED


def test_the_story_has_everything_in_it() -> None:
    ledger = COURT.ledger
    assert (len(ledger.forks), len(ledger.contested), len(ledger.rejected)) == (6, 6, 3)
    assert len(ledger.slashed) == 2
    assert (len(ledger.waiting), len(ledger.missing)) == (3, 1)
    bodies = {type(ledger.statements[entry].body).__name__ for entry in ledger.applied}
    assert bodies == {
        "Profile", "Session", "Block", "Attestation", "Mint", "Transfer", "Receive", "Decline",
        "Reconcile", "Stake", "Unstake", "Report", "Diverge",
    }  # fmt: skip


@settings(max_examples=150)
@given(SEEDS)
def test_any_order_makes_the_same_ledger(seed: int) -> None:
    check_order(seed)


@pytest.mark.slow
def test_thousands_of_orders_make_the_same_ledger() -> None:
    for seed in range(4_000):
        check_order(seed)


def test_the_last_first_makes_the_same_ledger() -> None:
    assert outcome(folded(COURT.params, COURT.told[::-1])) == EXPECTED


@settings(max_examples=60)
@given(SEEDS, st.integers(0, 60))
def test_dropping_what_waits_and_fetching_it_again_makes_the_same_ledger(
    seed: int, bound: int
) -> None:
    ledger = Ledger(COURT.params)
    order = shuffled(COURT.told, seed)
    for statement in order:
        ledger.add(statement)
        while len(ledger.waiting) > bound:
            ledger.drop(ledger.waiting[0])
    while any(statement.id not in ledger.statements for statement in COURT.told):
        for statement in order:
            ledger.add(statement)
    assert outcome(ledger) == EXPECTED


@settings(max_examples=60)
@given(SEEDS)
def test_marks_only_ever_switch_on_and_digests_follow_the_set(seed: int) -> None:
    ledger = Ledger(COURT.params)
    contested, forked, slashed = ledger.contested, set(ledger.forks), ledger.slashed
    for statement in shuffled(COURT.told, seed):
        before = ledger.digest()
        changes = ledger.add(statement)
        assert contested <= ledger.contested
        assert forked <= set(ledger.forks)
        assert slashed <= ledger.slashed
        contested, forked, slashed = ledger.contested, set(ledger.forks), ledger.slashed
        if all(isinstance(change, Rejected) for change in changes):
            assert ledger.digest() == before


def moves_of(ledger: Ledger) -> dict[IdentityId, list[list[Move]]]:
    """What each branch of each author moved, read from the entries alone."""
    moves: dict[IdentityId, list[list[Move]]] = {}
    for author, tips in ledger.tips.items():
        for head in tips:
            branch: list[Move] = []
            for item in ledger.chain(head):
                match item.body:
                    case Transfer(lot=lot):
                        branch.append(Move(item.id, lot, Manner.TRANSFERRED))
                    case Stake(lot=lot):
                        branch.append(Move(item.id, lot, Manner.STAKED))
                    case Unstake(stake=stake):
                        staked = ledger.statements[stake].body
                        assert isinstance(staked, Stake)
                        branch.append(Move(item.id, staked.lot, Manner.UNSTAKED, stake))
                    case Receive(source=source) | Decline(transfer=source):
                        key = ledger.claims[source][author].key
                        is_declined = isinstance(item.body, Decline)
                        manner = Manner.DECLINED if is_declined else Manner.RECEIVED
                        branch.append(Move(item.id, key, manner, source))
            moves.setdefault(author, []).append(branch)
    return moves


@settings(max_examples=40)
@given(SEEDS)
def test_marks_spread_entry_by_entry_as_over_the_whole_set(seed: int) -> None:
    ledger = Ledger(COURT.params)
    for statement in shuffled(COURT.told, seed):
        ledger.add(statement)
        moves = moves_of(ledger)
        assert ledger.slashed == slashed_stakes(moves)
        assert ledger.contested == contested_lots(moves)


def chosen_branches(ledger: Ledger) -> list[dict[bytes, EntryId]]:
    """Every way to choose one branch of each author."""
    authors = list(ledger.tips)
    choices = product(*(sorted(ledger.tips[author]) for author in authors))
    return [dict(zip(authors, heads, strict=True)) for heads in choices]


def balance(ledger: Ledger, heads: Mapping[bytes, EntryId]) -> tuple[int, int, int]:
    """Minted, in purses, at stake or on the way, and taken from branches that were not chosen."""
    on_branch = [item for head in heads.values() for item in ledger.chain(head)]
    there = {item.id for item in on_branch}
    minted = held = foreign = 0
    taken: set[tuple[EntryId, bytes]] = set()
    for item in on_branch:
        author = item.entry.author
        if isinstance(item.body, Receive | Decline):
            (source,) = item.entry.refs
            taken.add((source, author))
            if source not in there:
                foreign += ledger.claims[source][author].amount_ujam
        if isinstance(item.body, Mint | Concert):
            minted += item.body.amount_ujam
    for author, head in heads.items():
        state = ledger.tips[author][head]  # type: ignore[index]
        held += sum(state.purse.values())
        held += sum(record.amount_ujam for record in state.stakes.values())
    on_the_way = sum(
        claim.amount_ujam
        for entry in there
        for taker, claim in ledger.claims.get(entry, {}).items()
        if (entry, taker) not in taken
    )
    return minted, held + on_the_way, foreign


@pytest.mark.parametrize("story", [VILLAGE, COURT, FESTIVAL])
def test_coins_are_conserved_on_every_choice_of_branches(story: Story) -> None:
    choices = chosen_branches(story.ledger)
    for heads in choices:
        minted, there, foreign = balance(story.ledger, heads)
        assert there == minted + foreign
    assert len(choices) >= 1


def test_honest_people_never_take_from_a_branch_that_was_not_chosen() -> None:
    for heads in chosen_branches(VILLAGE.ledger):
        assert balance(VILLAGE.ledger, heads)[2] == 0


@settings(max_examples=40)
@given(SEEDS, st.integers(1, len(VILLAGE.told)))
def test_coins_are_conserved_at_every_moment(seed: int, count: int) -> None:
    order = list(VILLAGE.told)
    Random(seed).shuffle(order)
    ledger = folded(VILLAGE.params, order[:count])
    for heads in chosen_branches(ledger):
        minted, there, foreign = balance(ledger, heads)
        assert there == minted + foreign
