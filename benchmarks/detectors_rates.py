"""From trials to rates: by condition, attack and number of notes, with intervals over people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.traces import Flags, Floats, Integers
from consensus.parameters import MAIN
from game.bots.book import BOTS
from simulations.detection.comparison import MEASURES, OUTLIERS, outlier_scores
from simulations.detection.dataset import HUMAN
from simulations.detection.evaluation import (
    Rate,
    Scores,
    rate_of,
    resamples,
    shares_above,
    thresholds,
)
from simulations.detection.liveness import FLOOR_PPM
from simulations.detection.trial import Trials
from simulations.detection.trials import NOTES

CONDITIONS: Final = ("alone", "known", "riffs")
CONCERNED: Final = {
    "alone": tuple(bot.name for bot in BOTS),
    "known": tuple(bot.name for bot in BOTS),
    "riffs": ("riff_table", "riff_reaction"),
}
"""What a condition makes a difference to."""
ALARMS: Final = {"1 %": 0.01, "0.1 %": 0.001}
SHIPPED: Final = "shipped"
MODEL: Final = "model"
"""The trained model by itself: neither hard limits nor known plays."""
SHIPPED_LIMIT: Final = MAIN.suspicious_ppm - 0.5
"""Anomaly from which a window is flagged; scores are whole, and count when they exceed it."""
LONGEST: Final = NOTES[-1]
REACTIONS_MS: Final = (150, 300, 450, 600, 750, 900)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many windows of one attack are caught."""

    condition: str
    """`alone`, `known` or `riffs`, or a simpler detector."""
    attack: str
    """Name of the bot, or HUMAN for false alarms."""
    notes: int
    """How many notes the windows have."""
    at: str
    """At which false alarms, or SHIPPED."""
    rate: Rate
    """The share that is caught."""
    windows: int
    """Of how many."""


class Subject:
    """The trials of one kind of recording, ready to be counted."""

    def __init__(self, trials: Trials, kind: str, seed: int) -> None:
        """Raises ValueError where there is no trial of the kind."""
        self.trials = trials.where(trials.kind == kind)
        if not len(self.trials.kind):
            raise ValueError(f"no trial of {kind}: are its recordings there?")
        people, numbers = np.unique(self.trials.person, return_inverse=True)
        self.people: NDArray[np.str_] = people
        self.numbers: Integers = numbers
        self.weights = resamples(len(people), seed)
        self.is_human: Flags = self.trials.attack == HUMAN
        named = np.unique(self.trials.attack[~self.is_human]).tolist()
        self.attacks: list[str] = [str(name) for name in named]

    def of_length(self, notes: int) -> Flags:
        """[trials] Whether it has so many notes."""
        found: Flags = self.trials.notes == notes
        return found

    def scores(self, values: Floats, chosen: Flags) -> Scores:
        """Those values as scores."""
        return Scores(values[chosen].astype(np.float64), self.numbers[chosen])

    def cells(self, condition: str, values: Floats, notes: int) -> Iterator[Cell]:
        """All rates of one score at one length."""
        there = self.of_length(notes)
        people = self.scores(values, there & self.is_human)
        if not len(people.values):
            return
        limits = {at: thresholds(people, self.weights, rate) for at, rate in ALARMS.items()}
        if condition in CONDITIONS:
            limits[SHIPPED] = np.full(len(self.weights), SHIPPED_LIMIT)
        for attack in (HUMAN, *self.attacks):
            chosen = there & (self.trials.attack == attack)
            if chosen.any():
                asked = self.scores(values, chosen)
                for at, each in limits.items():
                    rate = rate_of(shares_above(asked, each, self.weights))
                    yield Cell(condition, attack, notes, at, rate, len(asked.values))

    def all_cells(self) -> list[Cell]:
        """Every condition at every length."""
        return [
            cell
            for condition in CONDITIONS
            for notes in NOTES
            for cell in self.cells(condition, getattr(self.trials, condition), notes)
        ]

    def limit(self, condition: str, notes: int, at: str) -> float:
        """The threshold at those false alarms; NaN where there are no people."""
        chosen = self.of_length(notes) & self.is_human
        if not chosen.any():
            return float("nan")
        people = self.scores(getattr(self.trials, condition), chosen)
        return float(thresholds(people, self.weights[:1], ALARMS[at])[0])

    def people_above(self, condition: str, notes: int, limit: float) -> int:
        """How many people have a window of that length over the limit."""
        accused = self.of_length(notes) & self.is_human
        return len(np.unique(self.numbers[accused & (getattr(self.trials, condition) > limit)]))

    def windows_of_people(self, notes: int) -> int:
        """How many there are of that length."""
        return int(np.count_nonzero(self.of_length(notes) & self.is_human))


def simpler_scores(subject: Subject, notes: int, seed: int) -> Mapping[str, Floats]:
    """[trials] by simpler detector; NaN at other lengths."""
    trials = subject.trials
    there = subject.of_length(notes)
    found = {MODEL: trials.log_odds}
    found |= {name: trials.measures[:, column] for column, name in enumerate(MEASURES)}
    far = np.full((len(there), len(OUTLIERS)), np.nan)
    for fold in np.unique(trials.fold):
        asked = there & (trials.fold == fold)
        people = there & (trials.fold != fold) & subject.is_human
        if asked.any() and np.count_nonzero(people) > 1:
            seen, unseen = (np.stack(trials.errors_ms[chosen]) for chosen in (people, asked))
            far[asked] = outlier_scores(seen, unseen, seed)
    return {**found, **{name: far[:, column] for column, name in enumerate(OUTLIERS)}}


def simpler_cells(subject: Subject, seed: int) -> list[Cell]:
    """Rates of the simpler detectors on the longest windows."""
    scores = simpler_scores(subject, LONGEST, seed)
    return [
        cell for name, values in scores.items() for cell in subject.cells(name, values, LONGEST)
    ]


@dataclass(frozen=True, slots=True)
class Reactions:
    """How `riff_reaction` fares, by how fast it reacts."""

    from_ms: int
    """Mean reaction from."""
    to_ms: int
    """Mean reaction up to."""
    unanswered: float
    """Share of sessions with too few riffs answered."""
    caught: float
    """Share caught in all, at 500 notes and 1 % false alarms."""
    sessions: int
    """How many sessions, of all lengths."""


def reactions(subject: Subject) -> list[Reactions]:
    """By reaction time, in the steps of REACTIONS_MS; steps without a session are left out."""
    trials = subject.trials
    limit = subject.limit("riffs", LONGEST, "1 %")
    found = []
    for from_ms, to_ms in pairwise(REACTIONS_MS):
        within = (trials.reaction_us >= from_ms * 1_000) & (trials.reaction_us < to_ms * 1_000)
        if not within.any():
            continue
        unanswered = float(np.mean(trials.liveness_ppm[within] < FLOOR_PPM))
        long = within & subject.of_length(LONGEST)
        caught = float(np.mean(trials.riffs[long] > limit)) if long.any() else float("nan")
        count = int(np.count_nonzero(within))
        found.append(Reactions(from_ms, to_ms, unanswered, caught, count))
    return found
