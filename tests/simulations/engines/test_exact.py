"""The exact engine against the fast one, draw for draw and on average."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from consensus.entries.performance import Mint
from consensus.value.appraisal import holding_view
from consensus.value.valuation import value_of
from simulations.engines import fast
from simulations.engines.exact import (
    ExactWorld,
    carry_out_exactly,
    exact_world_of,
    live_exactly,
    midnight_ms,
    run_exactly,
)
from simulations.engines.exact_day import Show
from simulations.measures.by_ledger import incomes_by_ledger, look_by_ledger, stances_by_ledger
from simulations.measures.incomes import incomes_of
from simulations.measures.observers import look, observers_of
from simulations.measures.outcome import gains, shares_of
from simulations.world import kernels
from simulations.world.law import quality_of
from simulations.world.plan import Plan
from simulations.world.rows import Books, Today, begin_day, empty_pairs, places_for
from simulations.world.scenario import Group, Scenario

SEED = 5
FLOOR_UJAM = 1.0
"""The law rounds each word of a block down to whole uJAM, the kernels do not."""
AGREED = 1e-5
"""Besides, accuracies and qualities are whole ppm in law."""
FACE_ERROR = 0.03
"""Largest relative difference of a strategy's income at face with independent draws."""
GAIN_ERROR = 0.15
"""Largest relative difference of its valued gain, or else `SMALL_GAIN_ERROR`: the fast engine
values a verifier's part by all lots of the performer together, which flatters whoever plays to a
crew."""
SMALL_GAIN_ERROR = 0.05


def town(people: int, days: int, *more: Group, **law: float) -> Scenario:
    return Scenario(
        "town",
        "A town of venues of thirty.",
        (Group("people", "honest", people), *more),
        days=days,
        attack_day=days // 3,
        town_size=people,
        venue_size=30,
        observers=12,
        law=law,
    )


def mixing_ring(size: int) -> Group:
    """A ring of people who mix one session in ten with honest play."""
    mixes = {"crew_share": 0.9, "sessions_per_week": 3.0, "windows": 3.0, "is_bot": 0.0}
    return Group("ring", "ring", size, crew=size, options=mixes)


def hard_life() -> Scenario:
    """Everything that a plan can say."""
    liars = {"crew_share": 0.5, "withholds": 0.3, "suspected": 0.3, "refuted": 0.1, "says": 0.0}
    hoarders = {"accuracy": 0.6, "sessions_per_week": 20.0}
    return town(
        30,
        10,
        Group("ring", "ring", 8, crew=8, options={**liars, "attends": 1.0}),
        Group("reporters", "honest", 6, options={"reports": 0.3, "says": 2.0}),
        Group("hoarders", "honest", 6, options=hoarders),
    )


def unshared() -> Scenario:
    """Where performers keep everything, so that both engines value lot by lot."""
    return town(60, 16, mixing_ring(8), performer_share_ppm=1_000_000)


class Replayed(NamedTuple):
    """Both engines after the same draws."""

    exact: ExactWorld
    fast: fast.World
    by_law_ujam: NDArray[np.float64]
    """What each block minted by the ledger; shape (b,)."""
    by_kernel_ujam: NDArray[np.float64]
    """What it mints by the kernels; shape (b,)."""


@cache
def replayed(make: Callable[[], Scenario]) -> Replayed:
    """A world lived by the law, its draws carried out by the kernels."""
    exact, other = exact_world_of(make(), SEED), fast.world_of(make(), SEED)
    other.pairs = empty_pairs(places_for(len(other.people) ** 2))
    amounts: list[tuple[float, float]] = []
    while exact.day < exact.scenario.days:
        plan = exact.planner.plan(exact.day)
        shows = carry_out_exactly(exact, plan)
        amounts += zip(by_law(exact, shows), by_kernels(other, plan, shows), strict=True)
        other.day += 1
    by_law_ujam, by_kernel_ujam = np.array(amounts, np.float64).T
    return Replayed(exact, other, by_law_ujam, by_kernel_ujam)


def by_law(world: ExactWorld, shows: list[Show]) -> list[float]:
    found: list[float] = []
    for show in shows:
        state = world.ledger.state(show.performance.performer.id)
        assert state is not None
        for _, block, _ in show.blocks:
            mint = (
                world.ledger.statements[state.mints[block.id]] if block.id in state.mints else None
            )
            found.append(mint.body.amount_ujam if mint and isinstance(mint.body, Mint) else 0)
    return found


def by_kernels(world: fast.World, plan: Plan, shows: list[Show]) -> list[float]:
    """A day as `carry_out` lives it, but for the draw."""
    day, state = world.day, world.state
    begin_day(state, day)
    today = Today(day, world.planner.seed, day >= world.scenario.attack_day, world.growth)
    books = Books(world.law, today, world.pairs, state)
    quality = quality_of(plan.accuracy)
    found: list[float] = []
    for show in shows:
        s = show.place
        opened = int((plan.seats[s] >= 0).sum())
        revealed = int(plan.shown[s, :opened].sum())
        pays = quality[s] * revealed / opened
        amounts = [
            kernels._block(plan, s, np.array(drawn, np.int64), pays, books)
            for _, _, drawn in show.blocks
        ]
        found += amounts
        kernels._rate(plan, s, sum(amounts), books)
    return found


