"""Training: from rows of features to the arrays of a model, the same for the same seed."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    IsolationForest,
)
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from consensus.anomaly.features.book import NAMES
from consensus.anomaly.model import Model, model_from_arrays
from consensus.anomaly.traces import Floats, Integers
from simulations.detection.dataset import HUMAN, Rows
from simulations.detection.flattening import (
    arrays_of,
    flat_boosting,
    flat_classifier,
    flat_isolation,
)

TREES: Final = 100
DEPTH: Final = 10
LEAF: Final = 8
FEATURE_SHARE: Final = 0.5
SAMPLE: Final = 256
ROUNDS: Final = 300
LEAVES: Final = 16
BOOSTED_DEPTH: Final = 6
BOOSTED_LEAF: Final = 40
RATE: Final = 0.06
RIDGE: Final = 10.0
BLOCK: Final = 1_000
FOLDS: Final = 5
SHARES: Final = {"mania": 0.7, "tapping": 0.15, "drums": 0.15}
"""What each kind of recording counts for: the game is played like the first."""

Arrays = dict[str, NDArray[Any]]


def trained(rows: Rows, seed: int) -> Arrays:
    """The arrays of a model trained on all rows, its opinions joined on people left out."""
    return {**_parts(rows, seed), "joint": _joint(left_out_opinions(rows, seed), rows)}


def left_out_opinions(rows: Rows, seed: int) -> Floats:
    """[rows, 4] What is thought of each row by those who never saw its person."""
    opinions = np.empty((len(rows.features), 4))
    for number, (seen, unseen) in enumerate(divisions(rows, FOLDS)):
        arrays = {**_parts(rows.where(seen), seed + 1 + number), "joint": np.zeros(5)}
        opinions[unseen] = opinions_of(model_from_arrays(arrays), rows.features[unseen])
    return opinions


def divisions(rows: Rows, folds: int) -> Iterator[tuple[Integers, Integers]]:
    """Rows to learn from and rows to ask about; nobody is on both sides."""
    yield from GroupKFold(folds).split(rows.features, groups=rows.people)


def opinions_of(model: Model, features: Floats) -> Floats:
    """[rows, 4] The opinions that are joined, computed a thousand rows at a time."""
    blocks = np.array_split(features, max(1, len(features) // BLOCK))
    return np.concatenate([model.opinions_of_many(block) for block in blocks])


def sample_weights(rows: Rows) -> Floats:
    """[rows] People and attacks weigh the same in each kind, and so does every attack."""
    weights = np.zeros(len(rows.features))
    for kind, share in SHARES.items():
        for name in np.unique(rows.attacks):
            chosen = (rows.kinds == kind) & (rows.attacks == name)
            if chosen.any():
                others = len(np.unique(rows.attacks[(rows.kinds == kind) & rows.is_attack]))
                side = 0.5 if name == HUMAN else 0.5 / others
                weights[chosen] = share * side / np.count_nonzero(chosen)
    weights /= weights.mean()
    return weights


def _parts(rows: Rows, seed: int) -> Arrays:
    weights = sample_weights(rows)
    features = rows.features.astype(np.float32).astype(np.float64)  # as the trees are asked
    trees = ExtraTreesClassifier(
        TREES,
        max_depth=DEPTH,
        min_samples_leaf=LEAF,
        max_features=FEATURE_SHARE,
        n_jobs=-1,
        random_state=seed,
    ).fit(features, rows.is_attack, sample_weight=weights)
    boosting = HistGradientBoostingClassifier(
        max_iter=ROUNDS,
        max_leaf_nodes=LEAVES,
        max_depth=BOOSTED_DEPTH,
        learning_rate=RATE,
        min_samples_leaf=BOOSTED_LEAF,
        l2_regularization=RIDGE,
        max_features=FEATURE_SHARE,
        early_stopping=False,
        random_state=seed,
    ).fit(features, rows.is_attack, sample_weight=weights)
    people = features[~rows.is_attack]
    isolation = IsolationForest(
        n_estimators=TREES, max_samples=min(SAMPLE, len(people)), random_state=seed
    ).fit(people)
    boosted, base = flat_boosting(boosting)
    return {
        "names": np.array(NAMES),
        **arrays_of(flat_classifier(trees), "trees"),
        **arrays_of(boosted, "boosted"),
        "base": np.array(base),
        **arrays_of(flat_isolation(isolation), "isolation"),
        "people_means": people.mean(axis=0),
        "people_scales": people.std(axis=0),
    }


def _joint(opinions: Floats, rows: Rows) -> Floats:
    """What each opinion counts for, so that the sum is calibrated log-odds."""
    joint = LogisticRegression(C=1.0, max_iter=2_000).fit(
        opinions, rows.is_attack, sample_weight=sample_weights(rows)
    )
    return np.append(joint.coef_[0], joint.intercept_[0])
