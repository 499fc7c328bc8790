"""Our clock and the one of the simfile library agree on every beat of any timing."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from simfile.timing import Beat, BeatValue, BeatValues, TimingData
from simfile.timing.engine import TimingEngine

from game.charts.beat_clock import BeatClock, BeatEvents

rows = st.integers(0, 480)
values = st.integers(1, 4_000).map(lambda value: value / 1_000)
tempos = st.dictionaries(rows, st.integers(30, 400).map(float), max_size=5)
stretches = st.dictionaries(rows, values, max_size=4)


def beat_values(found: dict[int, float]) -> BeatValues:
    ordered = sorted(found.items())
    return BeatValues(BeatValue(Beat(row, 48), Decimal(str(value))) for row, value in ordered)


def by_beat(found: dict[int, float]) -> dict[float, float]:
    return {row / 48: value for row, value in found.items()}


@given(tempos, stretches, stretches, stretches, st.lists(rows, min_size=1, max_size=20))
@settings(max_examples=300)
def test_moments_are_those_of_another_reckoning(bpms, stops, delays, warps, asked):
    bpms = {**bpms, 0: 120.0}
    warps = {row: round(length * 48) / 48 for row, length in warps.items()}
    timing = TimingData.__new__(TimingData)
    timing.bpms, timing.stops = beat_values(bpms), beat_values(stops)
    timing.delays, timing.warps = beat_values(delays), beat_values(warps)
    timing.offset = Decimal(0)
    theirs = TimingEngine(timing)
    ends = {row / 48: (row + round(length * 48)) / 48 for row, length in warps.items()}
    ours = BeatClock(BeatEvents(by_beat(bpms), by_beat(stops), by_beat(delays), ends))
    for row in asked:
        assert abs(ours.moment_s(row / 48) - float(theirs.time_at(Beat(row, 48)))) < 1e-6
        assert ours.is_skipped(row / 48) != theirs.hittable(Beat(row, 48))
