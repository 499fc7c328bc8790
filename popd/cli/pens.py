"""Whose pen a node writes with, in words."""

from typing import Final

PENS: Final = {
    "own": "",
    "here": "The device that holds the pen is there.",
    "away": "The device that holds the pen is away: nothing can be written before it is back.",
    "locked": "Your keys are locked on the device that holds the pen. Unlock them there.",
    "unpaired": (
        "The device that has your keys has not taken this one in. A link is good once and for five "
        "minutes: make a new one there (`popctl device pair`), end popd here (`popctl down`), and "
        "join again (`popctl device join`)."
    ),
    "forgotten": "The device that holds the pen has forgotten this one. Join in a new folder.",
}
"""By what the API says of it; nothing where the node has its own."""
