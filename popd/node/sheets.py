"""A sheet: what one member says in a room, and only they can; a room is its members' sheets."""

from dataclasses import dataclass
from typing import Final

from consensus.identifiers import ChartId, IdentityId
from consensus.parameters import MAX_PERFORMERS

MAX_MEMBERS: Final = MAX_PERFORMERS
"""A session names no more performers."""
MAX_SHEET_SIZE: Final = 4_096
"""Bytes of a sheet as it travels; all sheets of a room are at most 64 KiB."""
MAX_TITLE_BYTES: Final = 80
MAX_LABEL_BYTES: Final = 64
MAX_RATINGS: Final = 1_000_000
ROOM_ID_SIZE: Final = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first five fields count in the host's sheet alone."""

    title: str = ""
    """What the room plays."""
    members: frozenset[IdentityId] = frozenset()
    """Whom the host let in, itself among them."""
    players: frozenset[IdentityId] = frozenset()
    """Who play together from `t0_ms` on; empty while all gather."""
    t0_ms: int = 0
    """When the song begins, by the host's clock; 0 while all gather."""
    is_over: bool = False
    """The host closed the room."""
    chart: ChartId | None = None
    """The member's part."""
    label: str = ""
    """The part in words."""
    is_ready: bool = False
    """The member is ready to begin."""
    is_here: bool = False
    """The member has not left."""
    is_playing: bool = False
    """The member's session is announced and not over."""
    ratings: int = 0
    """How many ratings the member gathered in this room."""
