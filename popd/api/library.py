"""What can be played: our own songs, and every chart that the store holds."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from consensus.chart import Chart, chart_from_bytes
from consensus.identifiers import ChartId, ContentId
from consensus.rejections import RejectionError
from game.charts.songs import SONGS
from game.charts.songs.song import Song

MAX_CHARTS: Final = 64
"""Charts kept at hand, of at most 256 KiB each."""
MAX_TITLES: Final = 4_096
"""Titles kept at hand: a purse shows one for each coin."""
UNKNOWN_TITLE: Final = "a song that is not here"

LoadBlob = Callable[[ContentId], Awaitable[bytes | None]]


class Library:
    """Charts by their digest."""

    def __init__(self, load_blob: LoadBlob, songs: Mapping[str, Song] = SONGS) -> None:
        """Our own songs are charted once, now."""
        self.songs = songs
        self.charts_of: Final = {
            song.name: tuple(song.chart(keys) for keys in song.keys) for song in songs.values()
        }
        """The charts of each song."""
        self._own = {chart.id: chart for charts in self.charts_of.values() for chart in charts}
        self._load_blob = load_blob
        self._charts: OrderedDict[ChartId, Chart] = OrderedDict()
        self._titles: OrderedDict[ChartId, str] = OrderedDict()

    async def chart(self, chart: ChartId) -> Chart | None:
        """One of ours, or one from the store; None when it is not here or no chart."""
        found = self._own.get(chart) or self._charts.get(chart)
        if found is not None:
            return found
        data = await self._load_blob(chart)
        if data is None:
            return None
        try:
            found = chart_from_bytes(data)
        except RejectionError:
            return None
        self._charts[chart] = found
        if len(self._charts) > MAX_CHARTS:
            self._charts.popitem(last=False)
        return found

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

    def of_song(self, name: str, keys: int) -> Chart | None:
        """A chart of one of our own songs."""
        charts = self.charts_of.get(name, ())
        return next((chart for chart in charts if chart.keys == keys), None)
