"""The trained model: how much likelier a play's features are from a script than from a person.

Three opinions are joined by a logistic regression, fitted on people whom none of the three had
seen: extremely randomised trees (Geurts, Ernst and Wehenkel, Mach. Learn. 63, 2006), boosted ones
(Friedman, Ann. Stat. 29, 2001), and how soon a play is isolated among recorded people (Liu, Ting
and Zhou, ICDM 2008), which needs no attack to have been thought of. The file holds flat numbers;
nothing in it is run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from consensus.anomaly.features.book import NAMES
from consensus.anomaly.forest import Forest
from consensus.anomaly.traces import Floats
from consensus.encoding import digest, encode

FILE: Final = "people.npz"
LEAST_CHANCE: Final = 1e-3
"""Trees agree at most so far; they have seen a few dozen people."""


@dataclass(frozen=True, slots=True)
class Model:
    """All that was learned."""

    trees: Forest
    """Each leaf says what share of its examples scripts made."""
    isolation: Forest
    """Each leaf says how far from the root it is, in units of the path expected by chance."""
    boosted: Forest
    """Each leaf adds to the log-odds."""
    base: float
    """What they are added to."""
    people_means: Floats
    """[features] What recorded people have."""
    people_scales: Floats
    """[features] How much they differ in it."""
    joint: Floats
    """[5] What the opinions count for, and a constant."""
    digest: bytes
    """Names the model, 32 bytes."""

    def opinions(self, row: Floats) -> Floats:
        """[4] Log-odds of both kinds of trees, isolation from 0 to 1, and ln moments."""
        answers = (forest.answers(row) for forest in (self.trees, self.boosted, self.isolation))
        return self._joined(row, *answers)

    def opinions_of_many(self, rows: Floats) -> Floats:
        """[rows, 4] The same for many rows at once."""
        forests = (self.trees, self.boosted, self.isolation)
        return self._joined(rows, *(forest.answers_to_many(rows) for forest in forests))

    def log_odds(self, row: Floats) -> float:
        """ln of how much likelier a row is from a script than from a person."""
        return float(self.opinions(row) @ self.joint[:-1]) + float(self.joint[-1])

    def _joined(self, rows: Floats, trees: Floats, boosted: Floats, isolation: Floats) -> Floats:
        """[..., 4] Opinions from what each tree said of [..., features] rows."""
        chance = np.clip(trees.mean(axis=-1), LEAST_CHANCE, 1 - LEAST_CHANCE)
        return np.stack(
            (
                np.log(chance / (1 - chance)),
                boosted.sum(axis=-1) + self.base,
                np.exp2(-isolation.mean(axis=-1)),
                rows[..., 0],
            ),
            axis=-1,
        )


def model_from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Model:
    """The model of these arrays; raises ValueError when it was trained on other features."""
    if tuple(arrays["names"].tolist()) != NAMES:
        raise ValueError("the model was trained on other features: train it anew")
    return Model(
        _forest(arrays, "trees"),
        _forest(arrays, "isolation"),
        _forest(arrays, "boosted"),
        float(arrays["base"]),
        arrays["people_means"],
        arrays["people_scales"],
        arrays["joint"],
        _digest(arrays),
    )


@cache
def shipped_model() -> Model:
    """The model that is part of this version."""
    data = files("consensus.anomaly").joinpath("models", FILE).read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return model_from_arrays(dict(arrays))


def _forest(arrays: Mapping[str, NDArray[Any]], name: str) -> Forest:
    return Forest(
        arrays[f"{name}_roots"].astype(np.int64),
        arrays[f"{name}_features"].astype(np.int64),
        arrays[f"{name}_thresholds"],
        arrays[f"{name}_lefts"].astype(np.int64),
        arrays[f"{name}_values"],
        int(arrays[f"{name}_depth"]),
    )


def _digest(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Of names, types, shapes and bytes, in order of the names."""
    described = tuple(
        (name, array.dtype.str, tuple(array.shape), digest(np.ascontiguousarray(array).tobytes()))
        for name, array in sorted(arrays.items())
    )
    return digest(encode(described))
