"""Cross-validation over people: rows once, a model a fold, trials with the people left out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, TypeVar

import numpy as np

from consensus.anomaly.model import Model, model_from_arrays
from game.bots.recording import Recording
from simulations.detection.dataset import Rows, rows_of
from simulations.detection.known import KnownPlay, known_play
from simulations.detection.people import Play
from simulations.detection.training import Arrays, divisions, trained
from simulations.detection.trial import Trials, columns_of
from simulations.detection.trials import Setting, trials_of
from simulations.detection.windows import window_of

FOLDS: Final = 5
TOLD_EVERY_S: Final = 10.0
LEVELS: Final = 250

Result = TypeVar("Result")
Tell = Callable[[str], None]
"""Says to the person who waits how far things are."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    people: Mapping[str, int]
    """At most so many of each kind."""
    plays: Mapping[str, int]
    """At most so many plays of one person, spread over what there is."""
    innocent: Mapping[str, int]
    """Windows of each length and play, tried as they were played."""
    faked: Mapping[str, int]
    """Windows of each length and play that every attack is made on."""
    most_rows: int
    """Rows that models are trained on, of all folds together."""
    most_notes: int | None = None
    """Plays are cut to so many notes."""


FULL: Final = Size(
    people={"mania": 1_000, "tapping": 1_000, "drums": 1_000},
    plays={"mania": 10, "tapping": 10, "drums": 6},
    innocent={"mania": 22, "tapping": 6, "drums": 4},
    faked={"mania": 3, "tapping": 2, "drums": 1},
    most_rows=25_000,
)
QUICK: Final = Size(
    people={"mania": 15, "tapping": 5, "drums": 3},
    plays={"mania": 1, "tapping": 1, "drums": 1},
    innocent={"mania": 5, "tapping": 2, "drums": 2},
    faked={"mania": 1, "tapping": 1, "drums": 1},
    most_rows=3_000,
    most_notes=700,
)


def chosen_plays(plays: Sequence[Play], size: Size) -> list[Play]:
    """As many plays as the size says, the same ones each time; never of another person's label."""
    by_person: dict[tuple[str, str], list[Play]] = {}
    for play in plays:
        by_person.setdefault((play.kind, play.person), []).append(play)
    found: list[Play] = []
    for kind, most in size.people.items():
        people = sorted(person for whose, person in by_person if whose == kind)[:most]
        for person in people:
            own = by_person[kind, person]
            step = max(len(own) / size.plays[kind], 1.0)
            found += [own[int(i * step)] for i in range(min(len(own), size.plays[kind]))]
    return [_cut(play, size.most_notes) for play in found]


def _cut(play: Play, most_notes: int | None) -> Play:
    count = len(play.recording.chart.notes)
    window = window_of(play, 0, min(count, most_notes or count))
    if most_notes is None or window is None:
        return play
    return replace(play, recording=Recording(window.recording.chart, window.recording.events))


def all_rows(plays: Sequence[Play], seed: int, jobs: int, tell: Tell) -> Rows:
    """Rows of all plays, with progress."""
    from joblib import Parallel, delayed  # here, because it is an extra

    found = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_rows_of_play)(play, seed + number) for number, play in enumerate(plays)
    )
    parts = [rows for rows in _told(found, len(plays), "features of plays", tell) if rows]
    return Rows(*(np.concatenate([getattr(p, name) for p in parts]) for name in Rows.__slots__))


def _rows_of_play(play: Play, seed: int) -> Rows | None:
    try:
        return rows_of([play], seed)
    except IndexError:  # no window of it has enough hits
        return None


def thinned(rows: Rows, most: int, seed: int) -> Rows:
    """At most so many of the rows, by lot."""
    if len(rows.features) <= most:
        return rows
    drawn = np.random.default_rng(seed).permutation(len(rows.features))[:most]
    return rows.where(np.sort(drawn))


def snapped(rows: Rows) -> Rows:
    """Each feature at the nearest of LEVELS quantiles.

    Boosting cuts features into as many bins anyhow, but takes minutes to find weighted ones.
    """
    features = np.empty_like(rows.features)
    for place, column in enumerate(rows.features.T):
        levels = np.unique(np.quantile(column, np.linspace(0, 1, LEVELS)))
        middles = (levels[1:] + levels[:-1]) / 2
        features[:, place] = levels[np.searchsorted(middles, column)]
    return replace(rows, features=features)


def fold_models(rows: Rows, seed: int, jobs: int, tell: Tell) -> tuple[list[Model], dict[str, int]]:
    """A model for each fold, and in which fold each person is left out."""
    from joblib import Parallel, delayed

    parts = list(divisions(rows, FOLDS))
    fold_of = {
        str(person): fold
        for fold, (_, unseen) in enumerate(parts)
        for person in np.unique(rows.people[unseen])
    }
    found: Iterator[Arrays] = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(trained)(snapped(rows.where(seen)), seed + fold)
        for fold, (seen, _) in enumerate(parts)
    )
    arrays = _told(found, FOLDS, "models", tell)
    return [model_from_arrays(each) for each in arrays], fold_of


def all_trials(
    plays: Sequence[Play],
    models: Sequence[Model],
    fold_of: Mapping[str, int],
    size: Size,
    seed: int,
    jobs: int,
    tell: Tell,
) -> Trials:
    """Every trial, each with the model that has not seen its people."""
    from joblib import Parallel, delayed

    tell("comparing plays: reading those that are known")
    known = [known_play(play, number) for number, play in enumerate(plays)]
    settings = [
        _setting(play, number, plays, known, models, fold_of, size, seed)
        for number, play in enumerate(plays)
        if play.person in fold_of
    ]
    found = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(trials_of)(setting) for setting in settings
    )
    parts = _told(found, len(settings), "trials", tell)
    return columns_of([trial for part in parts for trial in part])


def _setting(
    play: Play,
    number: int,
    plays: Sequence[Play],
    known: Sequence[KnownPlay],
    models: Sequence[Model],
    fold_of: Mapping[str, int],
    size: Size,
    seed: int,
) -> Setting:
    fold = fold_of[play.person]
    fellows = [
        other
        for other in plays
        if other.piece == play.piece
        and other.person != play.person
        and fold_of.get(other.person) == fold
    ]
    return Setting(
        play=play,
        fellows=fellows,
        known=[other for other in known if other.piece == play.piece],
        model=models[fold],
        fold=fold,
        innocent=size.innocent[play.kind],
        faked=size.faked[play.kind],
        seed=f"{seed} {number}",
    )


def _told(results: Iterable[Result], total: int, what: str, tell: Tell) -> Iterator[Result]:
    """The results as they come, with words about how long the rest will take."""
    began = told = monotonic()
    for done, result in enumerate(results, start=1):
        now = monotonic()
        if now - told >= TOLD_EVERY_S or done == total:
            left_s = (now - began) / done * (total - done)
            tell(f"{what}: {done} of {total}, {left_s:.0f} s left")
            told = now
        yield result
