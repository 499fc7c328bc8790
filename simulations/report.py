"""One page of what a run found: figures, pictures and plain words, and nothing beside itself."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from consensus.parameters import MAIN
from simulations.cells import Plan
from simulations.findings import Finding, answer, paying_findings, settings_found
from simulations.page import page, picture_html, table_html
from simulations.plots import Picture
from simulations.rival_laws import (
    LAWS,
    crowd_factor,
    day_sum,
    hip15_transmitter,
    hip15_witness,
    hip44_factor,
    words_sum,
)
from simulations.run_folder import RunFolder
from simulations.run_pictures import pictures_of
from simulations.strategies import HONEST
from simulations.summaries import duration, verdict_of
from simulations.tables import Table, Word, shown

MAX_PAYING: Final = 50
MAX_FAILED: Final = 50
MAX_FIGURES: Final = 200
MEANINGS: Final = (
    (
        "Gain",
        "What an hour of effort brings in coins that honest people believe in, against an hour of "
        "an ordinary townsperson, who is 1. Above 1 the attack pays. A key that a machine plays, "
        "and each besides the one that its owner sits at, is charged a townsperson's hours.",
    ),
    (
        "At face",
        "The same with every coin counted in full, whoever believes in it. Keys that nobody near "
        "you has met may mint much, and be worth nothing to you.",
    ),
    (
        "Operator",
        "What one person behind all these keys takes home, against one townsperson. It may be "
        "above 1 where the gain is below: many poor keys are still many.",
    ),
    (
        "Honest loss",
        "How much less honest people have than in the same world without attackers. Chance moves "
        "it by a little, below 0 too.",
    ),
    (
        "Seen after",
        "Simulated time until honest people hold half of the attackers' keys apart, or have "
        "rejected their play three times. A ring that no honest person ever meets is never seen, "
        "and its coins count for nobody.",
    ),
)
"""What the words of the page mean."""


def report_html(folder: RunFolder, table: Table) -> str:
    """The page of a run, whole."""
    plan, findings = folder.plan, settings_found(table)
    title = f"{plan.name}: {plan.kind}" if plan.kind != plan.name else "Tournament of attacks"
    parts = [
        f"<h1>{escape(_heading(plan))}</h1>",
        f'<p class="answer">{escape(answer(findings))}</p>',
        f'<p class="quiet">{escape(_circumstances(folder, table))}</p>',
        *_section("Where an attack pays", _paying(findings)),
        *_section("Pictures", _pictures(pictures_of(plan, table))),
        *_section("Figures", _figures(plan, findings)),
        *(_section("Beside the formulas of others", _formulas()) if plan.kind == "compare" else ()),
        *_section("What the figures mean", _meanings(plan)),
        *_section("Cells that failed", _failed(table)),
        *_section("Configuration", _configuration(folder)),
    ]
    return page(title, parts)


def _heading(plan: Plan) -> str:
    if plan.kind == "tournament":
        return f"{len(plan.scenarios)} attacks at one size"
    title = next(iter(plan.scenarios.values())).title
    what = {"sweep": ", swept", "compare": ", under rival laws"}.get(plan.kind, "")
    return f"{title}{what}"


def _circumstances(folder: RunFolder, table: Table) -> str:
    record, plan = folder.record, folder.plan
    about = ""
    if len(plan.scenarios) == 1:
        about = " ".join(next(iter(plan.scenarios.values())).about.split()) + " "
    return (
        f"{about}{len(table):,} of {len(plan.cells):,} cells, "
        f"{len(plan.seeds)} seed{'s'[: len(plan.seeds) > 1]} each; "
        f"rules {record.get('rules_version')}, popd {record.get('popd_version')}, "
        f"begun {str(record.get('started'))[:16].replace('T', ' ')} UTC."
    ).strip()


def _section(title: str, parts: Iterator[str]) -> list[str]:
    inner = list(parts)
    return [f"<section>\n<h2>{escape(title)}</h2>", *inner, "</section>"] if inner else []


def _paying(findings: Sequence[Finding]) -> Iterator[str]:
    paying = paying_findings(findings)
    if not paying:
        yield "<p>Nowhere among these settings.</p>"
        return
    yield table_html(*_rows_of(paying[:MAX_PAYING]))
    yield from _more(len(paying) - MAX_PAYING)


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield f"<p>And {count:,} more; cells.csv has them all.</p>"


def _rows_of(
    settings: Sequence[Finding],
) -> tuple[list[str], list[list[str]]]:
    """The best attack of each setting."""
    rows = []
    for at, one in settings:
        verdict = verdict_of(one["gain_to_honest"])
        figures = ("-",) * 4
        if verdict is not None:
            name = verdict.strategy
            figures = (
                name,
                f"{verdict.gain:.2f}",
                f"{one['raw_gain'][name]:.2f}",
                f"{one['operator_total'][name]:.2f}",
            )
        seen = duration(one["seconds_to_flag"]) if verdict else "-"
        rows.append([*map(shown, at.values()), *figures, f"{100 * one['honest_loss']:.1f} %", seen])
    head = [*(settings[0][0] if settings else ()), "strategy", "gain", "at face", "operator"]
    return [*head, "honest loss", "seen after"], rows


def _pictures(pictures: Sequence[Picture]) -> Iterator[str]:
    if pictures:
        yield '<div class="pictures">'
        for picture in pictures:
            yield (
                f"<figure><figcaption>{escape(picture.caption)}</figcaption>"
                f"{picture_html(picture)}</figure>"
            )
        yield "</div>"


def _figures(plan: Plan, settings: Sequence[Finding]) -> Iterator[str]:
    if len(settings) > 1:
        head, rows = _rows_of(settings[:MAX_FIGURES])
        if plan.kind == "compare":
            kind = sorted({name for _, one in settings for name in one["gain_to_honest"]} & HONEST)
            head = [*head, *(f"{name} gains" for name in kind)]
            for row, (_, one) in zip(rows, settings, strict=False):
                row += [f"{one['gain_to_honest'].get(name, 0):.2f}" for name in kind]
        yield table_html(head, rows)
        yield from _more(len(settings) - MAX_FIGURES)
    for _, one in settings if len(settings) == 1 else ():
        names = sorted(one["gain_to_honest"], key=lambda name: -one["gain_to_honest"][name])
        yield table_html(
            ["strategy", "gain", "at face", "operator", "seen after"],
            [
                [
                    name,
                    *(f"{one[what][name]:.2f}" for what in ("gain_to_honest", "raw_gain")),
                    f"{one['operator_total'][name]:.2f}",
                    "-" if name in HONEST else duration(one["flagged"].get(name)),
                ]
                for name in names
            ],
        )
        yield (
            f"<p>Honest people lose {100 * one['honest_loss']:.1f} % of their income; "
            f"{100 * one['falsely_flagged']:.1f} % of them look like attackers at the end.</p>"
        )


def _formulas() -> Iterator[str]:
    yield (
        "<p>Helium's HIP 44 lets a witness's events of an epoch fade, HIP 15 shares a reward among "
        "witnesses; each beside ours, in full words and full rewards.</p>"
    )
    counts = (1, 2, 3, 4, 6, 8, 10, 15, 20, 30)
    yield table_html(
        [
            "n",
            "HIP 44, D(n)",
            "ours, a witness's n words",
            "ours, n blocks of a day",
            "HIP 15, sender",
            "ours, performer",
            "HIP 15, witness",
        ],
        [
            [
                str(n),
                f"{hip44_factor(n):.3f}",
                f"{words_sum(MAIN, n):.3f}",
                f"{day_sum(MAIN, n):.3f}",
                f"{hip15_transmitter(n):.3f}",
                f"{crowd_factor(MAIN, n):.3f}",
                f"{hip15_witness(n):.3f}",
            ]
            for n in counts
        ],
    )


def _meanings(plan: Plan) -> Iterator[str]:
    yield "<dl>"
    for word, meaning in MEANINGS:
        yield f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>"
    if plan.kind == "compare":
        for name in plan.laws:
            yield f"<dt>Law: {escape(name)}</dt><dd>{escape(LAWS[name].title)}.</dd>"
    yield "</dl>"


def _failed(table: Table) -> Iterator[str]:
    rows = [
        [shown(row["cell"]), shown(row["seed"]), shown(row["error"])]
        for row in table
        if row["state"] == "failed"
    ]
    if rows:
        yield table_html(["cell", "seed", "why"], rows[:MAX_FAILED])


def _configuration(folder: RunFolder) -> Iterator[str]:
    plan = folder.plan
    engine = escape(str(folder.record.get("engine")))
    yield f"<p>Seeds {escape(_seeds(plan.seeds))}; engine {engine}.</p>"
    if plan.axes:
        yield table_html(
            ["swept", "values"],
            [
                [axis.path, ", ".join(shown(_word(value)) for value in axis.values[:40])]
                for axis in plan.axes
            ],
        )
    for name, text in folder.record["configurations"].items():
        opened = " open" if len(plan.scenarios) == 1 else ""
        yield (
            f"<details{opened}><summary>{escape(str(name))}.toml</summary>"
            f'<pre tabindex="0">{escape(str(text))}</pre></details>'
        )


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[-1] + 1)):
        return f"{seeds[0]} to {seeds[-1]}"
    return ", ".join(map(str, seeds[:40]))


def _word(value: float | str) -> Word:
    return value if isinstance(value, str) else float(value)
