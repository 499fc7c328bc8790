"""Making charts of music that was dropped on the page, for several numbers of lanes at once."""

from functools import partial
from pathlib import PurePath

from game.charts.difficulty import stars_of
from game.charts.errors import ChartImportError
from game.charts.imported import ImportedSong, NamedChart, hardest_first
from game.charts.making.make import make_chart
from game.charts.making.recording import (
    SAMPLE_RATE,
    AudioImportError,
    Recording,
    load_audio,
)
from popd.api.opening import Opened, Progress, Wishes, music_of, shelved


def made_from_music(
    name: str, data: bytes, added_ms: int, wishes: Wishes, progress: Progress
) -> tuple[tuple[Opened, ...], tuple[str, ...]]:
    """A song whose charts ask for what can be heard in a sound file.

    Raises ChartImportError when nothing can be heard, or it can't be read.
    """
    music = music_of(name, data)
    try:
        recording = load_audio(data, progress)
        charts = [_chart(recording, name, keys, wishes, progress) for keys in wishes.keys]
    except AudioImportError as error:
        raise ChartImportError(0, str(error)) from None
    first = charts[0].chart
    song = ImportedSong(first.title, first.artist, hardest_first(charts), "", 0, None)
    return (shelved(song, music, added_ms),), ()


def _chart(
    recording: Recording, name: str, keys: int, wishes: Wishes, progress: Progress
) -> NamedChart:
    chart = make_chart(
        recording.samples,
        SAMPLE_RATE,
        keys=keys,
        level=wishes.level,
        parts=wishes.parts,
        title=recording.title or PurePath(name).stem,
        artist=recording.artist,
        progress=partial(_told, progress, keys),
    )
    return NamedChart(f"level {wishes.level}", stars_of(chart), chart)


def _told(progress: Progress, keys: int, stage: str, share: float) -> None:
    progress(f"{stage} for {keys} keys", share)
