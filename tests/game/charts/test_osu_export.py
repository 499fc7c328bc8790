"""What is written as `.osu` is read again as it was."""

from hypothesis import given
from hypothesis import strategies as st

from consensus.chart import MAX_BEAT_US, MIN_BEAT_US, Chart, Note, TimingPoint
from game.charts.osu import chart_from_osu
from game.charts.osu_export import osu_from_chart

milliseconds = st.integers(0, 7_000_000).map(lambda time_ms: time_ms * 1_000)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    keys = draw(st.integers(1, 18))
    places = st.tuples(milliseconds, st.integers(0, keys - 1))
    lengths = st.integers(0, 10_000).map(lambda time_ms: time_ms * 1_000)
    notes = draw(st.dictionaries(places, lengths, max_size=30))
    beats = st.integers(MIN_BEAT_US, MAX_BEAT_US)
    timing = draw(st.dictionaries(st.integers(0, 10**9), beats, min_size=1, max_size=5))
    title, artist = draw(st.text(max_size=40)), draw(st.text(max_size=40))
    return Chart(
        title,
        artist,
        keys,
        tuple(TimingPoint(*point) for point in sorted(timing.items())),
        tuple(Note(*place, length) for place, length in sorted(notes.items())),
    )


@given(charts(), st.text(max_size=20), st.text(max_size=20))
def test_reading_what_was_written_gives_the_same_keys_notes_and_beats(
    chart: Chart, name: str, audio: str
):
    again = chart_from_osu(osu_from_chart(chart, name, audio).encode("utf-8", "replace"))
    assert (again.keys, again.notes, again.timing) == (chart.keys, chart.notes, chart.timing)


def test_a_title_can_not_write_lines_of_its_own():
    title = "a\n[Difficulty]\nCircleSize:9\r\u2028x"
    chart = Chart(title, title, 4, (TimingPoint(0, 500_000),), (Note(0, 3),))
    text = osu_from_chart(chart, title, title)
    again = chart_from_osu(text)
    assert (again.keys, again.notes) == (4, (Note(0, 3),))
    assert "Title:a [Difficulty] CircleSize:9  x\n" in text


def test_times_are_rounded_to_whole_milliseconds():
    notes = (Note(499, 0), Note(1_500, 1, 400), Note(2_400, 2, 1_200))
    text = osu_from_chart(Chart("", "", 4, (TimingPoint(0, 500_000),), notes))
    assert chart_from_osu(text).notes == (Note(0, 0), Note(2_000, 1), Note(2_000, 2, 2_000))
