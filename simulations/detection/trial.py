"""One assessed window, and many of them as columns."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.traces import Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One assessed window."""

    attack: str
    """Who made it: HUMAN or the name of a bot."""
    person: str
    """Whose window it is, or is made from."""
    kind: str
    """`mania`, `tapping` or `drums`."""
    piece: str
    """On which piece."""
    notes: int
    """How many notes were asked for."""
    fold: int
    """Which people the model hadn't seen."""
    alone: float
    """Anomaly in ppm by itself."""
    known: float
    """Anomaly in ppm where all recorded plays are known, but no play of a judged person."""
    riffs: float
    """Anomaly by itself; infinite where fewer riffs are answered than the law asks for."""
    log_odds: float
    """Log-likelihood ratio of the model."""
    liveness_ppm: int
    """Share of riffs answered; -1 for people, who were asked none."""
    reaction_us: int
    """Mean reaction of who answers live, or 0."""
    measures: Floats
    """[MEASURES] What the simpler detectors look at."""
    errors_ms: Floats
    """[notes] The raw errors."""


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """All trials, as columns."""

    attack: NDArray[np.str_]
    """[trials] Who made each."""
    person: NDArray[np.str_]
    """[trials] Whose window."""
    kind: NDArray[np.str_]
    """[trials] `mania`, `tapping` or `drums`."""
    piece: NDArray[np.str_]
    """[trials] On which piece."""
    notes: Integers
    """[trials] How many notes."""
    fold: Integers
    """[trials] Whom the model had not seen."""
    alone: Floats
    """[trials] Anomaly in ppm by itself."""
    known: Floats
    """[trials] Anomaly among known plays."""
    riffs: Floats
    """[trials] Anomaly where riffs are asked."""
    log_odds: Floats
    """[trials] Log-likelihood ratio."""
    liveness_ppm: Integers
    """[trials] Riffs answered; -1 for people."""
    reaction_us: Integers
    """[trials] Mean reaction, or 0."""
    measures: Floats
    """[trials, MEASURES] For the simpler detectors."""
    errors_ms: NDArray[np.object_]
    """[trials] Raw errors, an array each."""

    def where(self, chosen: NDArray[Any]) -> "Trials":
        """Some of them, by mask or number."""
        return Trials(*(getattr(self, column.name)[chosen] for column in fields(self)))


def columns_of(trials: Sequence[Trial]) -> Trials:
    """The columns of at least one trial."""
    errors_ms = np.empty(len(trials), dtype=object)
    errors_ms[:] = [trial.errors_ms for trial in trials]
    columns: dict[str, Any] = {
        column.name: np.array([getattr(trial, column.name) for trial in trials])
        for column in fields(Trial)[:-1]
    }
    return Trials(**columns, errors_ms=errors_ms)