def test_a_hard_life_has_all_that_can_happen() -> None:
    lived = replayed(hard_life)
    ledger = lived.exact.ledger
    kinds = {type(ledger.statements[entry].body).__name__ for entry in ledger.applied}
    assert kinds == {
        "Profile", "Session", "Block", "Attestation", "Mint", "Rating", "Concert", "Report",
    }  # fmt: skip
    assert not ledger.rejected
    assert not ledger.forks
    is_minted = lived.by_law_ujam > 0
    assert is_minted.sum() > 100
    assert (~is_minted).sum() > 20


def test_each_block_mints_what_the_kernels_say_of_the_same_draw() -> None:
    lived = replayed(hard_life)
    words = lived.exact.scenario.params.verifiers_drawn
    np.testing.assert_allclose(
        lived.by_kernel_ujam, lived.by_law_ujam, rtol=AGREED, atol=words * FLOOR_UJAM
    )


def test_the_same_draws_make_the_same_people_near_and_pay_them_the_same() -> None:
    lived = replayed(unshared)
    observers = observers_of(lived.fast)
    seen, by_ledger = look(lived.fast, observers), look_by_ledger(lived.exact, observers)
    np.testing.assert_allclose(seen.near, by_ledger.near, rtol=1e-3, atol=1e-6)
    np.testing.assert_array_equal(seen.in_pocket, by_ledger.in_pocket)
    expected, found = incomes_of(lived.fast, seen), incomes_by_ledger(lived.exact, by_ledger)
    np.testing.assert_allclose(found.face, expected.face, rtol=1e-4)
    np.testing.assert_allclose(found.valued, expected.valued, rtol=2e-3, atol=1e3)


def test_what_results_need_besides_is_counted_alike() -> None:
    by_law, by_kernels = replayed(hard_life).exact, fast.run(hard_life(), SEED)
    np.testing.assert_array_equal(by_law.state.windows, by_kernels.state.windows)
    np.testing.assert_array_equal(by_law.state.refused, by_kernels.state.refused)
    assert by_law.state.refused.sum() > 0
    expected = by_kernels.state.minted.sum()
    assert by_law.state.minted.sum() == pytest.approx(expected, rel=FACE_ERROR)
    np.testing.assert_array_equal(observers_of(by_law), observers_of(by_kernels))


def test_believed_reports_take_the_worth_of_what_they_are_about() -> None:
    world = replayed(hard_life).exact
    seen = look_by_ledger(world, observers_of(world))
    stances = stances_by_ledger(world, seen)
    plain, doubted = incomes_by_ledger(world, seen), incomes_by_ledger(world, seen, stances)
    np.testing.assert_array_equal(doubted.face, plain.face)
    for row, stance, before in zip(doubted.valued, stances, plain.valued, strict=True):
        assert (row <= before).all()
        assert bool(stance.believed) == (row.sum() < before.sum())
    assert any(stance.believed for stance in stances)


SCENARIOS = {
    "a ring that mixes": town(120, 30, mixing_ring(10)),
    "homebodies and a farm": town(
        45, 30, Group("homebodies", "homebody", 9), Group("farm", "farmer", 5)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_with_draws_of_their_own_the_engines_agree_within_the_stated_error(name: str) -> None:
    scenario = SCENARIOS[name]
    vectors, law = fast.run(scenario, 1), run_exactly(scenario, 1)
    by_vectors = shares_of(vectors, incomes_of(vectors, look(vectors, observers_of(vectors))))
    by_law = shares_of(law, incomes_by_ledger(law, look_by_ledger(law, observers_of(law))))
    for strategy, share in by_law.items():
        expected = by_vectors[strategy].face / by_vectors[strategy].hours
        assert share.face / share.hours == pytest.approx(expected, rel=FACE_ERROR), strategy
    assert gains(by_law) == pytest.approx(gains(by_vectors), rel=GAIN_ERROR, abs=SMALL_GAIN_ERROR)


def test_one_seed_has_one_ledger() -> None:
    scenario = town(20, 4, mixing_ring(4))
    digests = [run_exactly(scenario, seed).ledger.digest() for seed in (3, 3, 4)]
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_shares_are_worth_the_same_whether_or_not_they_were_received() -> None:
    world = exact_world_of(town(20, 4), 3, is_receiving=True)
    while world.day < world.scenario.days:
        live_exactly(world)
    observers = observers_of(world)[:2]
    seen = look_by_ledger(world, observers)
    found = incomes_by_ledger(world, seen)
    since_ms = midnight_ms(world.scenario.attack_day)
    number_of = {author.id: number for number, author in enumerate(world.authors)}
    near = {who: float(seen.near[0, number]) for who, number in number_of.items()}
    held = np.zeros((2, len(world.authors)))
    for holding in world.ledger.holdings():
        view = holding_view(world.ledger, holding)
        if view.minted_ms >= since_ms:
            worth = value_of(view, near).value_ujam
            held[:, number_of[holding.key.holder]] += holding.amount_ujam, worth
    np.testing.assert_array_equal(found.face, held[0])
    np.testing.assert_allclose(found.valued[0], held[1], rtol=1e-9)
