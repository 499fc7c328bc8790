"""The rows of a StepMania chart: which key on which beat."""

import re
from typing import Final, NamedTuple

from consensus.chart import MAX_KEYS, MAX_NOTES
from game.charts.errors import ChartImportError

BEATS_PER_MEASURE: Final = 4
MAX_ROW_LENGTH: Final = 1_024
"""Letters; attacks and sounds may stand between the notes of a row."""
BESIDE_NOTES: Final = re.compile(r"\[[^\]]*\]|\{[^}]*\}|<[^>]*>")
"""Sounds and attacks of the note before."""
TAPS: Final = "1L"
HEADS: Final = "24"
TAIL: Final = "3"
NOT_PLAYED: Final = "MFK"
"""Mines, fakes and sounds."""
NOTHING: Final = "0"


class Step(NamedTuple):
    """A note on its beat."""

    beat: float
    """From 0."""
    lane: int
    """From 0 at the left."""
    end_beat: float
    """Where a hold ends; `beat` for a tap."""
    place: str
    """Where it stands, for whoever has to mend it."""


class _Reader:
    """Notes of the lanes so far, and the holds that wait for their end."""

    def __init__(self, keys: int) -> None:
        self.steps: list[Step] = []
        self._heads: list[tuple[float, str] | None] = [None] * keys

    def read(self, beat: float, lane: int, letter: str, place: str) -> None:
        head = self._heads[lane]
        if letter in TAPS:
            self.steps.append(Step(beat, lane, beat, place))
        elif letter == TAIL and head is not None:
            self.steps.append(Step(head[0], lane, beat, head[1]))
        elif letter not in HEADS + TAIL + NOT_PLAYED:
            raise ChartImportError(place, f"{letter!r} is no kind of note")
        # Whatever stands between a head and its tail undoes the hold, as in the game.
        self._heads[lane] = (beat, place) if letter in HEADS else None
        if len(self.steps) > MAX_NOTES:
            raise ChartImportError(place, f"more than {MAX_NOTES} notes in one chart")


def steps_of(text: str, place: str) -> tuple[int, list[Step]]:
    """The number of keys (0 where there are no rows) and the notes of a #NOTES value.

    Players of one chart stand between `&` and play together. A hold without an end is left out,
    as in the game. Raises ChartImportError beneath `place`.
    """
    keys = 0
    steps: list[Step] = []
    for player in text.split("&"):
        measures = [_rows(part, place, number) for number, part in enumerate(player.split(","))]
        first = next((row for rows in measures for row in rows), "")
        keys = keys or _checked_width(first, place)
        steps += _player_steps(measures, keys, place)
    return keys, steps


def _player_steps(measures: list[list[str]], keys: int, place: str) -> list[Step]:
    reader = _Reader(keys)
    for number, rows in enumerate(measures):
        for position, row in enumerate(rows):
            if row == NOTHING * keys:
                continue
            here = f"{place}, measure {number}, row {position + 1}"
            if len(row) != keys:
                raise ChartImportError(here, f"{len(row)} letters instead of {keys}")
            # One division, so that equal beats are equal numbers.
            beat = BEATS_PER_MEASURE * (number * len(rows) + position) / len(rows)
            for lane, letter in enumerate(row):
                if letter != NOTHING:
                    reader.read(beat, lane, letter, here)
    return reader.steps


def _rows(measure: str, place: str, number: int) -> list[str]:
    return [row for line in measure.splitlines() if (row := _row(line, place, number))]


def _row(line: str, place: str, measure: int) -> str:
    row = line.partition("//")[0].strip()
    if len(row) > MAX_ROW_LENGTH:
        raise ChartImportError(f"{place}, measure {measure}", "a row too long to be one")
    return BESIDE_NOTES.sub("", row).upper() if not row.isdigit() else row


def _checked_width(row: str, place: str) -> int:
    if len(row) > MAX_KEYS:
        raise ChartImportError(place, f"{len(row)} lanes, not 1 to {MAX_KEYS}")
    return len(row)
