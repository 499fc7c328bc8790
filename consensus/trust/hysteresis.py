"""Communities that last: what was found before is kept unless what is found now is clearly better.

"Better" is modularity (Newman, "Modularity and community structure in networks", 2006), which is a
sum over communities, so each neighbourhood of old and new communities is decided on its own: a
small cluster splits in a large town as it would alone.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

CLEARLY: Final = 0.02
"""Modularity to be gained before anything changes, for each share of ties that changes hands."""
KIN: Final = 0.2
"""Old and new communities are decided together that share so much of one of the two."""

Labels = NDArray[np.int64]


def steady_labels(ties: Any, fresh: Labels, before: Labels) -> Labels:
    """Which community everybody is in: new labels, kept ones where nothing is clearly better.

    `ties` is a symmetric scipy CSR array of shape (n, n), `fresh` what is found in it now, `before`
    the previous labels with -1 for newcomers: both of shape (n,), from 0.
    """
    if not len(before) or before.max() < 0:
        return fresh
    news, olds = int(fresh.max()) + 1, int(before.max()) + 1
    known = before >= 0
    pairs, number, shared = np.unique(
        fresh[known] * olds + before[known], return_inverse=True, return_counts=True
    )
    new, old = pairs // olds, pairs % olds
    of_new = shared / np.bincount(fresh, minlength=news)[new]
    of_old = shared / np.bincount(before[known], minlength=olds)[old]
    is_kin = np.maximum(of_new, of_old) >= KIN
    heir = np.full(news, olds, dtype=np.int64)
    by_share = np.flatnonzero(is_kin)[np.argsort(shared[is_kin], kind="stable")]
    heir[new[by_share]] = old[by_share]
    # Who is new, or comes from afar, goes with the others of the new community.
    kept = np.where(heir[fresh] < olds, heir[fresh], olds + fresh)
    stays = np.flatnonzero(known)[is_kin[number]]
    kept[stays] = before[stays]
    place = _neighbourhoods(new[is_kin], old[is_kin], news, olds)[fresh]
    gained = _quality(ties, fresh, place) - _quality(ties, kept, place)
    degree = np.asarray(ties.sum(axis=1)).ravel()
    share = np.bincount(place, degree) / degree.sum()
    is_better = gained > CLEARLY * share
    return np.where(is_better[place], olds + news + fresh, kept)


def _neighbourhoods(new: Labels, old: Labels, news: int, olds: int) -> Labels:
    """Which new communities are decided together, as pairs of kin join them: shape (news,)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = news + olds
    joined: Any = coo_array((np.ones(len(new)), (new, news + old)), shape=(size, size))
    _, found = connected_components(joined, directed=False)
    return np.asarray(found[:news], dtype=np.int64)


def _quality(ties: Any, labels: Labels, place: Labels) -> NDArray[np.float64]:
    """Each neighbourhood's part of the modularity of some communities."""
    entries = ties.tocoo()
    total = entries.data.sum()
    is_within = labels[entries.row] == labels[entries.col]
    inside = np.bincount(place[entries.row[is_within]], entries.data[is_within], place.max() + 1)
    degree = np.asarray(ties.sum(axis=1)).ravel()
    names, first, community = np.unique(labels, return_index=True, return_inverse=True)
    strength = np.bincount(community, degree, len(names))
    chance = np.bincount(place[first], (strength / total) ** 2, place.max() + 1)
    return np.asarray(inside / total - chance, dtype=np.float64)
