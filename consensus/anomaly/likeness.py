"""Does it play like a person? The trained model, asked about each stretch of a play.

A long play is cut into stretches of some 500 notes, and the half of them that looks least like a
person is believed: who lets a script play every other phrase does not hide it among their own. The
model's likelihood meets a prior; together they can flag a play, and reject it only where hardly any
doubt is left.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from consensus.anomaly.company.finding import strange_habits
from consensus.anomaly.features.book import NAMES, features_of
from consensus.anomaly.findings import Finding, Performance
from consensus.anomaly.model import Model, shipped_model
from consensus.anomaly.odds import probability_ppm
from consensus.anomaly.traces import Floats, Traces
from consensus.anomaly.wording import words_for

STRETCH_NOTES: Final = 500
FEWEST_HITS: Final = 20
"""Fewer notes than this that were hit say nothing."""
PRIOR_ODDS_PPM: Final = 30_000
"""Odds of a script before anything is known: few enough that hardly a person is flagged."""
WORTH_WORDS_PPM: Final = 300_000
REASONS: Final = 3
"""Features that are put into words, at most."""
TELLING_ODDS: Final = 0.25
"""A feature is worth a word when the log-odds would be lower by this, were it like people's."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The trained model as a detector."""

    model: Model

    @property
    def name(self) -> str:
        """Names the detector."""
        return "likeness 1"

    @property
    def constants(self) -> tuple[tuple[str, int | bytes], ...]:
        """What the finding depends on, the model's digest too."""
        return (
            ("FEWEST_HITS", FEWEST_HITS),
            ("PRIOR_ODDS_PPM", PRIOR_ODDS_PPM),
            ("STRETCH_NOTES", STRETCH_NOTES),
            ("model", self.model.digest),
        )

    def findings(self, performance: Performance) -> tuple[Finding, ...]:
        """One finding; none where there is too little to tell."""
        rows = rows_of(performance.traces)
        if not rows:
            return ()
        odds = np.array([self.model.log_odds(row) for row in rows])
        company = performance.company
        joint = doubtful_half(odds) + (0.0 if company is None else company.script_odds)
        suspicion = probability_ppm(joint, PRIOR_ODDS_PPM)
        if suspicion < WORTH_WORDS_PPM:
            return (Finding(suspicion, ""),)
        habits = strange_habits(company)
        reason = self._reason(rows[int(odds.argmax())])
        return (Finding(suspicion, reason if habits is None else f"{habits} {reason}"),)

    def _reason(self, row: Floats) -> str:
        """Which features would lower the odds most, were they like people's."""
        whole = self.model.log_odds(row)
        drops = np.empty(len(row))
        for place, usual in enumerate(self.model.people_means):
            other = row.copy()
            other[place] = usual
            drops[place] = whole - self.model.log_odds(other)
        drops[0] = 0.0  # how long it is, is nobody's fault
        telling = [int(i) for i in np.argsort(-drops)[:REASONS] if drops[i] >= TELLING_ODDS]
        if not telling:
            return "All in all, this is timed as no person that is known times."
        said = (
            f"{words_for(NAMES[i], bool(row[i] > self.model.people_means[i]))} "
            f"({row[i]:.2f}; people {self.model.people_means[i]:.2f} "
            f"± {self.model.people_scales[i]:.2f})"
            for i in telling
        )
        return f"This is timed like a script: {'; '.join(said)}."


def shipped_likeness() -> Likeness:
    """The detector with the model that is part of this version."""
    return Likeness(shipped_model())


def rows_of(traces: Traces) -> list[Floats]:
    """A row of features for each stretch that has enough notes that were hit."""
    count = max(1, round(len(traces.starts_us) / STRETCH_NOTES))
    edges = np.linspace(0, len(traces.starts_us), count + 1).round().astype(int)
    parts = [traces.part(first, end) for first, end in pairwise(edges.tolist())]
    return [features_of(part).row for part in parts if np.count_nonzero(part.is_hit) >= FEWEST_HITS]


def doubtful_half(odds: Floats) -> float:
    """The mean of the half of the log-odds that is higher."""
    return float(np.sort(odds)[len(odds) // 2 :].mean())
