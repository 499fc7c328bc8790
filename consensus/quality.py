"""Quality: accuracy, diversity, harmony, liveness and density, in integers.

Diversity is Shannon entropy over its maximum; phase locking is the length of the mean resultant
(N. I. Fisher, Statistical Analysis of Circular Data, 1993, section 2.3).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt
from typing import Final

from consensus.chart import Chart
from consensus.judgement import Judgement
from consensus.parameters import INTERVAL_BINS, PHASE_DIVISIONS, SUBDIVISIONS
from consensus.tables import COSINE_TURN, LOG2_MANTISSA
from consensus.units import MILLION, Milliseconds, Ppm, ratio_ppm

PHASE_STEPS: Final = len(COSINE_TURN)
MANTISSA_BITS: Final = len(LOG2_MANTISSA).bit_length() - 1
CONSONANT_CLASSES: Final = frozenset({0, 3, 4, 5, 7, 8, 9})
"""Unison and octave, thirds, fourth, fifth and sixths, in semitones modulo 12."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a window is measured by; each verifier states its own."""

    events: int
    """Notes hit, riffs included."""
    accuracy_ppm: Ppm
    """Weighted share of notes hit."""
    diversity_ppm: Ppm
    """How varied lanes and intervals are."""
    harmony_ppm: Ppm
    """How consonant, or how locked to the beat."""
    riffs_seen: int
    """Riffs that were to be answered."""
    riffs_answered: int
    """Riffs that were answered in time."""

    @property
    def liveness_ppm(self) -> Ppm:
        """Share of the riffs answered; 0 when none was seen."""
        return ratio_ppm(self.riffs_answered, self.riffs_seen)


def measure(chart: Chart, judgement: Judgement, start_us: int = 0) -> Metrics:
    """The metrics of a judged window that begins at `start_us` of the chart."""
    return Metrics(
        events=len(judgement.hits) + judgement.riff_hits,
        accuracy_ppm=judgement.accuracy_ppm,
        diversity_ppm=diversity_ppm(chart, judgement, start_us),
        harmony_ppm=harmony_ppm(chart, judgement, start_us),
        riffs_seen=len(judgement.riffs),
        riffs_answered=sum(judgement.riffs),
    )


def quality_ppm(
    accuracy_ppm: int, diversity_ppm: int, harmony_ppm: int, liveness_ppm: int, density_ppm: int
) -> Ppm:
    """density x the 10th root of accuracy^4 diversity^2 harmony liveness^3, rounded down."""
    product = accuracy_ppm**4 * diversity_ppm**2 * harmony_ppm * liveness_ppm**3
    return Ppm(density_ppm * integer_root(product, 10) // MILLION)


def density_ppm(events: int, duration_ms: Milliseconds, full_density_per_s: int) -> Ppm:
    """Hits per second over what counts as full, at most 1."""
    return Ppm(min(MILLION, events * 1_000 * MILLION // (full_density_per_s * duration_ms)))


def diversity_ppm(chart: Chart, judgement: Judgement, start_us: int = 0) -> Ppm:
    """Geometric mean of how evenly lanes and inter-onset intervals are used."""
    hits = judgement.hits
    lanes = normalised_entropy_ppm(Counter(judged.note.lane for judged in hits), chart.keys)
    intervals = normalised_entropy_ppm(
        Counter(interval_bins(chart, judgement.presses_us, start_us)), INTERVAL_BINS
    )
    return Ppm(isqrt(lanes * intervals))


def interval_bins(chart: Chart, presses_us: Sequence[int], start_us: int = 0) -> list[int]:
    """Each interval between presses in twelfths of the beat, rounded to the nearest."""
    ordered = sorted(presses_us)
    return [
        min(
            (2 * SUBDIVISIONS * (later - earlier) + beat_us) // (2 * beat_us),
            INTERVAL_BINS - 1,
        )
        for earlier, later in pairwise(ordered)
        for beat_us in (chart.timing_at(start_us + earlier).beat_us,)
    ]


def harmony_ppm(chart: Chart, judgement: Judgement, start_us: int = 0) -> Ppm:
    """Consonance of what was hit where the chart has pitches, phase locking where it has none."""
    if chart.pitches:
        pitch_of = dict(zip(chart.notes, chart.pitches, strict=True))
        pitches = [
            pitch_of[judged.note._replace(start_us=judged.note.start_us + start_us)]
            for judged in judgement.hits
        ]
        return consonance_ppm(pitches)
    times_us = [start_us + press_us for press_us in judgement.presses_us]
    return Ppm(max(phase_locking_ppm(chart, times_us, division) for division in PHASE_DIVISIONS))


def consonance_ppm(pitches: Sequence[int]) -> Ppm:
    """Share of the successive (or simultaneous) intervals that are consonant."""
    intervals = [abs(later - earlier) % 12 for earlier, later in pairwise(pitches)]
    return ratio_ppm(sum(i in CONSONANT_CLASSES for i in intervals), len(intervals))


def phase_locking_ppm(chart: Chart, times_us: Iterable[int], division: int) -> Ppm:
    """Length of the mean resultant of the times' phases on a grid of `division` a beat."""
    east = north = count = 0
    for time_us in times_us:
        point = chart.timing_at(time_us)
        phase = (time_us - point.time_us) * division * PHASE_STEPS // point.beat_us
        east += COSINE_TURN[phase % PHASE_STEPS]
        north += COSINE_TURN[(phase - PHASE_STEPS // 4) % PHASE_STEPS]
        count += 1
    return Ppm(min(MILLION, isqrt(east * east + north * north) // count)) if count else Ppm(0)


def normalised_entropy_ppm(counts: Counter[int], classes: int) -> Ppm:
    """Shannon entropy of `counts` over that of `classes` equal classes; 0 for one class."""
    total = counts.total()
    if total < 2 or classes < 2:
        return Ppm(0)
    weighted = sum(count * log2_ppm(count) for count in counts.values())
    entropy = max(0, log2_ppm(total) - weighted // total)
    return Ppm(min(MILLION, entropy * MILLION // log2_ppm(classes)))


def log2_ppm(number: int) -> int:
    """log2 of a positive integer in ppm; beyond 11 bits the lowest are dropped."""
    exponent = number.bit_length() - 1
    shift = exponent - MANTISSA_BITS
    mantissa = number >> shift if shift > 0 else number << -shift
    return exponent * MILLION + LOG2_MANTISSA[mantissa - len(LOG2_MANTISSA)]


def integer_root(value: int, degree: int) -> int:
    """The largest integer whose `degree`-th power is at most `value` (Newton's method)."""
    if value < 2:
        return value
    guess = 1 << -(-value.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + value // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better
