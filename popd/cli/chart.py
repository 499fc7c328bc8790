"""`popctl chart`: what a chart file holds, and the same chart for other keys. Needs no daemon."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from popd.cli.chart_make import make
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.files import TooLargeError, read_bounded

if TYPE_CHECKING:
    from consensus.chart import Chart
    from game.charts.imported import ImportedSong, NamedChart

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
OSU: Final = ".osu"
COLUMNS: Final = ("chart", "keys", "stars", "notes", "holds", "length", "BPM", "id")
SHOWN_ID: Final = 12
"""Digits of an id in the table; the whole is in the JSON."""
SHOWN_NAME: Final = 36


@click.group()
def chart() -> None:
    """Look into a chart, fit it to other keys, or make one from music."""


chart.add_command(make)


@chart.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a table.")
def show(file: Path, as_json: bool) -> None:
    """What is in FILE: a chart or an archive of charts.

    Reads .osu .sm .ssc .qua .bms .bme .bml .ojn .mc .chart, and .osz .qp .mcz .zip with any of
    them.
    """
    songs = _songs(file)
    charts = _hardest_first(songs)
    if as_json:
        song = next(song for song in songs if charts[0] in song.charts)
        click.echo(json.dumps(_record(song, charts), ensure_ascii=False))
    else:
        click.echo("\n\n".join(_table(song) for song in songs))


@chart.command()
@click.argument("file", type=FILE)
@click.option("--keys", type=click.IntRange(4, 10), required=True, help="How many lanes.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where to: .osu for osu!mania; with any other ending, such as .chart, canonical bytes.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a sentence.")
def fit(file: Path, keys: int, out: Path, as_json: bool) -> None:
    """The hardest chart of FILE, fitted to other KEYS and written to OUT."""
    from game.charts.fitting.fit import fitted

    songs = _songs(file)
    source = _hardest_first(songs)[0]
    audio = next(song.audio for song in songs if source in song.charts)
    result = fitted(source.chart, keys)
    try:
        out.write_bytes(_bytes_of(result.chart, out, f"{source.name} {keys}K".strip(), audio))
    except OSError as error:
        give_up(ExitCode.FAILED, f"{out}: {error.strerror}. Choose a place where you may write.")
    counts = {"kept": result.kept, "dropped": result.dropped, "moved": result.moved}
    if as_json:
        click.echo(json.dumps({"keys": keys, "id": result.chart.id.hex(), **counts}))
    else:
        words = ", ".join(f"{count:,} {word}" for word, count in counts.items())
        click.echo(f"{out}: {source.chart.keys} to {keys} keys, {words}")


def _bytes_of(fitted_chart: "Chart", out: Path, name: str, audio: str) -> bytes:
    from game.charts.files import suffix_of
    from game.charts.osu_export import osu_from_chart

    if suffix_of(out.name) == OSU:
        return osu_from_chart(fitted_chart, name, audio).encode()
    return fitted_chart.to_bytes()


def _songs(file: Path) -> list["ImportedSong"]:
    # Here, because the list of commands must appear at once.
    from game.charts.archives import ARCHIVE_SUFFIXES, MAX_ARCHIVE_SIZE, import_archive
    from game.charts.errors import ChartImportError
    from game.charts.files import import_file, suffix_of

    try:
        if suffix_of(file.name) in ARCHIVE_SUFFIXES:
            archive = import_archive(read_bounded(file, MAX_ARCHIVE_SIZE))
            for problem in archive.problems:
                click.echo(f"popctl chart: left out {problem}", err=True)
            return [archived.song for archived in archive.songs]
        return [import_file(file.name, read_bounded(file))]
    except TooLargeError as error:
        _refuse(str(error))
    except ChartImportError as error:
        _refuse(f"{file}: {error}")
    except OSError as error:
        _refuse(f"{error.filename}: {error.strerror}")


def _hardest_first(songs: list["ImportedSong"]) -> tuple["NamedChart", ...]:
    from game.charts.imported import hardest_first

    return hardest_first(named for song in songs for named in song.charts)


def _refuse(reason: str) -> NoReturn:
    give_up(ExitCode.REJECTED, f"popctl chart: {' '.join(reason.splitlines())}")


def _record(song: "ImportedSong", charts: tuple["NamedChart", ...]) -> dict[str, object]:
    records = [_chart_record(named) for named in charts]
    hardest = {key: value for key, value in records[0].items() if key != "name"}
    return {"title": song.title, "artist": song.artist, **hardest, "charts": records}


def _chart_record(named: "NamedChart") -> dict[str, object]:
    from game.charts.figures import figures_of

    return {"name": named.name, **figures_of(named.chart).as_record(), "stars": named.stars}


def _table(song: "ImportedSong") -> str:
    from game.charts.figures import figures_of

    rows = [COLUMNS]
    for named in song.charts:
        figures = figures_of(named.chart)
        minutes, seconds = divmod(figures.duration_ms // 1_000, 60)
        rows.append(
            (
                named.name[:SHOWN_NAME] or "-",
                f"{figures.keys}",
                "-" if named.stars is None else f"{named.stars:.2f}",
                f"{figures.notes:,}",
                f"{figures.holds:,}",
                f"{minutes}:{seconds:02}",
                f"{figures.bpm:g}",
                figures.id[:SHOWN_ID],
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [f"{song.artist or 'Unknown'} - {song.title or 'Untitled'}"]
    for name, *numbers in rows:
        cells = (f"{cell:>{width}}" for cell, width in zip(numbers, widths[1:], strict=True))
        lines.append("  ".join((f"{name:<{widths[0]}}", *cells)))
    return "\n".join(lines)
