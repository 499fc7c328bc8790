"""A trained model is kept as numbers, and is refused when they aren't a model of these features."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from consensus.anomaly.features.book import NAMES
from consensus.anomaly.model import LEAST_CHANCE, Model, model_from_arrays
from simulations.detection.dataset import Rows

Arrays = Mapping[str, NDArray[Any]]


@pytest.fixture(scope="module")
def model(arrays: Arrays) -> Model:
    return model_from_arrays(arrays)


def changed(arrays: Arrays, name: str, change) -> dict[str, NDArray[Any]]:
    return {**arrays, name: change(arrays[name].copy())}


def loaded(file: BytesIO | Path) -> Model:
    if isinstance(file, BytesIO):
        file.seek(0)
    with np.load(file, allow_pickle=False) as kept:
        return model_from_arrays(dict(kept))


def test_opinions_are_what_the_forests_say(model: Model, rows: Rows):
    for row in rows.features[:20]:
        chance = model.trees.answers(row).mean()
        chance = min(max(chance, LEAST_CHANCE), 1 - LEAST_CHANCE)
        expected = (
            log(chance / (1 - chance)),
            model.boosted.answers(row).sum() + model.base,
            2 ** -model.isolation.answers(row).mean(),
            row[0],
        )
        assert model.opinions(row) == pytest.approx(expected, abs=1e-12)
        joined = np.dot(expected, model.joint[:4]) + model.joint[4]
        assert model.log_odds(row) == pytest.approx(joined, abs=1e-12)


def test_the_odds_tell_scripts_from_people(model: Model, rows: Rows):
    odds = np.array([model.log_odds(row) for row in rows.features])
    assert (odds[rows.is_attack] > 0).mean() > 0.85
    assert (odds[~rows.is_attack] < 0).mean() > 0.85


def test_the_isolation_of_what_nobody_plays_is_greater(model: Model, rows: Rows):
    usual = np.array([model.opinions(row)[2] for row in rows.features])
    assert model.opinions(np.full(len(NAMES), 40.0))[2] > usual.max()


def test_people_have_the_means_they_have(model: Model, rows: Rows):
    people = rows.features[~rows.is_attack]
    assert model.people_means == pytest.approx(people.mean(axis=0), abs=1e-6)
    assert model.people_scales == pytest.approx(people.std(axis=0), abs=1e-6)


def test_a_model_of_other_features_is_refused(arrays: Arrays):
    for other in (NAMES[:-1], NAMES[::-1], (*NAMES, "more")):
        with pytest.raises(ValueError, match="trained on other features: train it anew"):
            model_from_arrays({**arrays, "names": np.array(other)})


def test_a_model_that_lacks_a_part_is_refused(arrays: Arrays):
    for name in arrays:
        with pytest.raises(KeyError, match=name):
            model_from_arrays({key: array for key, array in arrays.items() if key != name})


def test_a_file_that_was_cut_off_is_refused(arrays: Arrays):
    file = BytesIO()
    np.savez_compressed(file, **arrays)
    data = file.getvalue()
    for size in (len(data) // 2, len(data) - 1):
        with pytest.raises(zipfile.BadZipFile):
            loaded(BytesIO(data[:size]))


def test_any_change_changes_the_digest(arrays: Arrays, model: Model):
    def nudged(array: NDArray[Any]) -> NDArray[Any]:
        array.flat[0] += 1
        return array

    digests = {model.digest}
    for name in arrays:
        if name != "names":
            digests.add(model_from_arrays(changed(arrays, name, nudged)).digest)
    retyped = changed(arrays, "people_means", lambda array: array.astype(np.float32))
    digests.add(model_from_arrays(retyped).digest)
    assert len(digests) == len(arrays) + 1
    assert all(len(digest) == 32 for digest in digests)


def test_the_digest_does_not_depend_on_the_file(arrays: Arrays, model: Model, tmp_path: Path):
    backwards = BytesIO()
    np.savez(backwards, **dict(reversed(arrays.items())))
    assert loaded(backwards).digest == model.digest
    dated = tmp_path / "dated.npz"
    np.savez_compressed(dated, **arrays)
    with zipfile.ZipFile(dated) as old, zipfile.ZipFile(tmp_path / "new.npz", "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6)), old.read(name))
    assert loaded(tmp_path / "new.npz").digest == model.digest


def test_a_kept_model_says_the_same(arrays: Arrays, model: Model, rows: Rows):
    file = BytesIO()
    np.savez_compressed(file, **arrays)
    again = loaded(file)
    for row in rows.features[:10]:
        assert again.log_odds(row) == model.log_odds(row)


def test_odds_are_finite_for_the_farthest_rows(model: Model):
    for value in (0.0, -1e30, 1e30):
        assert abs(model.log_odds(np.full(len(NAMES), value))) < 1e32
        assert exp(-abs(model.opinions(np.full(len(NAMES), value))[0])) >= LEAST_CHANCE / 2
