"""What a user keeps for themselves, as the daemon and its API hand it to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import IdentityId

MAX_PETNAMES: Final = 4_096
"""People whom somebody named; more than anybody knows by name."""
MAX_PETNAME: Final = 32
"""Characters, as many as of names that people give themselves are shown."""
PETNAMES: Final = "petnames"
"""The map of names: an identity's hexadecimal digits, and what the user calls them."""
SETTINGS: Final = "settings"
"""The map of what the user chose in the page."""


class NotKeptError(Exception):
    """Something can't be kept; nothing was changed."""

    def __init__(self, why: str, next_step: str) -> None:
        """Both are sentences."""
        super().__init__(why)
        self.next_step = next_step


@dataclass(frozen=True, slots=True)
class OwnNotes:
    """Everything at one moment."""

    petnames: Mapping[IdentityId, str] = field(default_factory=dict)
    """What the user calls people."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What the user chose in the page; it wins over files and flags."""
