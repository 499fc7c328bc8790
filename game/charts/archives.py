"""Archives of songs: `.osz` of osu!, `.qp` of Quaver, `.mcz` of Malody, and plain `.zip`.

All four are zip files with charts and their music beside each other. Whatever else lies in them,
archives too, is passed over; nothing is ever written to a disk.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from game.charts.errors import ChartImportError
from game.charts.files import SUFFIXES, import_file, suffix_of
from game.charts.imported import ImportedSong, hardest_first
from game.charts.lines import MAX_FILE_SIZE
from game.charts.words import short

ARCHIVE_SUFFIXES: Final = (".osz", ".qp", ".mcz", ".zip")
MAX_ARCHIVE_SIZE: Final = 256 * 1024 * 1024
"""Bytes, packed; songs with pictures and a film come near it."""
MAX_ENTRIES: Final = 4_096
"""Songs that are made of single sounds have a thousand."""
MAX_UNPACKED_SIZE: Final = 1024 * 1024 * 1024
"""Bytes of all entries together."""
MAX_CHARTS: Final = 128
"""Chart files in one archive."""
MAX_CHARTS_SIZE: Final = 64 * 1024 * 1024
"""Bytes of all chart files together, unpacked."""
MAX_RATIO: Final = 200
"""How many times larger an entry may be than its packed form; charts come to about 10."""
SMALL: Final = 64 * 1024
"""Bytes up to which any ratio will do."""
DIRECTORY_ENTRY: Final = b"PK\x01\x02"
IS_ENCRYPTED: Final = 1
BROKEN: Final = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    zlib.error,
)
"""What a broken archive can raise in zipfile."""


@dataclass(frozen=True, slots=True)
class ArchivedSong:
    """A song of an archive."""

    song: ImportedSong
    """Its charts, from all the files that belong to one music, the hardest first."""
    audio_entry: str
    """The entry with the music, for `entry_of`, or empty where the archive has none."""


@dataclass(frozen=True, slots=True)
class Archive:
    """What can be read of an archive."""

    songs: tuple[ArchivedSong, ...]
    """At least one, in order of their entries."""
    problems: tuple[str, ...]
    """A line for each chart file that can't be read: its entry, and what is wrong."""


def import_archive(data: bytes) -> Archive:
    """The songs in an archive.

    Raises ChartImportError when it is none, when it is larger than anything of use, or when none of
    its charts can be read.
    """
    with _opened(data) as archive:
        entries = [info.filename for info in _entries(archive)]
        charts = [name for name in entries if suffix_of(name) in SUFFIXES]
        if not charts:
            raise ChartImportError(0, f"no chart in the archive; known are {' '.join(SUFFIXES)}")
        if len(charts) > MAX_CHARTS:
            raise ChartImportError(0, f"more than {MAX_CHARTS} charts in the archive")
        songs: list[tuple[str, ImportedSong]] = []
        problems: list[str] = []
        size = 0
        for name in charts:
            try:
                content = _read(archive, name, MAX_FILE_SIZE)
                size += len(content)
                songs.append((name, import_file(name, content)))
            except ChartImportError as error:
                problems.append(f"{short(name)}: {error}")
            if size > MAX_CHARTS_SIZE:
                raise ChartImportError(name, f"more than {MAX_CHARTS_SIZE} bytes of charts")
    if not songs:
        raise ChartImportError(0, problems[0])
    return Archive(tuple(_together(songs, entries)), tuple(problems))


def entry_of(data: bytes, name: str, max_size: int) -> bytes:
    """The bytes of an entry, at most `max_size`; raises ChartImportError."""
    with _opened(data) as archive:
        if name not in {info.filename for info in _entries(archive)}:
            raise ChartImportError(0, f"no entry {name[:80]!r} in the archive")
        return _read(archive, name, max_size)


def _opened(data: bytes) -> ZipFile:
    if len(data) > MAX_ARCHIVE_SIZE:
        raise ChartImportError(0, f"more than {MAX_ARCHIVE_SIZE} bytes: no song needs as many")
    # Counted before zipfile makes an object of each.
    if data.count(DIRECTORY_ENTRY) > MAX_ENTRIES:
        raise ChartImportError(0, f"more than {MAX_ENTRIES} entries in the archive")
    try:
        return ZipFile(BytesIO(data))
    except BROKEN as error:
        raise ChartImportError(0, f"not a zip archive: {error}"[:120]) from None


def _entries(archive: ZipFile) -> list[ZipInfo]:
    """Files within the archive's own folder that can be unpacked, in order of their names."""
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > MAX_UNPACKED_SIZE:
        raise ChartImportError(0, f"more than {MAX_UNPACKED_SIZE} bytes in the archive")
    return sorted((info for info in infos if _is_usable(info)), key=lambda info: info.filename)


def _is_usable(info: ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    return (
        not info.is_dir()
        and not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in info.filename
        and info.compress_type in (ZIP_STORED, ZIP_DEFLATED)
        and not info.flag_bits & IS_ENCRYPTED
    )


def _read(archive: ZipFile, name: str, max_size: int) -> bytes:
    try:
        info = archive.getinfo(name)
        if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
            raise ChartImportError(0, "packed more tightly than anything of use")
        with archive.open(info) as entry:
            content = entry.read(max_size + 1)
    except BROKEN as error:
        raise ChartImportError(0, f"can't be unpacked: {error}"[:120]) from None
    if len(content) > max_size:
        raise ChartImportError(0, f"more than {max_size} bytes")
    return content


def _together(songs: list[tuple[str, ImportedSong]], entries: list[str]) -> Iterator[ArchivedSong]:
    """Songs of one music (or, without one, of one title) on the same clock become one song."""
    by_path = {name.lower(): name for name in entries}
    found: dict[tuple[str, str, int], ArchivedSong] = {}
    for name, song in songs:
        folder = PurePosixPath(name).parent
        audio_entry = by_path.get(str(folder / song.audio).lower(), "") if song.audio else ""
        place = (str(folder), audio_entry or song.title, song.music_start_us)
        before = found.get(place)
        charts = (*before.song.charts, *song.charts) if before else song.charts
        first = before.song if before else song
        found[place] = ArchivedSong(replace(first, charts=hardest_first(charts)), audio_entry)
    yield from found.values()
