"""A chart is known again at another speed, and another chart is not taken for it."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.anomaly.copies.alignment import places
from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.moments import MAX_MOMENTS, chart_key, key_of
from consensus.anomaly.copies.play import Play
from consensus.anomaly.copies.residuals import residuals_of
from consensus.anomaly.traces import traces_of
from consensus.chart import Chart, Note, TimingPoint
from consensus.judgement import judge_notes
from game.bots.human_like import HumanLike
from game.play.rate import chart_at_rate, events_at_rate

BEAT = (TimingPoint(0, 400_000),)


def song(seed: int, notes: int = 400) -> Chart:
    rng = Random(seed)
    at_ms, made = 1_000, []
    for _ in range(notes):
        at_ms += rng.choice((60, 120, 120, 180, 240, 480))
        made.append(Note(at_ms * 1_000, rng.randrange(4)))
    return Chart("", "", 4, BEAT, tuple(made))


def in_milliseconds(chart: Chart) -> Chart:
    notes = tuple(note._replace(start_us=note.start_us // 1_000 * 1_000) for note in chart.notes)
    return Chart("", "", 4, BEAT, notes)


def mirrored(chart: Chart) -> Chart:
    return Chart("", "", 4, BEAT, tuple(sorted(n._replace(lane=3 - n.lane) for n in chart.notes)))


def play(chart: Chart, events, number: int) -> Play:
    key = chart_key(chart)
    traces = traces_of(judge_notes(chart.notes, events), 4)
    return Play((b"", number), key, residuals_of(key, traces))


@pytest.mark.parametrize("rate", [Fraction(3, 2), Fraction(3, 4), Fraction(11, 10)])
def test_every_moment_has_its_place_at_another_speed(rate: Fraction):
    chart = song(1)
    faster = in_milliseconds(chart_at_rate(chart, rate))
    there = places(chart_key(chart).starts_us, chart_key(faster).starts_us)
    assert there is not None
    assert there.tolist() == list(range(400))


@pytest.mark.parametrize("rate", [Fraction(3, 2), Fraction(3, 4)])
def test_a_mirrored_copy_at_another_speed_is_found(rate: Fraction):
    chart = song(1)
    library = Library()
    plays = [HumanLike().play(chart, 300_000_000, Random(seed)) for seed in range(12)]
    for number, events in enumerate(plays):
        library.add(play(chart, events, number))
    faster = mirrored(in_milliseconds(chart_at_rate(chart, rate)))
    for number, events in enumerate(plays):
        swapped = sorted(event._replace(lane=3 - event.lane) for event in events)
        nearest = library.nearest(play(faster, events_at_rate(swapped, rate), -1))
        assert nearest is not None
        assert (nearest.kind, nearest.id) == ("copy", (b"", number))
        assert nearest.similarity_ppm > 900_000


def test_another_song_is_another_chart():
    ours, theirs = chart_key(song(1)).starts_us, chart_key(song(2)).starts_us
    assert places(ours, theirs) is None
    assert places(ours, ours[:29]) is None
    assert places(ours[:0], ours[:0]) is None


def test_an_easy_chart_of_a_song_is_another_one():
    ours = chart_key(song(1)).starts_us
    assert places(ours, ours[::2]) is None
    assert places(ours[::2], ours) is None


@pytest.mark.parametrize("rate", [Fraction(1), Fraction(3, 2), Fraction(3, 4)])
def test_a_chart_that_was_edited_is_known_again(rate: Fraction):
    ours = chart_key(in_milliseconds(song(1))).starts_us
    heard = chart_key(in_milliseconds(chart_at_rate(song(1), rate))).starts_us
    cut = heard[100:250]
    longer = np.concatenate((heard[0] - 900_000 + 150_000 * np.arange(5), heard))
    thinned = np.delete(heard, range(7, 400, 20))
    assert told(ours, cut) == list(range(100, 250))
    assert told(ours, longer) == [*[-1] * 5, *range(400)]
    assert told(ours, thinned) == [i for i in range(400) if i % 20 != 7]
    assert told(cut, heard) == [*[-1] * 100, *range(150), *[-1] * 150]


def told(ours, theirs) -> list[int]:
    there = places(ours, theirs)
    assert there is not None
    return there.tolist()


@given(st.lists(st.integers(0, 400_000), min_size=30, max_size=60, unique=True), st.integers(0, 5))
def test_no_times_raise(times_us: list[int], repeats: int):
    times = np.array(sorted(times_us))
    regular = np.arange(30 + repeats)
    for other in (regular, regular * 250_000, times):
        for there in (places(times, other), places(other, times)):
            assert there is None or there.max() >= 29


def test_a_moment_that_rounding_joined_is_left_out():
    ours = chart_key(song(1)).starts_us
    there = places(ours, np.delete(ours, 200))
    assert there is not None
    assert there.tolist() == [*range(200), *range(201, 400)]


def test_notes_at_one_time_are_one_moment():
    key = key_of(np.array([5, 5, 1, 5, 9]))
    assert key.starts_us.tolist() == [1, 5, 9]
    assert len(key_of(np.arange(100_000)).starts_us) == MAX_MOMENTS


def test_different_bots_are_no_copies_of_each_other():
    chart = song(3)
    library = Library()
    for number in range(60):
        one = play(chart, HumanLike().play(chart, 300_000_000, Random(number)), number)
        nearest = library.compare_and_keep(one)
        assert nearest is None or nearest.kind == "none"
