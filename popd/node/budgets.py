"""Budgets: how much of the store is for whom, in bytes. Plain numbers, no state.

The policy in one place. A store has one size. What the user's own coins rest on, and what people
they trust wrote, may fill all of it. Strangers get a tenth of the store at most, and less where
the others need it. As long as their share is no more than half full, every stranger is taken in
whole: on a small network that is always so, and all ledgers are equal. Above half, each stranger
is kept up to 256 entries, one delivering peer may fill a quarter of the share and one subnet half
of it. When the share is over its bound, it is emptied down to nine tenths of it.
"""

from typing import Final

from consensus.statement import Statement

ENTRY_OVERHEAD: Final = 190
"""What the store needs for an entry beside its bytes: keys, indexes, and what pages leave free."""
MAX_STRANGER_ENTRIES: Final = 256
"""Of a stranger, once room gets scarce: weeks of play, or a visit from far away."""


def strangers_bytes(store_bytes: int, others_bytes: int) -> int:
    """The strangers' share of a store in which everybody else takes `others_bytes`."""
    return max(0, min(store_bytes // 10, store_bytes - others_bytes))


def is_roomy(used_bytes: int, share_bytes: int) -> bool:
    """Whether a share is at most half full, so that nobody needs to be measured."""
    return 2 * used_bytes <= share_bytes


def peer_bytes(share_bytes: int) -> int:
    """What strangers that one peer delivered may take of the share."""
    return share_bytes // 4


def subnet_bytes(share_bytes: int) -> int:
    """What strangers that one subnet delivered may take of the share."""
    return share_bytes // 2


def hard_bound_bytes(share_bytes: int) -> int:
    """Above this no stranger comes in, even while what is over the bound can't go."""
    return share_bytes * 11 // 10


def low_water_bytes(share_bytes: int) -> int:
    """Down to here a share is emptied once it is over its bound."""
    return share_bytes * 9 // 10


def size_of(statement: Statement) -> int:
    """What an entry takes up."""
    return len(statement.wire) + ENTRY_OVERHEAD
