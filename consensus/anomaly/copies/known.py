"""The known plays of one chart, and which of them a query is worth comparing with."""

from collections.abc import Set
from typing import Final, NamedTuple

import numpy as np

from consensus.anomaly.copies.play import PlayId
from consensus.anomaly.copies.population import Population
from consensus.anomaly.copies.residuals import Residuals
from consensus.anomaly.copies.sketch import Words, best_rows, sketch_of, words_of
from consensus.anomaly.traces import Floats, Integers

FIRST_ROWS: Final = 16
SETTLED: Final = 1_024
"""Counted plays from which on the mean of the sketches is not taken anew."""
PLAY_BYTES: Final = 600
"""What Python needs for a play beside its columns."""


class KnownPlay(NamedTuple):
    """One play of a chart."""

    id: PlayId
    """Names it."""
    author: str
    """Whose it is."""
    residuals: Residuals
    """Its errors."""
    is_original: bool
    """It is no copy: it tells of people's habits."""


class KnownPlays:
    """Rows of plays; when all are taken, the oldest makes room."""

    def __init__(self, starts_us: Integers, max_plays: int) -> None:
        """None yet, of a chart with these moments."""
        self.starts_us = starts_us
        self.population = Population(len(starts_us))
        self.plays: list[KnownPlay] = []
        self.rows: dict[PlayId, int] = {}
        self.size = 0
        """Bytes that the plays take."""
        self._max_plays = max_plays
        self._next_row = 0
        self._mean_steps: Floats = np.zeros(len(starts_us))
        self._next_mean = 2
        words = words_of(len(starts_us))
        self._signs: Words = np.zeros((FIRST_ROWS, words), np.uint64)
        self._known: Words = np.zeros((FIRST_ROWS, words), np.uint64)

    def add(self, play: KnownPlay) -> None:
        """One more, whose id is new."""
        row = self._next_row % self._max_plays
        self._next_row += 1
        if row < len(self.plays):
            self._remove(row)
            self.plays[row] = play
        else:
            self.plays.append(play)
        if row == len(self._signs):
            self._signs, self._known = _with_room(self._signs), _with_room(self._known)
        self.rows[play.id] = row
        self.size += self._size_of(play)
        self._write(row)
        if play.is_original:
            self.population.add(play.residuals)
            self._refresh_mean()

    def candidates(self, query: Residuals, excluding: Set[PlayId]) -> list[KnownPlay]:
        """Plays that are worth an exact comparison, in order of their ids."""
        count = len(self.plays)
        sketch = sketch_of(query, self._mean_steps)
        rows = best_rows(sketch, self._signs[:count], self._known[:count])
        chosen = (self.plays[row] for row in rows)
        return sorted(
            (play for play in chosen if play.id not in excluding), key=lambda play: play.id
        )

    def habits_without(self, excluded: Set[PlayId]) -> Population:
        """The population without those of the excluded plays that are part of it."""
        rows = [self.rows[play] for play in excluded if play in self.rows]
        counted = [self.plays[row].residuals for row in rows if self.plays[row].is_original]
        return self.population.without(counted) if counted else self.population

    def _remove(self, row: int) -> None:
        gone = self.plays[row]
        del self.rows[gone.id]
        self.size -= self._size_of(gone)
        if gone.is_original:
            self.population.add(gone.residuals, -1)

    def _refresh_mean(self) -> None:
        """Signs are against the mean of those who were there: now and then it is taken anew."""
        if not self._next_mean <= self.population.plays <= SETTLED:
            return
        self._next_mean = self.population.plays * 2
        self._mean_steps = self.population.mean_steps()
        for row in range(len(self.plays)):
            self._write(row)

    def _write(self, row: int) -> None:
        sketch = sketch_of(self.plays[row].residuals, self._mean_steps)
        self._signs[row], self._known[row] = sketch

    def _size_of(self, play: KnownPlay) -> int:
        return PLAY_BYTES + int(play.residuals.values.nbytes + 2 * self._signs[0].nbytes)


def bytes_of_play(moments: int) -> int:
    """What a play of a whole chart with so many moments takes."""
    return PLAY_BYTES + moments + 16 * words_of(moments)


def _with_room(rows: Words) -> Words:
    grown = np.zeros((len(rows) * 2, rows.shape[1]), np.uint64)
    grown[: len(rows)] = rows
    return grown
