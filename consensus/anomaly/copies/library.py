"""All known plays, by chart; and the one that a play follows most closely."""

from collections import OrderedDict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from math import log
from threading import Lock
from typing import Final, Literal

from consensus.anomaly.copies.alignment import places
from consensus.anomaly.copies.known import KnownPlay, KnownPlays, bytes_of_play
from consensus.anomaly.copies.match import LEAST_CORRELATION, Known, Match, Splice, matches
from consensus.anomaly.copies.moments import ChartKey
from consensus.anomaly.copies.play import Play, PlayId
from consensus.anomaly.copies.residuals import Residuals, moved
from consensus.anomaly.traces import Integers
from consensus.units import Ppm

MAX_PLAYS_OF_A_CHART: Final = 200_000
MAX_CHARTS: Final = 512
"""A chart that is none of them is held against each once: a millisecond a chart."""
MAX_ALIASES: Final = 256
"""Charts that are nearly a known one; the places of their moments are remembered."""
MAX_BYTES: Final = 1 << 28
"""256 MB: 100,000 plays of 1,500 moments; the chart that was not asked for longest goes first."""
TELLING_DECADES: Final = 4.0
"""One innocent play in 10,000 is so much like another."""
DECADE: Final = log(10)

Kind = Literal["copy", "splice", "none"]


@dataclass(frozen=True, slots=True)
class Source:
    """A known play that explains a part of another."""

    id: PlayId
    """Which."""
    share: float
    """Share of the moments that both hit."""
    correlation: float
    """Of the residuals there."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The known play, or plays, that a play follows most closely."""

    id: PlayId
    """The play that explains most of it."""
    similarity_ppm: Ppm
    """1,000,000 for the same play; correlation times share."""
    correlation: float
    """Of the residuals, over all moments that are explained."""
    significance: float
    """Decades: among 10^significance innocent plays one is so much like any that is known."""
    share: float
    """Share of the moments that are explained."""
    kind: Kind
    """A copy of one play, put together from several, or neither."""
    sources: tuple[Source, ...]
    """What it may be made of, the largest share first."""


