"""Restoring in words: what a chain that comes back waits for, and what its owner can do."""

from typing import NamedTuple

from popd.node.restoring import Restoring

WAITING = "It isn't known yet how far your chain came, so nothing is written."
WAIT = "Wait until three others said so, or go on without: popctl wallet write-on."
ALONE = "Nobody is here who could say how far your chain came, so nothing is written."
REACH = "Join a network where somebody plays, or reach one with --dial ADDRESS."
UNKNOWN = "Nobody here knows these keys yet ({asked} asked), so nothing is written."
BEGIN = (
    "Where you played before, wait for people from there; new keys begin: popctl wallet write-on."
)


class Said(NamedTuple):
    """What is waited for."""

    why: str
    """As a sentence."""
    next_step: str
    """What to do."""


def said_of(restoring: Restoring, peers: int) -> Said:
    """What a chain that comes back waits for, with so many peers around."""
    if restoring.answered or len(restoring.unknowing) < len(restoring.told):
        return Said(WAITING, WAIT)
    if restoring.unknowing:
        return Said(UNKNOWN.format(asked=len(restoring.unknowing)), BEGIN)
    return Said(WAITING, WAIT) if peers else Said(ALONE, REACH)
