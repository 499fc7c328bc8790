"""Findings: where an attack pays, over all settings of a run, and a run's answer in a sentence."""

from collections.abc import Iterable, Sequence
from typing import Any

from simulations.summaries import summary_of, verdict_of
from simulations.tables import Table, Word

Finding = tuple[dict[str, Word], dict[str, Any]]
"""A setting, by what varies in the run, and its summary over seeds."""


def answer(findings: Sequence[Finding]) -> str:
    """What came out, in a sentence."""
    if not findings:
        return "No cell is through yet."
    verdicts = [found for _, one in findings if (found := verdict_of(one["gain_to_honest"]))]
    if not verdicts:
        return "Nobody attacks here."
    best = max(verdicts, key=lambda found: found.gain)
    if not best.pays:
        return (
            f"No attack pays: the best, {best.strategy}, has {best.gain:.2f} of what a "
            "townsperson earns in an hour, as honest people value it."
        )
    paying = sum(found.pays for found in verdicts)
    where = f"{paying} of {len(findings)} settings" if len(findings) > 1 else "this setting"
    return (
        f"An attack pays in {where}: {best.strategy} has up to {best.gain:.2f} times what a "
        "townsperson earns in an hour, as honest people value it."
    )


def paying_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Where an attack gains more than a townsperson, the worst first."""
    found = [
        (verdict.gain, at, one)
        for at, one in findings
        if (verdict := verdict_of(one["gain_to_honest"])) and verdict.pays
    ]
    return [(at, one) for _, at, one in sorted(found, key=lambda part: -part[0])]


def settings_found(table: Table) -> list[Finding]:
    """Summaries over seeds, one for each scenario, law and setting that has a cell through."""
    varied = [name for name in ("scenario", "law") if len(set(table.column(name))) > 1]
    varied += table.swept
    parts: dict[tuple[Word, ...], list[dict[str, Word]]] = {}
    for row in table.done:
        parts.setdefault(tuple(row[name] for name in varied), []).append(row)
    return [
        (dict(zip(varied, key, strict=True)), summary_of(Table(table.columns, tuple(rows))))
        for key, rows in parts.items()
    ]
