"""`popctl trust`: how near, how real, and who belongs together; from a table, or from the node."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.quoting import quoted
from popd.cli.trust_clusters import clusters
from popd.cli.trust_node import show, trust_map
from popd.cli.trust_options import AS_JSON, FILE, NOW
from popd.cli.trust_tables import FROM, TIME, TO, WEIGHT, Table, newest, refuse, table_at

if TYPE_CHECKING:
    from consensus.trust.freshness import Said

MANY: Final = 100_000
"""Rows that take so long that it is said what is being done."""


@click.group()
def trust() -> None:
    """How near people are, whether they are real, and who belongs together.

    With a table (CSV) no node is needed; `show`, `map` and `clusters` also tell what the node sees.
    """


trust.add_command(clusters)
trust.add_command(show)
trust.add_command(trust_map)


@trust.command()
@click.option("--edges", type=FILE, required=True, help="CSV: from, to, weight, perhaps time_ms.")
@click.option("--observer", required=True, metavar="ID", help="In whose eyes.")
@NOW
@AS_JSON
def proximity(edges: Path, observer: str, now_ms: int | None, as_json: bool) -> None:
    """How near everybody is to an observer, from 0 to 1; whoever is not listed has 0.

    Weights below 0 are distrust. With time_ms, a weight counts half after 30 days.
    """
    from popd.cli.trust_graphs import index_of

    table = table_at(edges, (FROM, TO, WEIGHT), (TIME,))
    _check_known(table, observer, edges)
    if len(table.source) > MANY:
        people = f"{len(table.names):,} people"
        click.echo(f"Looking who is vouched for by few among {people} …", err=True)
    scores = index_of(table, now_ms).proximity(observer)
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


def said_in(table: Table) -> "Said":
    """The acknowledgements of a table as columns, all by hand."""
    import numpy as np

    from consensus.trust.freshness import Said

    source, target = (np.array(column, dtype=np.int64) for column in (table.source, table.target))
    times = np.array(table.time_ms, dtype=np.int64)
    return Said(source, target, times, np.ones(len(source)))


def _check_known(table: Table, name: str, path: Path) -> None:
    if not table.names:
        refuse(path, "has no rows; below the first line, each line says whom somebody acknowledges")
    if name not in table.names:
        give_up(
            ExitCode.NOT_FOUND,
            f"popctl trust: {path}: nobody is called {quoted(name)}. Ids are taken as they stand, "
            "in capitals or not.",
        )
