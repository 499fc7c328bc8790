"""`popctl judge`: how well a recorded play went. Needs no daemon."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from popd.cli.files import TooLargeError, read_bounded

if TYPE_CHECKING:
    from game.play.judging import PlayRecord

REJECTED: Final = 6
"""Exit code for what a rule turns down."""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("replay", type=FILE)
@click.option("--chart", type=FILE, required=True, help="The .osu file that was played.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a table.")
def judge(replay: Path, chart: Path, as_json: bool) -> None:
    """Judge an osu!mania REPLAY (.osr): notes, grades, accuracy and quality."""
    # Here, because the list of commands must appear at once.
    from game.charts.errors import ChartImportError
    from game.charts.osu import chart_from_osu
    from game.play.judging import judge_replay
    from game.play.osr import ReplayImportError, replay_from_osr

    try:
        notes = chart_from_osu(read_bounded(chart))
        record = judge_replay(notes, replay_from_osr(read_bounded(replay), notes.keys))
    except TooLargeError as error:
        _refuse(str(error))
    except ChartImportError as error:
        _refuse(f"{chart}: {error}")
    except ReplayImportError as error:
        _refuse(f"{replay}: {error}")
    except OSError as error:
        _refuse(f"{error.filename}: {error.strerror}")
    else:
        click.echo(json.dumps(record.as_record()) if as_json else _table(record))


def _refuse(reason: str) -> None:
    click.echo(f"popctl judge: {reason}", err=True)
    raise SystemExit(REJECTED)


def _table(record: "PlayRecord") -> str:
    counts = [(grade, f"{count:,}") for grade, count in record.grades.items()]
    shares = (
        ("accuracy", record.accuracy_ppm),
        ("diversity", record.diversity_ppm),
        ("harmony", record.harmony_ppm),
        ("density", record.density_ppm),
        ("quality", record.quality),
    )
    rows = [
        ("notes", f"{record.notes:,}"),
        *counts,
        *((name, f"{share / 10_000:.2f} %") for name, share in shares),
    ]
    return "\n".join(f"{name:<10}{value:>10}" for name, value in rows)
