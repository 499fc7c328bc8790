"""How loud each band of pitch is at each moment, and how much louder it has just become."""

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from game.charts.making.recording import (
    SAMPLE_RATE,
    AudioMissingError,
    Progress,
    Samples,
    nothing_to_tell,
)

Bands = NDArray[np.float32]
"""A row a band, from low to high, and a column a frame."""
HOP: Final = 220
"""Samples from one frame to the next: 5 ms."""
WINDOW: Final = 1_024
"""Samples of a frame: 23 ms, short enough to keep strokes apart."""
BANDS: Final = 40
LOWEST_HZ: Final = 30.0
HIGHEST_HZ: Final = 17_000.0
BLOCK: Final = 4_096
"""Frames that are transformed at a time."""
COMPRESSION: Final = 10.0
"""Loudness is log10(1 + 10 x magnitude): quiet strokes count, silence doesn't."""
LAG: Final = 2
"""Frames back to which a frame is compared."""
NEIGHBOURS: Final = 3
"""Bands among which the loudest counts as what was there before: vibrato is no onset."""
HARMONIC_FRAMES: Final = 31
"""What lasts longer than half of this is harmonic."""
PERCUSSIVE_BANDS: Final = 9
"""What is wider than half of this is percussive."""


def band_levels(samples: Samples, progress: Progress = nothing_to_tell) -> Bands:
    """The magnitude of BANDS bands, spaced in mel, at every HOP samples; the loudest sample is 1.

    Each row is the mean magnitude of its band, of a frame that is centred on its moment.
    """
    weights = _band_weights()
    padded = np.pad(samples / max(float(np.abs(samples).max(initial=0.0)), 1e-9), WINDOW // 2)
    frames = sliding_window_view(padded, WINDOW)[::HOP]
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    levels = np.empty((BANDS, len(frames)), np.float32)
    for start in range(0, len(frames), BLOCK):
        block = frames[start : start + BLOCK] * window
        levels[:, start : start + BLOCK] = weights @ np.abs(np.fft.rfft(block, axis=1)).T
        progress("listening", min(start + BLOCK, len(frames)) / len(frames))
    return levels


def _band_weights() -> Bands:
    try:
        import librosa
    except ImportError:
        raise AudioMissingError from None
    weights = librosa.filters.mel(
        sr=SAMPLE_RATE, n_fft=WINDOW, n_mels=BANDS, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, norm=None
    )
    shares: Bands = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    return shares


def harmonic_shares(levels: Bands) -> Bands:
    """Of each band and frame, the share that sounds on rather than being struck, 0 to 1.

    Separated by medians along time and pitch (D. Fitzgerald, Harmonic/Percussive Separation
    using Median Filtering, 2010).
    """
    try:
        import librosa
    except ImportError:
        raise AudioMissingError from None
    kernel = (HARMONIC_FRAMES, PERCUSSIVE_BANDS)
    harmonic, _ = librosa.decompose.hpss(levels, kernel_size=kernel, mask=True)
    shares: Bands = harmonic
    return shares


def rises(levels: Bands) -> Bands:
    """How much louder each band became within LAG frames, never below 0.

    Compared to the loudest neighbour before (S. Boeck and G. Widmer, Maximum Filter Vibrato
    Suppression for Onset Detection, 2013).
    """
    from scipy.ndimage import maximum_filter1d

    loudness = np.log10(1 + COMPRESSION * levels)
    before = maximum_filter1d(loudness, NEIGHBOURS, axis=0)
    # Before the recording there was silence.
    before = np.pad(before, ((0, 0), (LAG, 0)))[:, : loudness.shape[1]]
    risen: Bands = np.maximum(loudness - before, 0)
    return risen
