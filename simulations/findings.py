"""Findings: where an attack pays, over all settings of a run, and a run's answer in a sentence."""

from typing import Any

from simulations.summaries import summary_of, verdict_of
from simulations.tables import Table, Word

Finding = tuple[dict[str, Word], dict[str, Any]]
"""A setting, by what varies in the run, and its summary over seeds."""


def answer(table: Table) -> str:
    """What came out, in a sentence."""
    done, paying = settings_found(table), paying_findings(table)
    if not table.done.rows:
        return "No cell is through yet."
    if not any(verdict_of(one["gain_to_honest"]) for _, one in done):
        return "Nobody attacks here."
    if not paying:
        best = max(
            (found for _, one in done if (found := verdict_of(one["gain_to_honest"]))),
            key=lambda found: found.gain,
        )
        return (
            f"No attack pays: the best, {best.strategy}, has {best.gain:.2f} of what a "
            "townsperson earns in an hour, as honest people value it."
        )
    where = f"{len(paying)} of {len(done)} settings" if len(done) > 1 else "this setting"
    verdict = verdict_of(paying[0][1]["gain_to_honest"])
    assert verdict is not None
    return (
        f"An attack pays in {where}: {verdict.strategy} has up to {verdict.gain:.2f} times what a "
        "townsperson earns in an hour, as honest people value it."
    )


def paying_findings(table: Table) -> list[Finding]:
    """Where an attack gains more than a townsperson, the worst first."""
    found = [
        (verdict.gain, at, one)
        for at, one in settings_found(table)
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
