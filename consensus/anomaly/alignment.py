"""Does what a microphone heard, or what jolted a phone, belong to these presses?

Presses and onsets are laid over each other by every delay and drift of clocks that devices have;
the best lay is compared with the best of streams that can't belong to the presses: the same
stream, turned round by whole seconds (circular shifts as surrogates: Andrzejak et al., Phys. Rev.
E 68, 066202, 2003). They have the same rhythm and are searched alike, so that a regular rhythm,
which fits itself a beat later, is weak evidence by construction: its chance share is high.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from consensus.anomaly.findings import Finding
from consensus.anomaly.traces import Floats, Integers
from consensus.units import MILLION, Ppm

REACH_MS: Final = 300
"""Delay of a stream, either way, that is normal."""
REACH_PPM: Final = 100
"""Drift of a stream's clock, either way, that is normal."""
NEAR_MS: Final = 8
"""Spread of what counts as near: a press with an onset at r counts exp(-(r / 8 ms)^2 / 2)."""
MERGED_US: Final = 30_000
"""Presses or onsets nearer than this are one moment, for ears; and no stream is denser."""
DRIFT_STEP_MS: Final = 3
"""Two neighbouring drifts differ by this at the ends of the play."""
MAX_DRIFTS: Final = 61
MAX_PRESSES: Final = 2_000
"""Moments that are looked at, evenly spread over the play where there are more."""
SHIFTS: Final = 32
"""Turned streams that tell what is chance."""
LEAST_SHIFT_US: Final = 1_200_000
"""A stream that is turned by less could still be the same by another delay."""
MATCHED_MS: Final = 25
"""Onsets within this of a press are its own, for jitter and drift."""
FEWEST_PRESSES: Final = 30
"""Fewer moments say nothing about a stream."""
MOST_BY_CHANCE_PPM: Final = 600_000
"""With more than this by chance, the rhythm is too regular to tell one stream from another."""
LEAST_BELONGING_PPM: Final = 250_000
"""Of what chance leaves open, the share that a stream which belongs fits, with a good sensor."""
POOR_BELONGING_PPM: Final = 120_000
"""The share that a poor sensor, which misses half and invents as much, leaves at least."""
POOR_SIGNIFICANCE: Final = 4.5
"""Spreads above chance by which a poor sensor's stream, and no stranger's, must stand out."""
LOOSE_PRESSES: Final = 100
"""Fewer moments say nothing about how loosely a stream goes with presses."""
LOOSE_BELONGING_PPM: Final = 450_000
LOOSE_JITTER_US: Final = 9_000
"""Sensors are within 8 ms of what they hear; two people who play one song are 10 ms apart."""
LOOSE: Final = Ppm(600_000)
"""What a stream weighs that goes with the presses as another person's play of the song would."""
FOREIGN: Final = Ppm(850_000)
"""What a stream weighs that doesn't belong; not certain, a sensor may be broken."""
SILENT: Final = Ppm(600_000)
"""What a stream weighs that noticed next to nothing."""
SILENT_SHARE_PPM: Final = 100_000
"""Onsets, over presses, below which a stream is silent."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a stream fits presses, by the delay and drift by which it fits best."""

    presses: int
    """Moments with a press that were looked at."""
    onsets: int
    """Moments of the stream while there were presses."""
    delay_us: int
    """How much later the stream is, in the middle of the play."""
    drift_ppm: float
    """How much slower than the presses' clock the stream's clock makes it."""
    matched_share: float
    """Share of the presses with an onset, each counted by nearness; 0 to 1."""
    chance_share: float
    """The same for streams that can't belong, on average; 1 where there are none to tell."""
    jitter_ms: float
    """Spread of onset minus press, of those that match; 0 where hardly any does."""
    significance: float
    """By how many spreads of chance the matched share is above its mean."""

    @property
    def belonging(self) -> float:
        """Of what chance leaves open, the share that fits: about 0 for a stranger, 1 at best."""
        room = 1 - self.chance_share
        return (self.matched_share - self.chance_share) / room if room > 0 else 0.0


