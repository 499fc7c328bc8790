"""`popctl`: one noun a group; commands are imported when they are used, so that help is instant."""

from importlib import metadata
from typing import Final

import click
from click import Command, Context, HelpFormatter

from popd.cli.lazy import LazyGroup

COMMANDS: Final = {
    "up": ("popd.cli.up", "up", "Start a node, with practice neighbours if you like."),
    "down": ("popd.cli.down", "down", "Stop the node and its practice neighbours."),
    "status": ("popd.cli.status", "status", "What the node is doing, and who is nearby."),
    "peers": ("popd.cli.peers", "peers", "Who is connected, over which ways, and who is kept out."),
    "doctor": ("popd.cli.doctor", "doctor", "What is wrong, and what to do about it."),
    "play": ("popd.cli.play", "play", "Open the game, or let a bot play."),
    "nearby": ("popd.cli.nearby", "nearby", "Who performs nearby, and your word on their play."),
    "room": ("popd.cli.room", "room", "Play together: open a room, join one, take a part."),
    "concert": ("popd.cli.concert", "concert", "Gather a crowd, let it in, and be rated."),
    "wallet": ("popd.cli.wallet", "wallet", "Your coins and what they are worth to you."),
    "device": ("popd.cli.device", "device", "Your other devices: pair one, list, forget."),
    "people": ("popd.cli.people_names", "people", "The names that you give people."),
    "trust": ("popd.cli.trust", "trust", "Who is near, who is real, and who belongs together."),
    "value": ("popd.cli.value", "value", "Why coins are worth that, and what counts for you."),
    "dispute": (
        "popd.cli.dispute",
        "dispute",
        "Stakes, reports, parting from people, and what forks mean.",
    ),
    "store": ("popd.cli.store", "store", "What the node keeps of whom, and why."),
    "chart": (
        "popd.cli.chart",
        "chart",
        "Look into a chart, fit it to other keys, or make one from music.",
    ),
    "judge": ("popd.cli.judge", "judge", "Judge a recorded play; needs no node."),
    "bots": ("popd.cli.bots", "bots", "Attackers that play, to try detectors against."),
    "inspect": ("popd.cli.inspect", "inspect", "Tell whether a person played a recorded play."),
    "demo": ("popd.cli.demo", "demo", "Six nodes play, witness, mint and trade by themselves."),
    "logs": ("popd.cli.logs", "logs", "What the node wrote down."),
}
EXTENSIONS: Final = "popctl.commands"
"""Entry points of this group add commands."""


class Commands(LazyGroup):
    """Ours, and those that others add."""

    def list_commands(self, ctx: Context) -> list[str]:
        """All names, ours first."""
        added = [point.name for point in metadata.entry_points(group=EXTENSIONS)]
        return [*super().list_commands(ctx), *sorted(added)]

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The list of commands; ours are not imported for it."""
        rows = [(name, words) for name, (_, _, words) in self.places.items()]
        for name in self.list_commands(ctx)[len(rows) :]:
            command = self.get_command(ctx, name)
            rows.append((name, command.get_short_help_str(80) if command else ""))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command, imported now."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        for point in metadata.entry_points(group=EXTENSIONS, name=cmd_name):
            loaded: Command = point.load()
            return loaded
        return None


main = click.version_option(package_name="popd", prog_name="popctl")(
    Commands(
        "popctl",
        COMMANDS,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Proof of performance: play music, be witnessed, and see the coins arrive.",
    )
)
