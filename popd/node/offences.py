"""Offences: what a peer can do wrong, what it costs, and how it is said to the user."""

from enum import Enum


class Offence(Enum):
    """What costs a peer points: how many, and in words."""

    MALFORMED = (100, "It sent something that no honest node sends.")
    BROKEN_FRAMING = (50, "It sent what no path between two nodes carries.")
    FORGED = (100, "It delivered an entry with a wrong signature, or of another network.")
    WRONG_BLOB = (100, "It served a chart or evidence that is not what was asked for.")
    FLOOD = (2, "It sends more than we can look at.")
    CROWDING = (25, "It delivers more new strangers than anybody could know.")
    BROKEN_PROMISE = (20, "It announced something and could not serve it.")
    SILENT = (15, "It did not answer what it was asked for.")
    UNASKED = (20, "It answered what nobody asked for.")
    ENDLESS = (100, "Its answer went on beyond what an answer may hold.")
    FRUITLESS = (5, "It says that it holds more, and brings nothing.")
    RESTLESS = (5, "It connects again and again.")
    STRANGE_BOX = (20, "It sent something sealed that nobody here can open.")
    NOT_READING = (50, "It does not read what it is sent.")

    @property
    def points(self) -> int:
        """What it costs; at a hundred we part."""
        return self.value[0]

    @property
    def words(self) -> str:
        """For the user."""
        return self.value[1]
