"""Whatever a stranger sends, comparing it raises nothing and keeps to its bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.anomaly.copies.finding import find_copy
from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.play import Play, play_of
from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import Evidence, KeyEvent
from consensus.identifiers import EntryId
from consensus.judgement import judge

WINDOW_US = 120_000_000


def chart_of(starts_us, keys: int = 4) -> Chart:
    places = sorted({(start_us, i % keys) for i, start_us in enumerate(starts_us)})
    notes = tuple(Note(*place) for place in places)
    return Chart("", "", keys, (TimingPoint(0, 400_000),), notes)


def play(chart: Chart, events, number: int = 0) -> Play:
    evidence = Evidence(EntryId(bytes(32)), number, WINDOW_US, tuple(events), ())
    return play_of(chart, evidence, judge(chart, evidence), 0)


CHARTS = [
    chart_of([]),
    chart_of([5] * 18, 18),
    chart_of([0]),
    chart_of(range(0, 10_000, 1), 1),
    chart_of([0, WINDOW_US * 60]),
    chart_of(range(0, 119_000_000, 12_000)),
]


@pytest.mark.parametrize("chart", CHARTS)
def test_ten_thousand_events_at_one_time_do_not_raise(chart: Chart):
    library = Library()
    for number in range(3):
        events = [KeyEvent(5, i % 18, i % 2 == 0) for i in range(10_000)]
        nearest = library.compare_and_keep(play(chart, events, number))
        assert nearest is None or find_copy(nearest) is not None or nearest.kind == "none"


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 3_000), min_size=30, max_size=80),
            st.lists(st.integers(0, 3_000), max_size=160),
        ),
        min_size=2,
        max_size=5,
    )
)
@settings(max_examples=50)
def test_no_plays_raise(plays):
    library = Library(max_plays_of_a_chart=2, max_bytes=3_000)
    for number, (starts_ms, times_ms) in enumerate(plays):
        events = [KeyEvent(ms * 1_000, ms % 4, i % 2 == 0) for i, ms in enumerate(sorted(times_ms))]
        chart = chart_of([ms * 1_000 for ms in starts_ms])
        nearest = library.compare_and_keep(play(chart, events, number))
        assert nearest is None or 0 <= nearest.similarity_ppm <= 1_000_000


def test_two_who_press_nothing_are_not_alike():
    chart = CHARTS[-1]
    library = Library()
    library.add(play(chart, ()))
    assert len(library) == 0
    assert library.nearest(play(chart, (), 1)) is None
