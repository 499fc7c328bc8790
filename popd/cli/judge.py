"""`popctl judge`: how well a recorded play went. Needs no daemon."""

import json
from hashlib import md5
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from popd.cli.files import TooLargeError, read_bounded

if TYPE_CHECKING:
    from game.play.judging import PlayRecord
    from game.play.osu_mania import ManiaRecord

REJECTED: Final = 6
"""Exit code for what a rule turns down."""
UNLIKELY_PPM: Final = 400_000
"""Nobody keeps the recording of a play with less; one of another chart comes to half of it."""
SHARES: Final = ("accuracy_ppm", "diversity_ppm", "harmony_ppm", "density_ppm", "quality")
"""What the table shows in hundredths, where the rules know it."""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("replay", type=FILE)
@click.option("--chart", type=FILE, required=True, help="The .osu file that was played.")
@click.option(
    "--rules",
    type=click.Choice(["popd", "osu-mania"]),
    default="popd",
    help="By whose windows: ours, or those of osu!mania with the replay's own mods.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a table.")
def judge(replay: Path, chart: Path, rules: str, as_json: bool) -> None:
    """Judge an osu!mania REPLAY (.osr): notes, grades, accuracy and quality."""
    # Here, because the list of commands must appear at once.
    from game.charts.errors import ChartImportError
    from game.play.osr import ReplayImportError

    try:
        record = _record(read_bounded(replay), read_bounded(chart), rules)
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


def _record(replay: bytes, chart: bytes, rules: str) -> "PlayRecord | ManiaRecord":
    from game.charts.osu import chart_from_osu
    from game.charts.osu_strictness import overall_difficulty_of
    from game.play.judging import judge_replay
    from game.play.osr import replay_from_osr
    from game.play.osu_mania import judge_osu_mania

    notes = chart_from_osu(chart)
    played = replay_from_osr(replay, notes.keys)
    if rules == "popd":
        record: PlayRecord | ManiaRecord = judge_replay(notes, played)
    else:
        record = judge_osu_mania(notes, played, overall_difficulty_of(chart))
    if record.accuracy_ppm < UNLIKELY_PPM and played.chart_md5 != md5(chart).hexdigest():
        click.echo("Hardly a note fits: is this the chart that was played?", err=True)
    return record


def _refuse(reason: str) -> None:
    click.echo(f"popctl judge: {reason}", err=True)
    raise SystemExit(REJECTED)


def _table(record: "PlayRecord | ManiaRecord") -> str:
    rows = [
        ("notes", f"{record.notes:,}"),
        *((grade, f"{count:,}") for grade, count in record.grades.items()),
        *(
            (name.removesuffix("_ppm"), f"{share / 10_000:.2f} %")
            for name in SHARES
            if isinstance(share := record.as_record().get(name), int)
        ),
    ]
    return "\n".join(f"{name:<10}{value:>10}" for name, value in rows)
