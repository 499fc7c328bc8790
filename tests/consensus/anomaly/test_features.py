"""Features measure how somebody plays, and nothing of the device or of the piece's difficulty."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.anomaly.features import distribution, memory
from consensus.anomaly.features.book import NAMES, features_of
from consensus.anomaly.traces import NEVER, Traces, traces_of
from consensus.chart import Note
from consensus.evidence import KeyEvent
from consensus.judgement import judge_notes
from tests.consensus.anomaly.plays import bell, chords, named, play, remembered

SEEDS = range(6)
IN_MS = {"capture", "chord_close", "release_spread", "release_together"}
"""What is told in milliseconds, or in units of the errors."""


def random_play(seed: int, keys: int = 4, biggest: int = 3) -> Traces:
    """Notes and chords with errors, misses and long notes."""
    rng, chance = Random(seed), np.random.default_rng(seed)
    placed = [
        (moment * 130_000 + rng.randrange(9_000), lane)
        for moment in range(150)
        for lane in rng.sample(range(keys), rng.randint(1, biggest))
    ]
    starts = np.array([start - start % 130_000 for start, _ in placed])
    lanes = np.array([lane for _, lane in placed])
    order = np.lexsort((lanes, starts))
    count = len(placed)
    errors_us = chance.normal(0, 11_000, count).astype(int)
    traces = play(
        errors_us / 1_000, chance.normal(80, 15, count), lanes[order], starts[order], keys=keys
    )
    is_long, is_missed = chance.random(count) < 0.2, chance.random(count) < 0.05
    ends = np.where(is_long, traces.starts_us + 150_000, traces.releases_us)
    return replace(
        traces,
        durations_us=np.where(is_long, 130_000, 0),
        presses_us=np.where(is_missed, NEVER, traces.presses_us),
        releases_us=np.where(is_missed, NEVER, ends + chance.integers(-9_000, 9_000, count)),
    )


def moved(traces: Traces, by_us: int) -> Traces:
    is_hit = traces.presses_us != NEVER
    return replace(
        traces,
        presses_us=np.where(is_hit, traces.presses_us + by_us, NEVER),
        releases_us=np.where(is_hit, traces.releases_us + by_us, NEVER),
    )


def mirrored(traces: Traces) -> Traces:
    lanes = traces.keys - 1 - traces.lanes
    order = np.lexsort((lanes, traces.starts_us))
    return Traces(
        traces.keys,
        traces.starts_us[order],
        lanes[order],
        traces.durations_us[order],
        traces.presses_us[order],
        traces.releases_us[order],
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("by_us", [-48_111, 7, 30_000])
def test_no_feature_depends_on_a_constant_delay(seed: int, by_us: int):
    traces = random_play(seed)
    assert named(moved(traces, by_us)) == pytest.approx(named(traces), abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_errors_twice_as_large_have_the_same_shape_and_memory(seed: int):
    errors = np.round(remembered(seed, 400, 0.4), 3)
    lanes = np.random.default_rng(seed).integers(0, 4, 400)
    once, twice = (named(play(errors * scale, bell(7, 400) + 180, lanes)) for scale in (1, 2))
    assert twice["capture"] != once["capture"]
    for name in set(NAMES) - IN_MS:
        assert twice[name] == pytest.approx(once[name], abs=1e-9), name


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mirrored_play_without_chords_has_the_same_features(seed: int):
    traces = random_play(seed, biggest=1)
    assert named(mirrored(traces)) == pytest.approx(named(traces), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_told_of_moments_and_lanes_is_the_same_of_a_mirrored_play(seed: int):
    of_notes = {"chord_spread", "chord_close", "chord_volatility", "chord_roll"}
    in_turn = {"hand_same", "hand_other", "hold_lag", "hold_volatility", "hold_chord"}
    in_turn |= {"release_memory"}
    traces = random_play(seed, keys=7)
    here, there = named(traces), named(mirrored(traces))
    for name in set(NAMES) - of_notes - in_turn:
        assert there[name] == pytest.approx(here[name], abs=1e-9), name


@pytest.mark.parametrize("seed", SEEDS)
def test_chords_of_two_are_the_same_when_mirrored(seed: int):
    traces = random_play(seed, biggest=2)
    here, there = named(traces), named(mirrored(traces))
    for name in ("chord_spread", "chord_close", "chord_volatility", "chord_roll", "hold_chord"):
        assert there[name] == pytest.approx(here[name], abs=1e-9), name


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6, 0.9])
def test_lag_1_is_the_memory_of_an_autoregression_and_lag_2_its_square(phi: float):
    found = named(play(remembered(1, 6_000, phi)))
    assert found["lag_1"] == pytest.approx(phi, abs=0.04)
    assert found["lag_2"] == pytest.approx(phi**2, abs=0.06)
    usual = np.mean([phi**lag for lag in range(3, 13)])
    assert found["lag_3_12"] == pytest.approx(usual, abs=0.06)


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0, 1.5])
def test_the_slope_is_minus_the_exponent_of_coloured_noise(exponent: float):
    count, slopes = 2_048, []
    for seed in range(8):
        waves = np.fft.rfft(bell(seed, count))
        waves[1:] /= np.arange(1, len(waves)) ** (exponent / 2)
        noise = np.fft.irfft(waves, count)
        slopes.append(named(play(noise / noise.std() * 10))["slope"])
    assert np.mean(slopes) == pytest.approx(-exponent, abs=0.2)


def test_dice_have_no_memory_and_no_drift():
    found = named(play(bell(1, 6_000)))
    for name in memory.NAMES:
        expected = {"sign_changes": 0.5, "after_slip": 0.0}.get(name, 0.0)
        assert found[name] == pytest.approx(expected, abs=0.1), name
    assert [found[name] for name in distribution.NAMES] == pytest.approx(
        distribution.NORMAL, abs=0.03
    )


def test_what_alternates_changes_sides_at_every_moment():
    found = named(play([5.0, -5.0] * 100))
    assert found["sign_changes"] == 1
    assert found["lag_1"] == pytest.approx(-0.995)
    assert found["high_share"] > 0.7


def test_restless_stretches_are_volatility_and_no_memory():
    loudness = np.repeat(np.random.default_rng(2).choice([0.4, 1.6], 200), 20)
    found = named(play(bell(1, 4_000) * loudness))
    assert found["volatility_1"] > 0.25
    assert found["volatility_2_12"] > 0.15
    assert found["after_slip"] > 0.2
    assert abs(found["lag_1"]) < 0.05


def test_who_grows_restless_has_fatigue_and_who_gets_ahead_a_trend():
    growing = np.linspace(0.3, 1.7, 2_000)
    tired, ahead = play(bell(1, 2_000) * growing), play(bell(1, 2_000) - growing * 30)
    assert named(tired)["fatigue"] > 0.3
    assert named(tired)["trend"] < 0.1
    assert named(ahead)["trend"] > 0.6


def test_a_few_wild_presses_weigh_in_the_tail_and_nowhere_else():
    errors = bell(1, 1_000)
    wild = errors.copy()
    wild[::40] += 90
    once, twice = named(play(errors)), named(play(wild))
    assert twice["tail_weight"] > once["tail_weight"] + 0.4
    assert twice["lag_1"] == pytest.approx(once["lag_1"], abs=0.1)


def test_a_long_tail_to_the_late_side_is_skewness():
    late = np.random.default_rng(1).exponential(10, 3_000)
    assert named(play(late))["l_skewness"] == pytest.approx(1 / 3, abs=0.03)
    assert named(play(late))["l_kurtosis"] == pytest.approx(1 / 6, abs=0.03)
    assert named(play(-late))["l_skewness"] == pytest.approx(-1 / 3, abs=0.03)


def test_fingers_with_a_lateness_of_their_own_have_lane_bias():
    number = np.arange(4_000)
    found = named(play(bell(1, 4_000) + (number % 4 - 1.5) * 10))
    assert found["lane_bias"] == pytest.approx(125 / 225, abs=0.04)
    assert found["lane_memory"] == pytest.approx(0, abs=0.05)
    steady = named(play(bell(1, 4_000) * (1 + number % 4)))
    assert steady["lane_spreads"] > 0.8


def test_a_finger_that_repeats_its_errors_has_lane_memory():
    lanes = [remembered(seed, 1_000, 0.7) for seed in range(4)]
    found = named(play(np.column_stack(lanes).ravel()))
    assert found["lane_memory"] == pytest.approx(0.7, abs=0.05)
    assert found["lag_1"] == pytest.approx(0, abs=0.05)


def test_the_hands_know_of_each_other_as_far_as_their_errors_do():
    hand = np.repeat([0, 1], 5)
    lanes = np.tile(hand * 2, 400)
    left, right = remembered(1, 4_000, 0.8), bell(2, 4_000)
    found = named(play(np.where(lanes == 0, left, right), lanes=lanes))
    assert found["hand_same"] > 0.25
    assert found["hand_other"] == pytest.approx(0, abs=0.08)


@pytest.mark.parametrize("finger_ms", [2.0, 5.0, 12.0])
def test_chord_spread_is_the_fingers_share_of_the_whole_spread(finger_ms: float):
    lanes, starts = chords(3_000)
    errors = np.repeat(bell(1, 3_000), 2) + bell(2, 6_000, finger_ms)
    found = named(play(errors, lanes=lanes, starts_us=starts))
    whole = (100 + finger_ms**2) ** 0.5
    assert found["chord_spread"] == pytest.approx(np.log(finger_ms / whole), abs=0.1)
    assert found["chord_close"] == pytest.approx(0, abs=0.05 if finger_ms > 2 else 0.2)


def test_fingers_that_mostly_land_at_once_and_sometimes_far_apart_are_close():
    lanes, starts = chords(1_000)
    apart = np.random.default_rng(1).choice([-30.0, -0.5, 0.5, 0.5, -0.5, 30.0], 1_000)
    errors = np.repeat(bell(1, 1_000), 2) + np.column_stack((-apart, apart)).ravel() / 2
    assert named(play(errors, lanes=lanes, starts_us=starts))["chord_close"] > 0.3


def test_chords_that_roll_to_and_fro_in_turns_are_told_from_those_that_roll_by_chance():
    lanes, starts = chords(600)
    for sides, expected in (
        (np.tile([1, -1], 300), -1.0),
        (np.random.default_rng(1).choice([1, -1], 600), 0.0),
        (np.repeat([1, -1], 300), 1.0),
    ):
        errors = np.column_stack((-sides, sides)).ravel() * 5 + np.repeat(bell(1, 600), 2)
        found = named(play(errors, lanes=lanes, starts_us=starts))
        assert found["chord_roll"] == pytest.approx(expected, abs=0.1)


def test_slips_that_fingers_of_a_chord_share_are_chord_volatility():
    lanes, starts = chords(1_000)
    loudness = np.repeat(np.random.default_rng(2).choice([0.3, 2], 1_000), 2)
    shared = named(play(bell(1, 2_000) * loudness, lanes=lanes, starts_us=starts))
    alone = named(play(bell(1, 2_000), lanes=lanes, starts_us=starts))
    assert shared["chord_volatility"] > 0.3 > 0.1 > alone["chord_volatility"]


def held(holds_ms, errors_ms=None, **given) -> dict[str, float]:
    errors = bell(99, len(holds_ms)) if errors_ms is None else errors_ms
    return named(play(errors, holds_ms, **given))


def test_the_range_of_holds_is_that_between_quartiles_over_the_median():
    found = held(80 + bell(1, 5_000))
    assert found["hold_range"] == pytest.approx(np.log(13.49 / 80), abs=0.05)
    assert found["hold_skew"] == pytest.approx(0, abs=0.05)
    for name in ("hold_lag", "hold_memory", "hold_lanes", "hold_error", "hold_after_error"):
        assert found[name] == pytest.approx(0, abs=0.05), name
    assert held(80 + np.random.default_rng(1).exponential(20, 4_000))["hold_skew"] > 0.2


def test_a_finger_that_keeps_its_holds_is_told_from_a_hand_that_does():
    lanes = [remembered(seed, 1_000, 0.7) for seed in range(4)]
    by_finger = held(100 + np.column_stack(lanes).ravel())
    assert by_finger["hold_memory"] == pytest.approx(0.7, abs=0.06)
    assert by_finger["hold_lag"] == pytest.approx(0, abs=0.06)
    assert held(100 + remembered(1, 4_000, 0.7))["hold_lag"] == pytest.approx(0.7, abs=0.06)


def test_holds_that_only_the_finger_decides_are_all_between_lanes():
    assert held(80 + np.arange(1_000) % 4 * 10.0)["hold_lanes"] == pytest.approx(1, abs=0.01)


def test_holds_follow_the_gap_the_error_and_the_press_before_where_they_do():
    chance = np.random.default_rng(1)
    starts = np.cumsum(chance.choice([120_000, 240_000, 480_000], 1_000))
    gaps = np.append(np.diff(starts), 240_000) / 1_000
    errors = bell(1, 1_000)
    lanes = np.zeros(1_000, int)
    assert held(gaps / 4, lanes=lanes, starts_us=starts)["hold_gap"] > 0.95
    assert held(90 - errors, errors)["hold_error"] < -0.95
    after = held(90 + np.roll(errors, 1), errors, lanes=lanes)
    assert after["hold_after_error"] > 0.95
    before = held(90 + np.roll(errors, -1), errors, lanes=lanes)
    assert before["error_after_hold"] > 0.95
    slips = held(np.exp(4.5 + np.abs(errors) / 50 * chance.choice([-1, 1], 1_000)), errors)
    assert slips["hold_slip"] > 0.9


def test_odd_holds_that_come_in_rows_are_hold_volatility():
    loudness = np.repeat(np.random.default_rng(2).choice([0.2, 2], 100), 20)
    assert held(100 + bell(1, 2_000) * loudness)["hold_volatility"] > 0.2


def test_fingers_of_a_chord_that_let_go_together_are_told():
    lanes, starts = chords(1_000)
    errors, holds = np.zeros(2_000), np.repeat(bell(1, 1_000), 2) + 80
    one = held(holds + bell(2, 2_000, 1.0), errors, lanes=lanes, starts_us=starts)
    any_two = held(bell(1, 2_000) + 80, errors, lanes=lanes, starts_us=starts)
    assert one["hold_chord"] == pytest.approx(np.log(1 / 101**0.5), abs=0.1)
    assert any_two["hold_chord"] == pytest.approx(0, abs=0.1)
    assert one["release_together"] > any_two["release_together"] + 0.2


def test_ends_of_long_notes_have_a_spread_and_a_memory_of_their_own():
    errors, ends = bell(1, 2_000), remembered(2, 2_000, 0.6, 20 * 0.8)
    found = held(180 + ends - errors, errors, durations_us=180_000)
    assert found["release_spread"] == pytest.approx(np.log(2), abs=0.1)
    assert found["release_memory"] == pytest.approx(0.6, abs=0.06)
    assert found["release_error"] == pytest.approx(0, abs=0.06)
    assert held(180 + 0 * errors, errors, durations_us=180_000)["release_error"] > 0.99


def test_who_is_late_after_rests_or_early_before_them_is_told():
    starts = np.cumsum(np.random.default_rng(1).choice([150_000, 300_000, 600_000], 1_000))
    before = np.log(np.diff(starts, prepend=starts[0] - 300_000))
    after = np.log(np.diff(starts, append=starts[-1] + 300_000))
    lanes = np.zeros(1_000, int)
    late = named(play(before * 20, lanes=lanes, starts_us=starts))
    assert late["gap_before"] > 0.95
    assert late["lane_gap_before"] > 0.95
    early = named(play(-after * 20, lanes=lanes, starts_us=starts))
    assert early["gap_after"] < -0.95
    assert early["lane_gap_after"] < -0.95
    exact = named(play(bell(1, 1_000) * (before - 11), lanes=lanes, starts_us=starts))
    assert exact["volatility_gap_before"] > 0.2
    restless = named(play(bell(1, 1_000) * (after - 11), lanes=lanes, starts_us=starts))
    assert restless["volatility_gap_after"] > 0.2


def test_who_is_late_and_restless_in_chords_is_told():
    sizes = np.random.default_rng(1).integers(1, 5, 400)
    starts = np.repeat(np.arange(400), sizes) * 180_000
    lanes = np.concatenate([np.arange(size) for size in sizes])
    size = np.repeat(sizes, sizes)
    noise = bell(1, len(size), 1.0)
    assert named(play(size * 10 + noise, lanes=lanes, starts_us=starts))["chord_size"] > 0.9
    shared = np.repeat(bell(2, 400), sizes)
    restless = named(play(shared * size**2, lanes=lanes, starts_us=starts))
    assert restless["volatility_chord_size"] > 0.4


@pytest.mark.parametrize("count", [0, 1, 3, 7])
def test_a_few_notes_have_the_features_of_none(count: int):
    nothing = features_of(play([]))
    few = features_of(play(bell(1, count)))
    assert few[0] == pytest.approx(np.log(max(count, 1)))
    assert few[2:].tolist() == nothing[2:].tolist()


def test_there_are_as_many_names_as_values_and_no_two_alike():
    assert features_of(play(bell(1, 50))).shape == (len(NAMES),)
    assert len(set(NAMES)) == len(NAMES)


places = st.tuples(st.integers(0, 4_000), st.integers(0, 17), st.sampled_from([0, 0, 0, 90]))
strokes = st.tuples(st.integers(0, 4_200_000), st.integers(0, 17), st.booleans())


@settings(max_examples=60)
@given(
    st.lists(places, max_size=120),
    st.lists(strokes, max_size=120),
    st.sampled_from([0, 1, 999, 127_000]),
    st.sampled_from([1, 1_000, 16_667]),
)
def test_every_feature_of_any_judged_play_is_a_number(asked, pressed, late_us, grid_us):
    notes = {(ms, lane): Note(ms * 1_000, lane, long * 1_000) for ms, lane, long in asked}
    followed = [
        KeyEvent((note.start_us + late_us + up * 50_000) // grid_us * grid_us, note.lane, not up)
        for note in notes.values()
        for up in (0, 1)
    ]
    events = sorted([*followed, *(KeyEvent(*stroke) for stroke in pressed)])
    judged = judge_notes(tuple(sorted(notes.values())), events)
    assert np.isfinite(features_of(traces_of(judged, 18))).all()
