"""`popctl trust`: how near, how real, and who belongs together; from a table, or from the node."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from consensus.units import MILLISECONDS_PER_DAY
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.quoting import quoted
from popd.cli.trust_tables import FROM, MAX_TIME_MS, TIME, TO, WEIGHT, Table, table_at

if TYPE_CHECKING:
    from consensus.trust.freshness import Said
    from consensus.trust.graph import TrustGraph

FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
NOW: Final = click.option(
    "--now",
    "now_ms",
    type=click.IntRange(0, MAX_TIME_MS),
    metavar="MS",
    help="The moment to look from, in UTC milliseconds; without it the newest time of the table.",
)
AS_JSON: Final = click.option(
    "--json", "as_json", is_flag=True, help="One line of JSON instead of a table."
)


@click.group()
def trust() -> None:
    """How near people are, whether they are real, and who belongs together.

    With a table (CSV, from and to), no node is needed.
    """


@trust.command()
@click.option("--edges", type=FILE, required=True, help="CSV: from, to, weight, perhaps time_ms.")
@click.option("--observer", required=True, metavar="ID", help="In whose eyes.")
@NOW
@AS_JSON
def proximity(edges: Path, observer: str, now_ms: int | None, as_json: bool) -> None:
    """How near everybody is to an observer, from 0 to 1; whoever is not listed has 0.

    Weights below 0 are distrust. With time_ms, a weight counts half after 30 days.
    """
    from consensus.trust.proximity import proximity as scores_of

    table = table_at(edges, (FROM, TO, WEIGHT), (TIME,))
    _check_known(table, observer, edges)
    scores = scores_of(graph_of(table, now_ms), observer)
    ordered = dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
    if as_json:
        click.echo(json.dumps({"proximity": ordered}))
    else:
        from popd.cli.trust_words import show_proximity

        show_proximity(observer, ordered, len(table.names))


@trust.command()
@click.option(
    "--acknowledgements", type=FILE, required=True, help="CSV: from, to, time_ms; all by hand."
)
@NOW
@click.option("--of", metavar="ID", help="Explain one person.")
@AS_JSON
def personhood(acknowledgements: Path, now_ms: int | None, of: str | None, as_json: bool) -> None:
    """Whether people are real: by how many different people, how lately, acknowledge them.

    n_eff is their effective number, belief is 1 - e^(-n_eff/10), stratum log2(1 + n_eff).
    """
    from consensus.trust.personhood import personhoods

    table = table_at(acknowledgements, (FROM, TO, TIME))
    if of is not None:
        _check_known(table, of, acknowledgements)
    moment = newest(table) if now_ms is None else now_ms
    said = said_in(table)
    found = personhoods(said, len(table.names), moment)
    record = {
        name: {"n_eff": person.n_eff, "belief": person.belief, "stratum": person.stratum}
        for name, person in zip(table.names, found, strict=True)
    }
    if as_json:
        click.echo(json.dumps(record if of is None else {of: record[of]}))
        return
    from popd.cli.trust_words import explain_personhood, show_personhood

    if of is None:
        show_personhood(record)
    else:
        explain_personhood(table.names, said, of, found[table.names.index(of)], moment)


def graph_of(table: Table, now_ms: int | None) -> "TrustGraph[str]":
    """The trust graph of a table, as `graph_from` makes it, in columns; without times none fade."""
    import numpy as np

    from consensus.trust.graph import HALF_LIFE_DAYS, MAX_WEIGHT, TrustGraph

    moment = newest(table) if now_ms is None else now_ms
    weights = np.clip(np.array(table.weight), -MAX_WEIGHT, MAX_WEIGHT)
    if table.time_ms:
        age_ms = np.maximum(moment - np.array(table.time_ms, dtype=np.int64), 0)
        weights *= 0.5 ** (age_ms / (HALF_LIFE_DAYS * MILLISECONDS_PER_DAY))
    sides: tuple[dict[str, dict[str, float]], ...] = ({}, {})
    names = table.names
    for source, target, weight in zip(table.source, table.target, weights.tolist(), strict=True):
        if weight and source != target:
            targets = sides[weight < 0].setdefault(names[source], {})
            targets[names[target]] = targets.get(names[target], 0.0) + abs(weight)
    return TrustGraph(moment, *sides)


def said_in(table: Table) -> "Said":
    """The acknowledgements of a table as columns, all by hand."""
    import numpy as np

    from consensus.trust.freshness import Said

    source, target = (np.array(column, dtype=np.int64) for column in (table.source, table.target))
    times = np.array(table.time_ms, dtype=np.int64)
    return Said(source, target, times, np.ones(len(source)))


def newest(table: Table) -> int:
    """The newest time of a table; 0 where it has none."""
    return max(table.time_ms, default=0)


def _check_known(table: Table, name: str, path: Path) -> None:
    if name not in table.names:
        give_up(
            ExitCode.NOT_FOUND,
            f"popctl trust: {path}: nobody is called {quoted(name)}. Ids are taken as they stand, "
            "in capitals or not.",
        )