class _Lay(NamedTuple):
    """One way to lay a stream over presses."""

    share: float
    delay_ms: float
    drift_ppm: float


def align(presses_us: Sequence[int], onsets_us: Sequence[int]) -> Alignment:
    """How onsets fit presses; both are microseconds within 2^53, in any order, any number."""
    presses = _moments(presses_us)
    presses = presses[:: -(-len(presses) // MAX_PRESSES) or 1]
    if not len(presses):
        return Alignment(0, 0, 0, 0.0, 0.0, 1.0, 0.0, 0.0)
    onsets = _around(_moments(onsets_us), presses)
    drifts = _drifts(presses)
    best = _best_lay(presses, onsets, drifts)
    by_chance = np.array(
        [_best_lay(presses, turned, drifts).share for turned in _turned(presses, onsets)]
    )
    mean, spread = (by_chance.mean(), by_chance.std(ddof=1)) if len(by_chance) > 1 else (1.0, 0.0)
    # What few shifts say of their spread is no surer than what so many presses can.
    spread = max(float(spread), (max(mean * (1 - mean), 0.01) / len(presses)) ** 0.5 / 2)
    refined, jitter_ms = _refined(presses, onsets, best)
    return Alignment(
        presses=len(presses),
        onsets=len(onsets),
        delay_us=round(refined.delay_ms * 1_000),
        drift_ppm=round(refined.drift_ppm, 1),
        matched_share=round(best.share, 4),
        chance_share=round(float(mean), 4),
        jitter_ms=round(jitter_ms, 2),
        significance=round((best.share - float(mean)) / spread, 1),
    )


def misalignment(found: Alignment) -> Finding | None:
    """What is to be said against a play whose stream fits so."""
    if found.presses < FEWEST_PRESSES:
        return None
    if found.onsets * MILLION < SILENT_SHARE_PPM * found.presses:
        return Finding(
            SILENT,
            f"The stream of sounds or jolts that came with it holds {found.onsets} of them "
            f"for {found.presses} presses: nobody was heard to play.",
        )
    if found.chance_share * MILLION > MOST_BY_CHANCE_PPM:
        return None
    stands_out = found.significance >= POOR_SIGNIFICANCE
    least_ppm = POOR_BELONGING_PPM if stands_out else LEAST_BELONGING_PPM
    if found.belonging * MILLION < least_ppm:
        return Finding(
            FOREIGN,
            "The sounds or jolts that came with it are not those of these presses: "
            f"{found.matched_share:.0%} go together, and with a stranger's "
            f"{found.chance_share:.0%} would.",
        )
    return _looseness(found)


def _looseness(found: Alignment) -> Finding | None:
    is_loose = (
        found.presses >= LOOSE_PRESSES
        and found.belonging * MILLION < LOOSE_BELONGING_PPM
        and found.jitter_ms * 1_000 > LOOSE_JITTER_US
    )
    if not is_loose:
        return None
    return Finding(
        LOOSE,
        f"The sounds or jolts that came with it are {found.jitter_ms:.0f} ms from the presses, "
        "as those of somebody else who plays the same song would be.",
    )


def _moments(times_us: Sequence[int]) -> Integers:
    """Times in order, those nearer than MERGED_US to the first of them merged."""
    kept: list[int] = []
    for time_us in sorted(times_us):
        if not kept or time_us - kept[-1] >= MERGED_US:
            kept.append(time_us)
    return np.array(kept, dtype=np.int64)


def _around(onsets: Integers, presses: Integers) -> Integers:
    margin_us = 2 * REACH_MS * 1_000
    around: Integers = onsets[
        (onsets >= presses[0] - margin_us) & (onsets <= presses[-1] + margin_us)
    ]
    return around


def _drifts(presses: Integers) -> Floats:
    half_ms = (presses[-1] - presses[0]) / 2_000
    steps = int(half_ms * REACH_PPM / MILLION / DRIFT_STEP_MS + 1) if half_ms else 0
    return np.linspace(-REACH_PPM, REACH_PPM, min(2 * steps + 1, MAX_DRIFTS)) * (steps > 0)


def _turned(presses: Integers, onsets: Integers) -> Iterator[Integers]:
    """The stream turned round within the play, by amounts that no delay explains."""
    margin_us = 2 * REACH_MS * 1_000
    begin_us = presses[0] - MERGED_US
    span_us = int(presses[-1] - presses[0]) + 2 * MERGED_US
    inside = onsets[(onsets >= begin_us) & (onsets < begin_us + span_us)] - begin_us
    for shift_us in np.linspace(0, span_us, 2 * SHIFTS + 1, dtype=np.int64)[1::2]:
        if LEAST_SHIFT_US <= shift_us <= span_us - LEAST_SHIFT_US and len(inside):
            turned = np.sort((inside + shift_us) % span_us)
            before = turned[turned >= span_us - margin_us] - span_us
            after = turned[turned < margin_us] + span_us
            yield np.concatenate((before, turned, after)) + begin_us


def _best_lay(presses: Integers, onsets: Integers, drifts: Floats) -> _Lay:
    """The delay, in whole milliseconds, and the drift by which most presses have an onset."""
    margin_ms = 4 * NEAR_MS
    edge_ms = REACH_MS + margin_ms
    gaps_ms, from_middle_ms = _pairs(presses, onsets, edge_ms)
    nearness = np.exp(-(np.arange(-margin_ms, margin_ms + 1) ** 2) / (2 * NEAR_MS**2))
    best = _Lay(0.0, 0.0, 0.0)
    for drift_ppm in drifts.tolist():
        places = np.rint(gaps_ms - drift_ppm / MILLION * from_middle_ms).astype(np.int64) + edge_ms
        places = places[(places >= 0) & (places <= 2 * edge_ms)]
        counts = np.bincount(places, minlength=2 * edge_ms + 1)
        sums = np.convolve(counts, nearness, "valid")
        place = int(sums.argmax())
        share = min(float(sums[place]) / len(presses), 1.0)
        if share > best.share:
            best = _Lay(share, place - REACH_MS, drift_ppm)
    return best


def _pairs(presses: Integers, onsets: Integers, reach_ms: float) -> tuple[Floats, Floats]:
    """[pairs] Onset minus press of all that could go together, and when from the middle on."""
    middle_us = (presses[0] + presses[-1]) / 2
    # The clocks' drift moves onsets as well, at the ends of the play.
    reach_us = reach_ms * 1_000 + (presses[-1] - presses[0]) / 2 * REACH_PPM / MILLION
    first = np.searchsorted(onsets, presses - reach_us)
    counts = np.searchsorted(onsets, presses + reach_us, "right") - first
    rows = np.repeat(np.arange(len(presses)), counts)
    places = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    gaps_ms: Floats = (onsets[places] - presses[rows]) / 1_000
    from_middle_ms: Floats = (presses[rows] - middle_us) / 1_000
    return gaps_ms, from_middle_ms


def _refined(presses: Integers, onsets: Integers, lay: _Lay) -> tuple[_Lay, float]:
    """The same lay by a line through what matches, and the jitter around it."""
    gaps_ms, from_middle_ms = _pairs(presses, onsets, REACH_MS + MATCHED_MS)
    rests = gaps_ms - lay.delay_ms - lay.drift_ppm / MILLION * from_middle_ms
    is_near = np.abs(rests) <= MATCHED_MS
    rests, times = rests[is_near], from_middle_ms[is_near]
    if len(rests) < FEWEST_PRESSES // 2:
        return lay, 0.0
    turn, shift = 0.0, float(np.median(rests))
    deviation = np.abs(times - times.mean())
    if deviation.max() > 0:
        slope = float(np.polyfit(times / deviation.max(), rests, 1)[0]) / float(deviation.max())
        turn = slope * MILLION
        shift = float(np.median(rests - slope * times))
    rests = rests - shift - turn / MILLION * times
    jitter_ms = 1.4826 * float(np.median(np.abs(rests)))
    return _Lay(lay.share, lay.delay_ms + shift, lay.drift_ppm + turn), jitter_ms
