"""Scripts from nothing err as their docstrings say, and as their parameters ask."""

from random import Random

import numpy as np
import pytest

from consensus.chart import Chart, Note, TimingPoint
from game.bots.ar1 import Ar1
from game.bots.ar1_one_over_f import Ar1OneOverF
from game.bots.hands import Hands
from game.bots.one_over_f import OneOverF
from game.bots.recording import Recording
from game.bots.residuals import residuals_of
from game.bots.strokes import Player
from game.bots.uniform import Uniform
from tests.game.bots.measures import lag_1, low_frequency_share

WINDOW_US = 800_000_000
LONG = Chart(
    "",
    "",
    4,
    (TimingPoint(0, 500_000),),
    tuple(Note(1_000_000 + i * 190_000, i * i % 7 % 4) for i in range(4_000)),
)
STEADY = Hands(finger_sd_us=0, chord_sd_us=0, miss_ppm=0, stray_ppm=0)


def errors_ms(player: Player, seed: int = 1):
    events = player.play(LONG, WINDOW_US, Random(seed))
    return residuals_of(Recording(LONG, events)).errors_us / 1_000


@pytest.mark.parametrize("phi", [0.1, 0.5, 0.9])
def test_ar1_errors_remember_as_much_as_asked(phi: float):
    errors = errors_ms(Ar1(phi, 10_000, STEADY))
    assert lag_1(errors) == pytest.approx(phi, abs=0.05)
    assert errors.std() == pytest.approx(10, abs=1.5)


def test_steeper_drift_puts_more_of_the_power_low():
    shares = [
        low_frequency_share(errors_ms(OneOverF(exponent, 10_000, STEADY)))
        for exponent in (0.5, 1.0, 1.5)
    ]
    assert 0.2 < shares[0] < shares[1] < shares[2]


def test_a_drift_adds_low_power_that_memory_alone_does_not_have():
    both = errors_ms(Ar1OneOverF(0.2, 1.0, 0.4, 10_000, STEADY))
    assert (
        low_frequency_share(both) > low_frequency_share(errors_ms(Ar1(0.2, 10_000, STEADY))) + 0.1
    )
    assert 0.2 < lag_1(both) < 0.6


@pytest.mark.parametrize(
    ("shape", "kurtosis"), [("uniform", 1.8), ("triangular", 2.4), ("laplace", 6)]
)
def test_independent_errors_have_the_shape_asked_for_and_no_memory(shape, kurtosis: float):
    errors = errors_ms(Uniform(shape, 10_000, STEADY))
    assert errors.std() == pytest.approx(10, abs=0.5)
    assert np.mean(errors**4) / np.mean(errors**2) ** 2 == pytest.approx(kurtosis, rel=0.2)
    assert lag_1(errors) == pytest.approx(0, abs=0.05)


def test_hands_miss_and_stray_as_often_as_asked():
    clumsy = Hands(miss_ppm=100_000, stray_ppm=50_000)
    events = Ar1(hands=clumsy).play(LONG, WINDOW_US, Random(1))
    residuals = residuals_of(Recording(LONG, events))
    assert np.isnan(residuals.errors_us).mean() == pytest.approx(0.1, abs=0.03)
    assert len(residuals.strays) > 60


def test_hands_hold_taps_as_long_as_asked():
    events = Ar1(hands=Hands(tap_us=60_000, tap_spread=0.2)).play(LONG, WINDOW_US, Random(1))
    tails_us = residuals_of(Recording(LONG, events)).tails_us
    assert np.nanmedian(tails_us) == pytest.approx(60_000, rel=0.15)
    assert np.nanstd(np.log(tails_us)) == pytest.approx(0.22, abs=0.06)
