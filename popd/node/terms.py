"""Terms: what a session takes over from the concert that it belongs to."""

from dataclasses import dataclass
from typing import Final

from consensus.identifiers import IdentityId
from consensus.parameters import MAX_TAGS
from consensus.units import Ppm


@dataclass(frozen=True, slots=True)
class Terms:
    """The concert's part of a session."""

    tags: tuple[str, ...] = ()
    """The concert's tags, sorted."""
    performers: tuple[tuple[IdentityId, Ppm], ...] = ()
    """Who shares in it; empty for the gatherer alone."""

    def tagged(self, tags: tuple[str, ...]) -> tuple[str, ...]:
        """A session's own tags and the concert's, sorted; the concert's stay where it gets full."""
        own = [tag for tag in tags if tag not in self.tags]
        return tuple(sorted((*self.tags, *own[: MAX_TAGS - len(self.tags)])))


ALONE: Final = Terms()
"""Of a session that belongs to no concert."""
