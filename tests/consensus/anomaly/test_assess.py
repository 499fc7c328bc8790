"""An assessment catches what nobody plays, is humble with little, and never raises."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.anomaly.assess import Assessment, assess, model_digest
from consensus.anomaly.hard_limits import HardLimits
from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import Evidence, KeyEvent, NonceEvent
from consensus.identifiers import EntryId
from consensus.judgement import judge
from game.bots.exact import Exact
from game.bots.gaussian import Gaussian

WINDOW_US = 120_000_000
FLAG_PPM, REJECT_PPM = 500_000, 900_000


def chart_of(notes: int, step_us: int = 100_000) -> Chart:
    return Chart(
        "",
        "",
        4,
        (TimingPoint(0, 400_000),),
        tuple(Note(1_000_000 + i * step_us, i * i % 7 % 4) for i in range(notes)),
    )


def assessed(chart: Chart, events, window_us: int = WINDOW_US, nonces=()) -> Assessment:
    evidence = Evidence(EntryId(bytes(32)), 0, window_us, tuple(events), tuple(nonces))
    return assess(chart, evidence, judge(chart, evidence))


LONG = chart_of(1_100)


@pytest.mark.parametrize("notes", [20, 40, 100, 1_000])
@pytest.mark.parametrize("offset_us", [0, 25_000])
def test_an_exact_script_is_rejected_from_twenty_notes_on(notes: int, offset_us: int):
    events = Exact(offset_us=offset_us).play(chart_of(notes), WINDOW_US, Random(1))
    assert assessed(chart_of(notes), events).anomaly_ppm >= REJECT_PPM


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("sd_us", "fewest"), [(1_000, 25), (3_000, 250)])
def test_jitter_of_1_ms_and_in_long_plays_of_3_ms_is_rejected(sd_us: int, fewest: int, seed: int):
    chart = chart_of(fewest + 40 * seed)
    events = Gaussian(sd_us).play(chart, WINDOW_US, Random(seed))
    found = assessed(chart, events)
    assert found.anomaly_ppm >= REJECT_PPM
    assert "spread" in found.reasons[0]


def test_wild_presses_do_not_hide_a_script():
    rng = Random(1)
    events = [
        event._replace(time_us=event.time_us + (rng.random() < 0.08) * rng.randint(0, 90_000))
        for event in Exact(tap_us=5_000).play(LONG, WINDOW_US, rng)
    ]
    found = assessed(LONG, sorted(events))
    assert found.anomaly_ppm >= REJECT_PPM


def test_long_jitter_without_memory_is_flagged():
    found = [
        assessed(LONG, Gaussian(14_000).play(LONG, WINDOW_US, Random(seed))).anomaly_ppm
        for seed in range(20)
    ]
    assert min(found) >= FLAG_PPM


def test_nineteen_exact_hits_could_be_luck():
    events = Exact().play(chart_of(19), WINDOW_US, Random(1))
    assert assessed(chart_of(19), events).anomaly_ppm < FLAG_PPM


def strokes(times_us, lane: int = 0, held_us: int = 20_000) -> list[KeyEvent]:
    return sorted(
        KeyEvent(time_us + after_us, lane, after_us == 0)
        for time_us in times_us
        for after_us in (0, held_us)
    )


def test_no_finger_presses_thirty_times_a_second():
    found = assessed(LONG, strokes(range(0, 3_000_000, 33_000)))
    assert found.anomaly_ppm >= REJECT_PPM
    assert found.reasons[0] == "One key went down 31 times within a second."


def test_no_finger_lifts_within_2_ms_all_the_time():
    found = assessed(LONG, strokes(range(0, 30_000_000, 1_000_000), held_us=2_000))
    assert found.reasons[0] == "30 of 30 keys came up within 5 ms of going down."


def test_mashing_all_keys_is_seen():
    chart = chart_of(30, 1_000_000)
    events = [event for lane in range(4) for event in strokes(range(0, 31_000_000, 120_000), lane)]
    found = assessed(chart, sorted(events))
    assert found.anomaly_ppm >= REJECT_PPM
    assert "mashed" in " ".join(found.reasons)


def test_drumming_in_a_break_is_no_mashing():
    chart = chart_of(5, 400_000)
    found = assessed(chart, strokes(range(10_000_000, 60_000_000, 200_000)))
    assert found.anomaly_ppm < FLAG_PPM


def test_three_errors_over_and_over_are_a_pattern():
    events = [
        event._replace(time_us=event.time_us + (event.time_us // 100_000 % 3) * 15_000)
        for event in Exact(tap_us=1).play(LONG, WINDOW_US, Random(1))
    ]
    found = assessed(LONG, sorted(events))
    assert any("different errors" in reason for reason in found.reasons)


def test_silence_is_not_suspicious():
    assert assessed(LONG, ()) == Assessment(
        0, ("No note was hit, so there is nothing to judge by.",), model_digest()
    )


def test_the_model_is_named_by_its_detectors():
    assert len(model_digest()) == 32
    assert model_digest() != model_digest((HardLimits(),))


def test_ten_thousand_events_at_one_time_do_not_raise():
    events = [KeyEvent(5, i % 18, i % 2 == 0) for i in range(10_000)]
    assert assessed(LONG, events).anomaly_ppm >= REJECT_PPM


key_events = st.builds(KeyEvent, st.integers(0, 3_999_999), st.integers(0, 17), st.booleans())
nonce_events = st.builds(
    NonceEvent, st.integers(0, 3_999_999), st.integers(0, 8), st.binary(min_size=16, max_size=16)
)


@settings(deadline=None)
@given(
    st.lists(key_events, max_size=200),
    st.lists(nonce_events, max_size=3),
    st.lists(st.tuples(st.integers(0, 3_999), st.integers(0, 3)), max_size=60),
)
def test_no_evidence_raises(events, nonces, places):
    notes = tuple(Note(start_ms * 1_000, lane) for start_ms, lane in sorted(set(places)))
    chart = Chart("", "", 4, (TimingPoint(0, 500_000),), notes)
    found = assessed(
        chart,
        sorted(events, key=lambda event: event.time_us),
        4_000_000,
        sorted(nonces, key=lambda event: event.time_us),
    )
    assert 0 <= found.anomaly_ppm <= 1_000_000
    assert found.reasons
