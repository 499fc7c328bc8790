"""A faster chart asks for the same notes in less time."""

from fractions import Fraction

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import KeyEvent
from game.play.rate import chart_at_rate, events_at_rate

CHART = Chart(
    "", "", 4, (TimingPoint(0, 300_000),), (Note(300_000, 1), Note(600_000, 2, 90)), b"<>"
)


def test_at_double_time_everything_takes_two_thirds():
    timing, notes = (TimingPoint(0, 200_000),), (Note(200_000, 1), Note(400_000, 2, 60))
    assert chart_at_rate(CHART, Fraction(3, 2)) == Chart("", "", 4, timing, notes, b"<>")


def test_events_move_like_the_notes():
    events = (KeyEvent(300_000, 1, True), KeyEvent(-3, 1, False))
    assert events_at_rate(events, Fraction(3, 2)) == (
        KeyEvent(200_000, 1, True),
        KeyEvent(-2, 1, False),
    )


def test_at_its_own_rate_a_chart_is_itself():
    assert chart_at_rate(CHART, Fraction(1)) == CHART
