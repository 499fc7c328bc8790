"""`popctl inspect`: whether a person played what a file holds. Needs no daemon."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from popd.cli.exit_codes import ExitCode, give_up

if TYPE_CHECKING:
    from popd.cli.inspect_library import LibraryFolder
    from popd.cli.inspect_lists import Row
    from popd.cli.inspect_verdicts import Inspector

FILE: Final = click.Path(path_type=Path)
FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
ERRORS_SHOWN: Final = 60
"""Letters of a row's error in the table; the whole is in the JSON."""


@click.command()
@click.argument("play", type=FILE, required=False)
@click.option("--chart", type=FILE, help="The chart that was played: .osu, or our own.")
@click.option("--batch", type=FILE, help="A CSV file with columns replay and chart, instead.")
@click.option("--library", type=FOLDER, help="A folder of plays; says which of them is copied.")
@click.option("--onsets", type=FILE, help="Sounds or jolts that came with it: CSV, column time_ms.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each play.")
def inspect(
    play: Path | None,
    chart: Path | None,
    batch: Path | None,
    library: Path | None,
    onsets: Path | None,
    as_json: bool,
) -> None:
    """Tell whether a person played PLAY: a replay (.osr) or evidence.

    Says accept, flag or reject, with the reasons. Give a PLAY and its --chart, or a --batch.
    """
    if batch is not None and play is None and chart is None and onsets is None:
        _inspect_batch(batch, library, as_json)
    elif batch is None and play is not None and chart is not None:
        _inspect_one(play, chart, library, onsets, as_json)
    else:
        raise click.UsageError("Name a PLAY and its --chart (and --onsets), or a --batch of them.")


def _inspect_one(
    play: Path, chart: Path, library: Path | None, onsets: Path | None, as_json: bool
) -> None:
    # Here, because the list of commands must appear at once.
    from popd.cli.inspect_lists import onsets_from
    from popd.cli.inspect_plays import UnreadableError
    from popd.cli.inspect_verdicts import refusal_record

    inspector = _inspector(library)
    try:
        onsets_us = None if onsets is None else onsets_from(onsets)
        found = inspector.inspection(play, chart, onsets_us)
    except UnreadableError as error:
        if as_json:
            click.echo(json.dumps(refusal_record(str(error))))
        give_up(ExitCode.REJECTED, f"popctl inspect: {error}")
    if as_json:
        click.echo(json.dumps(found.as_record()))
    else:
        from popd.cli.inspect_shown import show

        show(found, inspector.library)


def _inspect_batch(batch: Path, library: Path | None, as_json: bool) -> None:
    from popd.cli.inspect_lists import rows_from
    from popd.cli.inspect_plays import UnreadableError

    try:
        rows = rows_from(batch)
    except UnreadableError as error:
        give_up(ExitCode.REJECTED, f"popctl inspect: {error}")
    inspector = _inspector(library)
    if not as_json:
        click.echo(_line("verdict", "anomaly", "notes", "play"))
    with _progress("Inspecting", len(rows)) as told:
        for number, row in enumerate(rows, 1):
            record = {"replay": row.replay, **_record(inspector, row, batch.parent)}
            click.echo(json.dumps(record) if as_json else _table_line(record))
            told(number)


def _inspector(library: Path | None) -> "Inspector":
    from popd.cli.inspect_verdicts import Inspector

    return Inspector(None if library is None else _library(library))


def _library(folder: Path) -> "LibraryFolder":
    from popd.cli.inspect_library import library_from

    with _progress("Reading the library", None) as told:
        found = library_from(folder, told)
    if not found.is_whole:
        click.echo(
            f"popctl inspect: {folder} holds more than can be compared; "
            f"the first {len(found.plays):,} plays are.",
            err=True,
        )
    return found


def _record(inspector: "Inspector", row: "Row", folder: Path) -> dict[str, object]:
    from popd.cli.inspect_lists import located
    from popd.cli.inspect_plays import UnreadableError
    from popd.cli.inspect_verdicts import refusal_record

    try:
        found = inspector.inspection(located(row.replay, folder), located(row.chart, folder))
    except UnreadableError as error:
        return refusal_record(str(error))
    return found.as_record()


def _table_line(record: dict[str, object]) -> str:
    anomaly = record["anomaly_ppm"]
    assert isinstance(anomaly, int)
    share, notes = f"{anomaly / 10_000:.1f} %", f"{record['notes']:,}"
    return _line(str(record["verdict"]), share, notes, f"{record['replay']}{_aside(record)}")


def _aside(record: dict[str, object]) -> str:
    nearest = record["nearest"]
    if "error" in record:
        return f" ({str(record['error'])[-ERRORS_SHOWN:]})"
    if isinstance(nearest, dict):
        return f" (nearest {nearest['id']}, {nearest['similarity_ppm'] / 10_000:.1f} %)"
    return ""


def _line(verdict: str, anomaly: str, notes: str, play: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in play)
    return f"{verdict:<8}{anomaly:>9}{notes:>9}  {shown}"


@contextmanager
def _progress(words: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal's stderr, for who waits; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task(words, total=total)
        yield lambda count: bars.update(task, completed=count)
