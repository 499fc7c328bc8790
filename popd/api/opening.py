"""Opening what somebody dropped on the page: chart files, archives of songs, and plain music.

Runs in a thread, knows no daemon, and never touches a disk.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from consensus.chart import Chart
from game.charts.archives import ARCHIVE_SUFFIXES, entry_of, import_archive
from game.charts.errors import ChartImportError
from game.charts.files import SUFFIXES, import_file, suffix_of
from game.charts.imported import ImportedSong
from game.charts.making.parts import Parts
from game.shelf import MAX_MUSIC_SIZE, Music, ShelfSong, about_chart

MEDIA_TYPES: Final = MappingProxyType(
    {
        ".mp3": "audio/mpeg",
        ".ogg": "audio/ogg",
        ".oga": "audio/ogg",
        ".opus": "audio/ogg",
        ".wav": "audio/wav",
        ".flac": "audio/flac",
    }
)
"""Music that browsers play and we can listen to."""
PREVIEW_SHARE: Final = 0.4
"""Where a song is tasted that doesn't say where: most have begun in earnest by then."""
MAX_SLUG: Final = 40


@dataclass(frozen=True, slots=True)
class Opened:
    """A song, ready for the shelf."""

    song: ShelfSong
    """What lists say of it."""
    charts: tuple[Chart, ...]
    """In the order of the song's list."""
    music: Music | None
    """Its sound, where the file brought it."""
    wanted: str
    """The name of the sound file that it lacks; empty where it lacks none."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be made of music."""

    keys: tuple[int, ...] = (4, 7, 10)
    """For how many lanes."""
    level: int = 3
    """How dense, 1 to 5."""
    parts: Parts = "both"
    """What is listened to: percussive, harmonic or both."""


Progress = Callable[[str, float], None]
"""Is told a stage and how much of it is done, 0 to 1; may raise to stop."""


def is_music(name: str) -> bool:
    """Whether a file of this name is music."""
    return suffix_of(name) in MEDIA_TYPES


def opened(
    name: str, data: bytes, added_ms: int, wishes: Wishes, progress: Progress
) -> tuple[tuple[Opened, ...], tuple[str, ...]]:
    """The songs in a chart file or archive, and what could not be read of it, a line each.

    Raises ChartImportError when there is nothing to play in it.
    """
    progress("reading", 0.0)
    if suffix_of(name) in ARCHIVE_SUFFIXES:
        archive = import_archive(data)
        songs = tuple(
            shelved(found.song, _music_in(data, found.audio_entry), added_ms)
            for found in archive.songs
        )
        return songs, archive.problems
    if suffix_of(name) in SUFFIXES:
        return (shelved(import_file(name, data), None, added_ms),), ()
    known = " ".join((*SUFFIXES, *ARCHIVE_SUFFIXES, *MEDIA_TYPES))
    raise ChartImportError(0, f"{suffix_of(name) or 'no'} ending; known are {known}")


def music_of(name: str, data: bytes) -> Music:
    """A sound file; raises ChartImportError for one that is too large or of no known kind."""
    media_type = MEDIA_TYPES.get(suffix_of(name))
    if media_type is None:
        raise ChartImportError(0, f"{suffix_of(name) or 'no'} ending; music is {_KINDS}")
    if len(data) > MAX_MUSIC_SIZE:
        raise ChartImportError(0, f"more than {MAX_MUSIC_SIZE >> 20} MiB of music")
    return Music(media_type, data)


def shelved(song: ImportedSong, music: Music | None, added_ms: int) -> Opened:
    """The song as the shelf keeps it."""
    charts = tuple(named.chart for named in song.charts)
    hardest = charts[0]
    preview_us = song.preview_us
    if preview_us is None or preview_us < 0:
        preview_us = round(hardest.duration_us * PREVIEW_SHARE)
    return Opened(
        ShelfSong(
            name=_name(song.title, charts),
            title=song.title or "A song without a name",
            artist=song.artist,
            charts=tuple(about_chart(it.chart, it.name, it.stars) for it in song.charts),
            music_start_us=song.music_start_us,
            preview_us=preview_us,
            has_music=music is not None,
            added_ms=added_ms,
        ),
        charts,
        music,
        "" if music else PurePath(song.audio).name,
    )


def _name(title: str, charts: tuple[Chart, ...]) -> str:
    """The title as far as it fits an address, and what tells apart songs of one title."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:MAX_SLUG].strip("-")
    mark = blake2b(b"".join(sorted(chart.id for chart in charts)), digest_size=4).hexdigest()
    return f"{slug}-{mark}" if slug else mark


def _music_in(data: bytes, entry: str) -> Music | None:
    if not entry or not is_music(entry):
        return None
    try:
        return music_of(entry, entry_of(data, entry, MAX_MUSIC_SIZE))
    except ChartImportError:
        return None


_KINDS: Final = " ".join(MEDIA_TYPES)
