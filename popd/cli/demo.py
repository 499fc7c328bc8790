"""`popctl demo`: the whole path on real nodes: play, witness, mint, give, and agree on it."""

import base64
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from consensus.chart import Chart
from consensus.evidence import KeyEvent
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.files import TooLargeError, read_bounded
from popd.cli.processes import NotReadyError
from popd.cli.town import PLAY_S, Town, TownError

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
LEAST_NODES: Final = 3
MOST_NODES: Final = 25


@dataclass(frozen=True, slots=True)
class Piece:
    """What the first node plays."""

    chart: Chart
    """The part of the chart that fills one window."""
    events: tuple[KeyEvent, ...]
    """A recorded play of it; empty lets the bot play."""


@click.command()
@click.option("--nodes", default=6, show_default=True, type=click.IntRange(LEAST_NODES, MOST_NODES))
@click.option("--replay", type=FILE, help="A recorded osu!mania play (.osr) instead of the bot.")
@click.option("--chart", type=FILE, help="The .osu chart of the replay.")
@click.option("--seed", default=1, show_default=True, help="Chance of the bot.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON, last.")
def demo(nodes: int, replay: Path | None, chart: Path | None, seed: int, as_json: bool) -> None:
    """Real nodes on this machine: one plays, the others witness, a coin arrives and is shared."""
    if (replay is None) != (chart is None):
        raise click.UsageError("--replay and --chart belong together.")
    piece = _our_song() if replay is None or chart is None else _recorded(replay, chart)
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="popd-demo-") as folder:
        try:
            report = _run(Path(folder), nodes, piece, seed)
        except (TownError, NotReadyError) as error:
            give_up(ExitCode.FAILED, f"The demo did not come to its end. {error}")
    report["seconds"] = round(time.monotonic() - began_s, 1)
    failures = problems(report)
    if as_json:
        click.echo(json.dumps(report))
    else:
        _tell(report)
    if failures:
        give_up(ExitCode.FAILED, "Not all of it came true: " + "; ".join(failures))


def problems(report: dict[str, Any]) -> list[str]:
    """What of the demo's promises did not come true; empty when all did."""
    digests = set(report["ledger_digest"].values())
    values = {value["value_ujam"] for value in report["values"].values()}
    checks = {
        "nothing was minted": report["minted_ujam"] > 0,
        "too few attestations": report["attestations"] >= report["quorum"] > 0,
        "the transfer was not received": report["transfer"]["received"],
        "the ledgers differ": len(digests) == 1 and len(report["ledger_digest"]) == report["nodes"],
        "everybody values the coin alike": len(values) > 1,
        "the shares do not add up": sum(report["shares"].values()) == report["minted_ujam"],
    }
    return [problem for problem, holds in checks.items() if not holds]


def _run(folder: Path, nodes: int, piece: Piece, seed: int) -> dict[str, Any]:
    _say(f"Starting {nodes} nodes …")
    with Town(folder, nodes) as town:
        town.wait_connected()
        _say("node-0 plays, the others watch it live …")
        window = _play(town, piece, seed)
        names = {about["id"]: about["name"] for about in _everybody(town)}
        _say("A coin arrived. node-0 gives half of it to node-1 …")
        transfer = _give_half(town, window)
        digests = town.wait_agreed()
        _say("All ledgers are equal.")
        return {
            "network": "practice",
            "nodes": nodes,
            "block": window["block"],
            "attestations": len(window["verdicts"]),
            "quorum": window["needed"],
            "minted_ujam": window["minted_ujam"],
            "shares": {names[share["id"]]: share["amount_ujam"] for share in window["shares"]},
            "transfer": transfer,
            "ledger_digest": digests,
            "values": _values(town, transfer["lot"], names),
        }


def _play(town: Town, piece: Piece, seed: int) -> dict[str, Any]:
    """The first window that minted; raises TownError with the reason when none did."""
    body: dict[str, Any] = {"chart": base64.b64encode(piece.chart.to_bytes()).decode()}
    body["seed"] = seed
    if piece.events:
        body["events"] = [[e.time_us, e.lane, int(e.is_press)] for e in piece.events]
    else:
        body["bot"] = "human_like"
    answer = town.post(0, "/autoplay", body, PLAY_S)
    for window in answer.get("windows", ()):
        if window["state"] == "minted":
            found: dict[str, Any] = window
            return found
    reasons = [f"{w['why']} {w['next']}" for w in answer.get("windows", ())]
    raise TownError("Nothing was minted. " + " ".join(reasons or [str(answer)]))


