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
KEYMAPS: Final = "keymaps"
"""The map of which key plays which lane: a device and a number of lanes, and the keys."""
RUNS: Final = "runs"
"""The map of best runs: a chart's hexadecimal digits, and the accuracy."""


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
    keymaps: Mapping[str, str] = field(default_factory=dict)
    """Which key plays which lane, as the page writes it."""
    runs: Mapping[str, str] = field(default_factory=dict)
    """The best accuracy on each chart, by the chart's hexadecimal digits."""
