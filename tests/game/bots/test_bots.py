"""Bots play what one keyboard could, the same from the same chance."""

from random import Random
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import Evidence, KeyEvent, NonceEvent, check_evidence
from consensus.identifiers import EntryId
from consensus.judgement import judge
from game.bots.exact import Exact
from game.bots.gaussian import Gaussian
from game.bots.human_like import HumanLike
from game.bots.responder import LABEL, Responder
from game.bots.strokes import Player, Stroke, events_of, strokes_of

WINDOW_US = 60_000_000
CHART = Chart(
    "",
    "",
    4,
    (TimingPoint(0, 500_000),),
    tuple(Note(i * 125_000, i * i % 7 % 4, i % 11 // 10 * 90_000) for i in range(8, 470)),
)
PLAYERS = [Exact(), Gaussian(), HumanLike()]


def evidence_of(events, nonces=()) -> Evidence:
    return Evidence(EntryId(bytes(32)), 0, WINDOW_US, tuple(events), tuple(nonces))


def errors_us(events) -> list[int]:
    return [hit.press_us - hit.note.start_us for hit in judge(CHART, evidence_of(events)).hits]


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: type(player).__name__)
def test_every_bot_plays_possible_evidence_well(player: Player):
    evidence = evidence_of(player.play(CHART, WINDOW_US, Random(1)))
    check_evidence(evidence)
    assert judge(CHART, evidence).accuracy_ppm > 850_000


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: type(player).__name__)
def test_the_same_chance_gives_the_same_play(player: Player):
    first, second = (player.play(CHART, WINDOW_US, Random(7)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: type(player).__name__)
def test_a_chart_without_notes_is_played_in_silence(player: Player):
    assert player.play(Chart("", "", 4, CHART.timing, ()), WINDOW_US, Random(1)) == ()


def test_exact_play_has_no_error():
    assert set(errors_us(Exact().play(CHART, WINDOW_US, Random(1)))) == {0}


def test_gaussian_errors_have_the_spread_asked_for():
    errors = errors_us(Gaussian(sd_us=10_000).play(CHART, WINDOW_US, Random(1)))
    assert 9_000 < stdev(errors) < 11_000


@pytest.mark.parametrize("seed", range(8))
def test_a_human_like_play_errs_by_12_to_20_ms_and_misses_little(seed: int):
    events = HumanLike().play(CHART, WINDOW_US, Random(seed))
    errors = errors_us(events)
    assert 10_000 < stdev(errors) < 24_000
    assert len(errors) > 0.95 * len(CHART.notes)
    taps = [stroke.release_us - stroke.press_us for stroke in strokes_of(events, WINDOW_US)]
    assert 50_000 < sorted(taps)[len(taps) // 2] < 115_000


def test_the_responder_is_labelled():
    assert Responder().label == LABEL == "automated"


@given(st.binary(min_size=16, max_size=16), st.integers(0, 2**32))
def test_nearly_every_riff_is_answered_and_none_before_it_is_known(nonce: bytes, seed: int):
    event = NonceEvent(5_000_000, 0, nonce)
    strokes = Responder(miss_ppm=0).answer(event, 4, Random(seed))
    assert len(strokes) == 4
    assert min(stroke.press_us for stroke in strokes) > event.time_us


def test_a_recorded_play_with_answers_passes_as_live_evidence():
    nonces = [
        NonceEvent(5_000_000 + slot * 10_000_000, slot, bytes([slot] * 16)) for slot in (0, 4)
    ]
    play = HumanLike().play(CHART, WINDOW_US, Random(3))
    joined = evidence_of(Responder().join(play, nonces, 4, WINDOW_US, Random(4)), nonces)
    check_evidence(joined)
    judged = judge(CHART, joined)
    assert judged.riffs == (True, True)
    assert judged.accuracy_ppm > 850_000


strokes = st.builds(Stroke, st.integers(-20, 500), st.integers(0, 3), st.integers(-20, 700)).map(
    lambda stroke: Stroke(stroke[0] * 1_000, stroke[1], stroke[2] * 1_000)
)


@given(st.lists(strokes, max_size=60))
def test_keys_come_up_before_they_go_down_again(played: list[Stroke]):
    events = events_of(played, 400_000)
    check_evidence(Evidence(EntryId(bytes(32)), 0, 400_000, events, ()))
    down: set[int] = set()
    for event in events:
        assert event.is_press == (event.lane not in down)
        down ^= {event.lane}


@given(st.lists(strokes, max_size=60))
def test_strokes_and_events_tell_the_same(played: list[Stroke]):
    events = events_of(played, 400_000)
    assert events_of(strokes_of(events, 400_000), 400_000) == events
    assert strokes_of((), 1) == ()
    assert strokes_of((KeyEvent(3, 1, True),), 9) == (Stroke(3, 1, 9),)
