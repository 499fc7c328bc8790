"""Communities by Louvain's method: who acknowledges whom more than chance would have it.

Blondel et al., "Fast unfolding of communities in large networks" (2008), with the modularity of
directed graphs by Dugué and Perez (2015), as scikit-network computes it.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SEED: Final = 1
"""Louvain looks at people in an order of chance; everybody takes the same."""


def louvain_labels(adjacency: Any, resolution: float = 1.0, seed: int = SEED) -> NDArray[np.int64]:
    """Which community everybody is in: labels of shape (n,), 0 for the largest.

    `adjacency` is a scipy CSR array of shape (n, n) of weights that are not negative, from the
    acknowledging row to the acknowledged column. A higher `resolution` finds smaller communities.
    """
    from scipy.sparse import csr_matrix
    from sknetwork.clustering import Louvain

    if adjacency.nnz == 0:
        return np.arange(adjacency.shape[0], dtype=np.int64)
    louvain = Louvain(resolution=resolution, random_state=seed)
    found = louvain.fit_predict(csr_matrix(adjacency))
    return np.asarray(found, dtype=np.int64)
