"""A stream of sounds fits the presses that made it, whatever the device, and no others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.anomaly.alignment import (
    FEWEST_PRESSES,
    FOREIGN,
    LOOSE,
    SILENT,
    Alignment,
    align,
    misalignment,
)
from consensus.anomaly.findings import Finding
from consensus.anomaly.traces import Floats

DEVICES = [
    (delay_us, drift_ppm) for delay_us in (-290_000, 0, 45_000, 300_000) for drift_ppm in (-100, 60)
]


def said_of(presses_us, onsets_us) -> Finding | None:
    return misalignment(align(presses_us, onsets_us))


def rhythm(seed: int, count: int, step_us: int = 125_000) -> Floats:
    """A person on a grid: steps are skipped, strokes are 12 ms off."""
    chance = np.random.default_rng(seed)
    places = np.cumsum(chance.choice([1, 1, 2, 2, 3, 4], count))
    times: Floats = 2_000_000 + places * step_us + chance.normal(0, 12_000, count)
    return times


def heard(
    times_us: Floats,
    seed: int,
    delay_us: float = 0,
    drift_ppm: float = 0,
    jitter_us: float = 5_000,
    lost: float = 0.1,
) -> list[int]:
    chance = np.random.default_rng(seed)
    kept = times_us[chance.random(len(times_us)) >= lost]
    kept = kept + chance.normal(0, jitter_us, len(kept))
    wrong = chance.uniform(times_us.min(), times_us.max(), round(lost * len(times_us)))
    middle = (times_us.min() + times_us.max()) / 2
    both = np.concatenate((kept, wrong))
    return whole(middle + (both - middle) * (1 + drift_ppm / 1e6) + delay_us)


def whole(times_us: Floats) -> list[int]:
    return [round(time) for time in times_us]


@pytest.mark.parametrize(("delay_us", "drift_ppm"), DEVICES)
@pytest.mark.parametrize("count", [60, 400])
def test_the_delay_and_drift_of_a_device_are_found(count: int, delay_us: int, drift_ppm: int):
    presses = rhythm(count, count)
    found = align(whole(presses), heard(presses, 1, delay_us, drift_ppm))
    assert found.delay_us == pytest.approx(delay_us, abs=3_000)
    ends_ms = (presses[-1] - presses[0]) / 2_000
    assert abs(found.drift_ppm - drift_ppm) * ends_ms / 1e6 < 4
    assert found.jitter_ms == pytest.approx(5, abs=1.5)
    assert found.belonging > 0.45
    assert found.significance > 5


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("count", [FEWEST_PRESSES, 60, 250])
def test_a_stream_that_belongs_is_not_held_against_anybody(count: int, seed: int):
    presses = rhythm(seed, count)
    assert said_of(whole(presses), heard(presses, seed, 100_000, 50, 8_000)) is None


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("count", [60, 250])
def test_a_stranger_does_not_fit(count: int, seed: int):
    presses = rhythm(seed, count)
    strangers = {
        "another": rhythm(seed + 100, count, 130_000),
        "tempo": presses[0] + (presses - presses[0]) * 1.03,
        "noise": np.random.default_rng(seed).uniform(presses[0], presses[-1], count),
    }
    for name, times in strangers.items():
        found = said_of(whole(presses), heard(times, seed))
        assert found is not None, name
        assert found.anomaly_ppm == FOREIGN
        assert "are not those of these presses" in found.reason


def test_a_stream_that_comes_seconds_late_does_not_fit():
    presses = rhythm(1, 250)
    assert said_of(whole(presses), heard(presses, 1, delay_us=3_456_000)) is not None


def test_a_sensor_that_misses_half_and_invents_as_much_is_believed():
    presses = rhythm(2, 250)
    assert said_of(whole(presses), heard(presses, 2, 10_000, lost=0.5)) is None


def test_somebody_else_who_plays_the_same_song_is_too_loose():
    presses = rhythm(3, 250)
    found = said_of(whole(presses), heard(presses, 3, jitter_us=14_000, lost=0.05))
    assert found is not None
    assert found.anomaly_ppm == LOOSE
    assert "somebody else" in found.reason


@pytest.mark.parametrize("onsets", [[], [5_000_000]])
def test_silence_is_told(onsets: list[int]):
    found = said_of(whole(rhythm(1, 100)), onsets)
    assert found is not None
    assert found.anomaly_ppm == SILENT
    assert f"holds {len(onsets)} of them for 100 presses" in found.reason


@pytest.mark.parametrize("offset_us", [0, 250_000])
def test_a_metronome_is_weak_evidence_for_and_against(offset_us: int):
    beats = np.arange(200) * 500_000.0
    found = align(whole(beats), heard(beats, 1, offset_us))
    assert found.matched_share > 0.6
    assert found.chance_share > 0.6
    assert said_of(whole(beats), heard(beats, 1, offset_us)) is None


def test_a_stream_without_a_pause_proves_nothing():
    presses = rhythm(1, 200)
    dense = list(range(round(presses[0]), round(presses[-1]), 1_000))
    found = align(whole(presses), dense)
    assert found.belonging < 0.3
    assert found.onsets < 34 * (presses[-1] - presses[0]) / 1e6


def test_a_few_presses_say_nothing():
    presses = rhythm(1, FEWEST_PRESSES - 1)
    assert said_of(whole(presses), []) is None
    assert align([], [1, 2, 3]) == Alignment(0, 0, 0, 0.0, 0.0, 1.0, 0.0, 0.0)
    assert align([7], [7]).chance_share == 1


def test_chords_are_one_moment():
    presses = whole(rhythm(1, 100))
    chords = [time + finger for time in presses for finger in (0, 4_000, 9_000)]
    assert align(chords, presses).presses == align(presses, presses).presses


def test_order_does_not_matter():
    presses = rhythm(4, 80)
    onsets = heard(presses, 4)
    assert align(whole(presses), onsets) == align(whole(presses)[::-1], sorted(onsets))


times = st.integers(-(2**53), 2**53) | st.integers(0, 20_000_000)


@settings(max_examples=80)
@given(st.lists(times, max_size=80), st.lists(times, max_size=80))
def test_no_stream_raises(presses: list[int], onsets: list[int]):
    found = align(presses, onsets)
    assert 0 <= found.matched_share <= 1
    assert 0 <= found.chance_share <= 1
    assert abs(found.delay_us) <= 325_000
    assert found.jitter_ms >= 0
    said_of(presses, onsets)


def test_the_longest_play_and_stream_are_bounded():
    presses = list(range(0, 7_200_000_000, 200_000))
    found = align(presses, list(range(0, 7_200_000_000, 70_000)))
    assert found.presses <= 2_000
    assert said_of(presses, presses) is None
