"""What no pair of hands does, however good: each limit is a function, and the tuple is the book.

Recorded people (51 plays of 5 charts, cut to windows of 20 s and 120 s) reach at most 9 presses a
second in a lane, 0.2 % holds under 5 ms, 26 % idle presses near notes, and a spread of no less
than 4.4 ms.
"""

from bisect import bisect_left
from dataclasses import dataclass
from math import sqrt
from typing import Final

from consensus.anomaly.features.capture import even_interval_us
from consensus.anomaly.findings import Finding, Performance
from consensus.challenge import riff_notes
from consensus.units import MILLION, Ppm

CERTAIN: Final = Ppm(980_000)
SUSPICIOUS: Final = Ppm(600_000)

LANE_RATE_PER_S: Final = 20
"""Presses a second with one finger; the fastest tappers reach about 14."""
SHORT_HOLD_US: Final = 5_000
SHORT_HOLD_SHARE_PPM: Final = 100_000
SHORT_HOLD_STROKES: Final = 20
"""Fewer strokes than this say nothing about holds."""
IDLE_PRESSES: Final = 40
"""Fewer presses than this are no mashing."""
IDLE_REACH_US: Final = 250_000
"""Presses farther from any note are people drumming in a break, and don't count."""
IDLE_SUSPICIOUS_PPM: Final = 500_000
IDLE_CERTAIN_PPM: Final = 750_000
TIMED_HITS: Final = 20
"""Fewer hits than this say nothing about spread."""
EXACT_SD_US: Final = 3_000
"""Spread of presses that only a script has."""
STEADIEST_SD_US: Final = 4_400
"""The steadiest recorded window of 120 s has 4,430."""
EXACT_SIGMAS_TENTHS: Final = 35
"""How far chance may move a measured spread either way, in tenths of its own standard error."""
NEARLY_EXACT_PPM: Final = 1_150_000
"""Up to this much above the limit, a spread is suspicious."""
MEDIAN_HITS: Final = 40
MEDIAN_DEVIATION_US: Final = 1_000
"""Half of the hits closer than this to the median are a script's; people have 2,000 and more."""
PATTERN_HITS: Final = 40
PATTERN_ERRORS: Final = 3
"""So few different errors in so many hits are a pattern, not a person."""


def find_impossible_rates(performance: Performance) -> Finding | None:
    """More presses in one lane within a second than a finger can make."""
    by_lane: dict[int, list[int]] = {}
    for event in performance.evidence.keys:
        if event.is_press:
            by_lane.setdefault(event.lane, []).append(event.time_us)
    fastest = max(
        (
            bisect_left(times_us, start_us + MILLION) - position
            for times_us in by_lane.values()
            for position, start_us in enumerate(times_us)
        ),
        default=0,
    )
    if fastest <= LANE_RATE_PER_S:
        return None
    return Finding(CERTAIN, f"One key went down {fastest} times within a second.")


def find_impossible_holds(performance: Performance) -> Finding | None:
    """Keys that come up sooner than a finger can lift, again and again."""
    down: dict[int, int] = {}
    strokes = short = 0
    for event in performance.evidence.keys:
        if event.is_press:
            down[event.lane] = event.time_us
        elif event.lane in down:
            strokes += 1
            short += event.time_us - down.pop(event.lane) < SHORT_HOLD_US
    if strokes < SHORT_HOLD_STROKES or short * MILLION < SHORT_HOLD_SHARE_PPM * strokes:
        return None
    return Finding(CERTAIN, f"{short} of {strokes} keys came up within 5 ms of going down.")


def find_mashing(performance: Performance) -> Finding | None:
    """Presses near notes that answer none: whoever presses everything hits everything."""
    judgement = performance.judgement
    asked_us = sorted(
        {judged.note.start_us for judged in judgement.notes}
        | {note.start_us for nonce in performance.evidence.nonces for note in riff_notes(nonce, 1)}
    )
    presses = sum(
        _is_near(event.time_us, asked_us) for event in performance.evidence.keys if event.is_press
    )
    idle = presses - len(judgement.hits) - judgement.riff_hits
    if presses < IDLE_PRESSES or idle * MILLION < IDLE_SUSPICIOUS_PPM * presses:
        return None
    is_certain = idle * MILLION >= IDLE_CERTAIN_PPM * presses
    reason = f"{idle} of {presses} presses answered no note: keys were mashed."
    return Finding(CERTAIN if is_certain else SUSPICIOUS, reason)


def find_inhuman_exactness(performance: Performance) -> Finding | None:
    """A spread that only a script has: too small even for the steadiest person's luck."""
    timing = performance.timing
    if timing.hits < TIMED_HITS:
        return None
    chance = EXACT_SIGMAS_TENTHS / 10 / sqrt(2 * (timing.hits - 1))
    limit_us = min(EXACT_SD_US * (1 + chance), STEADIEST_SD_US * (1 - chance))
    ratio_ppm = round(timing.error_sd_ms * 1_000 / limit_us * MILLION)
    if ratio_ppm >= NEARLY_EXACT_PPM:
        return None
    reason = (
        f"{timing.hits} hits lie within a spread of {timing.error_sd_ms:.1f} ms; "
        "the steadiest people have 4.4 ms."
    )
    return Finding(CERTAIN if ratio_ppm < MILLION else SUSPICIOUS, reason)


def find_hidden_exactness(performance: Performance) -> Finding | None:
    """A script that throws in wild presses, so that its spread looks human.

    What lies anywhere between two looks of a client has a median deviation of a quarter of the
    time between them: so much may be hidden where a coarse client on the song's own beat shows
    none.
    """
    timing = performance.timing
    deviation_ms = timing.median_deviation_ms
    if timing.hits < MEDIAN_HITS or deviation_ms * 1_000 >= MEDIAN_DEVIATION_US:
        return None
    hidden_us = even_interval_us(performance.traces) / 4
    if deviation_ms * 1_000 + hidden_us >= MEDIAN_DEVIATION_US:
        return None
    return Finding(CERTAIN, f"Half of {timing.hits} hits lie within {deviation_ms:.1f} ms.")


def find_patterns(performance: Performance) -> Finding | None:
    """The same few errors over and over."""
    timing = performance.timing
    if timing.hits < PATTERN_HITS or timing.distinct_errors > PATTERN_ERRORS:
        return None
    different = timing.distinct_errors
    errors = "one and the same error" if different == 1 else f"{different} different errors"
    reason = f"{timing.hits} hits show only {errors}."
    return Finding(CERTAIN, reason)


LIMITS: Final = (
    find_impossible_rates,
    find_impossible_holds,
    find_mashing,
    find_inhuman_exactness,
    find_hidden_exactness,
    find_patterns,
)


@dataclass(frozen=True, slots=True)
class HardLimits:
    """All limits as one detector."""

    @property
    def name(self) -> str:
        """Names the book of limits."""
        return "hard limits 2"

    @property
    def constants(self) -> tuple[tuple[str, int | bytes], ...]:
        """The integers of this file."""
        return tuple(
            (name, value)
            for name, value in sorted(globals().items())
            if name.isupper() and type(value) is int
        )

    def findings(self, performance: Performance) -> tuple[Finding, ...]:
        """What every limit that is broken has to say."""
        return tuple(found for limit in LIMITS if (found := limit(performance)) is not None)


def _is_near(time_us: int, asked_us: list[int]) -> bool:
    position = bisect_left(asked_us, time_us - IDLE_REACH_US)
    return position < len(asked_us) and asked_us[position] <= time_us + IDLE_REACH_US
