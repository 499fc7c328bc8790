"""A forest of decision trees as flat arrays: all trees walk down together, a level at a time.

Trained elsewhere; here a row is only asked. Features are compared as 32-bit floats, as the trees
were grown on them.
"""

from dataclasses import dataclass

import numpy as np

from consensus.anomaly.traces import Floats, Integers


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees one after the other; of each node the right child follows the left one."""

    roots: Integers
    """[trees] Where each tree begins."""
    features: Integers
    """[nodes] Which feature a node asks for; 0 in a leaf."""
    thresholds: Floats
    """[nodes] Up to this value the way leads left; infinite in a leaf."""
    lefts: Integers
    """[nodes] The left child; a leaf is its own."""
    values: Floats
    """[nodes] What a leaf says; 0 elsewhere."""
    depth: int
    """Steps from a root to the farthest leaf."""

    def answers(self, row: Floats) -> Floats:
        """[trees] What each tree says of a row of features."""
        asked = row.astype(np.float32)
        nodes = self.roots
        for _ in range(self.depth):
            nodes = self.lefts[nodes] + (asked[self.features[nodes]] > self.thresholds[nodes])
        answers: Floats = self.values[nodes]
        return answers

    def answers_to_many(self, rows: Floats) -> Floats:
        """[rows, trees] The same for many rows at once, in far less time than one by one."""
        asked = rows.astype(np.float32)
        nodes = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            found = np.take_along_axis(asked, self.features[nodes], axis=1)
            nodes = self.lefts[nodes] + (found > self.thresholds[nodes])
        answers: Floats = self.values[nodes]
        return answers
