"""Reading a chart file of any format that is known, by the ending of its name."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Final

from consensus.chart import chart_from_bytes
from consensus.rejections import RejectionError
from game.charts.bms import song_from_bms
from game.charts.difficulty import stars_of
from game.charts.errors import ChartImportError
from game.charts.imported import DraftSong, ImportedSong, NamedChart, imported_song
from game.charts.malody import song_from_malody
from game.charts.ojn import song_from_ojn
from game.charts.osu import song_from_osu
from game.charts.quaver import song_from_quaver
from game.charts.stepmania import song_from_stepmania

CANONICAL: Final = ".chart"
"""The ending of a chart's canonical bytes."""
IMPORTERS: Final[Mapping[str, Callable[[bytes], DraftSong]]] = {
    ".osu": song_from_osu,
    ".sm": lambda data: song_from_stepmania(data, is_ssc=False),
    ".ssc": lambda data: song_from_stepmania(data, is_ssc=True),
    ".qua": song_from_quaver,
    ".bms": song_from_bms,
    ".bme": song_from_bms,
    ".bml": song_from_bms,
    ".ojn": song_from_ojn,
    ".mc": song_from_malody,
}
SUFFIXES: Final = (*IMPORTERS, CANONICAL)


def suffix_of(name: str) -> str:
    """The ending of a file's name, in small letters."""
    return PurePath(name).suffix.lower()


def import_file(name: str, data: bytes) -> ImportedSong:
    """The song in a chart file; the ending of `name` says which format it has.

    Raises ChartImportError, whose message names the place, and nothing else.
    """
    suffix = suffix_of(name)
    if suffix == CANONICAL:
        return _canonical(data)
    importer = IMPORTERS.get(suffix)
    if importer is None:
        try:
            return _canonical(data)
        except ChartImportError:
            known = " ".join(SUFFIXES)
            raise ChartImportError(0, f"{suffix or 'no'} ending; known are {known}") from None
    return imported_song(importer(data))


def _canonical(data: bytes) -> ImportedSong:
    try:
        chart = chart_from_bytes(data)
    except RejectionError as error:
        raise ChartImportError(0, error.message) from None
    named = NamedChart(f"{chart.keys}K", stars_of(chart), chart)
    return ImportedSong(chart.title, chart.artist, (named,), "", 0, None)
