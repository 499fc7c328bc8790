"""Touch follows errors and holds in size, and nothing else."""

import numpy as np
import pytest

from consensus.anomaly.copies.touch import SEGMENT, laid_out_touch
from tests.consensus.anomaly.company.crowd import MOMENTS, errors_of, holds_of, play_with

STRETCHES = MOMENTS // SEGMENT
HOLDS_MS = np.maximum(holds_of(1), 20.0)


def touch(errors_ms, holds_ms=HOLDS_MS, part=slice(0, MOMENTS)):
    return laid_out_touch(play_with(errors_ms, holds_ms, part=part).touch, 0, STRETCHES)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.5])
def test_what_is_larger_by_a_factor_is_more_by_its_logarithm(factor: float):
    whole = touch(errors_of(1), HOLDS_MS)
    scaled = touch(factor * errors_of(1), factor * HOLDS_MS)
    assert scaled == pytest.approx(whole + np.log(factor), abs=2e-3)


def test_a_delay_changes_nothing():
    assert touch(errors_of(1) + 40) == pytest.approx(touch(errors_of(1)), abs=1e-5)


def test_a_wild_press_hardly_makes_a_play_wide():
    wild = errors_of(1)
    wild[10] = 5_000.0
    assert touch(wild)[0] == pytest.approx(touch(errors_of(1))[0], abs=0.1)


def test_whole_stretches_of_a_window_are_the_same_as_in_the_whole():
    part = slice(2 * SEGMENT - 20, 5 * SEGMENT)
    inside = slice(2, 5)
    cut, whole = touch(errors_of(1), part=part), touch(errors_of(1))
    assert cut[:, inside] == pytest.approx(whole[:, inside])
    # Of the stretch before, 20 moments are there: enough to have a hold, and no spread.
    assert np.isfinite(cut[0]).nonzero()[0].tolist() == [2, 3, 4]
    assert np.isfinite(cut[1]).nonzero()[0].tolist() == [1, 2, 3, 4]


def test_too_little_has_no_touch():
    assert play_with(errors_of(1), HOLDS_MS, part=slice(0, 10)).touch is None
    assert np.isnan(laid_out_touch(None, 0, 3)).all()
