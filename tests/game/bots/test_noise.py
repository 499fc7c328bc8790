"""Noise has the memory and the spectrum that it is asked for."""

import numpy as np
import pytest

from game.bots.noise import ar1, one_over_f
from tests.game.bots.measures import lag_1


@pytest.mark.parametrize("phi", [-0.3, 0.0, 0.1, 0.5, 0.9])
def test_ar1_noise_remembers_as_much_as_asked(phi: float):
    noise = ar1(20_000, phi, np.random.default_rng(1))
    assert lag_1(noise) == pytest.approx(phi, abs=0.03)
    assert noise.std() == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.5])
def test_the_power_of_drift_falls_as_steeply_as_asked(exponent: float):
    chance = np.random.default_rng(2)
    power = np.mean(
        [np.abs(np.fft.rfft(one_over_f(4_096, exponent, chance)))[1:] ** 2 for _ in range(60)], 0
    )
    part = slice(9, 600)
    slope, _ = np.polyfit(np.log(np.arange(1, len(power) + 1)[part]), np.log(power[part]), 1)
    assert -slope == pytest.approx(exponent, abs=0.12)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_even_the_shortest_noise_is_finite(count: int):
    chance = np.random.default_rng(3)
    assert len(one_over_f(count, 1.0, chance)) == len(ar1(count, 0.5, chance)) == count
    assert np.isfinite(one_over_f(count, 1.0, chance)).all()
