"""The arrays that walks go along: what lies where."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Rows(NamedTuple):
    """The arrays: what is read together lies together. The first two know n people."""

    place: Numbers
    """Shape (n, 3): where everybody's row lies; columns as in `kernels`."""
    sums: Floats
    """Shape (n, 4): what a walk needs to know of everybody."""
    target: NDArray[np.int32]
    """To whom; the shape of the arena."""
    weight: Floats
    """Trust less distrust of the same target, never negative."""
    is_gated: NDArray[np.bool_]
    """Whether the target is in a pocket that the person is outside of."""


class Membership(NamedTuple):
    """Who is in which pockets."""

    start: Numbers
    """Shape (n + 1,): where each person's pockets begin in `pocket`."""
    pocket: Numbers
    """Pockets, in order for each person."""
    carried: Floats
    """Shape (pockets,): the share of anybody's force that may enter."""


class Changes(NamedTuple):
    """Words to take in, in order of source and target, each pair once; all of shape (m,)."""

    source: Numbers
    """Who speaks."""
    target: Numbers
    """About whom."""
    weight: Floats
    """The change of the weight."""
    words: Floats
    """The change of what the source said in all."""


class Doubts(NamedTuple):
    """What is said against people: pairs, all of shape (m,)."""

    source: Numbers
    """Who speaks."""
    target: Numbers
    """Against whom."""
    trust: Floats
    """What the source says for the target all the same, beyond what its row shows."""
    distrust: Floats
    """What it says against."""


class Scratch(NamedTuple):
    """Room for one walk at a time, all zero between walks: a walk cleans up only where it was."""

    cells: Floats
    """Shape (n, 8): all that a walk notes of one person, in one line of a processor's cache."""
    frontiers: Numbers
    """Shape (3, n): who has any force at the last, this and the next step."""
    met: Numbers
    """Shape (n,): who was met, in order."""
