"""Groups whose commands are imported when they are used, so that help and answers are instant."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from click import Command, Context, HelpFormatter

Place = tuple[str, str, str]
"""Module, name in it, and what the command does in a line."""


class LazyGroup(click.Group):
    """A group whose commands are imported by name."""

    def __init__(self, name: str | None, places: Mapping[str, Place], **attributes: Any) -> None:
        """`places` says where each command is, in the order in which they are listed."""
        super().__init__(name, **attributes)
        self.places = places

    def list_commands(self, ctx: Context) -> list[str]:
        """All names, in their order."""
        return list(self.places)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The list of commands; none is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in self.places.items()])

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command, imported now."""
        if cmd_name not in self.places:
            return None
        module, name, _ = self.places[cmd_name]
        command: Command = getattr(import_module(module), name)
        return command
