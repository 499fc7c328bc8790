"""Trials: windows of people whom the model hasn't seen, and every attack on them, as assessed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from consensus.anomaly.comparison import compared
from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.play import play_of
from consensus.anomaly.findings import Performance
from consensus.anomaly.model import Model
from consensus.evidence import Evidence
from consensus.identifiers import EntryId
from consensus.judgement import judge
from simulations.detection.assessing import assessed
from simulations.detection.comparison import measures_of, raw_errors
from simulations.detection.dataset import FEWEST_HITS, HUMAN
from simulations.detection.fakes import Made, fakes_of
from simulations.detection.known import KnownPlay, errors_of_others, ids_of, library_of
from simulations.detection.liveness import FLOOR_PPM
from simulations.detection.people import Play
from simulations.detection.trial import Trial
from simulations.detection.windows import Window, recaptured, traces_in, windows_of

NOTES: Final = (30, 60, 120, 250, 500)
SESSION: Final = EntryId(b"\xff" * 32)
MARGIN_US: Final = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What the trials of one play need."""

    play: Play
    """The play that windows are cut from."""
    fellows: Sequence[Play]
    """Plays of the same piece by other people of the same fold."""
    known: Sequence[KnownPlay]
    """All recorded plays of the piece."""
    model: Model
    """Trained on people of other folds."""
    fold: int
    """Which fold."""
    innocent: int
    """Windows of each length that are tried as they were played."""
    faked: int
    """Windows of each length that every attack is made on."""
    seed: str
    """Windows, attacks and captures follow from it."""


def trials_of(setting: Setting) -> list[Trial]:
    """All trials on the windows of one play; the same for the same setting."""
    library = library_of(setting.known)
    return [
        trial
        for notes in NOTES
        for trial in _trials_of_length(setting, notes, library, Random(f"{setting.seed} {notes}"))
    ]


def _trials_of_length(
    setting: Setting, notes: int, library: Library, rng: Random
) -> Iterator[Trial]:
    windows = [
        window
        for window in windows_of(setting.play, notes, setting.innocent, rng)
        if np.count_nonzero(traces_in(window.recording).is_hit) >= FEWEST_HITS
    ]
    for window in windows:
        made = Made(HUMAN, window.recording.events)
        yield from _tried(setting, notes, window, made, library, rng)
    for window in rng.sample(windows, min(setting.faked, len(windows))):
        for made in fakes_of(window, setting.play.kind, setting.fellows, notes, rng):
            yield from _tried(setting, notes, window, made, library, rng)


def _tried(
    setting: Setting, notes: int, window: Window, made: Made, library: Library, rng: Random
) -> Iterator[Trial]:
    """The trial, unless too little was hit to say anything."""
    play, chart = setting.play, window.recording.chart
    captured = recaptured(made.events, rng)
    if play.kind == "drums":
        captured = tuple(event for event in captured if event.is_press)  # a drum isn't let go
    evidence = Evidence(SESSION, 0, window.window_us + MARGIN_US, captured, ())
    judgement = judge(chart, evidence)
    traces = Performance(chart.keys, evidence, judgement).traces
    if np.count_nonzero(traces.is_hit) < FEWEST_HITS:
        return
    is_human = made.attack == HUMAN
    left_out = ids_of(play.person, setting.known) if is_human else frozenset()
    start_us = play.recording.chart.notes[window.first].start_us - chart.notes[0].start_us
    query = play_of(play.recording.chart, evidence, judgement, start_us)
    comparison = compared(library, query, left_out)
    found = assessed(chart, evidence, judgement, setting.model, comparison)
    liveness = made.liveness
    is_dead = liveness is not None and liveness.answered_ppm < FLOOR_PPM
    yield Trial(
        attack=made.attack,
        person=play.person,
        kind=play.kind,
        piece=play.piece,
        notes=notes,
        fold=setting.fold,
        alone=found.alone_ppm,
        known=found.known_ppm,
        riffs=np.inf if is_dead else found.alone_ppm,
        log_odds=found.log_odds,
        liveness_ppm=-1 if liveness is None else liveness.answered_ppm,
        reaction_us=0 if liveness is None else liveness.reaction_us,
        measures=measures_of(traces, errors_of_others(setting.known, left_out, traces, start_us)),
        errors_ms=raw_errors(traces, notes),
    )
