"""`popctl bots`: the attackers that detectors are tried against, and what they play."""

import json
from hashlib import md5
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, NoReturn

import click

from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.files import TooLargeError, read_bounded

if TYPE_CHECKING:
    from consensus.chart import Chart
    from game.bots.book import Bot
    from game.bots.recording import Recording
    from game.play.osr import Replay

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
TAIL_US: Final = 2_000_000
"""How long after the last note a play ends."""
UNLIKELY_PPM: Final = 400_000
"""A recording that hits less of the chart, and names another, is of another."""
RATE_MODS: Final = {(1, 1): 0, (3, 2): 1 << 6, (3, 4): 1 << 8}
"""The mods that a replay says its rate with."""
MILLISECOND_US: Final = 1_000


@click.group()
def bots() -> None:
    """The attackers that detectors are tried against."""


@bots.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a table.")
def list_bots(as_json: bool) -> None:
    """All bots: how each works, what it costs, and how many recordings it needs."""
    # Here, because the list of commands must appear at once.
    from game.bots.book import BOTS

    if as_json:
        click.echo(json.dumps([_bot_record(bot) for bot in BOTS]))
        return
    width = max(len(bot.name) for bot in BOTS) + 2
    for bot in BOTS:
        needs = f" Needs --from {'PLAY.osr ' * bot.sources}".rstrip() + "." if bot.sources else ""
        click.echo(f"{bot.name:<{width}}{bot.how}")
        click.echo(f"{'':<{width}}Costs: {bot.cost}{needs}")


@bots.command()
@click.argument("name")
@click.option("--chart", type=FILE, required=True, help="The .osu file to play.")
@click.option(
    "--from",
    "recordings",
    type=FILE,
    multiple=True,
    help="A recorded play (.osr) of that chart to start from; again for a second one.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another play.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The replay (.osr) to write.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a sentence.")
def play(
    name: str, chart: Path, recordings: tuple[Path, ...], seed: int, out: Path, as_json: bool
) -> None:
    """Let the bot NAME play a whole chart, and write its replay."""
    from game.bots.book import bot_named
    from game.play.osr_export import osr_from_replay

    try:
        bot = bot_named(name)
    except ValueError as error:
        give_up(ExitCode.NOT_FOUND, f"popctl bots: {error}. `popctl bots list` says more.")
    if len(recordings) < bot.sources:
        asked = " ".join(["--from PLAY.osr"] * bot.sources)
        give_up(ExitCode.USAGE, f"popctl bots: {name} starts from recorded plays: add {asked}.")
    data = _read(chart)
    notes = _chart(chart, data)
    sources = [_replay(path, data, notes) for path in recordings[: bot.sources]]
    try:
        replay = _played(bot, notes, sources, Random(seed), data)
        packed = osr_from_replay(replay, f"popd bot {name}")
    except ValueError as error:
        _refuse(f"{chart}: {error}")
    try:
        out.write_bytes(packed)
    except OSError as error:
        give_up(ExitCode.FAILED, f"{out}: {error.strerror}. Choose a place where you may write.")
    record = {"name": name, "seed": seed, **_figures(notes, replay), "out": str(out)}
    click.echo(json.dumps(record) if as_json else _sentence(record, chart))


def _played(
    bot: "Bot", chart: "Chart", sources: list["Replay"], rng: Random, data: bytes
) -> "Replay":
    """What the bot presses, in the chart's written time, at the rate of its first source."""
    from dataclasses import replace
    from fractions import Fraction

    from game.bots.book import perform
    from game.bots.grid import on_grid
    from game.charts.osu_strictness import overall_difficulty_of
    from game.play.osr import Replay
    from game.play.osu_mania import judge_osu_mania
    from game.play.rate import chart_at_rate, events_at_rate

    rate = sources[0].rate if sources else Fraction(1)
    heard = chart_at_rate(chart, rate)
    window_us = heard.duration_us + TAIL_US
    events = perform(bot, heard, [_heard(chart, source) for source in sources], window_us, rng)
    written = events_at_rate(events, 1 / rate)
    written = on_grid(written, MILLISECOND_US, chart.duration_us + 2 * TAIL_US, rng)
    mods = RATE_MODS[rate.numerator, rate.denominator]
    replay = Replay(written, rate, md5(data).hexdigest(), (0,) * 6, mods)
    record = judge_osu_mania(chart, replay, overall_difficulty_of(data))
    return replace(replay, counted=tuple(record.grades.values()))


def _heard(chart: "Chart", replay: "Replay") -> "Recording":
    from game.bots.recording import Recording
    from game.play.rate import chart_at_rate, events_at_rate
    from game.play.window import events_between

    heard = chart_at_rate(chart, replay.rate)
    events = events_at_rate(replay.events, replay.rate)
    return Recording(heard, events_between(events, 0, heard.duration_us + TAIL_US))


def _figures(chart: "Chart", replay: "Replay") -> dict[str, object]:
    from game.play.judging import judge_replay

    record = judge_replay(chart, replay)
    return {"notes": record.notes, "accuracy_ppm": record.accuracy_ppm}


def _chart(path: Path, data: bytes) -> "Chart":
    from game.charts.errors import ChartImportError
    from game.charts.osu import chart_from_osu

    try:
        return chart_from_osu(data)
    except ChartImportError as error:
        _refuse(f"{path}: {error}")


def _replay(path: Path, data: bytes, chart: "Chart") -> "Replay":
    from game.play.judging import judge_replay
    from game.play.osr import ReplayImportError, replay_from_osr

    try:
        replay = replay_from_osr(_read(path), chart.keys)
    except ReplayImportError as error:
        _refuse(f"{path}: {error}")
    is_other = replay.chart_md5 != md5(data).hexdigest()
    if is_other and judge_replay(chart, replay).accuracy_ppm < UNLIKELY_PPM:
        _refuse(f"{path}: a play of another chart; name the .osu file that was played")
    return replay


def _read(path: Path) -> bytes:
    try:
        return read_bounded(path)
    except TooLargeError as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename}: {error.strerror}")


def _refuse(reason: str) -> NoReturn:
    give_up(ExitCode.REJECTED, f"popctl bots: {' '.join(reason.splitlines())}")


def _bot_record(bot: "Bot") -> dict[str, object]:
    return {"name": bot.name, "sources": bot.sources, "how": bot.how, "cost": bot.cost}


def _sentence(record: dict[str, object], chart: Path) -> str:
    accuracy = int(str(record["accuracy_ppm"])) / 10_000
    return (
        f"{record['out']}: {record['name']} played {record['notes']:,} notes, "
        f"{accuracy:.2f} % accurate. Look closer: popctl judge {record['out']} --chart {chart}"
    )
