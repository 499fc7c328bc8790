"""Tables and sentences of the laboratory, as a terminal shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from simulations.strategies import HONEST
from simulations.summaries import duration, verdict_of


def table_lines(head: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> list[str]:
    """Aligned columns, the first `words` of them to the left and numbers to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = []
    for row in (head, *rows):
        padded = [
            f"{word:<{width}}" if place < words else f"{word:>{width}}"
            for place, (word, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    return lines


def number(value: float | None, digits: int = 2) -> str:
    """A figure, or a dash where there is none."""
    return "-" if value is None else f"{value:,.{digits}f}"


def share(value: float | None) -> str:
    """A share as per cent, or a dash."""
    return "-" if value is None else f"{value:.1%}".replace("%", " %")


def tell_summary(summary: Mapping[str, Any]) -> None:
    """Gains of every strategy, what honest people lose, and whether it pays."""
    gains, raw = summary["gain_to_honest"], summary["raw_gain"]
    if not gains:
        return
    rows = [
        [
            name,
            number(gain),
            number(raw.get(name)),
            number(summary["operator_total"].get(name)),
            "-" if name in HONEST else duration(summary["flagged"].get(name)),
        ]
        for name, gain in sorted(gains.items(), key=lambda one: -one[1])
    ]
    head = ("strategy", "gain", "at face", "operator", "seen after")
    click.echo("\n".join(table_lines(head, rows)))
    click.echo(verdict_sentence(summary))
    click.echo(f"Digest {summary['digest']}")


def verdict_sentence(summary: Mapping[str, Any]) -> str:
    """What the figures mean."""
    verdict = verdict_of(summary["gain_to_honest"])
    if verdict is None:
        return "Nobody attacks here."
    pays = "pays" if verdict.pays else "does not pay"
    loss = summary["honest_loss"]
    lost = f"lose {share(loss)}" if loss > 0 else "lose nothing"
    price = summary["break_even_price"]
    rent = "" if price is None else f" It pays to rent keys up to {price:.2f} of that each."
    return (
        f"{verdict.strategy} {pays}: {verdict.gain:.2f} of what a townsperson earns an hour, as "
        f"honest people value it.{rent} Honest people {lost} of their income."
    )
