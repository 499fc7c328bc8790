"""A fitted person plays anew, and like the one who was recorded."""

from random import Random

import numpy as np
import pytest

from consensus.chart import Chart, Note, TimingPoint
from game.bots.columns import columns_of
from game.bots.fitted import Fitted
from game.bots.habit import habit_of
from game.bots.memory import memory_of
from game.bots.noise import ar1, one_over_f
from game.bots.patterns import patterns_of
from game.bots.person import person_of
from game.bots.recording import Recording
from game.bots.residuals import residuals_of
from game.bots.volatility import volatility_of
from tests.game.bots.measures import lag_1

LONG = Chart(
    "",
    "",
    4,
    (TimingPoint(0, 500_000),),
    tuple(Note(1_000_000 + i * 190_000, i * i % 13 % 4) for i in range(4_000)),
)
NOTES = columns_of(LONG)


def test_a_new_play_is_none_that_is_known(recorded):
    source = recorded(1)
    events = Fitted().forge([source], 60_000_000, Random(1))
    before, after = (
        residuals_of(Recording(source.chart, played)).errors_us
        for played in (source.events, events)
    )
    both = ~np.isnan(before) & ~np.isnan(after)
    assert abs(np.corrcoef(before[both], after[both])[0, 1]) < 0.45
    assert np.nanstd(after) == pytest.approx(np.nanstd(before), rel=0.25)


@pytest.mark.parametrize("phi", [0.1, 0.3, 0.6])
def test_the_memory_that_is_found_is_the_one_that_was_there(phi: float):
    values = ar1(4_000, phi, np.random.default_rng(1))
    again = memory_of(values, NOTES, 3).drawn(NOTES, np.random.default_rng(2))
    assert lag_1(again) == pytest.approx(phi, abs=0.08)
    assert again.std() == pytest.approx(1, abs=0.15)


def test_a_drift_is_found_where_there_is_one():
    chance = np.random.default_rng(3)
    drifting = np.sqrt(0.6) * chance.standard_normal(4_000) + np.sqrt(0.4) * one_over_f(
        4_000, 1.2, chance
    )
    assert memory_of(drifting, NOTES, 2).drift_share > 0.2
    assert memory_of(chance.standard_normal(4_000), NOTES, 2).drift_share <= 0.1


def test_stretches_of_good_and_bad_are_found_where_there_are_some():
    chance = np.random.default_rng(4)
    even = chance.standard_normal(4_000)
    uneven = even * np.exp(0.4 * ar1(4_000, 0.9, chance))
    assert volatility_of(even, NOTES).sd < 0.25
    assert volatility_of(uneven / uneven.std(), NOTES).sd == pytest.approx(0.4, abs=0.15)


def test_a_habit_keeps_how_values_depend_on_the_note_and_how_they_are_spread():
    chance = np.random.default_rng(5)
    values = 5.0 * NOTES.lanes + chance.exponential(2.0, 4_000)
    again = habit_of(values, patterns_of(LONG), NOTES, 2, chance).drawn(
        patterns_of(LONG), NOTES, chance
    )
    for lane in range(4):
        own = NOTES.lanes == lane
        assert again[own].mean() == pytest.approx(values[own].mean(), abs=0.4)
    rest = again - 5.0 * NOTES.lanes
    assert np.quantile(rest, [0.1, 0.5, 0.9]) == pytest.approx([0.21, 1.39, 4.6], abs=0.4)


def test_a_person_plays_other_charts_with_as_many_keys_and_no_others(recorded, make_chart):
    person = person_of(recorded(1), 3)
    other = make_chart(5, 100)
    played = residuals_of(Recording(other, person.play(other, 60_000_000, Random(1))))
    assert np.isnan(played.errors_us).mean() < 0.1
    with pytest.raises(ValueError, match="fitted to 4 keys, and the chart has 7"):
        person.play(make_chart(5, 10, 7), 60_000_000, Random(1))


def test_another_day_is_later_and_wider(recorded):
    source = recorded(1)
    usual, other = (
        residuals_of(Recording(source.chart, bot.forge([source], 60_000_000, Random(3)))).errors_us
        for bot in (Fitted(), Fitted(shift_us=6_000, spread=1.2))
    )
    assert np.nanmedian(other) - np.nanmedian(usual) == pytest.approx(6_000, abs=1_500)
    assert np.nanstd(other) > 1.1 * np.nanstd(usual)
