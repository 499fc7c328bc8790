"""Whatever a stranger sends: refused by name, or assessed; never a crash, never a warning."""

import lzma
import struct
from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from consensus.anomaly.assess import Assessment, assess
from consensus.chart import Chart, Note, TimingPoint, chart_from_bytes
from consensus.encoding import encode, pack_varints
from consensus.evidence import (
    MAX_NONCES,
    MAX_WINDOW_US,
    Evidence,
    KeyEvent,
    NonceEvent,
    check_evidence,
    evidence_from_bytes,
)
from consensus.identifiers import EntryId
from consensus.judgement import judge
from consensus.parameters import MAX_WINDOW_EVENTS
from consensus.rejections import RejectionError
from game.play.osr import ReplayImportError, replay_from_osr

SESSION = EntryId(bytes(32))
HOUR_US = 3_600_000_000
MOMENT_US = 5_000_000


def chart_of(notes: Sequence[Note], keys: int = 4) -> Chart:
    return Chart("", "", keys, (TimingPoint(0, 400_000),), tuple(sorted(set(notes))))


def evidence_of(
    events: Sequence[KeyEvent], nonces: Sequence[NonceEvent] = (), duration_us: int = MAX_WINDOW_US
) -> Evidence:
    return Evidence(SESSION, 0, duration_us, tuple(events), tuple(nonces))


def assessed(chart: Chart, evidence: Evidence) -> Assessment:
    found = assess(chart, evidence, judge(chart, evidence))
    assert type(found.anomaly_ppm) is int
    assert 0 <= found.anomaly_ppm <= 1_000_000
    assert found.reasons
    assert all(reason and reason.isprintable() for reason in found.reasons)
    assert len(found.model) == 32
    return found


def steady(count: int, step_us: int, lanes: int = 4) -> list[Note]:
    return [Note(1_000_000 + i * step_us, i % lanes) for i in range(count)]


def pressed(notes: Sequence[Note], held_us: int = 30_000, error_us: int = 0) -> list[KeyEvent]:
    return sorted(
        KeyEvent(note.start_us + error_us + after_us, note.lane, after_us == 0)
        for note in notes
        for after_us in (0, held_us)
    )


