"""How many peers a node has, and who goes when a wanted one comes."""

from collections.abc import Callable, Mapping
from typing import Final

from consensus.identifiers import NodeKey

MAX_PEERS: Final = 64


def has_room(
    key: NodeKey, heard_us: Mapping[NodeKey, int], is_wanted: Callable[[NodeKey], bool]
) -> bool:
    """Whether a peer may have a session; `heard_us` says when each present peer last spoke.

    When all places are taken, only a peer that the user wants gets in, and only in the place of
    one that the user does not want.
    """
    if key in heard_us or len(heard_us) < MAX_PEERS:
        return True
    return is_wanted(key) and not all(map(is_wanted, heard_us))


def one_too_many(
    heard_us: Mapping[NodeKey, int], is_wanted: Callable[[NodeKey], bool]
) -> NodeKey | None:
    """Who has to go, if anybody: of those whom the user does not want the most silent."""
    if len(heard_us) <= MAX_PEERS:
        return None
    strangers = [key for key in heard_us if not is_wanted(key)]
    return min(strangers, key=heard_us.__getitem__, default=None)
