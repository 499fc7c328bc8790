"""How `popctl` ends: one number for each thing that a script would want to tell apart."""

import sys
from enum import IntEnum
from typing import NoReturn

import click

from popd.cli.called import placed


class ExitCode(IntEnum):
    """Exit codes of `popctl`."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NO_DAEMON = 3
    LOCKED = 4
    NOT_FOUND = 5
    REJECTED = 6
    NO_PEERS = 7
    VERSION = 8


def give_up(code: ExitCode, sentence: str) -> NoReturn:
    """Says what happened and what to do next, and ends."""
    click.echo(placed(sentence), err=True)
    sys.exit(code)
