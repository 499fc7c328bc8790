"""Tap-along energy: how much of the music somebody tapped to, and how well they kept the beat.

Score = engagement x locking. Engagement is the share of two-second spans, from the first tap to the
last, in which they tapped. Locking is the mean resultant length of the taps' phases on the best of
half a beat, a beat and two, freed of what chance would give: R'^2 = (n R^2 - 1) / (n - 1)
(Kutil 2012, "Biased and unbiased estimation of the circular mean resultant length").
"""

import cmath
import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from consensus.entries.appreciation import Modality
from consensus.units import MILLION, Ppm
from game.appreciation.appraisal import Appraisal, Heard, NothingToAppraiseError, Way

TAPPING: Final = Way(
    "tap-along/1",
    "beat and engagement",
    Modality.SIGNAL,
    "How much of the music you tapped to, times how well you kept the beat.",
)
LEAST_TAPS: Final = 12
"""Fewer lock to any beat by chance."""
LEAST_MS: Final = 8_000.0
"""Shorter tapping says too little."""
SPAN_MS: Final = 2_000.0
DIVISIONS: Final = (0.5, 1.0, 2.0)
"""Beats from one tap to the next."""


def by_tapping(heard: Heard) -> Appraisal:
    """The score of somebody's taps; raises NothingToAppraiseError where they are too few."""
    taps_ms = sorted(heard.taps_ms)
    if len(taps_ms) < LEAST_TAPS or taps_ms[-1] - taps_ms[0] < LEAST_MS:
        raise NothingToAppraiseError(
            f"Tap along for a little longer: at least {LEAST_TAPS} taps over "
            f"{LEAST_MS / 1_000:.0f} seconds."
        )
    engaged, spans = engaged_spans(taps_ms)
    beat_ms = heard.beat_ms or median(later - earlier for earlier, later in pairwise(taps_ms))
    locked = max(locking(taps_ms, beat_ms * division) for division in DIVISIONS)
    score = round(MILLION * engaged / spans * locked)
    clock = "the beat of the song" if heard.beat_ms else "a beat of your own"
    return Appraisal(
        Ppm(score),
        (
            f"You tapped in {engaged * SPAN_MS / 1_000:.0f} of {spans * SPAN_MS / 1_000:.0f} "
            "seconds.",
            f"Your {len(taps_ms)} taps kept {clock} at {locked:.0%}.",
        ),
    )


def engaged_spans(taps_ms: Sequence[float]) -> tuple[int, int]:
    """In how many spans from the first tap to the last there is one, and of how many."""
    spans = {int((tap - taps_ms[0]) // SPAN_MS) for tap in taps_ms}
    return len(spans), max(spans) + 1


def locking(taps_ms: Sequence[float], period_ms: float) -> float:
    """How well taps keep a period, in [0, 1]; 0 for what chance alone would give."""
    if period_ms <= 0:
        return 0.0
    phases = (math.tau * (tap % period_ms) / period_ms for tap in taps_ms)
    count = len(taps_ms)
    length = abs(sum(cmath.rect(1.0, phase) for phase in phases)) / count
    return math.sqrt(max(0.0, (count * length * length - 1) / (count - 1)))
