"""A chart and its events as they were heard: faster or slower than written."""

from collections.abc import Iterable
from fractions import Fraction

from consensus.chart import MAX_BEAT_US, MIN_BEAT_US, Chart, Note, TimingPoint
from consensus.evidence import KeyEvent


def chart_at_rate(chart: Chart, rate: Fraction) -> Chart:
    """The chart in real time when it runs `rate` times as fast; itself at rate 1.

    Notes that fall together by rounding become one, the last.
    """
    if rate == 1:
        return chart
    timing = {
        _heard_us(point.time_us, rate): min(
            max(_heard_us(point.beat_us, rate), MIN_BEAT_US), MAX_BEAT_US
        )
        for point in chart.timing
    }
    places = {
        (_heard_us(note.start_us, rate), note.lane): position
        for position, note in enumerate(chart.notes)
    }
    return Chart(
        chart.title,
        chart.artist,
        chart.keys,
        tuple(TimingPoint(*point) for point in sorted(timing.items())),
        tuple(
            Note(*place, _heard_us(chart.notes[position].duration_us, rate))
            for place, position in sorted(places.items())
        ),
        bytes(chart.pitches[position] for _, position in sorted(places.items()))
        if chart.pitches
        else b"",
    )


def events_at_rate(events: Iterable[KeyEvent], rate: Fraction) -> tuple[KeyEvent, ...]:
    """The events in real time when the chart ran `rate` times as fast."""
    return tuple(event._replace(time_us=_heard_us(event.time_us, rate)) for event in events)


def _heard_us(time_us: int, rate: Fraction) -> int:
    return time_us * rate.denominator // rate.numerator
