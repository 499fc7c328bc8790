"""What a verifier would state about a window, with a model that the caller chooses."""

from dataclasses import dataclass, field
from math import log
from typing import Final, NamedTuple

from consensus.anomaly.assess import assess
from consensus.anomaly.comparison import Comparison
from consensus.anomaly.findings import Detector, Finding, Performance
from consensus.anomaly.hard_limits import HardLimits
from consensus.anomaly.likeness import PRIOR_ODDS_PPM, Likeness
from consensus.anomaly.model import Model
from consensus.anomaly.odds import STEP
from consensus.chart import Chart
from consensus.evidence import Evidence
from consensus.judgement import Judgement
from consensus.units import MILLION, Ppm

LEAST: Final = STEP / 2 / MILLION
"""A probability that is stated as 0 may be as high as this."""


class Assessed(NamedTuple):
    """The same window, by itself and among others."""

    alone_ppm: Ppm
    """Anomaly by itself."""
    known_ppm: Ppm
    """Anomaly where it is compared with known plays."""
    log_odds: float
    """What the model's stated probability says without the prior; its steps make it coarse."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A detector that remembers its findings: for whoever asks, and not to look for them twice."""

    detector: Detector
    """Which."""
    said: list[Finding] = field(default_factory=list)
    """What it found."""

    @property
    def name(self) -> str:
        """The detector's own."""
        return self.detector.name

    @property
    def constants(self) -> tuple[tuple[str, int | bytes], ...]:
        """The detector's own."""
        return self.detector.constants

    def findings(self, performance: Performance) -> tuple[Finding, ...]:
        """The detector's findings; looked for when first asked."""
        if not self.said:
            self.said.extend(self.detector.findings(performance) or (Finding(Ppm(0), ""),))
        return tuple(self.said)


def assessed(
    chart: Chart, evidence: Evidence, judgement: Judgement, model: Model, comparison: Comparison
) -> Assessed:
    """Assessed as it is shipped, but for the model. The one place that knows how."""
    limits, likeness = Heard(HardLimits()), Heard(Likeness(model))
    alone = assess(chart, evidence, judgement, (limits, likeness))
    known = assess(chart, evidence, judgement, (limits, Likeness(model)), comparison)
    stated = min(max(likeness.said[0].anomaly_ppm / MILLION, LEAST), 1 - LEAST)
    log_odds = log(stated / (1 - stated)) - log(PRIOR_ODDS_PPM / MILLION)
    return Assessed(alone.anomaly_ppm, known.anomaly_ppm, log_odds)
