"""Rows of features: windows of recorded people, and every attack on the same notes.

An attack belongs to the person whose recording it is made from or stands beside, so that no person
is ever on both sides of a division.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.features.book import features_of
from consensus.anomaly.traces import Floats, Integers
from consensus.chart import Chart
from consensus.evidence import KeyEvent
from game.bots.book import BOTS, Bot, perform
from game.bots.recording import Recording
from simulations.detection.people import Play
from simulations.detection.windows import Window, recaptured, traces_in, windows_of

HUMAN: Final = "recorded people"
NOTES: Final = (30, 60, 120, 250, 500, 1_000)
WINDOWS: Final = {"mania": 6, "tapping": 3, "drums": 1}
"""How many windows of each length a play gives."""
LEARNED: Final = (
    "exact",
    "gaussian",
    "uniform",
    "ar1",
    "one_over_f",
    "ar1_one_over_f",
    "human",
    "fitted",
    "resampled",
    "resampled_blocks",
    "assisted",
)
"""Attacks that features alone can tell; the others are some person's own timing."""
FEWEST_HITS: Final = 20
CAPTURES: Final = 2
"""How many clients capture each performance."""

Performance: TypeAlias = tuple[str, Sequence[KeyEvent]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Labelled features."""

    features: Floats
    """[rows, features]"""
    attacks: NDArray[np.str_]
    """[rows] Who made it: HUMAN or the name of a bot."""
    people: NDArray[np.str_]
    """[rows] Whose window it is, or is made from."""
    kinds: NDArray[np.str_]
    """[rows] `mania`, `tapping` or `drums`."""
    pieces: NDArray[np.str_]
    """[rows] On which piece."""
    notes: Integers
    """[rows] How many notes were asked for."""

    @property
    def is_attack(self) -> NDArray[np.bool_]:
        """[rows] Whether no person played it."""
        is_attack: NDArray[np.bool_] = self.attacks != HUMAN
        return is_attack

    def where(self, chosen: NDArray[Any]) -> "Rows":
        """Some of the rows, by mask or number."""
        return Rows(
            self.features[chosen],
            self.attacks[chosen],
            self.people[chosen],
            self.kinds[chosen],
            self.pieces[chosen],
            self.notes[chosen],
        )

    def save(self, path: Path) -> None:
        """Keeps the rows in a file."""
        np.savez_compressed(path, **{name: getattr(self, name) for name in Rows.__slots__})


def rows_from(path: Path) -> Rows:
    """The rows kept in a file."""
    with np.load(path, allow_pickle=False) as kept:
        return Rows(*(kept[name] for name in Rows.__slots__))


def rows_of(plays: Sequence[Play], seed: int, jobs: int = 1) -> Rows:
    """Rows of all plays and of every learned attack on them; the same for the same seed."""
    from joblib import Parallel, delayed  # here, because it is an extra

    found = Parallel(n_jobs=jobs)(
        delayed(play_rows)(play, Random(f"{seed} {number}")) for number, play in enumerate(plays)
    )
    columns = list(zip(*(row for rows in found for row in rows), strict=True))
    return Rows(np.array(columns[0]), *(np.array(column) for column in columns[1:]))


def play_rows(play: Play, rng: Random) -> list[tuple[Any, ...]]:
    """Rows of one play: its windows, and the attacks made from each, as clients capture them."""
    bots = [bot for bot in BOTS if bot.name in LEARNED]
    return [
        (row, name, play.person, play.kind, play.piece, notes)
        for notes in NOTES
        for window in windows_of(play, notes, WINDOWS[play.kind], rng)
        if _has_enough(window.recording)
        for name, events in _performances(window, bots, rng)
        for _ in range(CAPTURES)
        if (row := _row(window.recording.chart, events, play.kind, rng)) is not None
    ]


def _performances(window: Window, bots: Sequence[Bot], rng: Random) -> Iterator[Performance]:
    source = window.recording
    yield HUMAN, source.events
    for bot in bots:
        yield bot.name, perform(bot, source.chart, [source], window.window_us, rng)


def _has_enough(recording: Recording) -> bool:
    return bool(np.count_nonzero(traces_in(recording).is_hit) >= FEWEST_HITS)


def _row(chart: Chart, events: Sequence[KeyEvent], kind: str, rng: Random) -> Floats | None:
    captured = recaptured(events, rng)
    if kind == "drums":
        captured = tuple(event for event in captured if event.is_press)  # a drum isn't let go
    traces = traces_in(Recording(chart, captured))
    if np.count_nonzero(traces.is_hit) < FEWEST_HITS:
        return None
    return features_of(traces)
