"""A judged window as columns: what the features and the search for copies read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consensus.judgement import JudgedNote

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

NEVER: Final = np.iinfo(np.int64).min
"""The time of what did not happen."""


@dataclass(frozen=True)
class Traces:
    """What became of the notes, a row each in order of (start, lane). (No slots: computed once.)"""

    keys: int
    """Lanes of the chart."""
    starts_us: Integers
    """[notes] When they were asked for."""
    lanes: Integers
    """[notes] On which lane."""
    durations_us: Integers
    """[notes] How long they were to be held; 0 for a tap."""
    presses_us: Integers
    """[notes] When they were pressed; NEVER for a miss."""
    releases_us: Integers
    """[notes] When that key came up; NEVER for a miss, or where it never did."""

    def part(self, first: int, end: int) -> "Traces":
        """The notes numbered from `first` up to `end`, which is not one of them."""
        return Traces(
            self.keys,
            self.starts_us[first:end],
            self.lanes[first:end],
            self.durations_us[first:end],
            self.presses_us[first:end],
            self.releases_us[first:end],
        )

    @cached_property
    def is_hit(self) -> Flags:
        """[notes] Whether it was hit."""
        is_hit: Flags = self.presses_us != NEVER
        return is_hit

    @cached_property
    def errors_ms(self) -> Floats:
        """[notes] Press minus note; NaN for a miss."""
        errors: Floats = (self.presses_us - self.starts_us) / 1_000
        errors[~self.is_hit] = np.nan
        return errors

    @cached_property
    def moments(self) -> Integers:
        """[notes] Which moment of the chart a note belongs to, from 0; a chord is one moment."""
        numbers: Integers = np.cumsum(np.diff(self.starts_us, prepend=self.starts_us[:1]) > 0)
        return numbers

    @cached_property
    def moment_starts_us(self) -> Integers:
        """[moments] When each moment is."""
        starts_us: Integers = np.unique(self.starts_us)
        return starts_us

    @cached_property
    def moment_errors_ms(self) -> Floats:
        """[moments] The mean error of the notes of a moment that were hit; NaN where none was.

        It does not depend on which lane a note is on: a mirrored play has the same.
        """
        count = len(self.moment_starts_us)
        hits = np.bincount(self.moments[self.is_hit], minlength=count)
        sums = np.bincount(self.moments[self.is_hit], self.errors_ms[self.is_hit], minlength=count)
        means: Floats = np.divide(sums, hits, out=np.full(count, np.nan), where=hits > 0)
        return means


def traces_of(notes: Sequence[JudgedNote], keys: int) -> Traces:
    """The columns of judged notes, which are in order of (start, lane); any number of them."""
    count = len(notes)
    asked = np.fromiter(chain.from_iterable(judged.note for judged in notes), np.int64, 3 * count)
    starts_us, lanes, durations_us = asked.reshape(count, 3).T
    presses_us, releases_us = (
        np.fromiter((NEVER if time is None else time for time in times), np.int64, count)
        for times in (
            [judged.press_us for judged in notes],
            [judged.release_us for judged in notes],
        )
    )
    return Traces(keys, starts_us.copy(), lanes.copy(), durations_us, presses_us, releases_us)
