"""The trust graph as it is walked: it learns words without being built again, and answers at once.

Weights fade with a half-life, all alike, so each word is weighed as of one moment for ever: later
words weigh more instead of earlier ones less, and nothing needs to be touched as time goes by.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import partial
from math import isnan
from typing import Any, Final, Generic, NamedTuple

import numpy as np

from consensus.trust.arrays import Changes, Doubts, Floats, Membership, Numbers, Scratch
from consensus.trust.graph import HALF_LIFE_DAYS, MAX_WEIGHT, Acknowledgement, Id
from consensus.trust.kernels import (
    LENGTH,
    START,
    apply_changes,
    regard_all,
    room_needed,
    walk,
    weight_of,
)
from consensus.trust.pockets import Pocket, find_pockets
from consensus.trust.proximity import ALPHA, DEPTH
from consensus.trust.rows import copied, laid_out, scratch_for, with_arena, with_people
from consensus.units import MILLISECONDS_PER_DAY

LEAST_FORCE: Final = 1e-6
"""Less isn't passed on: a hundredth of what matters to anything that counts people as near."""
MAX_HALF_LIVES: Final = 900.0
"""As far from the index's moment as weights can be told apart: some seventy years."""
RENEWAL: Final = 0.05
"""Pockets are due again after so many words, in shares of those that they were found among."""
NO_PEOPLE: Final[Numbers] = np.zeros(0, np.int64)
NO_WEIGHTS: Final[Floats] = np.zeros(0)


class PocketOf(NamedTuple, Generic[Id]):
    """A pocket by name."""

    people: frozenset[Id]
    """Who is in it."""
    vouchers: float
    """How many people outside vouch for it, effectively."""


class _Said(NamedTuple):
    """What one person said of another of whom they have spoken badly, too."""

    trust: float
    distrust: float

    @property
    def net(self) -> float:
        return max(self.trust - self.distrust, 0.0)


