"""The known plays of one chart, and which of them a query is worth comparing with."""

from collections.abc import Set
from typing import Final, NamedTuple

import numpy as np

from consensus.anomaly.copies.play import PlayId
from consensus.anomaly.copies.population import Population
from consensus.anomaly.copies.residuals import Residuals
from consensus.anomaly.copies.sketch import Words, best_rows, sketch_of, words_of
from consensus.anomaly.copies.touch import Touch
from consensus.anomaly.traces import Floats, Integers

FIRST_ROWS: Final = 16
SETTLED: Final = 1_024
"""Counted plays from which on the mean of the sketches is not taken anew."""
MAX_COMPANY: Final = 48
"""Other people that a play is held against: more would tell hardly more."""
MAX_LOOKED_AT: Final = 2_048
"""Plays, from the first to the last, that company is chosen from."""
PLAY_BYTES: Final = 700
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
    touch: Touch | None = None
    """How wide its errors are and how long it holds, on this very chart."""


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
        self._signs: Words = np.zeros((words, FIRST_ROWS), np.uint64)
        self._known: Words = np.zeros((words, FIRST_ROWS), np.uint64)

    def add(self, play: KnownPlay) -> None:
        """One more, whose id is new."""
        row = self._next_row % self._max_plays
        self._next_row += 1
        if row < len(self.plays):
            self._remove(row)
            self.plays[row] = play
        else:
            self.plays.append(play)
        if row == self._signs.shape[1]:
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
        rows = best_rows(sketch, self._signs[:, :count], self._known[:, :count])
        chosen = (self.plays[row] for row in rows)
        return sorted(
            (play for play in chosen if play.id not in excluding), key=lambda play: play.id
        )

    def company(self, query: Residuals, author: str, excluding: Set[PlayId]) -> list[KnownPlay]:
        """Plays by other people, one by each, no copies, that share half of a query at least.

        At most MAX_COMPANY, the same for the same plays. Who is not known is taken for somebody
        else each time.
        """
        rows = _evenly(np.arange(len(self.plays)), MAX_LOOKED_AT)
        asked = sketch_of(query, self._mean_steps).known
        (words,) = np.nonzero(asked)
        shared = np.bitwise_count(self._known[np.ix_(words, rows)] & asked[words, np.newaxis])
        chosen: dict[str | PlayId, int] = {}
        for row in rows[2 * shared.sum(axis=0, dtype=np.int64) >= query.is_hit.sum()].tolist():
            play = self.plays[row]
            if play.is_original and play.id not in excluding and not _is_by(play, author):
                chosen.setdefault(play.author or play.id, row)
        return [self.plays[row] for row in _evenly(np.array([*chosen.values()], int), MAX_COMPANY)]

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
        self._signs[:, row], self._known[:, row] = sketch

    def _size_of(self, play: KnownPlay) -> int:
        touch = 0 if play.touch is None else play.touch.spreads.nbytes + play.touch.holds.nbytes
        return PLAY_BYTES + int(play.residuals.values.nbytes + 16 * len(self._signs)) + touch


def bytes_of_play(moments: int) -> int:
    """What a play of a whole chart with so many moments takes."""
    return PLAY_BYTES + moments + (16 + 8) * words_of(moments)


def _evenly(rows: Integers, most: int) -> Integers:
    """Rows from the first to the last, at most so many."""
    return rows[np.linspace(0, len(rows) - 1, most).astype(int)] if len(rows) > most else rows


def _is_by(play: KnownPlay, author: str) -> bool:
    return bool(author) and play.author == author


def _with_room(words: Words) -> Words:
    grown = np.zeros((len(words), words.shape[1] * 2), np.uint64)
    grown[:, : words.shape[1]] = words
    return grown
