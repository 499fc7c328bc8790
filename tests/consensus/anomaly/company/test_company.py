"""Other people's plays tell a person from a script, and a play from one that was sped up."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.anomaly.company.company import Company, company_of
from consensus.anomaly.comparison import compared_and_kept
from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.moments import key_of
from consensus.anomaly.copies.play import Play
from tests.consensus.anomaly.company.crowd import (
    KEY,
    MOMENTS,
    STARTS_US,
    errors_of,
    holds_of,
    library_of,
    play_of,
    play_with,
)

CROWD = library_of(16)
STRANGERS = range(100, 130)


def company(play: Play, library: Library = CROWD) -> Company:
    found = company_of(library, play)
    assert found is not None
    return found


def script(number: int) -> Play:
    return play_with(errors_of(number, common=0.0), holds_of(number, common=0.0), number)


def test_people_who_were_never_seen_are_taken_for_people():
    for person in STRANGERS:
        found = company(play_of(person))
        assert found.script_odds < 0
        assert found.warp_odds < 1


def test_errors_that_nobody_shares_are_taken_for_thrown():
    for number in STRANGERS:
        assert company(script(number)).script_odds > 3


def test_the_mean_of_all_plays_is_like_no_person():
    errors, holds = (
        np.mean([numbers(person) for person in range(16)], axis=0)
        for numbers in (errors_of, holds_of)
    )
    assert company(play_with(errors, holds)).script_odds > 1


def sized(width: float, hold: float) -> list[float]:
    """Odds of strangers' plays with errors and holds of another size, ascending."""
    plays = [play_with(errors_of(i) * width, holds_of(i) * hold) for i in STRANGERS]
    return sorted(company(play).warp_odds for play in plays)


@pytest.mark.parametrize(("factor", "least"), [(0.5, 3.0), (0.6, 1.0), (0.7, -1.5)])
def test_what_was_sped_up_is_too_small_all_over(factor: float, least: float):
    odds = sized(factor, factor)
    assert odds[0] > least
    assert odds[len(odds) // 2] > 2
    found = company(play_with(errors_of(100) * factor, holds_of(100) * factor))
    assert found.script_odds < 0
    assert found.scale is not None
    whole = company(play_of(100)).scale
    assert whole is not None
    assert found.scale.width / whole.width == pytest.approx(factor, rel=0.01)
    assert found.scale.hold / whole.hold == pytest.approx(factor, rel=0.01)


def test_to_be_exact_or_light_alone_is_hardly_held_against_anybody():
    for odds in (sized(0.6, 1.0), sized(1.0, 0.6)):
        assert odds[len(odds) // 2] < 1
    assert sized(1.0, 1.0)[-1] < 1


def test_who_is_larger_all_over_was_not_sped_up():
    for person in STRANGERS:
        large = play_with(errors_of(person) * 1.5, holds_of(person) * 1.5)
        assert company(large).warp_odds < -2


def test_three_people_are_too_few_and_four_are_not():
    assert company_of(library_of(3), play_of(100)) is None
    few = library_of(4)
    assert company(play_of(100), few).plays == 4
    assert company(script(100), few).script_odds > 1 > company(play_of(100), few).script_odds


def test_what_is_known_counts_in_any_order():
    turned = Library()
    for person in reversed(range(16)):
        turned.add(play_of(person))
    for play in (play_of(100), script(101)):
        assert company(play, turned).script_odds == pytest.approx(company(play).script_odds)
        assert company(play, turned).warp_odds == pytest.approx(company(play).warp_odds)


def test_a_play_is_no_company_of_its_own_nor_is_what_is_excluded():
    assert company(play_of(3)).plays == 15
    found = company_of(CROWD, play_of(100), frozenset({(b"play", 1), (b"play", 2)}))
    assert found is not None
    assert found.plays == 14


def test_a_person_counts_once_and_never_among_the_own_company():
    library = library_of(16)
    for number in range(200, 260):
        library.add(play_with(errors_of(number, 0.0), holds_of(number), number, author="eager"))
    assert company(play_of(100), library).plays == 17
    assert company(play_of(100, author="eager"), library).plays == 16


def test_copies_and_scripts_do_not_move_what_people_are_held_against():
    library = library_of(16)
    for number in range(200, 220):
        assert compared_and_kept(library, script(number)).is_strange
        library.add(script(1_000 + number), is_original=False)
    assert company(play_of(100), library) == company(play_of(100))


def test_more_than_enough_company_is_a_fixed_number_of_people():
    library = library_of(120)
    found = company(play_of(500), library)
    assert (found.plays, found) == (48, company(play_of(500), library))


def test_a_window_is_held_against_the_same_stretch_of_whole_plays():
    part = slice(150, 400)
    assert company(play_of(100, part=part)).script_odds < 0
    thrown = play_with(errors_of(100, 0.0), holds_of(100, 0.0), part=part)
    assert company(thrown).script_odds > 1
    small = play_with(errors_of(100) * 0.5, holds_of(100) * 0.5, part=part)
    assert company(small).warp_odds > 2


def test_who_played_elsewhere_is_no_company():
    library = Library()
    for person in range(16):
        library.add(play_of(person, part=slice(0, 200)))
    assert company_of(library, play_of(100, part=slice(250, 450))) is None


def test_on_a_faster_chart_habits_are_compared_and_sizes_are_not():
    faster = key_of(STARTS_US * 4 // 5)
    found = company(play_of(100, key=faster))
    assert found.habits is not None
    assert (found.scale, found.warp_odds) == (None, 0.0)


EXTREMES = st.lists(
    st.sampled_from([-1e6, -2_000.0, -60.0, -0.001, 0.0, 0.001, 1.0, 60.0, 1e6]),
    min_size=MOMENTS,
    max_size=MOMENTS,
)


@settings(max_examples=30)
@given(EXTREMES, EXTREMES, st.booleans())
def test_odd_plays_are_told_something_finite(errors: list[float], holds: list[float], known: bool):
    play = play_with(np.array(errors), np.array(holds))
    library = library_of(7) if known else CROWD
    if known:
        for number in range(300, 320):
            library.add(replace(play, id=(b"odd", number)))
    for query in (play, play_of(100)):
        found = company_of(library, query)
        if found is not None:
            assert -2.0 < found.script_odds < log(80) + 0.01
            assert abs(found.warp_odds) <= 4.2


def test_nothing_to_compare_is_no_company():
    assert company_of(CROWD, Play((b"empty", 0), KEY, None)) is None
    assert company_of(Library(), play_of(1)) is None
