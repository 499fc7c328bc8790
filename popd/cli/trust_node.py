"""`popctl trust show` and `map`: what the running node says of people."""

import json
from typing import Any, Final

import click

from popd.cli.client import Client, client_of, home_options
from popd.cli.nearby_words import clean
from popd.cli.people import chosen_person, named
from popd.cli.plurals import many
from popd.cli.trust_options import AS_JSON

MAX_LISTED: Final = 40
MAX_NAMED: Final = 8


@click.command()
@home_options
@click.argument("who", metavar="[PERSON]", required=False)
@AS_JSON
def show(home: str | None, network: str, who: str | None, as_json: bool) -> None:
    """Show how near and how real somebody is, and why; without PERSON, yourself."""
    with client_of(home, network) as client:
        found = client.get(f"/trust/people/{_key(client, who)}")
    click.echo(json.dumps(found) if as_json else "\n".join(person_lines(found)))


@click.command(name="map")
@home_options
@AS_JSON
def trust_map(home: str | None, network: str, as_json: bool) -> None:
    """List who is near you, how real they are, and where they belong."""
    with client_of(home, network) as client:
        found = client.get("/trust/map")
    click.echo(json.dumps(found) if as_json else "\n".join(map_lines(found)))


def _key(client: Client, who: str | None) -> str:
    if who is None:
        found: str = client.get("/trust/map")["observer"]
        return found
    return chosen_person(client, who).hex()


def node_clusters(home: str | None, network: str) -> dict[str, Any]:
    """Clusters as the node sees them."""
    with client_of(home, network) as client:
        found: dict[str, Any] = client.get("/trust/clusters")
    return found


def person_lines(found: dict[str, Any]) -> list[str]:
    """One person in a few lines."""
    lines = [
        f"{named(found)}: {found['proximity']:.4f} near, in your eyes; "
        f"belief {found['belief']:.2f}, stratum {found['stratum']:.1f}.",
        *found["why"],
    ]
    lines += [
        f"  {one['share']:4.0%}  {named(one)}: fresh {one['freshness']:.2f}, "
        f"in {many(one['months'], 'month')}, {one['alike']:.0%} as others"
        for one in found["acknowledged_by"][:MAX_NAMED]
    ]
    if len(found["acknowledged_by"]) > MAX_NAMED:
        lines.append(f"  and {len(found['acknowledged_by']) - MAX_NAMED} more")
    return lines


def map_lines(found: dict[str, Any]) -> list[str]:
    """Everybody, by cluster; in each, the nearest first."""
    names = {one["id"]: clean(one["name"]) for one in found["clusters"]}
    listed = found["people"][:MAX_LISTED]
    lines: list[str] = []
    for cluster in dict.fromkeys(one["cluster"] for one in listed):
        lines.append(f"{names.get(cluster, 'In no cluster')}:")
        for one in listed:
            if one["cluster"] == cluster:
                joins = ", joins clusters" if one["is_bridge"] else ""
                lines.append(
                    f"  {one['proximity']:.4f}  {named(one)}: belief {one['belief']:.2f}, "
                    f"stratum {one['stratum']:.1f}{joins}"
                )
    if found["total"] > len(listed):
        rest = "person is" if found["total"] - len(listed) == 1 else "people are"
        lines.append(f"{found['total'] - len(listed):,} more {rest} farther away.")
    return lines
