"""One assessment of a performance: the worst that any detector says, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from consensus.anomaly.company.company import Company
from consensus.anomaly.company.finding import find_warp
from consensus.anomaly.comparison import Comparison
from consensus.anomaly.copies.finding import find_copy
from consensus.anomaly.copies.library import Nearest
from consensus.anomaly.findings import Detector, Performance
from consensus.anomaly.hard_limits import HardLimits
from consensus.anomaly.likeness import shipped_likeness
from consensus.chart import Chart
from consensus.encoding import tagged_digest
from consensus.evidence import Evidence
from consensus.judgement import Judgement
from consensus.units import Ppm

MODEL_NAME: Final = "popd anomaly 2"
TELLING_PPM: Final = 300_000
"""Findings below are not worth a word."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a verifier states about a performance, as advice."""

    anomaly_ppm: Ppm
    """From 0 to 1,000,000; 500,000 is material for a flag, 900,000 for a rejection."""
    reasons: tuple[str, ...]
    """At least one, the weightiest first, in words that a player understands."""
    model: bytes
    """Digest of the model's name and constants, 32 bytes."""
    nearest: Nearest | None = None
    """The known play that it is most like, where it was compared with any."""
    company: Company | None = None
    """What it has in common with other people's plays, where enough are known."""


@cache
def shipped_detectors() -> tuple[Detector, ...]:
    """The detectors of this version, with its model."""
    return (HardLimits(), shipped_likeness())


def assess(
    chart: Chart,
    evidence: Evidence,
    judgement: Judgement,
    detectors: Sequence[Detector] | None = None,
    comparison: Comparison | None = None,
) -> Assessment:
    """How much the play looks like a faked one. Never raises, however odd the evidence is.

    `judgement` is that of `evidence` on `chart`, a window or a whole song; `comparison` is what the
    plays that are known tell of it. The detectors are those of this version if none are
    given.
    """
    detectors = shipped_detectors() if detectors is None else tuple(detectors)
    nearest = None if comparison is None else comparison.nearest
    company = None if comparison is None else comparison.company
    performance = Performance(chart.keys, evidence, judgement, company)
    findings = [found for detector in detectors for found in detector.findings(performance)]
    copied = find_copy(nearest)
    findings += [*find_warp(company), *([] if copied is None else [copied])]
    worst = max((found.anomaly_ppm for found in findings), default=Ppm(0))
    telling = sorted(
        (found for found in findings if found.anomaly_ppm >= TELLING_PPM),
        key=lambda found: -found.anomaly_ppm,
    )
    reasons = tuple(found.reason for found in telling) or (_nothing_odd(performance),)
    return Assessment(worst, reasons, model_digest(detectors), nearest, company)


def model_digest(detectors: Sequence[Detector] | None = None) -> bytes:
    """What names these detectors with these constants, 32 bytes."""
    detectors = shipped_detectors() if detectors is None else detectors
    return tagged_digest(
        MODEL_NAME, tuple((detector.name, detector.constants) for detector in detectors)
    )


def _nothing_odd(performance: Performance) -> str:
    timing = performance.timing
    if not timing.hits:
        return "No note was hit, so there is nothing to judge by."
    return f"{timing.hits} hits with a spread of {timing.error_sd_ms:.1f} ms: nothing odd."
