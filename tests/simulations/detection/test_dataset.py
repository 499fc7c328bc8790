"""Rows name who made them and whose notes they are on, and are the same for the same seed."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from consensus.anomaly.features.book import NAMES
from consensus.chart import Chart, Note, TimingPoint
from game.bots.human_like import HumanLike
from game.bots.recording import Recording
from simulations.detection import dataset
from simulations.detection.dataset import HUMAN, LEARNED, Rows, play_rows, rows_from
from simulations.detection.people import Play
from simulations.detection.training import divisions, sample_weights

NOTES = tuple(Note(1_000_000 + i * 150_000, i * i % 7 % 4) for i in range(90))
CHART = Chart("", "", 4, (TimingPoint(0, 600_000),), NOTES)


def played(seed: int, kind: str = "tapping") -> Play:
    events = HumanLike().play(CHART, 20_000_000, Random(seed))
    return Play(f"person {seed}", "piece", kind, Recording(CHART, events))


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "NOTES", (30, 60))
    monkeypatch.setattr(dataset, "WINDOWS", {"mania": 1, "tapping": 1, "drums": 1})


def same(one: Rows, other: Rows) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Rows.__slots__)


def test_every_window_gives_a_row_of_its_person_and_of_every_attack():
    found = play_rows(played(1), Random(1))
    assert {name for _, name, *_ in found} == {HUMAN, *LEARNED}
    assert {(*rest,) for _, _, *rest in found} == {
        ("person 1", "tapping", "piece", notes) for notes in (30, 60)
    }
    assert all(row.shape == (len(NAMES),) and np.isfinite(row).all() for row, *_ in found)


def test_a_drum_shows_nothing_of_releases():
    places = [i for i, name in enumerate(NAMES) if name.startswith(("hold_", "release_"))]
    of_drums = np.array([row for row, *_ in play_rows(played(1, "drums"), Random(1))])
    of_keys = np.array([row for row, *_ in play_rows(played(1), Random(1))])
    assert len(np.unique(of_drums[:, places], axis=0)) == 1
    assert len(np.unique(of_keys[:, places], axis=0)) > 1


def test_the_same_seed_gives_the_same_rows():
    one, again, other = (dataset.rows_of([played(1), played(2)], seed) for seed in (1, 1, 2))
    assert same(one, again)
    assert not same(one, other)
    assert (one.attacks == HUMAN).sum() == (~one.is_attack).sum() > 0


def test_rows_are_kept_in_a_file(rows: Rows, tmp_path: Path):
    rows.save(tmp_path / "rows.npz")
    assert same(rows_from(tmp_path / "rows.npz"), rows)


def test_some_of_the_rows_are_chosen_by_mask_or_number(rows: Rows):
    attacks = rows.where(rows.is_attack)
    assert attacks.is_attack.all()
    assert same(attacks, rows.where(np.flatnonzero(rows.is_attack)))


def test_nobody_is_on_both_sides_of_a_division(rows: Rows):
    asked = []
    for seen, unseen in divisions(rows, 5):
        assert not set(rows.people[seen]) & set(rows.people[unseen])
        asked += unseen.tolist()
    assert sorted(asked) == list(range(len(rows.features)))


def test_people_and_attacks_weigh_the_same(rows: Rows):
    weights = sample_weights(rows.where(np.arange(len(rows.features)) % 3 > 0))
    chosen = rows.where(np.arange(len(rows.features)) % 3 > 0)
    assert weights[chosen.is_attack].sum() == pytest.approx(weights[~chosen.is_attack].sum())
    assert weights.mean() == pytest.approx(1)
