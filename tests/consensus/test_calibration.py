"""A keyboard that is late is judged as if it weren't, within a bound, and by all alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.calibration import MAX_CALIBRATION_US, UNCALIBRATED, Calibration
from consensus.chart import Chart, Note, TimingPoint
from consensus.encoding import Canonical
from consensus.evidence import Evidence, KeyEvent, NonceEvent
from consensus.identifiers import NO_ENTRY
from consensus.judgement import judge
from consensus.rejections import RejectionError

DELAYS = st.integers(-MAX_CALIBRATION_US, MAX_CALIBRATION_US)
CHART = Chart(
    "Late",
    "popd",
    4,
    (TimingPoint(0, 500_000),),
    tuple(Note(1_000_000 + 400_000 * step, step % 4, 90_000 * (step % 2)) for step in range(20)),
)


@st.composite
def plays(draw: st.DrawFn) -> list[KeyEvent]:
    errors = draw(st.lists(st.integers(-140_000, 140_000), min_size=20, max_size=20))
    struck = [
        (note.start_us + error, note.lane) for note, error in zip(CHART.notes, errors, strict=True)
    ]
    return sorted(
        event
        for press_us, lane in struck
        for event in (KeyEvent(press_us, lane, True), KeyEvent(press_us + 80_000, lane, False))
    )


def evidence(events: list[KeyEvent]) -> Evidence:
    return Evidence(NO_ENTRY, 0, 20_000_000, tuple(events), (NonceEvent(9_300_000, 0, bytes(32)),))


@given(plays(), DELAYS, DELAYS, DELAYS)
def test_a_late_keyboard_that_was_calibrated_is_judged_like_one_that_is_not_late(
    events: list[KeyEvent], audio_us: int, visual_us: int, input_us: int
) -> None:
    logged = [event._replace(time_us=event.time_us + input_us) for event in events]
    calibration = Calibration(audio_us, visual_us, input_us)
    assert judge(CHART, evidence(logged), 0, calibration) == judge(CHART, evidence(events))


@given(DELAYS, DELAYS, DELAYS)
def test_a_calibration_comes_back_as_it_was_written(audio: int, visual: int, keys: int) -> None:
    calibration = Calibration(audio, visual, keys)
    assert Calibration.from_body(calibration.to_body()) == calibration


@pytest.mark.parametrize(
    "body",
    [
        (),
        (0, 0),
        (0, 0, 0, 0),
        (0, 0, MAX_CALIBRATION_US + 1),
        (-MAX_CALIBRATION_US - 1, 0, 0),
        (0, 2**64 - 1, 0),
        ("0", 0, 0),
        (b"", 0, 0),
        7,
    ],
)
def test_what_is_no_calibration_is_rejected(body: Canonical) -> None:
    with pytest.raises(RejectionError):
        Calibration.from_body(body)


def test_without_a_calibration_events_stay_as_they_are_logged() -> None:
    events = (KeyEvent(5, 0, True), KeyEvent(6, 0, False))
    assert UNCALIBRATED.struck(events) == events
