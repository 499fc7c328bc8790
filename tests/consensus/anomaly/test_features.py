"""The features measure spread, memory and drift, and nothing of the device."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.anomaly.features import TimingFeatures, lag_1, low_frequency_share, timing_features
from consensus.chart import Note
from consensus.judgement import Grade, JudgedNote


def hits_with(errors_us: list[int]) -> list[JudgedNote]:
    notes = [Note(i * 100_000, i % 4) for i in range(len(errors_us))]
    return [
        JudgedNote(note, Grade.GREAT, note.start_us + error_us, None)
        for note, error_us in zip(notes, errors_us, strict=True)
    ]


def test_nothing_has_features_of_0():
    assert timing_features([]) == TimingFeatures(0, 0, 0.0, 0.0, 0, 0.0, 0.0)


def test_a_constant_delay_is_no_error():
    features = timing_features(hits_with([30_000] * 50))
    assert features == TimingFeatures(50, 50, 0.0, 0.0, 1, 0.0, 0.0)


def test_a_chord_is_one_moment():
    hits = [JudgedNote(Note(0, lane), Grade.PERFECT, lane * 1_000, None) for lane in range(4)]
    features = timing_features(hits)
    assert (features.hits, features.moments) == (4, 1)


def test_what_alternates_has_negative_memory_and_no_drift():
    features = timing_features(hits_with([5_000, -5_000] * 50))
    assert features.lag_1 == pytest.approx(-0.99)
    assert features.low_frequency_share == 0


def test_what_drifts_has_memory_and_low_frequencies():
    errors = [round(20_000 * np.sin(i / 16)) for i in range(400)]
    features = timing_features(hits_with(errors))
    assert features.lag_1 > 0.99
    assert features.low_frequency_share > 0.98


def test_dice_have_neither():
    errors = np.random.default_rng(1).normal(0, 10, 4_000)
    assert abs(lag_1(errors)) < 0.05
    assert low_frequency_share(errors) == pytest.approx(0.1, abs=0.02)


def test_a_few_wild_presses_do_not_hide_the_median_deviation():
    features = timing_features(hits_with([0] * 95 + [100_000] * 4))
    assert features.error_sd_ms > 15
    assert features.median_deviation_ms == 0


@given(st.lists(st.integers(-127_000, 127_000), max_size=60), st.integers(-50_000, 50_000))
def test_no_feature_depends_on_a_constant_offset(errors_us: list[int], offset_us: int):
    here = timing_features(hits_with(errors_us))
    there = timing_features(hits_with([error + offset_us for error in errors_us]))
    assert there.error_sd_ms == pytest.approx(here.error_sd_ms, abs=1e-5)
    assert there.lag_1 == pytest.approx(here.lag_1, abs=1e-3)
    assert there.low_frequency_share == pytest.approx(here.low_frequency_share, abs=1e-3)
