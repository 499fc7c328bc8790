"""What a detector sees, and what it says: a number for the rules, a sentence for the player."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from consensus.anomaly.company.company import Company
from consensus.anomaly.timing import Timing, timing_of
from consensus.anomaly.traces import Traces, traces_of
from consensus.evidence import Evidence
from consensus.judgement import Judgement
from consensus.units import Ppm


@dataclass(frozen=True)
class Performance:
    """A judged window, or a whole song. (No slots: what detectors share is computed once.)"""

    keys: int
    """Lanes of the chart."""
    evidence: Evidence
    """The log."""
    judgement: Judgement
    """What became of its notes."""
    company: Company | None = None
    """What it has in common with other people's plays, where enough are known."""

    @cached_property
    def traces(self) -> Traces:
        """What became of its notes, as columns."""
        return traces_of(self.judgement.notes, self.keys)

    @cached_property
    def timing(self) -> Timing:
        """How exactly the notes were hit."""
        return timing_of(self.traces)


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
    def constants(self) -> tuple[tuple[str, int | bytes], ...]:
        """Every number that its findings depend on; they are part of the model's digest."""
        ...

    def findings(self, performance: Performance) -> tuple[Finding, ...]:
        """What speaks against the performance; nothing where it can't tell."""
        ...
