"""What is heard of real drummers belongs to their strokes, and to nobody else's."""

from pathlib import Path

import pytest

from consensus.anomaly.alignment import align, misalignment

pytestmark = [pytest.mark.data, pytest.mark.slow]


def test_what_librosa_hears_fits_its_own_performance_and_no_other(data_folder: Path):
    librosa = pytest.importorskip("librosa")
    # Here, because it needs the libraries that hear.
    from benchmarks.drums import SAMPLE_RATE, drum_files, one_shots, performance

    sounds = one_shots(data_folder / "audio" / "cc0_sonicpi")
    presses, heard = [], []
    for path in drum_files(data_folder / "drums_midi", 1):
        played = performance(path, sounds, 30.0)
        if len(played.onsets) < 60:
            continue
        onsets = librosa.onset.onset_detect(
            y=played.samples, sr=SAMPLE_RATE, hop_length=256, units="time"
        )
        presses.append([round(seconds * 1e6) for seconds in played.onsets])
        heard.append([round(seconds * 1e6) for seconds in onsets])
    assert len(presses) >= 3
    for place, strokes in enumerate(presses):
        found = [misalignment(align(strokes, onsets)) is None for onsets in heard]
        assert found == [other == place for other in range(len(heard))]
