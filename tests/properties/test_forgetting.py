"""Forgetting entries leaves the ledger of the entries that stay, with the marks that it had."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.identifiers import EntryId
from consensus.ledger import Ledger, folded
from consensus.statement import Statement
from simulations.stories import court, village

COURT = court()
VILLAGE = village()
SEEDS = st.integers(0, 2**64)


def state(ledger: Ledger) -> tuple[object, ...]:
    """Everything about a ledger but its marks, which only ever switch on."""
    return (
        ledger.tips,
        ledger.statements,
        ledger.applied,
        ledger.rejected,
        ledger.claims,
        set(ledger.waiting),
        ledger.missing,
        {entry: ledger.blocker(entry) for entry in ledger.statements},
        ledger._waiting._needed,
        ledger._waiting._needed_settled,
        ledger._waiting._awaiting_named,
        ledger._waiting._waiters_of,
        ledger._marking.movements._moves,
        ledger._marking.movements._flows,
        ledger._held._numbered,
        ledger._branched,
    )


def told(seed: int) -> tuple[Random, list[Statement]]:
    """Entries of the court in any order, some of them missing."""
    chance = Random(seed)
    share = chance.choice([0.5, 0.9, 1.0])
    order = [statement for statement in COURT.told if chance.random() < share]
    chance.shuffle(order)
    return chance, order


def chosen(chance: Random, ledger: Ledger) -> set[EntryId]:
    """Any entries, or whole suffixes of chains as a store drops them."""
    entries = list(ledger.statements)
    if chance.random() < 0.3:
        return set(chance.sample(entries, chance.randint(0, len(entries))))
    authors = sorted({statement.entry.author for statement in ledger.statements.values()})
    first = {author: chance.randint(0, 12) for author in authors if chance.random() < 0.5}
    return {
        entry
        for entry, statement in ledger.statements.items()
        if statement.entry.number >= first.get(statement.entry.author, 10**6)
    }


def check_forgetting(seed: int) -> int:
    chance, order = told(seed)
    ledger = folded(COURT.params, order)
    for _ in range(chance.randint(1, 4)):
        marks = (dict(ledger.forks), ledger.contested, ledger.slashed)
        going = ledger.forgettable(chosen(chance, ledger))
        before = set(ledger.applied) | set(ledger.rejected)
        waits = ledger.forget(going)
        rest = folded(COURT.params, ledger.statements.values())
        assert state(ledger) == state(rest)
        assert {item.id for item in waits} == (before - going) & set(
            filter(ledger.is_waiting, ledger.statements)
        )
        assert (ledger.forks, ledger.contested, ledger.slashed) == marks
        assert rest.slashed <= ledger.slashed
        assert set(rest.forks) <= set(ledger.forks)
        assert rest.contested <= ledger.contested
        if not ledger.contested:
            assert ledger.digest() == rest.digest()
    return len(going)


@settings(max_examples=250)
@given(SEEDS)
def test_what_stays_makes_the_ledger_and_marks_stay_on(seed: int) -> None:
    check_forgetting(seed)


@pytest.mark.slow
def test_thousands_of_sets_can_be_forgotten() -> None:
    assert sum(check_forgetting(seed) > 0 for seed in range(3_000)) > 2_000


@settings(max_examples=100)
@given(SEEDS)
def test_what_was_forgotten_and_comes_again_makes_the_same_ledger(seed: int) -> None:
    chance, order = told(seed)
    ledger = folded(COURT.params, order)
    everything = state(ledger)
    digest = ledger.digest()
    ledger.forget(ledger.forgettable(chosen(chance, ledger)))
    chance.shuffle(order)
    for statement in order:
        ledger.add(statement)
    assert (state(ledger), ledger.digest()) == (everything, digest)


@settings(max_examples=150)
@given(SEEDS)
def test_nothing_goes_that_something_settled_builds_on_and_a_refusal_changes_nothing(
    seed: int,
) -> None:
    chance, order = told(seed)
    ledger = folded(COURT.params, order)
    wanted = chosen(chance, ledger)
    before, digest = state(folded(COURT.params, order)), ledger.digest()
    if ledger.forgettable(wanted) == wanted:
        ledger.forget(wanted)
    else:
        with pytest.raises(ValueError, match="builds on"):
            ledger.forget(wanted)
        assert (state(ledger), ledger.digest()) == (before, digest)
    for entry in ledger.applied:
        assert set(ledger.statements[entry].entry.refs) <= ledger.statements.keys()


def test_an_entry_that_is_not_held_is_not_forgotten() -> None:
    ledger = folded(VILLAGE.params, VILLAGE.told)
    with pytest.raises(ValueError, match="builds on"):
        ledger.forget([EntryId(bytes(32))])


def test_a_whole_ledger_can_be_forgotten_but_for_its_marks() -> None:
    ledger = folded(COURT.params, COURT.told)
    forks = dict(ledger.forks)
    ledger.forget(list(ledger.statements))
    assert state(ledger) == state(Ledger(COURT.params))
    assert (ledger.forks, len(ledger.contested)) == (forks, 6)


def test_a_named_entry_stays_as_a_statement_when_its_chain_goes() -> None:
    ledger = folded(VILLAGE.params, VILLAGE.told)
    author = next(
        statement.entry.author
        for statement in VILLAGE.told
        if statement.entry.kind == "attestation"
        and all(VILLAGE.ledger.statements[e].entry.author != statement.entry.author
                for e in VILLAGE.ledger._marking.movements._moves)
    )  # fmt: skip
    chain = [item.id for item in VILLAGE.told if item.entry.author == author]
    going = ledger.forgettable(chain)
    waits = ledger.forget(going)
    assert going
    assert {item.id for item in waits} == set(chain) - going
    assert all(item.entry.kind == "attestation" for item in waits)
    assert author not in ledger.tips
