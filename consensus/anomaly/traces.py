"""A judged window as columns: what the features and the search for copies read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consensus.judgement import JudgedNote

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Pairs: TypeAlias = tuple[Integers, Integers]
"""[pairs], [pairs] Of each pair the row that comes first, and the other."""

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
        numbers = np.zeros(len(self.starts_us), np.int64)
        np.cumsum(self.starts_us[1:] != self.starts_us[:-1], out=numbers[1:])
        return numbers

    @cached_property
    def moment_sizes(self) -> Integers:
        """[moments] How many notes each moment has."""
        sizes: Integers = np.bincount(self.moments)
        return sizes

    @cached_property
    def moment_starts_us(self) -> Integers:
        """[moments] When each moment is."""
        firsts = np.cumsum(self.moment_sizes) - self.moment_sizes
        starts_us: Integers = self.starts_us[firsts]
        return starts_us

    @cached_property
    def moment_errors_ms(self) -> Floats:
        """[moments] The mean error of the notes of a moment that were hit; NaN where none was.

        It does not depend on which lane a note is on: a mirrored play has the same.
        """
        hit = self.is_hit.nonzero()[0]
        count, moments = len(self.moment_sizes), self.moments[hit]
        hits = np.bincount(moments, minlength=count)
        sums = np.bincount(moments, self.errors_ms[hit], minlength=count)
        means: Floats = np.divide(sums, hits, out=np.full(count, np.nan), where=hits > 0)
        return means


def traces_of(notes: Sequence[JudgedNote], keys: int) -> Traces:
    """The columns of judged notes, which are in order of (start, lane); any number of them."""
    asked, _, presses, releases = zip(*notes, strict=True) if notes else ((), (), (), ())
    starts, lanes, durations = zip(*asked, strict=True) if asked else ((), (), ())
    return Traces(
        keys,
        np.fromiter(starts, np.int64, len(notes)),
        np.fromiter(lanes, np.int64, len(notes)),
        np.fromiter(durations, np.int64, len(notes)),
        _times(presses),
        _times(releases),
    )


def _times(times_us: Sequence[int | None]) -> Integers:
    known = [NEVER if time_us is None else time_us for time_us in times_us]
    return np.fromiter(known, np.int64, len(known))
