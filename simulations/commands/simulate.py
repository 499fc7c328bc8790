"""`popctl simulate`: attacks on the ledger, tried in small worlds. Needs no daemon."""

from typing import Final

from popd.cli.lazy import LazyGroup

COMMANDS: Final = {
    "list": ("simulations.commands.listing", "list_scenarios", "Scenarios, or all strategies."),
    "new": ("simulations.commands.new", "new", "Write a scenario of your own, from a template."),
    "run": ("simulations.commands.run", "run", "Run a scenario, and see what attackers gain."),
    "sweep": ("simulations.commands.sweep", "sweep", "Run it for every value of some parameters."),
    "tournament": (
        "simulations.commands.tournament",
        "tournament",
        "All attacks at one size, ranked by what they gain.",
    ),
    "compare": ("simulations.commands.compare", "compare", "Run a scenario under rival laws."),
    "search": (
        "simulations.commands.search",
        "search_attacks",
        "Let an attacker evolve, and see whether one pays.",
    ),
    "report": ("simulations.commands.report", "report", "Make one page of what a run found."),
}

simulate = LazyGroup(
    "simulate",
    COMMANDS,
    help="Try attacks on the ledger in small worlds, and measure what they gain.",
)
