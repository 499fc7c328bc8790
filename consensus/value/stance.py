"""What an observer makes of disputes: which reports it believes, which branches it counts."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from consensus.identifiers import EntryId, IdentityId
from consensus.lots import LotKey


@dataclass(frozen=True, slots=True)
class Stance:
    """One observer's view of all disputes."""

    believed: Set[EntryId] = frozenset()
    """Blocks whose reports the observer believes."""
    discredited: Set[IdentityId] = frozenset()
    """Verifiers who accepted such a block."""
    counted: Set[LotKey] = frozenset()
    """Contested lots that came over branches that the observer counts."""


NO_STANCE: Final = Stance()
"""Whoever heard of no dispute."""
