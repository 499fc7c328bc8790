"""What can be played: our own songs, those on the shelf, and every chart that the store holds."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple, TypeVar

import trio

from consensus.chart import Chart, chart_from_bytes
from consensus.identifiers import ChartId, ContentId
from consensus.rejections import RejectionError
from game.charts.difficulty import stars_of
from game.charts.songs import SONGS
from game.charts.songs.song import Song
from game.shelf import ChartAbout, Shelf, about_chart

MAX_CHARTS: Final = 64
"""Charts kept at hand, of at most 256 KiB each."""
MAX_CHARTED: Final = 4
"""Selections of own songs whose charts are kept made: those of a song take a tenth of a second."""
MAX_TITLES: Final = 4_096
"""Titles kept at hand: a purse shows one for each coin."""
UNKNOWN_TITLE: Final = "a song that is not here"

T = TypeVar("T")

LoadBlob = Callable[[ContentId], Awaitable[bytes | None]]


class Library:
    """Charts by their digest."""

    def __init__(
        self, load_blob: LoadBlob, shelf: Shelf, songs: Mapping[str, Song] = SONGS
    ) -> None:
        """Our own songs are charted when the first of them is asked for: it takes a moment."""
        self.songs = songs
        self.shelf: Final = shelf
        """Use it through `on_shelf` alone."""
        self._own = _OwnCharts({}, {})
        self._charting = trio.Lock()
        self._load_blob = load_blob
        self._reading = trio.CapacityLimiter(1)
        self._charts: OrderedDict[ChartId, Chart] = OrderedDict()
        self._titles: OrderedDict[ChartId, str] = OrderedDict()

    async def on_shelf(self, action: Callable[[Shelf], T]) -> T:
        """Does something with the shelf in a thread, one thing at a time."""
        return await trio.to_thread.run_sync(action, self.shelf, limiter=self._reading)

    async def chart(self, chart: ChartId) -> Chart | None:
        """One of ours, from the shelf, or from the store; None when it is not here or no chart."""
        found = (await self._own_charts()).by_id.get(chart) or self._charts.get(chart)
        if found is not None:
            return found
        found = await self.on_shelf(lambda shelf: shelf.chart(chart))
        if found is None:
            found = await self._stored(chart)
        if found is None:
            return None
        self._charts[chart] = found
        if len(self._charts) > MAX_CHARTS:
            self._charts.popitem(last=False)
        return found

    async def _stored(self, chart: ChartId) -> Chart | None:
        data = await self._load_blob(chart)
        try:
            return None if data is None else chart_from_bytes(data)
        except RejectionError:
            return None

    async def title(self, chart: ChartId) -> str:
        """What the song is called."""
        if chart not in self._titles:
            found = await self.chart(chart)
            if found is None:
                return UNKNOWN_TITLE
            self._titles[chart] = found.title
            if len(self._titles) > MAX_TITLES:
                self._titles.popitem(last=False)
        return self._titles[chart]

    async def own_abouts(self) -> Mapping[str, Sequence[ChartAbout]]:
        """The charts of our own songs, as lists show them, by lanes and level."""
        return (await self._own_charts()).abouts

    def forget_charts(self) -> None:
        """What was at hand is asked for again: the shelf has changed."""
        self._charts.clear()
        self._titles.clear()

    async def of_song(self, name: str, keys: int, level: str) -> Chart | None:
        """A chart of one of our own songs."""
        song = self.songs.get(name)
        if song is None or keys not in song.keys or level not in song.levels:
            return None
        return await trio.to_thread.run_sync(song.chart, keys, level)

    async def _own_charts(self) -> "_OwnCharts":
        async with self._charting:
            if not self._own.by_id:
                self._own = await trio.to_thread.run_sync(_charted, tuple(self.songs.values()))
            return self._own


class _OwnCharts(NamedTuple):
    by_id: Mapping[ChartId, Chart]
    abouts: Mapping[str, Sequence[ChartAbout]]


@lru_cache(maxsize=MAX_CHARTED)
def _charted(songs: tuple[Song, ...]) -> _OwnCharts:
    by_id: dict[ChartId, Chart] = {}
    abouts: dict[str, list[ChartAbout]] = {}
    for song in songs:
        for keys, level in product(song.keys, song.levels):
            chart = song.chart(keys, level)
            by_id[chart.id] = chart
            about = about_chart(chart, level, stars_of(chart))
            abouts.setdefault(song.name, []).append(about)
    return _OwnCharts(by_id, abouts)
