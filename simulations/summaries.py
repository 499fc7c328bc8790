"""Summaries: what some cells say together, as commands print it and reports draw it."""

from dataclasses import dataclass
from typing import Any, Final

from consensus.encoding import digest
from simulations.cells import BY_STRATEGY
from simulations.strategies import HONEST
from simulations.tables import Table

DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an attack pays."""

    strategy: str
    """Of those that are no honest ones, the one that gains most."""
    gain: float
    """What it gains, of a townsperson's income per hour."""

    @property
    def pays(self) -> bool:
        """Whether it is more than ordinary people have."""
        return self.gain > 1.0


def summary_of(table: Table) -> dict[str, Any]:
    """Means over cells that are through; plain data. Times are None if one cell never saw it."""
    done = table.done
    found: dict[str, Any] = {
        what: {
            name: value
            for name in table.strategies()
            if (value := _value(done, f"{what}.{name}")) is not None or what == "flagged"
        }
        for what in BY_STRATEGY
    }
    attacks = {name for name in found["gain_to_honest"] if name not in HONEST}
    found["flagged"] = {name: at for name, at in found["flagged"].items() if name in attacks}
    for what in ("honest_loss", "seconds_to_flag", "falsely_flagged", "break_even_price"):
        found[what] = _value(done, what)
    digests = [str(one) for one in done.column("digest")]
    found["digest"] = digests[0] if len(digests) == 1 else digest("".join(digests).encode()).hex()
    found["cells"], found["failed"] = len(table), len(table) - len(done)
    return found


def verdict_of(gains: dict[str, float]) -> Verdict | None:
    """The attack that gains most; None where nobody attacks."""
    attacks = [Verdict(name, gain) for name, gain in gains.items() if name not in HONEST]
    return max(attacks, key=lambda one: one.gain, default=None)


def duration(seconds: float | None) -> str:
    """Simulated time, in words."""
    if seconds is None:
        return "never"
    days = seconds / DAY_S
    return f"{days:,.0f} day{'' if round(days) == 1 else 's'}"


def _value(table: Table, name: str) -> float | None:
    """The mean; a time that is missing in one cell is missing in all."""
    if name == "seconds_to_flag" or name.startswith("flagged."):
        words = table.column(name)
        return None if None in words else table.mean(name)
    return table.mean(name)