def _give_half(town: Town, window: dict[str, Any]) -> dict[str, Any]:
    """Half of the performer's share goes to node-1, and node-1 receives it."""
    coin = next(c for c in town.get(0, "/purse")["coins"] if c["from"] == "minted")
    recipient = town.get(1, "/status")["identity"]["id"]
    amount_ujam = coin["amount_ujam"] // 2
    body = {"lot": coin["lot"], "amount_ujam": amount_ujam, "to": recipient}
    town.post(0, "/send", body)

    def has_arrived() -> bool:
        coins = town.get(1, "/purse")["coins"]
        return any(c["from"] == "received" and c["amount_ujam"] == amount_ujam for c in coins)

    town.wait_until(has_arrived, 30, "node-1 received the transfer")
    return {"lot": coin["lot"], "amount_ujam": amount_ujam, "received": has_arrived()}


def _values(town: Town, lot: str, names: dict[str, str]) -> dict[str, Any]:
    """What the coin is worth to each node, asked of that node itself."""
    values: dict[str, Any] = {}
    for number, plan in enumerate(town.plans):
        answer = town.get(number, "/values", lot=lot)["values"]
        own = next(value for value in answer if value["is_me"])
        values[plan.name] = {"value_ujam": own["value_ujam"], "why": own["why"]}
    return values


def _everybody(town: Town) -> list[dict[str, Any]]:
    abouts: list[dict[str, Any]] = []
    for number, plan in enumerate(town.plans):
        identity = town.get(number, "/status")["identity"]["id"]
        abouts.append({"id": identity, "name": plan.name})
    return abouts


def _our_song() -> Piece:
    """The first window of our own song, for the bot."""
    from consensus.parameters import PRACTICE
    from game.charts.songs import SONGS

    chart = SONGS["first_light"].chart(4)
    return Piece(chart.cut(0, (PRACTICE.window_ms - 1_000) * 1_000), ())


def _recorded(replay: Path, chart: Path) -> Piece:
    """The window of a recorded play with the most notes."""
    from consensus.parameters import PRACTICE
    from game.charts.errors import ChartImportError
    from game.charts.osu import chart_from_osu
    from game.play.osr import ReplayImportError, replay_from_osr
    from game.play.rate import chart_at_rate, events_at_rate
    from game.play.window import cut_window

    try:
        notes = chart_from_osu(read_bounded(chart))
        play = replay_from_osr(read_bounded(replay), notes.keys)
    except TooLargeError as error:
        give_up(ExitCode.REJECTED, str(error))
    except OSError as error:
        give_up(ExitCode.REJECTED, f"{error.filename}: {error.strerror}")
    except (ChartImportError, ReplayImportError) as error:
        give_up(
            ExitCode.REJECTED, f"{replay if 'eplay' in type(error).__name__ else chart}: {error}"
        )
    heard = chart_at_rate(notes, play.rate)
    pressed = events_at_rate(play.events, play.rate)
    return Piece(*cut_window(heard, pressed, PRACTICE.window_ms * 1_000))


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _tell(report: dict[str, Any]) -> None:
    click.echo(
        f"\nBlock {report['block'][:16]}…: {report['attestations']} of the drawn attested it."
    )
    click.echo(f"It minted {report['minted_ujam'] / 1e6:.6f} JAM:")
    for name, amount_ujam in report["shares"].items():
        click.echo(f"  {name:8} {amount_ujam / 1e6:.6f}")
    click.echo("Worth to each, through their own trust:")
    for name, value in report["values"].items():
        click.echo(f"  {name:8} {value['value_ujam'] / 1e6:.6f}  {'; '.join(value['why'])}")
    digest = next(iter(report["ledger_digest"].values()))
    click.echo(f"All {report['nodes']} ledgers: {digest[:16]}…   ({report['seconds']} s)")
    sys.stdout.flush()
