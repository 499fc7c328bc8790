"""Nearness: how near two nodes are, as each of them measures and signs it on the link itself.

A witness that is near counts more, so both sides have to say so: the lower of both claims is
what either states in an entry. Nobody can prove where they are; a claim is shown as one.
"""

from dataclasses import dataclass

from consensus.presence import Presence


@dataclass(frozen=True, slots=True)
class Nearness:
    """What both ends of a link say of it."""

    own: Presence
    """What this node measures."""
    theirs: Presence | None
    """What the other one signed; None while it signed nothing."""
    round_trip_us: int
    """The shortest way there and back that this node measured; 0 when it measured none."""
    uncertainty_us: int
    """How far measurements were apart: the truth is within this of the round trip."""

    @property
    def agreed(self) -> Presence:
        """The lower of both claims; remote where only one side claims anything."""
        return Presence.REMOTE if self.theirs is None else min(self.own, self.theirs)
