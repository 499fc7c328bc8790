"""What a detector sees, and what it says: a number for the rules, a sentence for the player."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from consensus.anomaly.features import TimingFeatures, timing_features
from consensus.evidence import Evidence
from consensus.judgement import Judgement
from consensus.units import Ppm


@dataclass(frozen=True)
class Performance:
    """A judged window. (No slots: what several detectors need is computed once.)"""

    evidence: Evidence
    """The log of the window."""
    judgement: Judgement
    """What became of its notes."""

    @cached_property
    def timing(self) -> TimingFeatures:
        """How the presses that hit lie around their notes."""
        return timing_features(self.judgement.hits)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one detector has to say against a performance."""

    anomaly_ppm: Ppm
    """From 0, nothing, to 1,000,000, certainly no human play."""
    reason: str
    """Why, in words that a player understands."""


class Detector(Protocol):
    """Looks for one kind of faked play. Never raises, whatever the evidence."""

    @property
    def name(self) -> str:
        """Names the detector and its version; verdicts name the model that this is part of."""
        ...

    @property
    def constants(self) -> tuple[tuple[str, int], ...]:
        """Every number that its findings depend on; they are part of the model's digest."""
        ...

    def findings(self, performance: Performance) -> tuple[Finding, ...]:
        """What speaks against the performance; nothing where it can't tell."""
        ...
