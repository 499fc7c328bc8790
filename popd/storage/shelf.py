"""The shelf on disk: one SQLite file beside the ledger, that nobody else ever reads."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Self

from consensus.chart import Chart, chart_from_bytes
from consensus.identifiers import ChartId, ContentId
from game.charts.figures import ChartFigures
from game.play.recording import recording_from_bytes
from game.shelf import (
    MAX_PLAYS,
    MAX_SONGS,
    ChartAbout,
    KeptPlay,
    Music,
    ShelfFullError,
    ShelfSong,
    best_plays,
)
from popd.storage.sqlite_file import open_sqlite

SCHEMA: Final = """
CREATE TABLE songs (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    artist TEXT NOT NULL,
    music_start_us INTEGER NOT NULL,
    preview_us INTEGER NOT NULL,
    added_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE music (
    song TEXT PRIMARY KEY REFERENCES songs (name) ON DELETE CASCADE,
    media_type TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE TABLE charts (
    song TEXT NOT NULL REFERENCES songs (name) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id BLOB NOT NULL,
    about TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (song, id)
) STRICT;
CREATE INDEX charts_by_id ON charts (id);
CREATE TABLE plays (
    id BLOB PRIMARY KEY,
    chart BLOB NOT NULL,
    made_ms INTEGER NOT NULL,
    about TEXT NOT NULL,
    recording BLOB NOT NULL
) STRICT;
CREATE INDEX plays_by_chart ON plays (chart);
"""
SONG_COLUMNS: Final = "name, title, artist, music_start_us, preview_us, added_ms"


class ShelfFile:
    """One open shelf. Any thread may use it, one at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use `open_shelf`."""
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def songs(self) -> list[ShelfSong]:
        """All songs, the newest first."""
        rows = self._connection.execute(
            f"SELECT {SONG_COLUMNS}, EXISTS (SELECT 1 FROM music WHERE song = name)"
            " FROM songs ORDER BY added_ms DESC, name"
        ).fetchall()
        charts: dict[str, list[ChartAbout]] = {row[0]: [] for row in rows}
        for song, about in self._connection.execute(
            "SELECT song, about FROM charts ORDER BY position"
        ):
            charts[song].append(_about(about))
        return [
            ShelfSong(
                name=name,
                title=title,
                artist=artist,
                charts=tuple(charts[name]),
                music_start_us=music_start_us,
                preview_us=preview_us,
                has_music=bool(has_music),
                added_ms=added_ms,
            )
            for name, title, artist, music_start_us, preview_us, added_ms, has_music in rows
        ]

    def keep_song(self, song: ShelfSong, charts: Sequence[Chart], music: Music | None) -> None:
        """Puts a song here, in the place of one of the same name; `charts` in its order.

        Raises ShelfFullError.
        """
        (count,) = self._connection.execute(
            "SELECT count(*) FROM songs WHERE name != ?", (song.name,)
        ).fetchone()
        if count >= MAX_SONGS:
            raise ShelfFullError(f"There are {MAX_SONGS} songs already. Remove one you don't play.")
        with self._connection:
            self._connection.execute("DELETE FROM songs WHERE name = ?", (song.name,))
            self._connection.execute(
                f"INSERT INTO songs ({SONG_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    song.name,
                    song.title,
                    song.artist,
                    song.music_start_us,
                    song.preview_us,
                    song.added_ms,
                ),
            )
            for about, chart in zip(song.charts, charts, strict=True):
                self._add(song.name, about, chart)
            if music is not None:
                self._connection.execute(
                    "INSERT INTO music (song, media_type, data) VALUES (?, ?, ?)",
                    (song.name, music.media_type, music.data),
                )

    def add_music(self, name: str, music: Music) -> None:
        """The sound of a song that is here, in the place of what it had; KeyError when it isn't."""
        try:
            with self._connection:
                self._connection.execute(
                    "INSERT OR REPLACE INTO music (song, media_type, data) VALUES (?, ?, ?)",
                    (name, music.media_type, music.data),
                )
        except sqlite3.IntegrityError:
            raise KeyError(name) from None

    def add_chart(self, name: str, about: ChartAbout, chart: Chart) -> None:
        """One more chart for a song that is here; KeyError when it isn't."""
        try:
            with self._connection:
                self._add(name, about, chart)
        except sqlite3.IntegrityError:
            raise KeyError(name) from None

    def _add(self, song: str, about: ChartAbout, chart: Chart) -> None:
        self._connection.execute(
            "INSERT INTO charts (song, position, id, about, data) VALUES"
            " (?, (SELECT count(*) FROM charts WHERE song = ?), ?, ?, ?)"
            " ON CONFLICT (song, id) DO NOTHING",
            (song, song, chart.id, json.dumps(asdict(about)), chart.to_bytes()),
        )

    def remove_song(self, name: str) -> bool:
        """Takes a song away; False when it was not here. Plays of it stay."""
        with self._connection:
            gone = self._connection.execute("DELETE FROM songs WHERE name = ?", (name,))
        return gone.rowcount > 0

    def music(self, name: str) -> Music | None:
        """The sound of a song."""
        row = self._row("SELECT media_type, data FROM music WHERE song = ?", name)
        return None if row is None else Music(*row)

    def chart(self, chart: ChartId) -> Chart | None:
        """A chart of one of the songs, or of one of the plays."""
        row = self._row("SELECT data FROM charts WHERE id = ?", chart)
        if row is not None:
            return chart_from_bytes(row[0])
        row = self._row("SELECT recording FROM plays WHERE chart = ? LIMIT 1", chart)
        return None if row is None else recording_from_bytes(row[0]).chart

    def plays(self) -> list[KeptPlay]:
        """All plays, the newest first."""
        rows = self._connection.execute(
            "SELECT id, chart, made_ms, about FROM plays ORDER BY made_ms DESC, id"
        )
        return [_play(*row) for row in rows]

    def keep_play(self, play: KeptPlay, recording: bytes) -> None:
        """Keeps a play; one that is here already stays as it is."""
        kept = {"id", "chart", "made_ms"}
        about = {name: value for name, value in asdict(play).items() if name not in kept}
        with self._connection:
            self._connection.execute(
                "INSERT INTO plays (id, chart, made_ms, about, recording) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO NOTHING",
                (play.id, play.chart, play.made_ms, json.dumps(about), recording),
            )
        self._make_room()

    def remove_play(self, play: bytes) -> bool:
        """Takes a play away; False when it was not here."""
        with self._connection:
            gone = self._connection.execute("DELETE FROM plays WHERE id = ?", (play,))
        return gone.rowcount > 0

    def recording(self, play: bytes) -> bytes | None:
        """The canonical bytes of a play."""
        row = self._row("SELECT recording FROM plays WHERE id = ?", play)
        return None if row is None else bytes(row[0])

    def _row(self, query: str, value: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(query, (value,)).fetchone()
        return row

    def _make_room(self) -> None:
        """The oldest play that is nobody's best goes, where there are too many."""
        (count,) = self._connection.execute("SELECT count(*) FROM plays").fetchone()
        if count <= MAX_PLAYS:
            return
        plays = self.plays()
        best = {play.id for play in best_plays(plays).values()}
        spare = [play.id for play in reversed(plays) if play.id not in best]
        for play in (spare or [plays[-1].id])[: count - MAX_PLAYS]:
            self.remove_play(play)


def open_shelf(path: Path) -> ShelfFile:
    """Opens the shelf, and makes it where there is none.

    Raises StorageError for a file that is no shelf, or one of a newer popd.
    """
    anew = "Move it away to start with an empty one."
    return ShelfFile(open_sqlite(path, SCHEMA, "a shelf of songs", anew))


def _about(about: str) -> ChartAbout:
    found = json.loads(about)
    return ChartAbout(ChartFigures(**found["figures"]), found["level"], found["stars"])


def _play(play: bytes, chart: bytes, made_ms: int, about: str) -> KeptPlay:
    found = json.loads(about)
    found["grades"] = tuple(found["grades"])
    return KeptPlay(id=play, chart=ChartId(ContentId(chart)), made_ms=made_ms, **found)
