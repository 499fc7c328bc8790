"""Coins, payments and statements as tables for people."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from popd.cli.nearby_words import clean, when
from popd.cli.plurals import many
from wallet.amounts import UJAM_PER_JAM

LOT_SHOWN: Final = 12
"""Digits of a lot; enough to tell those of one purse apart, and to type."""
NARROW: Final = frozenset({"lot", "transfer", "since", "when", "what", "state"})
"""Columns that are never broken."""
MAX_ROWS: Final = 60
"""More than some screens are for --json or a file."""
GROUPS: Final = {
    "minted": "You played",
    "crowd": "Crowds of concerts",
    "witnessed": "You witnessed",
    "received": "Given to you",
}
KINDS: Final = {
    "minted": "played",
    "crowd": "crowd",
    "share": "witnessed",
    "received": "received",
    "sent": "sent",
    "returned": "came back",
    "declined": "declined",
    "staked": "staked",
    "unstaked": "unstaked",
    "burnt": "burnt",
}


def show_coins(purse: dict[str, Any], whose: str, is_explained: bool) -> None:
    """A purse, by how its coins came."""
    rows = sorted(purse["coins"], key=lambda coin: list(GROUPS).index(coin["from"]))
    table = _table(
        f"Your coins, as {'you see' if whose == 'you' else clean(whose) + ' sees'} them",
        ("lot", "song", "since"),
        ("JAM", f"worth to {clean(whose)}"),
    )
    group = ""
    for coin in rows[:MAX_ROWS]:
        if coin["from"] != group:
            group = coin["from"]
            table.add_section()
            table.add_row(Text(GROUPS[group], style="bold"))
        mark = " (contested)" if coin["contested"] else ""
        table.add_row(
            coin["lot"][:LOT_SHOWN],
            Text(clean(coin["song"]) + mark),
            day(coin["minted_ms"]),
            jams(coin["amount_ujam"]),
            jams(coin["value_ujam"]),
        )
        if is_explained:
            for line in coin["why"]:
                table.add_row("", Text(f"  {clean(line)}", style="dim"))
    _print(table)
    _tell_rest(len(rows), "coins")


def show_payment(payment: dict[str, Any]) -> None:
    """What would leave, in both views."""
    name = clean(payment["to"]["name"])
    table = _table(f"To {name}", ("lot", "song"), ("JAM", "worth to you", f"worth to {name}"))
    for part in payment["parts"]:
        table.add_row(
            part["lot"][:LOT_SHOWN],
            Text(clean(part["song"])),
            *(jams(part[key]) for key in ("amount_ujam", "mine_ujam", "theirs_ujam")),
        )
    if len(payment["parts"]) > 1:
        table.add_section()
        table.add_row(
            "together",
            "",
            *(jams(payment[key]) for key in ("amount_ujam", "mine_ujam", "theirs_ujam")),
        )
    _print(table)
    for line in (*payment["why"], payment["seen_as"]):
        click.echo(clean(line))
    for line in payment["warnings"]:
        click.echo(f"Mind: {clean(line)}", err=True)


def show_incoming(found: dict[str, Any]) -> None:
    """What waits for the user, and what they sent that is not taken yet."""
    if found["incoming"]:
        columns = ("JAM", "to you", "to them")
        title = "Waiting for you: its worth to you, and to its giver where they say so"
        table = _table(title, ("transfer", "from", "song", "since"), columns)
        for one in found["incoming"][:MAX_ROWS]:
            said = one["says_worth_ujam"]
            about = clean(one["concert"]) or clean(one["song"])
            table.add_row(
                one["transfer"][:LOT_SHOWN],
                Text(clean(one["from"]["name"])),
                Text(f"contested: {about}" if one["contested"] else about),
                day(one["since_ms"]),
                jams(one["amount_ujam"]),
                jams(one["value_ujam"]),
                "" if said is None else jams(said),
            )
        _print(table)
        _tell_rest(found["waiting"], "transfers")
    open_ones = [one for one in found["outgoing"] if one["state"] != "received"]
    if open_ones:
        table = _table(
            "You sent, and it was not received", ("transfer", "to", "since", "state"), ("JAM",)
        )
        for one in open_ones[:MAX_ROWS]:
            reason = one["reason"].replace("_", " ")
            said = f"{one['state']}: {reason}" if reason not in ("", "unsaid") else one["state"]
            table.add_row(
                one["transfer"][:LOT_SHOWN],
                Text(clean(one["to"]["name"])),
                day(one["since_ms"]),
                said,
                jams(one["amount_ujam"]),
            )
        _print(table)


def show_history(history: dict[str, Any]) -> None:
    """A statement, the latest lines last."""
    lines = history["lines"]
    columns = ("change", "held", "worth now")
    table = _table("Your statement, in JAM", ("when", "what", ""), columns)
    for line in lines[-MAX_ROWS:]:
        change = line["change_ujam"]
        table.add_row(
            when(line["time_ms"]),
            KINDS[line["kind"]],
            Text(clean(line["words"])),
            f"+{jams(change)}" if change > 0 else jams(change),
            jams(line["held_ujam"]),
            jams(line["value_ujam"]),
        )
    _print(table)
    click.echo(clean(history["about"]))
    if len(lines) > MAX_ROWS:
        click.echo(f"{len(lines) - MAX_ROWS:,} earlier lines: --since, --json or --csv FILE.")


def show_career(career: dict[str, Any]) -> None:
    """Concerts, and what they came to."""
    totals, whose = career["totals"], clean(career["person"]["name"])
    if career["concerts"]:
        table = _table(
            f"Concerts of {whose}",
            ("concert", "when", "felt like", "score"),
            ("crowd", "JAM", "worth to you"),
        )
        for one in career["concerts"][:MAX_ROWS]:
            score = one["mean_score_ppm"]
            felt = ", ".join(f"{felt['tag']} {felt['count']}" for felt in one["feelings"][:3])
            table.add_row(
                Text(clean(one["name"] or "without a name")),
                day(one["time_ms"]),
                Text(clean(felt)),
                "" if score is None else f"{score / 10_000:.0f} %",
                f"{one['crowd']:,}",
                jams(one["minted_ujam"]),
                jams(one["value_ujam"]),
            )
        _print(table)
        _tell_rest(totals["concerts"], "concerts")
    click.echo(
        f"{whose}: {many(totals['concerts'], 'concert')} heard by "
        f"{many(totals['voices'], 'voice')}, {many(totals['windows'], 'window')} vouched for by "
        f"{many(totals['witnesses'], 'witness', 'witnesses')}; "
        f"{jams(totals['minted_ujam'])} JAM nominally, everybody's shares together."
    )


def day(time_ms: int) -> str:
    """The day of a moment, as people write it down."""
    return when(time_ms).split()[0]


def jams(amount_ujam: int) -> str:
    """An amount in JAM with three digits, or six where it is small."""
    digits = 3 if abs(amount_ujam) >= UJAM_PER_JAM // 100 or amount_ujam == 0 else 6
    return f"{amount_ujam / UJAM_PER_JAM:,.{digits}f}"


def _table(title: str, words: Sequence[str], figures: Iterable[str]) -> Table:
    table = Table(title=Text(title), title_justify="left", box=None, pad_edge=False)
    for name in words:
        table.add_column(Text(name), overflow="fold", no_wrap=name in NARROW)
    for name in figures:
        table.add_column(Text(name), justify="right", no_wrap=True)
    return table


def _print(table: Table) -> None:
    Console(highlight=False).print(table)


def _tell_rest(there: int, what: str) -> None:
    if there > MAX_ROWS:
        click.echo(f"… and {there - MAX_ROWS:,} more {what}; --json lists them.")
