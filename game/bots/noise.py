"""Noise that scripts draw their errors from: with a memory, or drifting, spread 1."""

from itertools import accumulate
from math import sqrt
from random import Random
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


def generator(rng: Random) -> np.random.Generator:
    """Numpy's chance, drawn from ours."""
    return np.random.default_rng(rng.getrandbits(64))


def ar1(count: int, phi: float, chance: np.random.Generator) -> Floats:
    """[count] x_i = phi x_{i-1} + e_i, begun in its stationary state, |phi| < 1."""
    shocks = chance.standard_normal(count)
    shocks[1:] *= sqrt(1 - phi * phi)
    return np.array(list(accumulate(shocks.tolist(), lambda before, shock: phi * before + shock)))


def one_over_f(count: int, exponent: float, chance: np.random.Generator) -> Floats:
    """[count] Gaussian noise whose power falls like 1/f^exponent; its own mean 0 and spread 1.

    Source of the method: Timmer and Koenig, Astron. Astrophys. 300, 1995. Twice the length is
    made and half of it kept, or else the end would meet the beginning.
    """
    if count < 2:
        return chance.standard_normal(count)
    frequencies = np.fft.rfftfreq(2 * count)[1:]
    waves = chance.standard_normal((2, len(frequencies))) * frequencies ** (-exponent / 2)
    noise = np.fft.irfft(np.concatenate(([0], waves[0] + 1j * waves[1])), 2 * count)[:count]
    centred = noise - noise.mean()
    scaled: Floats = centred / centred.std()
    return scaled