class TrustIndex(Generic[Id]):
    """Who passes on how much to whom, for people of any name."""

    def __init__(self, moment_ms: int = 0) -> None:
        """Nobody yet; words weigh 1 where they were said at `moment_ms`."""
        self.people: list[Id] = []
        self.pockets: Sequence[Pocket] = ()
        self._moment_ms = moment_ms
        self._number: dict[Id, int] = {}
        self._rows, self._used = laid_out(0, _changes({}))
        self._members = _membership(0, ())
        self._bad: dict[tuple[int, int], _Said] = {}
        self._doubts = Doubts(NO_PEOPLE, NO_PEOPLE, NO_WEIGHTS, NO_WEIGHTS)
        self._spare: list[Scratch] = []
        self._learned = 0
        self._learned_then = 0

    @classmethod
    def of_edges(cls, people: Sequence[Id], changes: Changes) -> "TrustIndex[Id]":
        """An index of trust alone, from arrays: `changes` number `people`, each pair once."""
        index = cls()
        index.people = list(people)
        index._number = {person: number for number, person in enumerate(people)}
        index._rows, index._used = laid_out(len(people), changes)
        index._learned = len(changes.source)
        index.regard(())
        return index

    def learn(self, words: Iterable[Acknowledgement[Id]], now_ms: int) -> None:
        """Takes words in, in any order.

        Words about oneself, weights of 0 and weights that are no number are ignored. What is dated
        after `now_ms` counts as of then: a wrong clock gains nothing.
        """
        news: dict[tuple[int, int], tuple[float, float]] = {}
        spoken: dict[tuple[int, int], _Said] = {}
        for word in words:
            if word.source == word.target or not word.weight or isnan(word.weight):
                continue
            weight = self._weighed(word.weight, min(word.time_ms, now_ms))
            pair = self._numbered(word.source), self._numbered(word.target)
            trust, distrust = spoken.get(pair, _Said(0.0, 0.0))
            spoken[pair] = _Said(trust + max(weight, 0.0), distrust + max(-weight, 0.0))
            self._learned += 1
        self._grow_to(len(self.people))
        for pair, said in spoken.items():
            before = self._bad.get(pair)
            if before is None and not said.distrust:
                news[pair] = said.trust, said.trust
                continue
            known = before or _Said(float(weight_of(self._rows, *pair)), 0.0)
            after = _Said(known.trust + said.trust, known.distrust + said.distrust)
            self._bad[pair] = after
            # Off what the row really holds: of what is taken back in full, no rounding may be left.
            change = after.net - float(weight_of(self._rows, *pair))
            news[pair] = change, said.trust + said.distrust
        self._apply(_changes(news))

    def proximity(self, observer: Id) -> dict[Id, float]:
        """Scores in (0, 1] of everybody within reach; the observer's own is 1, the absent have 0.

        What `consensus.trust.proximity.proximity` says, but that a force below `LEAST_FORCE` is
        not passed on.
        """
        if observer not in self._number:
            return {observer: 1.0}
        numbers, scores = self.near(self._number[observer])
        people = self.people
        return {
            people[number]: score
            for number, score in zip(numbers.tolist(), scores.tolist(), strict=True)
        }

    def near(self, observer: int, least: float = LEAST_FORCE) -> tuple[Numbers, Floats]:
        """The same by number: who is within reach, and how near, both of shape (m,)."""
        spare = self._spare
        scratch = spare.pop() if spare else scratch_for(len(self.people))
        found: tuple[Numbers, Floats] = walk(
            self._rows, self._doubts, scratch, observer, ALPHA, DEPTH, least
        )
        spare.append(scratch)
        return found

    @property
    def adjacency(self) -> Any:
        """Net trust as a scipy CSR array of shape (n, n) without zeros."""
        from scipy.sparse import csr_array

        length = self._rows.place[:, LENGTH]
        ends = np.cumsum(length)
        offsets = np.arange(length.sum()) - np.repeat(ends - length, length)
        slots = np.repeat(self._rows.place[:, START], length) + offsets
        starts = np.concatenate([[0], ends])
        size = len(self.people)
        columns = self._rows.target[slots], starts
        matrix = csr_array((self._rows.weight[slots], *columns), shape=(size, size))
        matrix.eliminate_zeros()
        return matrix

    @property
    def words(self) -> int:
        """How many words it learned."""
        return self._learned

    @property
    def is_due(self) -> bool:
        """Whether so much was said since pockets were found that they should be found again."""
        return self._learned - self._learned_then > RENEWAL * self._learned_then

    def find_pockets(self, *seen_from: Id) -> None:
        """Finds pockets and regards them: seconds for a town, minutes for a million people."""
        self.regard(self.search(*seen_from)())

    def search(self, *seen_from: Id) -> Callable[[], list[Pocket]]:
        """What finds the pockets of this moment, in any thread, whatever is learned meanwhile.

        They are those that matter to some people, or to anybody; of whom nobody knows anything,
        nothing is asked.
        """
        self._learned_then = self._learned
        known = [self._number[one] for one in seen_from if one in self._number]
        if seen_from and not known:
            return list
        return partial(find_pockets, self.adjacency, known)

    def regard(self, pockets: Sequence[Pocket]) -> None:
        """Lets `pockets` be those that hold back force."""
        self.pockets = pockets
        self._members = _membership(len(self.people), pockets)
        regard_all(self._rows, self._members)

    def regard_people(self, pockets: Sequence[PocketOf[Id]]) -> None:
        """The same by name; whom the index doesn't know is in no pocket."""
        known = (
            (sorted(self._number[one] for one in people if one in self._number), vouchers)
            for people, vouchers in pockets
        )
        self.regard(
            [Pocket(np.array(members, np.int64), many) for members, many in known if members]
        )

    def pockets_by_name(self) -> list[PocketOf[Id]]:
        """The pockets as sets of people, with their effective vouchers."""
        people = self.people
        return [
            PocketOf(frozenset(people[one] for one in pocket.members.tolist()), pocket.vouchers)
            for pocket in self.pockets
        ]

    def supposing(self, words: Iterable[Acknowledgement[Id]], now_ms: int) -> "TrustIndex[Id]":
        """The index as it would be with more words; this one stays as it is."""
        other = copy(self)
        other.people, other._number, other._bad = [*self.people], {**self._number}, {**self._bad}
        other._rows, other._spare = copied(self._rows), []
        other.learn(words, now_ms)
        return other

    def _weighed(self, weight: float, time_ms: int) -> float:
        half_lives = (time_ms - self._moment_ms) / MILLISECONDS_PER_DAY / HALF_LIFE_DAYS
        bounded = min(max(weight, -MAX_WEIGHT), MAX_WEIGHT)
        return float(bounded * 2.0 ** min(max(half_lives, -MAX_HALF_LIVES), MAX_HALF_LIVES))

    def _numbered(self, person: Id) -> int:
        number = self._number.setdefault(person, len(self.people))
        if number == len(self.people):
            self.people.append(person)
        return number

    def _grow_to(self, people: int) -> None:
        if people > len(self._rows.place):
            self._rows = with_people(self._rows, people)
            self._spare = []
            ends = np.full(people + 1 - len(self._members.start), self._members.start[-1])
            starts = np.concatenate([self._members.start, ends])
            self._members = self._members._replace(start=starts)

    def _apply(self, changes: Changes) -> None:
        needed = self._used + int(room_needed(self._rows, changes))
        if needed > len(self._rows.target):
            self._rows = with_arena(self._rows, needed + needed // 2)
        self._used = int(apply_changes(self._rows, self._used, changes, self._members))
        self._doubts = _doubts(self._bad)


def _changes(news: Mapping[tuple[int, int], tuple[float, float]]) -> Changes:
    pairs = sorted(news)
    table = np.array([(*pair, *news[pair]) for pair in pairs], np.float64).reshape(-1, 4)
    return Changes(
        table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2].copy(),
        table[:, 3].copy(),
    )  # fmt: skip


def _doubts(bad: Mapping[tuple[int, int], _Said]) -> Doubts:
    pairs = np.array(list(bad), np.int64).reshape(-1, 2)
    said = np.array([(one.trust - one.net, one.distrust) for one in bad.values()], np.float64)
    columns = said.reshape(-1, 2)
    return Doubts(
        pairs[:, 0].copy(), pairs[:, 1].copy(), columns[:, 0].copy(), columns[:, 1].copy()
    )


def _membership(people: int, pockets: Sequence[Pocket]) -> Membership:
    members = np.concatenate([NO_PEOPLE, *(pocket.members for pocket in pockets)])
    which = np.repeat(np.arange(len(pockets)), [len(pocket.members) for pocket in pockets])
    order = np.lexsort((which, members))
    start = np.zeros(people + 1, np.int64)
    np.cumsum(np.bincount(members, minlength=people), out=start[1:])
    carried = np.array([pocket.carried for pocket in pockets], np.float64)
    return Membership(start, which[order].astype(np.int64), carried)
