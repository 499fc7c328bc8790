"""What the columns of `cells.csv` mean; written beside it as `columns.md`."""

from types import MappingProxyType
from typing import Final

from simulations.cells import Plan

COLUMNS: Final = MappingProxyType(
    {
        "cell": "Its number, from 0; rows are in this order.",
        "scenario": "Which world.",
        "law": "Which law of reward: `shipped`, or a rival's name (`popctl simulate compare`).",
        "seed": "Of all chance in it: the same seed gives the same row, wherever it is computed.",
        "state": "`done`, or `failed`: then `error` says why, and there are no figures.",
        "error": "What went wrong, on one line.",
        "honest_loss": "Share of what honest people would have earned, as honest observers value "
        "it, that they lose to the attack (0.02 is 2 %). Below 0 they "
        "gained; chance alone moves it a little.",
        "seconds_to_flag": "Simulated seconds from the attack until half of the keys of every "
        "attack are held apart by honest observers, or were rejected three times; empty when one "
        "is never seen.",
        "falsely_flagged": "Share of honest people who look like attackers at the end.",
        "break_even_price": "What a rented key may cost its puppeteers each week before they lose "
        "by it, in a townsperson's income; empty where nobody rents any.",
        "digest": "Of everything that was computed, in hex.",
    }
)
"""Of every run."""
BY_STRATEGY: Final = MappingProxyType(
    {
        "gain_to_honest": "Income as honest observers value it, per hour of effort, relative to a "
        "townsperson's. Above 1 the attack pays. A key that a bot plays, and each besides the one "
        "that its owner sits at, is charged a townsperson's hours.",
        "raw_gain": "The same at face value: what is minted, whoever believes in it.",
        "operator_total": "What one operator earns with all keys, as observers value it, relative "
        "to a townsperson.",
        "flagged": "Simulated seconds from the attack until it is seen; empty for never.",
    }
)
"""Once for each strategy: `gain_to_honest.ring`."""


def columns_text(plan: Plan) -> str:
    """`columns.md` of a run."""
    lines = [
        "# Columns of cells.csv",
        "",
        "One row a cell: every combination of scenario, law, swept parameters and seed. "
        "Numbers are written exactly; empty means there is none.",
        "",
        "| column | meaning |",
        "|---|---|",
    ]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in COLUMNS.items()]
    lines += [f"| `{axis.path}` | Swept: the value that this cell has. |" for axis in plan.axes]
    lines += [f"| `{name}.STRATEGY` | {meaning} |" for name, meaning in BY_STRATEGY.items()]
    return "\n".join([*lines, "", f"Strategies: {', '.join(plan.strategies)}.", ""])
