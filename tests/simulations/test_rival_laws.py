"""Rival laws pay what their formulas say, and so do those of others that are reproduced."""

from math import exp

import numpy as np
import pytest

from consensus.parameters import MAIN
from simulations.experiment import run_experiment
from simulations.rival_laws import (
    LAWS,
    crowd_factor,
    day_sum,
    hip15_transmitter,
    hip15_witness,
    hip44_factor,
    law_named,
    words_sum,
)
from simulations.world.law import law_of
from tests.simulations.small_worlds import small


def test_hip_44_comes_to_its_published_numbers():
    assert hip44_factor(10) == pytest.approx(8.58, abs=0.01)
    assert hip44_factor(15) == pytest.approx(11.02650609098551)
    assert hip44_factor(20) == pytest.approx(12.668, abs=0.01)
    assert [hip44_factor(n) for n in range(5)] == [0, 1, 2, 3, 4]


def test_hip_15_comes_to_its_published_tables():
    sender = "0.25 0.50 0.75 1.00 1.20 1.36 1.49 1.59 1.67 1.74 1.79 1.83 1.87 1.89 1.91"
    witness = "1.00 1.00 1.00 1.00 0.76 0.61 0.50 0.43 0.37 0.33 0.29 0.26 0.24 0.22 0.21"
    assert " ".join(f"{hip15_transmitter(n):.2f}" for n in range(1, 16)) == sender
    assert " ".join(f"{hip15_witness(n):.2f}" for n in range(1, 16)) == witness


def test_ours_beside_them():
    assert words_sum(MAIN, 3) == pytest.approx(1 + 100 / 101 + 100 / 102)
    assert day_sum(MAIN, 3) == pytest.approx(1 + 0.9 + 0.81)
    assert [crowd_factor(MAIN, n) for n in (0, 4, 8, 20)] == [0, 0.5, 1, 1]


def test_rivals_differ_from_the_shipped_law_in_what_they_are_named_after():
    ours = law_of(MAIN)
    changed = {
        name: [
            field
            for field in ours._fields
            if not np.array_equal(getattr(law_named(name, MAIN), field), getattr(ours, field))
        ]
        for name in LAWS
    }
    assert changed == {
        "shipped": [],
        "logistic": ["familiarity"],
        "clique": ["clique"],
        "per-verifier": ["is_divided_by_drawn"],
        "per-pair": ["familiarity", "daily", "budget"],
    }


def test_logistic_decay_is_full_for_strangers_and_half_in_the_middle():
    table = law_named("logistic", MAIN).familiarity
    assert table[0] == 1.0
    assert table[10] == pytest.approx(0.5, abs=0.01)
    assert np.all(np.diff(table) < 0)


def test_pair_decay_is_its_exponential():
    law = law_named("per-pair", MAIN)
    assert law.familiarity[:4] == pytest.approx([1, exp(-0.25), exp(-0.5), exp(-0.75)])
    assert law.budget / (law.budget + 1_000) == 1.0


def test_the_shipped_law_given_by_name_changes_nothing():
    told = run_experiment(small(), 1, law=law_named("shipped", MAIN))
    assert told == run_experiment(small(), 1)


def test_division_by_the_drawn_pays_small_crews_more_and_nobody_less():
    ours = run_experiment(small(count=4), 1)
    theirs = run_experiment(small(count=4), 1, law=law_named("per-verifier", MAIN))
    assert theirs.shares["ring"].face == pytest.approx(ours.shares["ring"].face * 8 / 3, rel=0.05)
    assert theirs.shares["honest"].face >= ours.shares["honest"].face


def test_a_clique_factor_takes_most_from_a_closed_ring_and_some_from_everybody():
    ours = run_experiment(small(), 1)
    theirs = run_experiment(small(), 1, law=law_named("clique", MAIN))
    assert theirs.shares["ring"].face < 0.35 * ours.shares["ring"].face
    assert theirs.shares["honest"].face < ours.shares["honest"].face