CHARTS = {
    "empty": chart_of(()),
    "one note": chart_of([Note(MOMENT_US, 0)]),
    "one moment": chart_of([Note(MOMENT_US, lane) for lane in range(4)]),
    "one moment of 18 lanes": chart_of([Note(MOMENT_US, lane) for lane in range(18)], 18),
    "at 0": chart_of([Note(0, lane) for lane in range(4)]),
    "one lane": chart_of(steady(400, 150_000, 1), 1),
    "18 lanes": chart_of(steady(400, 100_000, 18), 18),
    "steady": chart_of(steady(500, 100_000)),
    "a microsecond apart": chart_of(steady(500, 1)),
    "holds over all": chart_of([Note(i * 50_000, i % 4, HOUR_US) for i in range(300)]),
    "hours apart": chart_of([Note(i * HOUR_US // 2, 0) for i in range(5)]),
    "beyond the window": chart_of([Note(MAX_WINDOW_US - 1, 0), Note(MAX_WINDOW_US + 1, 0)]),
}


def logs(chart: Chart) -> dict[str, list[KeyEvent]]:
    notes = chart.notes
    times = [KeyEvent(MOMENT_US, i % 18, i % 2 == 0) for i in range(MAX_WINDOW_EVENTS)]
    return {
        "empty": [],
        "one press": [KeyEvent(MOMENT_US, 0, True)],
        "one release": [KeyEvent(MOMENT_US, 17, False)],
        "10,000 at one time": times,
        "exact": pressed(notes),
        "late alike": pressed(notes, error_us=100_000),
        "not held": pressed(notes, held_us=0),
        "never released": [event for event in pressed(notes) if event.is_press],
        "only released": [event for event in pressed(notes) if not event.is_press],
        "released first": [event._replace(is_press=not event.is_press) for event in pressed(notes)],
        "before 0": pressed([Note(-HOUR_US + i, i % 4) for i in range(300)]),
        "hours apart": [KeyEvent(i * HOUR_US // 8, 0, i % 2 == 0) for i in range(16)],
        "one press of two": [
            event for event in pressed(notes) if event.time_us // 100_000 % 2 or not event.is_press
        ],
        "a microsecond apart": [KeyEvent(MOMENT_US + i, 0, i % 2 == 0) for i in range(5_000)],
    }


NONCES = [NonceEvent(i * 100, i % 9, bytes([i]) * 16) for i in range(MAX_NONCES)]


@pytest.mark.parametrize("nonces", [[], NONCES], ids=["alone", "riffs"])
@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_no_log_on_any_chart_makes_the_detectors_raise(chart: Chart, nonces: list[NonceEvent]):
    for events in logs(chart).values():
        assessed(chart, evidence_of(events, nonces))


def test_every_error_that_hits_gives_an_assessment():
    chart = CHARTS["steady"]
    for error_us in (-127_000, -126_999, -1, 0, 1, 127_000):
        assessed(chart, evidence_of(pressed(chart.notes, error_us=error_us)))


def test_two_errors_in_turn_and_a_single_wild_one_give_an_assessment():
    chart = CHARTS["steady"]
    for errors in ((0, 1), (-127_000, 127_000), (*(0,) * 499, 127_000)):
        events = [
            event
            for note, error_us in zip(chart.notes, errors * 500, strict=False)
            for event in pressed([note], 5_000, error_us)
        ]
        assessed(chart, evidence_of(sorted(events)))


times = st.one_of(
    st.integers(-2 * HOUR_US, 2 * HOUR_US),
    st.integers(0, 3_000_000),
    st.sampled_from([0, 1, MOMENT_US, MAX_WINDOW_US - 1, MAX_WINDOW_US]),
)
key_events = st.builds(KeyEvent, times, st.integers(-1, 40), st.booleans())
nonce_events = st.builds(NonceEvent, times, st.integers(0, 8), st.binary(min_size=16, max_size=16))
note_places = st.tuples(
    st.integers(0, 3_000_000) | st.sampled_from([0, 0, 5, MAX_WINDOW_US - 1]),
    st.integers(0, 17),
    st.sampled_from([0, 1, 100_000, HOUR_US]),
)


@settings(max_examples=150)
@given(
    st.lists(key_events, max_size=80),
    st.lists(nonce_events, max_size=4),
    st.lists(note_places, max_size=60),
    st.integers(1, 18),
    st.integers(1, MAX_WINDOW_US),
)
def test_no_judged_evidence_makes_the_detectors_raise(events, nonces, places, keys, duration_us):
    chart = chart_of([Note(start, lane % keys, held) for start, lane, held in places], keys)
    ordered = sorted(events, key=lambda event: event.time_us)
    assessed(chart, evidence_of(ordered, sorted(nonces), duration_us))


@settings(max_examples=60)
@given(
    st.integers(1, 18),
    st.integers(20, 200),
    st.integers(0, 400_000),
    st.lists(st.integers(-127_000, 127_000), min_size=1, max_size=12),
    st.integers(0, 300_000),
)
def test_no_well_played_pattern_makes_the_detectors_raise(keys, count, step_us, errors, held_us):
    notes = chart_of(steady(count, step_us, keys), keys).notes
    events = [
        KeyEvent(note.start_us + errors[i % len(errors)] + after_us, note.lane, after_us == 0)
        for i, note in enumerate(notes)
        for after_us in {0, held_us}
    ]
    assessed(chart_of(notes, keys), evidence_of(sorted(events)))


@settings(max_examples=150)
@given(
    st.lists(key_events, max_size=40),
    st.lists(nonce_events, max_size=4),
    st.integers(-1, 2**40),
)
def test_a_log_is_refused_by_name_or_comes_back_from_its_bytes(events, nonces, duration_us):
    evidence = evidence_of(events, nonces, duration_us)
    try:
        check_evidence(evidence)
    except RejectionError:
        return
    assume(1 <= duration_us <= MAX_WINDOW_US)
    assert evidence_from_bytes(evidence.to_bytes()) == evidence


SEALED = evidence_of(pressed(CHARTS["steady"].notes), NONCES[:3], 60_000_000).to_bytes()
WRITTEN = CHARTS["18 lanes"].to_bytes()


@settings(max_examples=150)
@given(st.integers(0, 400), st.binary(max_size=12), st.integers(0, 40))
@example(0, b"", 10_000)
def test_damaged_bytes_are_refused_by_name(place, put, dropped):
    for whole, read in ((SEALED, evidence_from_bytes), (WRITTEN, chart_from_bytes)):
        damaged = whole[:place] + put + whole[place + dropped :]
        try:
            found = read(damaged)
        except RejectionError:
            continue
        assert found.to_bytes() == damaged


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_by_name(data: bytes):
    for read in (evidence_from_bytes, chart_from_bytes):
        with pytest.raises(RejectionError):
            read(data)


@pytest.mark.parametrize(
    "columns",
    [
        (pack_varints([2**62] * 3), b"\1\0\1", b"", b"", b""),
        (pack_varints([0] * 3), b"\xff" * 3, b"", b"", b""),
        (pack_varints([0] * 3), b"\1", b"", b"", b""),
        (b"\xff" * 50, b"", b"", b"", b""),
        (b"", b"", pack_varints([0]), b"\0", b""),
        (b"", b"", pack_varints([0] * 65), bytes(65), bytes(16 * 65)),
    ],
)
def test_chunks_that_no_log_has_are_refused_by_name(columns: tuple[bytes, ...]):
    data = encode((1, bytes(32), 0, 5_000_000, (encode(columns),)))
    with pytest.raises(RejectionError):
        evidence_from_bytes(data)


def replay_of(frames: bytes, mods: int = 0, wrap: Callable[[bytes], bytes] = bytes) -> bytes:
    packed = wrap(lzma.compress(frames, format=lzma.FORMAT_ALONE))
    head = struct.pack("<BI", 3, 20_200_918) + b"\0\x0b\x01a\0"
    counts = struct.pack("<6HIHBI", *(0,) * 9, mods) + b"\0"
    return head + counts + struct.pack("<qI", 0, len(packed)) + packed + bytes(8)


FRAMES = b"0|256|-500|0,-1|256|-500|0," + b",".join(
    b"%d|%d|0|0" % (50 + i % 7, i % 3) for i in range(600)
)
REPLAY = replay_of(FRAMES)


@settings(max_examples=150)
@given(st.integers(0, len(REPLAY)), st.binary(max_size=8), st.integers(0, 40))
def test_a_damaged_replay_is_refused_by_name_or_read(place, put, dropped):
    damaged = REPLAY[:place] + put + REPLAY[place + dropped :]
    try:
        replay = replay_from_osr(damaged, 4)
    except ReplayImportError:
        return
    assessed(CHARTS["steady"], evidence_of(replay.events))


@pytest.mark.parametrize("dictionary", [0, 1, 2**31, 2**32 - 1])
def test_a_replay_that_asks_for_much_memory_is_refused_by_name_or_read(dictionary: int):
    def wrap(packed: bytes) -> bytes:
        return packed[:1] + struct.pack("<I", dictionary) + packed[5:]

    try:
        replay = replay_from_osr(replay_of(FRAMES, wrap=wrap), 4)
    except ReplayImportError:
        return
    assert len(replay.events) > 600


@given(st.text("0123456789|,-.e\0\x80inf", max_size=60))
def test_any_frames_are_refused_by_name_or_read(frames: str):
    try:
        replay = replay_from_osr(replay_of(frames.encode()), 4)
    except ReplayImportError:
        return
    ordered = [event.time_us for event in replay.events]
    assert ordered == sorted(ordered)


def test_frames_before_0_and_hours_apart_are_assessed():
    frames = [b"-3600000|1|0|0", *[b"%d|%d|0|0" % (i * 7, i % 2) for i in range(900)]]
    events = replay_from_osr(replay_of(b",".join(frames)), 4).events
    assert events
    assessed(CHARTS["steady"], evidence_of(events))
    assessed(CHARTS["steady"], evidence_of(sorted(Random(1).choices(events, k=400))))
