"""Which pictures a run is worth: by its kind, and by how many parameters it sweeps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from consensus.parameters import MAIN
from simulations.cells import Plan
from simulations.findings import Finding, settings_found
from simulations.plots import MAX_LINES, Line, Picture, bars, gains, heat, lines
from simulations.rival_laws import (
    SHIPPED,
    crowd_factor,
    day_sum,
    hip15_transmitter,
    hip15_witness,
    hip44_factor,
    law_named,
    words_sum,
)
from simulations.strategies import HONEST
from simulations.summaries import DAY_S, summary_of, verdict_of
from simulations.sweep import Axis
from simulations.tables import Table, Word, shown

Measure = Callable[[Mapping[str, Any]], float | None]
"""What a picture shows of a summary."""
RINGS: Final = ": bars as honest people value it, rings at face."
EVENTS: Final = range(1, 31)
WITNESSES: Final = range(1, 25)


def pictures_of(plan: Plan, table: Table) -> list[Picture]:
    """All pictures of a run, the most telling first; none where no cell is through."""
    if not table.done.rows:
        return []
    if plan.axes:
        return list(_sweep_pictures(plan.axes, table))
    if plan.kind == "compare":
        return [*_group_pictures(plan, table, "law", plan.laws), *_law_pictures(plan)]
    if plan.kind == "tournament":
        return list(_group_pictures(plan, table, "scenario", tuple(plan.scenarios)))
    return list(_run_pictures(table))


def formula_pictures() -> list[Picture]:
    """Ours beside the functions of others that are published."""
    return [
        lines(
            "hip44",
            "What many words of one witness come to: HIP 44 counts three of an epoch in full; ours "
            "fade more slowly, over a week, and a performer's blocks faster, over a day.",
            [
                Line("HIP 44", list(EVENTS), [hip44_factor(n) for n in EVENTS]),
                Line("ours, words", list(EVENTS), [words_sum(MAIN, n) for n in EVENTS]),
                Line("ours, blocks", list(EVENTS), [day_sum(MAIN, n) for n in EVENTS]),
            ],
            "words, or blocks",
            "in full ones",
        ),
        lines(
            "hip15",
            "What a block pays by its witnesses: HIP 15 goes on paying for more than four; ours "
            "pays for eight drawn ones, however many come.",
            [
                Line("HIP 15, sender", list(WITNESSES), [hip15_transmitter(n) for n in WITNESSES]),
                Line(
                    "ours, performer", list(WITNESSES), [crowd_factor(MAIN, n) for n in WITNESSES]
                ),
                Line("HIP 15, witness", list(WITNESSES), [hip15_witness(n) for n in WITNESSES]),
            ],
            "witnesses",
            "full rewards",
        ),
    ]


def _run_pictures(table: Table) -> Iterator[Picture]:
    summary = summary_of(table)
    names = _ranked(summary["gain_to_honest"])
    yield _gains_of(
        "gains", f"What everybody gains in this world{RINGS}", [(n, n, summary) for n in names]
    )
    attacks = [name for name in names if name not in HONEST]
    if attacks:
        days = [_days(summary["flagged"].get(name)) for name in attacks]
        caption = "How long until honest people see through each attack."
        yield bars("seen", caption, attacks, days, "days after the attack began")


def _group_pictures(
    plan: Plan, table: Table, column: str, groups: tuple[str, ...]
) -> Iterator[Picture]:
    """One group of rows beside another: laws, or scenarios."""
    parts = {name: summary_of(table.having(**{column: name})) for name in groups}
    parts = {name: one for name, one in parts.items() if one["gain_to_honest"]}
    rows = [
        (_row_label(plan, name, strategy), strategy, one)
        for name, one in parts.items()
        for strategy in _ranked(one["gain_to_honest"])
        if strategy != "honest" and (plan.kind == "compare" or strategy not in HONEST)
    ]
    if plan.kind == "compare":
        rows.sort(key=lambda row: row[1])
    else:
        rows.sort(key=lambda row: -row[2]["gain_to_honest"][row[1]])
    if rows:
        what = "under each law" if plan.kind == "compare" else "in each scenario, at one size"
        yield _gains_of("gains", f"What everybody gains {what}{RINGS}", rows)
    names = list(parts)
    losses = [100 * parts[name]["honest_loss"] for name in names]
    yield bars("loss", "What honest people lose to the attack.", names, losses, "% of their income")
    if rows:
        days = [_days(parts[name]["seconds_to_flag"]) for name in names]
        caption = "How long until every attack in it is seen."
        yield bars("seen", caption, names, days, "days after the attack began")


def _row_label(plan: Plan, name: str, strategy: str) -> str:
    if plan.kind == "compare":
        return f"{strategy}, {name}"
    return name if name == strategy else f"{name}: {strategy}"


def _sweep_pictures(axes: tuple[Axis, ...], table: Table) -> Iterator[Picture]:
    findings = settings_found(table)
    yield _swept("gains", "How much attacks gain; above 1 they pay.", axes, findings)
    yield _swept("loss", "How much of their income honest people lose.", axes, findings)


def _swept(name: str, caption: str, axes: tuple[Axis, ...], findings: Sequence[Finding]) -> Picture:
    """Bars for words, a line for one number, a map for two; the worst over any further ones."""
    measure, unit = MEASURES[name]
    first = axes[0]
    if len(axes) > 1:
        second = axes[1]
        worst = _worst(findings, (first.path, second.path), measure)
        grid = [[worst.get((x, y)) for x in first.values] for y in second.values]
        more = " The worst over all further parameters." if len(axes) > 2 else ""
        columns, rows = (tuple(map(_label, axis.values)) for axis in (first, second))
        low, high = min(0.0, *worst.values()), max(1.0, *worst.values())
        whole = f"{caption}{more} Light is {low:.3g}, dark {high:.3g}: {unit}."
        return heat(name, whole, columns, rows, grid, (first.path, second.path))
    values = _values(first, findings, measure)
    if not all(isinstance(x, float | int) for x in first.values) or None in values:
        return bars(name, caption, tuple(map(_label, first.values)), values, unit)
    if name == "gains":
        return lines(name, caption, _attack_lines(first, findings), first.path, unit, 1.0)
    return lines(name, caption, [_line("", first, values)], first.path, unit)


def _attack_lines(axis: Axis, findings: Sequence[Finding]) -> list[Line]:
    """A line for each attack, the highest ones if there are many."""
    found = []
    for strategy in {name for _, one in findings for name in one["gain_to_honest"]} - HONEST:
        values = _values(axis, findings, partial(_gain_of, strategy))
        if None not in values:
            found.append(_line(strategy, axis, values))
    return sorted(found, key=lambda line: (-max(line.y), line.label))[:MAX_LINES]


def _values(axis: Axis, findings: Sequence[Finding], measure: Measure) -> list[float | None]:
    worst = _worst(findings, (axis.path,), measure)
    return [worst.get((x,)) for x in axis.values]


def _worst(
    findings: Sequence[Finding], paths: tuple[str, ...], measure: Measure
) -> dict[tuple[Word, ...], float]:
    """The most over all settings of other parameters, by the values of these."""
    found: dict[tuple[Word, ...], float] = {}
    for at, summary in findings:
        value, key = measure(summary), tuple(at[path] for path in paths)
        if value is not None:
            found[key] = max(value, found.get(key, value))
    return found


def _gain_of(strategy: str, summary: Mapping[str, Any]) -> float | None:
    gain: float | None = summary["gain_to_honest"].get(strategy)
    return gain


def _best_gain(summary: Mapping[str, Any]) -> float | None:
    verdict = verdict_of(summary["gain_to_honest"])
    return None if verdict is None else verdict.gain


def _loss(summary: Mapping[str, Any]) -> float | None:
    mean = summary["honest_loss"]
    return None if mean is None else 100 * mean


MEASURES: Final[Mapping[str, tuple[Measure, str]]] = {
    "gains": (_best_gain, "gain (townsperson: 1)"),
    "loss": (_loss, "% of honest income"),
}


def _line(label: str, axis: Axis, values: Sequence[float | None]) -> Line:
    points = sorted(
        (float(x), y) for x, y in zip(axis.values, values, strict=True) if y is not None
    )
    return Line(label, [x for x, _ in points], [y for _, y in points])


def _law_pictures(plan: Plan) -> Iterator[Picture]:
    """What sets the laws apart, and ours beside those of others."""
    params = next(iter(plan.scenarios.values())).params
    days = list(range(31))
    drawn = [
        Line(name, days, law_named(name, params).familiarity[:31].tolist())
        for name in (SHIPPED, "logistic", "per-pair")
        if name in plan.laws
    ]
    caption = "What is left of a word by how well two know each other, under each law."
    yield lines("familiarity", caption, drawn, "days on which they met, of 30", "share")
    yield from formula_pictures()


def _gains_of(
    name: str, caption: str, rows: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> Picture:
    """Rows are a label, a strategy, and the summary that it is in."""
    labels = [label for label, _, _ in rows]
    valued = [one["gain_to_honest"][strategy] for _, strategy, one in rows]
    face = [one["raw_gain"][strategy] for _, strategy, one in rows]
    return gains(name, caption, labels, valued, face)


def _ranked(found: Mapping[str, float]) -> list[str]:
    return sorted(found, key=lambda name: (-found[name], name))


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / DAY_S


def _label(value: float | str) -> str:
    return value if isinstance(value, str) else shown(float(value))
