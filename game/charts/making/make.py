"""A chart from a recording: the whole way, from samples to notes."""

from typing import Final

import numpy as np

from consensus.chart import MAX_KEYS, MAX_TITLE_BYTES, Chart, TimingPoint, check_chart
from consensus.rejections import RejectionError
from game.charts.making.beat import Beat, beat_of
from game.charts.making.lanes import lengths_of, notes_of
from game.charts.making.levels import LEVELS, chosen_for
from game.charts.making.onsets import onsets_in
from game.charts.making.parts import PARTS, Parts, onsets_of_part
from game.charts.making.recording import (
    MAX_SECONDS,
    SAMPLE_RATE,
    AudioImportError,
    AudioMissingError,
    Progress,
    Samples,
    nothing_to_tell,
)
from game.charts.making.spectrum import band_levels, rises

QUIETEST: Final = 1e-5
"""Below this, of full scale, is silence: 100 dB."""


def make_chart(
    samples: Samples,
    sample_rate: int,
    *,
    keys: int,
    level: int,
    parts: Parts = "both",
    title: str = "",
    artist: str = "",
    progress: Progress = nothing_to_tell,
) -> Chart:
    """A chart of what begins to sound in `samples` (one channel), for `keys` lanes.

    `level` is 1 to 5; at 5 every onset is played. The same samples always give the same chart.
    Raises ValueError for other keys, levels and parts, AudioImportError where nothing can be
    heard or more than a chart can hold, AudioMissingError without the extra `audio`.
    """
    if not 1 <= keys <= MAX_KEYS or level not in LEVELS or parts not in PARTS:
        raise ValueError(f"no chart for {keys} keys at level {level} of {parts}")
    heard = _heard(samples, sample_rate)
    levels = band_levels(heard, progress)
    progress("finding the beat", 0.0)
    risen = rises(levels)
    found = onsets_of_part(onsets_in(risen), levels, parts)
    if not len(found):
        heard_as = "" if parts == "both" else f" {parts}; ask for both parts"
        raise AudioImportError(f"nothing begins to sound{heard_as}")
    beat = beat_of(found)
    progress("placing notes", 0.0)
    chosen = chosen_for(found, beat, LEVELS[level])
    starts_us = np.round(beat.snapped(chosen.seconds) * 1e6).astype(np.int64)
    lengths_us = lengths_of(chosen, levels, risen)
    if parts == "percussive":
        lengths_us[:] = 0
    notes = notes_of(chosen, starts_us, lengths_us, keys, LEVELS[level].has_chords)
    chart = Chart(_cut(title), _cut(artist), keys, (_timing(beat),), notes)
    try:
        check_chart(chart)
    except RejectionError as error:
        raise AudioImportError(f"no chart can hold it ({error}); choose a lower level") from None
    progress("placing notes", 1.0)
    return chart


def _heard(samples: Samples, sample_rate: int) -> Samples:
    if len(samples) > MAX_SECONDS * sample_rate:
        raise AudioImportError(f"longer than {MAX_SECONDS // 60} minutes; cut it shorter")
    if not len(samples) or float(np.abs(samples).max()) < QUIETEST:
        raise AudioImportError("nothing can be heard: the recording is empty or silent")
    if sample_rate == SAMPLE_RATE:
        return samples
    try:
        import soxr
    except ImportError:
        raise AudioMissingError from None
    resampled: Samples = soxr.resample(samples, sample_rate, SAMPLE_RATE)
    return resampled


def _timing(beat: Beat) -> TimingPoint:
    return TimingPoint(round(beat.first_seconds * 1e6), round(beat.seconds * 1e6))


def _cut(text: str) -> str:
    return text.encode("utf-8", "replace")[:MAX_TITLE_BYTES].decode("utf-8", "ignore")
