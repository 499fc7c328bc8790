"""Options that commands about trust share."""

from pathlib import Path
from typing import Final

import click

from popd.cli.trust_tables import MAX_TIME_MS

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
