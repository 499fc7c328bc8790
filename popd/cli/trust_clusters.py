"""`popctl trust clusters`: who belongs together, at which rates, and who joins them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from popd.cli.client import home_options
from popd.cli.exit_codes import ExitCode, give_up
from popd.cli.files import TooLargeError, read_bounded
from popd.cli.trust_node import node_clusters
from popd.cli.trust_options import AS_JSON, FILE, NOW
from popd.cli.trust_tables import FROM, MAX_TABLE_SIZE, TIME, TO, WEIGHT, table_at

if TYPE_CHECKING:
    from consensus.trust.clusters import Cluster


@click.command()
@home_options
@click.option(
    "--edges", type=FILE, help="CSV: from, to, weight, perhaps time_ms; without it the node's."
)
@click.option("--previous", type=FILE, help="What --json printed before: ids and names stay.")
@NOW
@AS_JSON
def clusters(
    home: str | None,
    network: str,
    edges: Path | None,
    previous: Path | None,
    now_ms: int | None,
    as_json: bool,
) -> None:
    """Who belongs together, what their coins are worth to each other, and who joins them.

    A cluster is named after whoever its own people acknowledge most; change `name` in the file of
    --previous to name it otherwise. A rate says what 1 JAM of the column's people is worth to the
    row's, over what 1 JAM of their own is.
    """
    if edges is not None:
        record = _record_of(edges, previous, now_ms)
    elif previous is None and now_ms is None:
        record = node_clusters(home, network)
    else:
        raise click.UsageError("--previous and --now go with --edges.")
    if as_json:
        click.echo(json.dumps(record))
    else:
        from popd.cli.trust_words import show_clusters

        show_clusters(record)


def _record_of(edges: Path, previous: Path | None, now_ms: int | None) -> dict[str, Any]:
    from consensus.trust.bridges import bridges_of
    from consensus.trust.clusters import clusters_of
    from consensus.trust.rates import MAX_CLUSTERS, exchange_rates
    from popd.cli.trust_graphs import graph_of, index_of

    table = table_at(edges, (FROM, TO, WEIGHT), (TIME,))
    before, given = ([], {}) if previous is None else _previous(previous)
    graph = graph_of(table, now_ms)
    found = clusters_of(graph, before)
    listed = found[:MAX_CLUSTERS]
    return {
        "clusters": [_record(cluster, given) for cluster in found],
        "rates": exchange_rates(listed, index_of(table, now_ms).proximity) if listed else [],
        "bridges": [
            {
                "id": bridge.person,
                "name": bridge.person,
                "clusters": list(bridge.clusters),
                "weight": bridge.weight,
            }
            for bridge in bridges_of(graph, found)
        ],
    }


def named_after(centre: str) -> str:
    """What a cluster is called that nobody named."""
    return f"around {centre}"


def _record(cluster: "Cluster[str]", given: dict[str, str]) -> dict[str, Any]:
    return {
        "id": cluster.id,
        "name": given.get(cluster.id, named_after(cluster.centre)),
        "centre": cluster.centre,
        "size": len(cluster.members),
        "members": list(cluster.members),
    }


def _previous(path: Path) -> tuple[list["Cluster[str]"], dict[str, str]]:
    """The clusters of an earlier answer, and the names that somebody gave them."""
    from consensus.trust.clusters import Cluster

    try:
        found = json.loads(read_bounded(path, MAX_TABLE_SIZE))["clusters"]
        before = [
            Cluster(_text(one["id"]), _text(one["centre"]), tuple(map(_text, one["members"])))
            for one in found
        ]
        names = {one["id"]: _text(one["name"]) for one in found}
    except (KeyError, TypeError, ValueError, RecursionError, OSError, TooLargeError):
        give_up(
            ExitCode.REJECTED,
            f"popctl trust: {path}: not what `popctl trust clusters --json` printed before.",
        )
    given = {
        cluster.id: names[cluster.id]
        for cluster in before
        if names[cluster.id] != named_after(cluster.centre)
    }
    return before, given


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
