"""A copy is found however it was moved, and people are not taken for each other's copies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.anomaly.copies.library import Library, Nearest
from consensus.anomaly.copies.play import Play
from tests.consensus.anomaly.copies.conftest import MakePlay
from tests.consensus.anomaly.copies.people import MOMENTS, errors_of

PEOPLE = 40


@pytest.fixture(scope="module")
def library(make_play: MakePlay) -> Library:
    return filled(make_play, range(PEOPLE))


def filled(make_play: MakePlay, numbers, **bounds: int) -> Library:
    library = Library(**bounds)
    for number in numbers:
        library.add(make_play(errors_of(number), number, f"person {number}"))
    return library


def found(library: Library, play: Play) -> tuple[str, int]:
    nearest = library.nearest(play)
    assert nearest is not None
    return nearest.kind, nearest.id[1]


def test_the_same_play_is_the_same_play(library: Library, make_play: MakePlay):
    nearest = library.nearest(make_play(errors_of(7)))
    assert nearest is not None
    assert (nearest.id, nearest.kind) == ((b"play", 7), "copy")
    assert nearest.similarity_ppm == 1_000_000
    assert nearest.significance > 100


@given(
    number=st.integers(0, PEOPLE - 1),
    shift_ms=st.floats(-80, 80),
    scale=st.floats(0.5, 2),
    drift_ms=st.floats(-30, 30),
    noise=st.floats(0, 0.6),
    missed=st.integers(0, 25),
)
@settings(max_examples=60)
def test_a_copy_is_found_however_it_was_moved(
    make_play: MakePlay, library: Library, number, shift_ms, scale, drift_ms, noise, missed
):
    rng = np.random.default_rng(number)
    errors = errors_of(number)
    copied = errors + rng.normal(0, noise * errors.std(), MOMENTS)
    copied = copied * scale + shift_ms + np.linspace(0, drift_ms, MOMENTS)
    copied[rng.choice(MOMENTS, missed, replace=False)] = np.nan
    assert found(library, make_play(copied)) == ("copy", number)


@pytest.mark.parametrize("number", range(PEOPLE, 2 * PEOPLE))
def test_somebody_new_is_no_copy(library: Library, make_play: MakePlay, number: int):
    assert found(library, make_play(errors_of(number), number))[0] == "none"


def test_a_play_is_no_copy_of_itself(library: Library, make_play: MakePlay):
    for number in range(PEOPLE):
        assert found(library, make_play(errors_of(number), number))[0] == "none"


def test_one_known_play_is_enough(make_play: MakePlay):
    library = filled(make_play, [1])
    noise = np.random.default_rng(1).normal(0, 4, MOMENTS)
    assert found(library, make_play(errors_of(1) + noise)) == ("copy", 1)
    assert all(
        found(library, make_play(errors_of(number), number))[0] == "none" for number in range(2, 60)
    )


def test_a_window_is_found_in_a_whole_play_and_the_other_way_round(make_play: MakePlay):
    window = slice(133, 391)
    whole, part = make_play(errors_of(3), 3), make_play(errors_of(3)[window], 3, first=133)
    for known, query in ((whole, part), (part, whole)):
        library = filled(make_play, range(10, 40))
        library.add(known)
        query = Play((b"query", 0), query.key, query.residuals)
        assert found(library, query) == ("copy", 3)


def test_a_splice_names_its_sources(library: Library, make_play: MakePlay):
    cut = 230
    spliced = np.concatenate((errors_of(4)[:cut], errors_of(9)[cut:]))
    nearest = library.nearest(make_play(spliced))
    assert nearest is not None
    assert (nearest.kind, [source.id[1] for source in nearest.sources]) == ("splice", [9, 4])
    assert nearest.sources[0].share == pytest.approx(1 - cut / MOMENTS, abs=0.04)
    assert nearest.share > 0.95


def test_pieces_may_have_delays_of_their_own(library: Library, make_play: MakePlay):
    pieces = (errors_of(4)[:170], errors_of(9)[170:330] + 90, errors_of(4)[330:] - 60)
    nearest = library.nearest(make_play(np.concatenate(pieces)))
    assert nearest is not None
    assert (nearest.kind, [source.id[1] for source in nearest.sources]) == ("splice", [4, 9])
    assert nearest.share > 0.9


def test_a_copied_half_is_told_as_half(library: Library, make_play: MakePlay):
    mixed = np.concatenate((errors_of(4)[:250], errors_of(1_000)[250:]))
    nearest = library.nearest(make_play(mixed))
    assert nearest is not None
    assert (nearest.kind, nearest.id[1]) == ("copy", 4)
    assert nearest.share == pytest.approx(0.5, abs=0.1)


def test_people_may_be_alike_to_themselves_but_not_repeat_themselves(
    library: Library, make_play: MakePlay
):
    noise = np.random.default_rng(5).normal(0, 0.7, MOMENTS)
    errors = errors_of(5)
    alike = errors + noise * errors.std()
    assert found(library, make_play(alike, -1, "somebody else")) == ("copy", 5)
    assert found(library, make_play(alike, -1, "person 5"))[0] == "none"
    assert found(library, make_play(errors + noise, -1, "person 5")) == ("copy", 5)


def test_what_is_excluded_does_not_count(library: Library, make_play: MakePlay):
    nearest = library.nearest(make_play(errors_of(6)), frozenset({(b"play", 6)}))
    assert nearest is not None
    assert nearest.kind == "none"


def test_the_order_of_adding_does_not_matter(make_play: MakePlay):
    numbers = list(range(PEOPLE))
    queries = [make_play(errors_of(number) * 0.9 + 3, 100) for number in (0, 17, 90)]
    told: list[list[Nearest | None]] = []
    for order in (numbers, numbers[::-1], numbers[13:] + numbers[:13]):
        library = filled(make_play, order)
        told.append([library.nearest(query) for query in queries])
    assert told[0] == told[1] == told[2]


def test_copies_can_not_hide_in_a_mean_that_they_made(make_play: MakePlay):
    library = filled(make_play, range(10))
    rng = np.random.default_rng(1)
    for number in range(100, 200):
        library.compare_and_keep(make_play(errors_of(3) + rng.normal(0, 3, MOMENTS), number))
    assert found(library, make_play(errors_of(3), -1)) == ("copy", 3)
    blind = filled(make_play, [])
    for number in range(100, 200):
        blind.add(make_play(errors_of(3) + rng.normal(0, 1, MOMENTS), number))
    nearest = blind.nearest(make_play(errors_of(3), -1))
    assert nearest is not None
    assert nearest.kind == "copy"


def test_the_index_finds_what_brute_force_finds_among_2000(make_play: MakePlay):
    library = filled(make_play, range(2_000))
    rng = np.random.default_rng(2)
    for number in rng.choice(2_000, 40, replace=False):
        errors = errors_of(int(number))
        copied = errors + rng.normal(0, errors.std(), MOMENTS)
        assert found(library, make_play(copied)) == ("copy", int(number))


def test_a_full_library_lets_the_oldest_go(make_play: MakePlay):
    library = filled(make_play, range(20), max_plays_of_a_chart=8)
    assert len(library) == 8
    assert found(library, make_play(errors_of(19))) == ("copy", 19)
    assert found(library, make_play(errors_of(11)))[0] == "none"


def test_a_library_stays_within_its_bytes(make_play: MakePlay):
    library = filled(make_play, range(50), max_bytes=25_000)
    assert library.size <= 25_000
    assert len(library) >= 10
