"""Strokes of real drummers end up in the densest chart, and little else does."""

from pathlib import Path
from statistics import mean

import pytest

pytestmark = [pytest.mark.data, pytest.mark.slow]


def test_charts_of_drummers_agree_with_what_they_struck(data_folder: Path):
    pytest.importorskip("librosa")
    # Here, because they need the libraries that hear.
    from benchmarks.drums import drum_files, one_shots, performance
    from benchmarks.onsets import FEWEST, agreement

    sounds = one_shots(data_folder / "audio" / "cc0_sonicpi")
    paths = drum_files(data_folder / "drums_midi", per_drummer=3)
    played = [performance(path, sounds, 20.0) for path in paths]
    scores = [agreement(one, 4)[0] for one in played if len(one.onsets) >= FEWEST]
    assert len(scores) >= 12
    assert mean(scores) >= 0.95
    assert min(scores) >= 0.80
