"""Stars: more for more, the same for the same, and never an exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.chart import MAX_CHART_US, Chart, Note, TimingPoint
from game.charts.difficulty import stars_of


def stream(keys: int, gap_us: int, count: int = 200) -> Chart:
    notes = tuple(Note(i * gap_us, i % keys) for i in range(count))
    return Chart("", "", keys, (TimingPoint(0, 500_000),), notes)


@pytest.mark.parametrize("keys", range(1, 19))
def test_the_faster_stream_has_more_stars(keys: int):
    slow, fast = stars_of(stream(keys, 200_000)), stars_of(stream(keys, 100_000))
    assert slow is not None
    assert fast is not None
    assert 0 < slow < fast


def test_without_notes_there_are_no_stars():
    assert stars_of(stream(4, 1, 0)) == 0


@given(
    st.integers(1, 18),
    st.lists(st.tuples(st.integers(0, MAX_CHART_US), st.integers(0, MAX_CHART_US)), max_size=20),
)
@settings(max_examples=50)
def test_any_chart_has_stars_or_none(keys: int, spans: list[tuple[int, int]]):
    notes = {
        (start_us, number % keys): min(length_us, MAX_CHART_US - start_us)
        for number, (start_us, length_us) in enumerate(spans)
    }
    ordered = tuple(Note(*place, length_us) for place, length_us in sorted(notes.items()))
    stars = stars_of(Chart("", "", keys, (TimingPoint(0, 1_000),), ordered))
    assert stars is None or 0 <= stars <= 1_000
