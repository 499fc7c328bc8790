"""Tables, roots, entropies and riffs: exact where law needs it, and what they claim to be."""

import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import consensus
from consensus import tables
from consensus.challenge import (
    answering_hits,
    riff_lanes,
    riff_notes,
    slot_holder,
    without_cleared,
)
from consensus.chart import Chart, Note, TimingPoint
from consensus.draw import Ticket, draw, is_ticket_of, ticket_chain
from consensus.evidence import Evidence, KeyEvent, NonceEvent
from consensus.identifiers import EntryId, IdentityId
from consensus.judgement import Grade, grade_of, judge, judge_notes
from consensus.quality import (
    consonance_ppm,
    integer_root,
    log2_ppm,
    measure,
    normalised_entropy_ppm,
    phase_locking_ppm,
    quality_ppm,
)
from consensus.tabulate import source
from consensus.units import lower_median, upper_median

PPM = st.integers(0, 1_000_000)
NONCES = st.binary(min_size=16, max_size=16)
BEAT = Chart("", "", 4, (TimingPoint(0, 500_000),), ())


def test_the_tables_are_what_their_script_makes() -> None:
    assert consensus.__file__ is not None
    assert Path(consensus.__file__).with_name("tables.py").read_text() == source()


def test_every_logarithm_and_cosine_is_within_a_millionth() -> None:
    for i, value in enumerate(tables.LOG2_MANTISSA):
        assert 0 <= math.log2(1024 + i) - 10 - value / 1e6 < 1e-6
    for i, value in enumerate(tables.COSINE_TURN):
        assert -1e-12 <= math.cos(math.tau * i / 1024) - value / 1e6 < 1e-6


@given(st.integers(1, 2**40))
def test_logarithms_are_near(number: int) -> None:
    assert abs(log2_ppm(number) / 1e6 - math.log2(number)) < 0.0015


@given(st.integers(0, 2**400), st.integers(1, 12))
def test_a_root_is_the_largest_whose_power_fits(value: int, degree: int) -> None:
    root = integer_root(value, degree)
    assert root**degree <= value < (root + 1) ** degree


@given(PPM, PPM, PPM, PPM, PPM)
def test_quality_is_the_geometric_mean(a: int, b: int, c: int, d: int, density: int) -> None:
    exact = (a**0.4) * (b**0.2) * (c**0.1) * (d**0.3) * density / 1e6
    assert exact - 2.001 <= quality_ppm(a, b, c, d, density) <= exact + 0.001


def test_perfect_quality_is_one() -> None:
    assert quality_ppm(*[1_000_000] * 5) == 1_000_000


@given(st.integers(2, 18), st.integers(1, 500))
def test_uniform_use_of_lanes_is_full_entropy(lanes: int, each: int) -> None:
    entropy = normalised_entropy_ppm(Counter(dict.fromkeys(range(lanes), each)), lanes)
    assert 998_000 <= entropy <= 1_000_000


@given(st.integers(2, 18), st.integers(0, 500))
def test_a_single_lane_has_no_entropy(lanes: int, count: int) -> None:
    assert normalised_entropy_ppm(Counter({0: count}), lanes) == 0
    assert normalised_entropy_ppm(Counter(), lanes) == 0


@given(st.dictionaries(st.integers(0, 17), st.integers(1, 400), min_size=1))
def test_entropy_is_shannons(counts: dict[int, int]) -> None:
    total = sum(counts.values())
    exact = -sum(n / total * math.log2(n / total) for n in counts.values()) / math.log2(18)
    assert abs(normalised_entropy_ppm(Counter(counts), 18) / 1e6 - exact) < 0.001


