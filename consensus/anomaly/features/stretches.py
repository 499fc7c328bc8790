"""A play cut into stretches of some 500 notes, with a row of features for each."""

from itertools import pairwise
from typing import Final

import numpy as np

from consensus.anomaly.features.book import features_of
from consensus.anomaly.traces import Floats, Traces

STRETCH_NOTES: Final = 500
FEWEST_HITS: Final = 20
"""Fewer notes than this that were hit say nothing."""


def rows_of(traces: Traces) -> list[Floats]:
    """A row of features for each stretch that has enough notes that were hit."""
    count = max(1, round(len(traces.starts_us) / STRETCH_NOTES))
    edges = np.linspace(0, len(traces.starts_us), count + 1).round().astype(int)
    parts = [traces.part(first, end) for first, end in pairwise(edges.tolist())]
    return [features_of(part) for part in parts if np.count_nonzero(part.is_hit) >= FEWEST_HITS]
