"""`popctl chart make`: a chart from a recording. Needs no daemon."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from popd.cli.exit_codes import ExitCode, give_up

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from consensus.chart import Chart
    from game.charts.making.parts import Parts
    from game.charts.making.recording import Progress as Told

STAGES: Final = ("reading", "listening", "finding the beat", "placing notes")
FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("audio", type=FILE)
@click.option("--keys", type=click.IntRange(4, 10), default=4, show_default=True)
@click.option(
    "--level",
    type=click.IntRange(1, 5),
    default=3,
    show_default=True,
    help="1 is easy; at 5 everything that can be heard is played.",
)
@click.option(
    "--parts",
    type=click.Choice(["percussive", "harmonic", "both"]),
    default="both",
    show_default=True,
    help="What is struck, what sounds on, or both.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where to: .osu for osu!mania; with any other ending, such as .chart, canonical bytes.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a sentence.")
def make(audio: Path, keys: int, level: int, parts: "Parts", out: Path, as_json: bool) -> None:
    """Make a chart from AUDIO (WAV, FLAC, OGG or MP3, up to 30 minutes)."""
    # Here, because the list of commands must appear at once.
    from game.charts.making.recording import AudioImportError

    try:
        chart = _made(audio, keys, level, parts)
        out.write_bytes(_written(chart, out.suffix, audio.name))
    except AudioImportError as error:
        _refuse(f"{audio}: {error}")
    except OSError as error:
        where = f"{error.filename}: {error.strerror}."
        give_up(ExitCode.FAILED, f"{where} Choose a place where you may write.")
    record = _record(chart, out, level)
    sentence = "{out}: {notes:,} notes on {keys} keys, level {level}, {bpm} BPM".format(**record)
    click.echo(json.dumps(record, ensure_ascii=False) if as_json else sentence)


def _made(audio: Path, keys: int, level: int, parts: "Parts") -> "Chart":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from game.charts.making.make import make_chart
    from game.charts.making.recording import SAMPLE_RATE, load_audio

    columns = (TextColumn("{task.description:<17}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        progress = _shown_by(bars)
        recording = load_audio(audio, progress)
        return make_chart(
            recording.samples,
            SAMPLE_RATE,
            keys=keys,
            level=level,
            parts=parts,
            title=recording.title or audio.stem,
            artist=recording.artist,
            progress=progress,
        )


def _shown_by(bars: "Bars") -> "Told":
    task = bars.add_task(STAGES[0], total=len(STAGES))

    def progress(stage: str, share: float) -> None:
        bars.update(task, description=stage, completed=STAGES.index(stage) + share)

    return progress


def _written(chart: "Chart", suffix: str, audio: str) -> bytes:
    if suffix != ".osu":
        return chart.to_bytes()
    from game.charts.osu_export import osu_from_chart

    return osu_from_chart(chart, audio=audio).encode()


def _record(chart: "Chart", out: Path, level: int) -> dict[str, object]:
    return {
        "out": str(out),
        "chart": chart.id.hex(),
        "title": chart.title,
        "artist": chart.artist,
        "keys": chart.keys,
        "level": level,
        "notes": len(chart.notes),
        "holds": sum(note.duration_us > 0 for note in chart.notes),
        "duration_ms": chart.duration_us // 1_000,
        "bpm": round(60_000_000 / chart.timing[0].beat_us, 1),
    }


def _refuse(reason: str) -> NoReturn:
    give_up(ExitCode.REJECTED, f"popctl chart make: {reason}")