def test_presses_on_the_beat_are_locked_and_even_ones_are_not() -> None:
    on_beat = [500_000 * i for i in range(64)]
    assert phase_locking_ppm(BEAT, on_beat, 1) == 1_000_000
    assert phase_locking_ppm(BEAT, [t + 77_000 for t in on_beat], 1) >= 999_990
    spread = [500_000 * i + 500_000 * i // 64 for i in range(64)]
    assert phase_locking_ppm(BEAT, spread, 1) < 100
    assert phase_locking_ppm(BEAT, [], 1) == 0


def test_thirds_are_consonant_and_semitones_are_not() -> None:
    assert consonance_ppm([60, 64, 67, 72]) == 1_000_000
    assert consonance_ppm([60, 61, 62, 63]) == 0
    assert consonance_ppm([60]) == 0


@given(NONCES, st.integers(1, 255))
def test_a_riff_stays_on_the_lanes(nonce: bytes, lanes: int) -> None:
    riff = riff_lanes(nonce, lanes)
    assert len(riff) == 4
    assert all(0 <= lane < lanes for lane in riff)


def test_no_lane_of_a_riff_is_likelier() -> None:
    for lanes in (4, 7, 10, 18):
        counts = Counter(lane for i in range(4_000) for lane in riff_lanes(i.to_bytes(16), lanes))
        expected = 16_000 / lanes
        chi_square = sum((counts[lane] - expected) ** 2 / expected for lane in range(lanes))
        assert chi_square < lanes - 1 + 5 * math.sqrt(2 * (lanes - 1))


def test_every_candidate_holds_slots() -> None:
    held = Counter(slot_holder(EntryId(bytes(32)), w, s, 24) for w in range(30) for s in range(80))
    assert set(held) == set(range(24))
    assert max(held.values()) < 150


@given(st.binary(min_size=32, max_size=32), st.integers(1, 30))
def test_each_ticket_hashes_to_the_one_before_and_all_to_the_anchor(
    seed: bytes, windows: int
) -> None:
    anchor, tickets = ticket_chain(seed, windows)
    assert len(tickets) == windows
    assert all(is_ticket_of(ticket, anchor, w + 1) for w, ticket in enumerate(tickets))
    assert all(is_ticket_of(later, earlier, 1) for earlier, later in pairwise(tickets))
    assert not is_ticket_of(anchor, anchor, 1)


@given(st.permutations(range(12)), st.binary(min_size=32, max_size=32))
def test_the_draw_does_not_depend_on_the_order(order: list[int], session: bytes) -> None:
    tickets = [Ticket(IdentityId(bytes([i]) * 32), bytes([i])) for i in order]
    drawn = draw(EntryId(session), 3, tickets, 8)
    assert drawn == draw(EntryId(session), 3, sorted(tickets), 8)
    assert len(set(drawn)) == 8
    assert draw(EntryId(session), 3, sorted(tickets), 5) == drawn[:5]


@given(st.lists(PPM, min_size=1))
def test_medians_lie_in_the_middle(values: list[int]) -> None:
    low, high = lower_median(values), upper_median(values)
    assert low in values
    assert high in values
    assert 2 * sum(v < low for v in values) < len(values)
    assert 2 * sum(v > high for v in values) < len(values)


@st.composite
def plays(draw: st.DrawFn) -> tuple[Chart, Evidence]:
    places = draw(
        st.sets(st.tuples(st.integers(0, 19_999_999), st.integers(0, 3)), min_size=1, max_size=40)
    )
    notes = tuple(Note(*p, draw(st.sampled_from([0, 0, 300_000]))) for p in sorted(places))
    events = [
        KeyEvent(draw(st.integers(0, 19_999_999)), draw(st.integers(0, 3)), draw(st.booleans()))
        for _ in range(draw(st.integers(0, 20)))
    ]
    for note in notes:
        if draw(st.booleans()):
            time_us = note.start_us + draw(st.integers(-130_000, 130_000))
            events.append(KeyEvent(min(max(time_us, 0), 19_999_999), note.lane, True))
    nonces = [
        NonceEvent(t, 0, draw(NONCES))
        for t in sorted(draw(st.sets(st.integers(0, 18_000_000), max_size=2)))
    ]
    evidence = Evidence(EntryId(bytes(32)), 0, 20_000_000, tuple(sorted(events)), tuple(nonces))
    return Chart("", "", 4, (TimingPoint(0, 500_000),), notes), evidence


@settings(max_examples=200)
@given(plays())
def test_judging_any_play_gives_each_note_one_grade(play: tuple[Chart, Evidence]) -> None:
    chart, evidence = play
    judgement = judge(chart, evidence)
    riffs = [riff_notes(nonce, 4) for nonce in evidence.nonces]
    assert tuple(j.note for j in judgement.notes) == without_cleared(chart.notes, riffs)
    assert sum(judgement.grades) == len(judgement.notes)
    metrics = measure(chart, judgement)
    for value in (metrics.accuracy_ppm, metrics.diversity_ppm, metrics.harmony_ppm):
        assert 0 <= value <= 1_000_000
    assert metrics.riffs_seen == len(riffs)
    presses = [(j.note.lane, j.press_us) for j in judgement.hits]
    struck = Counter((k.lane, k.time_us) for k in evidence.keys if k.is_press)
    assert not Counter(presses) - struck


@settings(max_examples=100)
@given(plays(), st.randoms(use_true_random=False))
def test_judging_does_not_depend_on_the_order_of_notes(
    play: tuple[Chart, Evidence], chance: object
) -> None:
    chart, evidence = play
    notes = list(chart.notes)
    chance.shuffle(notes)  # type: ignore[attr-defined]
    assert judge_notes(notes, evidence.keys) == judge_notes(chart.notes, evidence.keys)


def test_grades_change_where_the_windows_say() -> None:
    edges = (16_000, 40_000, 73_000, 103_000, 127_000)
    for grade, edge in zip(Grade, edges, strict=False):
        assert grade_of(edge) == grade_of(-edge) == grade
        assert grade_of(edge + 1) == grade + 1


def test_a_change_of_tempo_before_the_first_beat_of_a_cut_is_kept() -> None:
    timing = (TimingPoint(0, 500_000), TimingPoint(1_010_000, 300_000))
    chart = Chart("", "", 4, timing, (Note(1_400_000, 1),))
    cut = chart.cut(1_005_000, 1_000_000)
    assert cut.timing == (TimingPoint(5_000, 300_000),)
    assert cut.notes == (Note(395_000, 1),)


@given(st.integers(0, 3_000_000), st.lists(st.integers(1, 900_000), max_size=4))
def test_a_cut_keeps_the_beat_of_every_moment_from_its_first_point_on(
    start_us: int, steps: list[int]
) -> None:
    timing = [TimingPoint(0, 400_000)]
    for i, step in enumerate(steps):
        timing.append(TimingPoint(timing[-1].time_us + step, 300_000 + 1_000 * i))
    chart = Chart("", "", 4, tuple(timing), ())
    cut = chart.cut(start_us, 2_000_000)
    for time_us in range(cut.timing[0].time_us, 2_000_000, 50_000):
        assert cut.timing_at(time_us).beat_us == chart.timing_at(start_us + time_us).beat_us


STARTS = st.lists(st.tuples(st.integers(0, 6_000_000), st.integers(0, 3)), max_size=40)
ASKED = st.builds(
    lambda at_us, nonce: riff_notes(NonceEvent(at_us, 0, nonce), 4),
    st.integers(0, 4_000_000),
    st.binary(min_size=32, max_size=32),
)


@given(STARTS, st.lists(ASKED, max_size=3))
def test_what_riffs_clear_is_what_lies_within_half_a_second_of_one_of_their_notes(
    starts: list[tuple[int, int]], riffs: list[tuple[Note, ...]]
) -> None:
    notes = [Note(*start) for start in sorted(starts)]
    asked_us = [note.start_us for riff in riffs for note in riff]
    assert without_cleared(notes, riffs) == tuple(
        note for note in notes if all(abs(note.start_us - at) >= 500_000 for at in asked_us)
    )


@given(STARTS, ASKED)
def test_each_note_of_a_riff_takes_the_first_free_press_near_it(
    presses: list[tuple[int, int]], riff: tuple[Note, ...]
) -> None:
    events = [KeyEvent(at, lane, True) for at, lane in sorted(presses)]
    free, hits = list(events), []
    for note in riff:
        near = [
            e for e in free if e.lane == note.lane and abs(e.time_us - note.start_us) <= 127_000
        ]
        hits += near[:1]
        for event in near[:1]:
            free.remove(event)
    assert answering_hits(riff, events) == tuple(hits)
