"""A recording comes back as it was kept, and is judged as the play was."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.calibration import Calibration
from consensus.challenge import riff_lanes
from consensus.chart import MAX_CHART_US
from consensus.encoding import decode, encode
from consensus.evidence import Evidence, KeyEvent, NonceEvent
from consensus.identifiers import NO_ENTRY
from consensus.judgement import judge
from consensus.rejections import RejectionError
from consensus.units import MILLION
from game.charts.songs import SONGS
from game.play.rate import chart_at_rate
from game.play.recording import (
    MAX_EVENTS,
    Recording,
    Riff,
    judge_recording,
    recording_from_bytes,
)

CHART = SONGS["first_light"].chart(4)
WINDOW_US = 20_000_000


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    rate_ppm = draw(st.integers(500_000, 1_500_000))
    from_us = draw(st.integers(0, 30_000_000))
    played_us = draw(st.integers(0, 40_000_000))
    strokes = draw(
        st.lists(
            st.tuples(st.integers(0, 40_000_000), st.integers(0, 3), st.booleans()), max_size=60
        )
    )
    riffs = draw(
        st.lists(
            st.tuples(
                st.integers(0, 38_000_000), st.lists(st.integers(0, 3), min_size=4, max_size=4)
            ),
            max_size=3,
        )
    )
    return Recording(
        chart=CHART,
        is_live=draw(st.booleans()),
        rate_ppm=rate_ppm,
        from_us=from_us,
        window_us=draw(st.sampled_from([0, WINDOW_US])),
        played_us=played_us,
        made_ms=draw(st.integers(0, 2**41)),
        calibration=Calibration(1, -2, draw(st.integers(-100_000, 100_000))),
        events=tuple(KeyEvent(*stroke) for stroke in sorted(strokes)),
        riffs=tuple(Riff(at_us, tuple(lanes)) for at_us, lanes in sorted(riffs)),
    )


@given(recordings())
def test_a_recording_comes_back_as_it_was_kept(recording: Recording) -> None:
    assert recording_from_bytes(recording.to_bytes()) == recording


@given(recordings(), st.data())
def test_other_bytes_are_another_recording_or_none(
    recording: Recording, data: st.DataObject
) -> None:
    whole = bytearray(recording.to_bytes())
    position = data.draw(st.integers(0, len(whole) - 1))
    whole[position] ^= data.draw(st.integers(1, 255))
    try:
        found = recording_from_bytes(bytes(whole))
    except RejectionError:
        return
    assert found.to_bytes() == bytes(whole)
    assert found.id != recording.id
    judge_recording(found)


def played(events: list[KeyEvent], nonces: tuple[NonceEvent, ...] = ()) -> Recording:
    riffs = tuple(Riff(n.time_us, riff_lanes(n.nonce, CHART.keys)) for n in nonces)
    return Recording(
        CHART, True, MILLION, 0, WINDOW_US, WINDOW_US, 5, Calibration(), tuple(events), riffs
    )


@given(st.lists(st.integers(-120_000, 120_000), min_size=30, max_size=30))
def test_a_live_window_is_judged_as_the_ledger_judges_it(errors: list[int]) -> None:
    nonces = (NonceEvent(8_000_000, 0, bytes(32)), NonceEvent(13_100_000, 1, b"\1" * 32))
    notes = CHART.between(0, WINDOW_US - 200_000)
    events = sorted(
        KeyEvent(max(0, note.start_us + errors[place % 30]), note.lane, True)
        for place, note in enumerate(notes)
    )
    evidence = Evidence(NO_ENTRY, 0, WINDOW_US, tuple(events), nonces)
    assert judge_recording(played(events, nonces)) == judge(CHART, evidence)


@given(st.integers(500_000, 1_500_000), st.integers(0, 20_000_000))
def test_an_exact_play_of_any_part_at_any_speed_is_perfect(rate_ppm: int, from_us: int) -> None:
    part = chart_at_rate(CHART.cut(from_us, MAX_CHART_US), Fraction(rate_ppm, MILLION))
    events = sorted(
        event
        for note in part.notes
        for event in (
            KeyEvent(note.start_us, note.lane, True),
            KeyEvent(note.start_us + max(note.duration_us, 30_000), note.lane, False),
        )
    )
    recording = replace(
        played([]),
        rate_ppm=rate_ppm,
        from_us=from_us,
        played_us=part.duration_us + 1,
        events=tuple(events),
    )
    assert judge_recording(recording).grades == (len(part.notes), 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (0, 2),
        (1, b""),
        (1, b"\x90"),
        (2, 2),
        (3, 0),
        (3, 2**63),
        (4, -1),
        (6, 2**60),
        (8, (0, 0, 400_000)),
        (9, b"\xff"),
        (9, b"\x00" * (MAX_EVENTS + 1)),
        (10, b"\xff"),
        (11, b"\x00"),
        (12, b"\x04" * 4),
        (12, "text"),
    ],
)
def test_what_a_stranger_made_up_is_refused(field: int, value: object) -> None:
    whole = list(decode(played([KeyEvent(1, 0, True)]).to_bytes(), 600_000))
    whole[field] = value
    with pytest.raises(RejectionError):
        recording_from_bytes(encode(tuple(whole)))


def test_a_note_that_could_still_be_hit_when_the_play_ended_is_neither_hit_nor_missed() -> None:
    first, second = CHART.notes[:2]
    for late_us, count in ((127_000, 0), (127_001, 1)):
        ended = replace(played([]), played_us=first.start_us + late_us)
        assert second.start_us > ended.played_us
        assert sum(judge_recording(ended).grades) == count
    early = KeyEvent(first.start_us - 5_000, first.lane, True)
    pressed = replace(played([early]), played_us=first.start_us + 1)
    assert judge_recording(pressed).grades == (1, 0, 0, 0, 0, 0)
