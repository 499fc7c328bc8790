"""The people of the benchmark of copies: recorded plays, and a crowd that is made like them."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from consensus.anomaly.copies.moments import ChartKey, key_of
from consensus.anomaly.copies.population import COMMON
from consensus.anomaly.copies.residuals import Residuals, from_errors
from consensus.anomaly.traces import Floats, traces_of
from consensus.judgement import judge_notes
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from game.play.rate import chart_at_rate, events_at_rate

DATA: Final = Path(os.environ.get("POPD_DATA", Path(__file__).parents[2] / "shared" / "data"))
STYLE: Final = 0.3
"""Share of a made person's variance that comes from real ones: pairs then differ by 0.06."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded play."""

    name: str
    """Its file."""
    player: str
    """Pseudonym of the player."""
    chart: str
    """Folder of the chart."""
    key: ChartKey
    """The chart's moments."""
    errors_ms: Floats
    """[moments] NaN where it was not hit."""
    chords: Floats
    """[moments] How many notes are asked for at once."""


def recorded_plays() -> list[Recorded]:
    """All recorded plays of the data set, in the order of its list."""
    folder = DATA / "replays_mania"
    with (folder / "labels.csv").open() as file:
        return [_recorded(folder, row) for row in csv.DictReader(file)]


def _recorded(folder: Path, row: dict[str, str]) -> Recorded:
    path = folder / row["file"]
    chart = chart_from_osu(next(path.parent.glob("*.osu")).read_bytes())
    replay = replay_from_osr(path.read_bytes(), chart.keys)
    heard = chart_at_rate(chart, replay.rate)
    events = events_at_rate(replay.events, replay.rate)
    traces = traces_of(judge_notes(heard.notes, events), chart.keys)
    return Recorded(
        row["file"],
        row["player_hash"],
        path.parent.name,
        key_of(traces.starts_us),
        traces.moment_errors_ms,
        np.bincount(traces.moments).astype(float),
    )


def residuals_of(errors_ms: Floats) -> Residuals | None:
    """The residuals of errors of all moments of a chart."""
    (at,) = np.nonzero(np.isfinite(errors_ms))
    return from_errors(at, errors_ms[at])


@dataclass(frozen=True, slots=True)
class Crowd:
    """Makes people who err like recorded ones on the first moments of their chart.

    A person is the habits of all (so that two correlate as two recorded people do), a mixture of
    recorded people's own ways (so that pairs differ in how alike they are, passage by passage),
    and errors of their own with the spectrum of a recorded person and phases by chance.
    """

    habits: Floats
    """[moments] What all recorded people have in common, mean square 1."""
    ways: Floats
    """[people, moments] What each has for themselves, mean square 1."""
    spreads_ms: Floats
    """[all people] Spreads to draw from, of all charts."""

    def person(self, rng: np.random.Generator) -> Floats:
        """[moments] Errors in whole milliseconds, as recorded plays have them."""
        count, moments = self.ways.shape
        mixed = rng.normal(0, 1, count) @ self.ways / np.sqrt(count)
        spectrum = np.abs(np.fft.rfft(self.ways[rng.integers(count)]))
        phases = np.exp(2j * np.pi * rng.random(len(spectrum)))
        fresh = np.fft.irfft(spectrum * phases, moments)
        own = np.sqrt(STYLE) * mixed + np.sqrt(1 - STYLE) * fresh / fresh.std()
        errors = np.sqrt(COMMON) * self.habits + np.sqrt(1 - COMMON) * own
        ms: Floats = np.rint(errors * rng.choice(self.spreads_ms) + rng.normal(0, 10))
        return ms


def crowd_of(plays: list[Recorded], chart: str, moments: int) -> Crowd:
    """A crowd after the recorded plays of that chart."""
    errors = np.array([play.errors_ms[:moments] for play in plays if play.chart == chart])
    errors = np.nan_to_num(errors - np.nanmedian(errors, axis=1, keepdims=True))
    even = _even(np.clip(errors, *np.quantile(errors, [0.005, 0.995])))
    habits = even.mean(axis=0)
    spreads = np.array([np.nanstd(play.errors_ms) for play in plays])
    return Crowd(_even(habits), _even(even - habits), spreads[spreads < 25])


def _even(values: Floats) -> Floats:
    """Rows of mean 0 and mean square 1."""
    centred = values - values.mean(axis=-1, keepdims=True)
    even: Floats = centred / centred.std(axis=-1, keepdims=True)
    return even
