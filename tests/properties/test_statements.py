"""Statements over any history: nothing is left out, on any branch of anybody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.ledger import Ledger
from simulations.stories import Story
from tests.properties.test_orders import COURT, VILLAGE
from tests.properties.test_stakes import life
from wallet.statement import Kind, Line, statement_of


def check_statements(ledger: Ledger) -> set[Kind]:
    """On every branch lines run up to what is held; returns the kinds that there were."""
    kinds: set[Kind] = set()
    for author, tips in ledger.tips.items():
        for head, state in tips.items():
            lines = statement_of(ledger, author, head)
            staked = sum(
                record.amount_ujam
                for stake, record in state.stakes.items()
                if stake not in ledger.slashed
            )
            held = lines[-1].held_ujam if lines else 0
            assert held == sum(state.purse.values()) + staked
            assert all(line.held_ujam >= 0 and line.amount_ujam > 0 for line in lines)
            assert [line.time_ms for line in lines] == sorted(line.time_ms for line in lines)
            check_running(lines)
            kinds |= {line.kind for line in lines}
    return kinds


def check_running(lines: list[Line]) -> None:
    held = 0
    for line in lines:
        held += line.change_ujam
        assert line.held_ujam == held
        assert abs(line.change_ujam) in (0, line.amount_ujam)


@pytest.mark.parametrize("story", [VILLAGE, COURT])
def test_lines_run_up_to_what_is_held_on_every_branch(story: Story) -> None:
    check_statements(story.ledger)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**64))
def test_lines_run_up_to_what_is_held_on_every_branch_of_any_life(seed: int) -> None:
    check_statements(life(seed).ledger)


def test_lives_have_lines_of_every_kind_but_of_crowds() -> None:
    """The properties above would hold of lives in which nothing happens too."""
    kinds: set[Kind] = set()
    for seed in range(60):
        kinds |= check_statements(life(seed).ledger)
    assert kinds == set(Kind) - {Kind.CROWD}