class Library:
    """Plays are added and compared by any thread, one at a time."""

    def __init__(
        self, max_plays_of_a_chart: int = MAX_PLAYS_OF_A_CHART, max_bytes: int = MAX_BYTES
    ) -> None:
        """No play yet."""
        self._max_plays = max_plays_of_a_chart
        self._max_bytes = max_bytes
        self._lock = Lock()
        self._charts: OrderedDict[bytes, KnownPlays] = OrderedDict()
        self._aliases: OrderedDict[bytes, tuple[bytes, Integers]] = OrderedDict()

    def __len__(self) -> int:
        with self._lock:
            return sum(len(chart.plays) for chart in self._charts.values())

    @property
    def size(self) -> int:
        """Bytes that all plays take."""
        with self._lock:
            return self._size()

    def add(self, play: Play, *, is_original: bool = True) -> None:
        """Keeps a play for comparison, unless it is known or has nothing to compare.

        One that is a copy (`is_original` is False) is kept as well, but says nothing of people's
        habits: copies on purpose can't move the mean to hide among it.
        """
        if play.residuals is None:
            return
        with self._lock:
            chart, there = self._chart_of(play.key)
            here = _placed(play.residuals, there)
            if here is None or play.id in chart.rows:
                return
            touch = play.touch if there is None else None
            chart.add(KnownPlay(play.id, play.author, here, is_original, touch))
            while self._size() > self._max_bytes and len(self._charts) > 1:
                self._charts.popitem(last=False)

    def nearest(self, play: Play, excluding: Set[PlayId] = frozenset()) -> Nearest | None:
        """What a play follows most closely; None where nothing can be compared.

        It may be known itself: neither it nor what is in `excluding` counts. Plays of the same
        author count where the play follows them as no person follows themselves.
        """
        if play.residuals is None:
            return None
        with self._lock:
            chart, there = self._chart_of(play.key)
            here = _placed(play.residuals, there)
            if here is None:
                return None
            left_out = excluding | {play.id}
            plays = chart.candidates(here, left_out)
            known = [
                Known(
                    other.residuals,
                    other.is_original,
                    is_own=bool(play.author) and other.author == play.author,
                )
                for other in plays
            ]
            habits = chart.habits_without(left_out)
            whole, splice = matches(here, known, habits, len(chart.plays))
        return nearest_of([other.id for other in plays], whole, splice)

    def company(
        self, play: Play, excluding: Set[PlayId] = frozenset()
    ) -> tuple[KnownPlay, list[KnownPlay]] | None:
        """A play as it lies on the chart that is known, beside plays by other people.

        None where it can't be compared. Neither itself nor what is in `excluding` is beside it.
        """
        if play.residuals is None:
            return None
        with self._lock:
            chart, there = self._chart_of(play.key)
            here = _placed(play.residuals, there)
            if here is None:
                return None
            # How wide people err depends on the speed: on an altered chart it tells nothing.
            touch = play.touch if there is None else None
            beside = chart.company(here, play.author, excluding | {play.id})
            return KnownPlay(play.id, play.author, here, is_original=True, touch=touch), beside

    def compare_and_keep(self, play: Play, *, is_strange: bool = False) -> Nearest | None:
        """What a play follows; from now on it is known itself.

        It tells of people's habits unless it is a copy, or is strange for other reasons.
        """
        nearest = self.nearest(play)
        is_copy = nearest is not None and nearest.kind != "none"
        self.add(play, is_original=not (is_copy or is_strange))
        return nearest

    def _chart_of(self, key: ChartKey) -> tuple[KnownPlays, Integers | None]:
        """The plays of that chart, and the places of its moments where it is nearly another."""
        digest, there = key.digest, None
        alias = None if digest in self._charts else self._alias_of(key)
        if alias is not None:
            digest, there = alias
        elif digest not in self._charts:
            self._charts[digest] = self._new_chart(key)
        self._charts.move_to_end(digest)
        return self._charts[digest], there

    def _alias_of(self, key: ChartKey) -> tuple[bytes, Integers] | None:
        """The known chart that this one nearly is; looked for once."""
        alias = self._aliases.get(key.digest)
        if alias is not None and alias[0] in self._charts:
            return alias
        for digest, chart in reversed(self._charts.items()):
            there = places(chart.starts_us, key.starts_us)
            if there is not None:
                self._aliases[key.digest] = digest, there
                while len(self._aliases) > MAX_ALIASES:
                    self._aliases.popitem(last=False)
                return digest, there
        return None

    def _new_chart(self, key: ChartKey) -> KnownPlays:
        affordable = self._max_bytes // bytes_of_play(len(key.starts_us))
        while len(self._charts) >= MAX_CHARTS:
            self._charts.popitem(last=False)
        return KnownPlays(key.starts_us, max(1, min(self._max_plays, affordable)))

    def _size(self) -> int:
        return sum(chart.size for chart in self._charts.values())


def _placed(residuals: Residuals, there: Integers | None) -> Residuals | None:
    return residuals if there is None else moved(residuals, there)


def nearest_of(ids: Sequence[PlayId], whole: Sequence[Match], splice: Splice) -> Nearest | None:
    """The likeliest account of a query: one source for all of it, or several for its parts."""
    best = min(whole, key=lambda match: (match.log_chance, -match.correlation), default=None)
    if splice.parts and (best is None or splice.log_chance < best.log_chance):
        return _of_parts(ids, splice)
    if best is None:
        return None
    source = Source(ids[best.row], best.share, best.correlation)
    return _nearest((source,), best.log_chance)


def _of_parts(ids: Sequence[PlayId], splice: Splice) -> Nearest:
    shares: dict[int, float] = {}
    weighted: dict[int, float] = {}
    for part in splice.parts:
        shares[part.row] = shares.get(part.row, 0.0) + part.share
        weighted[part.row] = weighted.get(part.row, 0.0) + part.share * part.correlation
    rows = sorted(shares, key=lambda row: (-shares[row], row))
    sources = [Source(ids[row], shares[row], weighted[row] / shares[row]) for row in rows]
    return _nearest(tuple(sources), splice.log_chance)


def _nearest(sources: tuple[Source, ...], log_chance: float) -> Nearest:
    share = sum(source.share for source in sources)
    explained = sum(source.share * source.correlation for source in sources)
    correlation = explained / share if share > 0 else 0.0
    significance = -log_chance / DECADE
    is_telling = significance >= TELLING_DECADES and correlation >= LEAST_CORRELATION
    kind: Kind = "none" if not is_telling else "copy" if len(sources) == 1 else "splice"
    similarity = max(0, round(min(share * correlation, 1.0) * 1_000_000))
    return Nearest(sources[0].id, Ppm(similarity), correlation, significance, share, kind, sources)
