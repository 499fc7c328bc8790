"""Strategies: one a file, found by their names; a docstring says what, `SOURCE` says from where.

`BEHAVIOUR` is what they do every day, or `behave` says it for each; `LAYOUT` is how they live.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

from simulations.world.behaviour import TOWNSPERSON, Behaviour
from simulations.world.layout import Layout

HONEST: Final = frozenset(
    {"honest", "homebody", "traveller", "bridge", "rare", "popular", "village"}
)
"""Strategies that are no attack."""

Behave = Callable[[int], Behaviour]
"""What is done on a day; days count from when they came."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """What somebody may do in a world."""

    name: str
    """Its file's name, with dashes."""
    about: str
    """What it is, from its file's docstring."""
    source: str
    """Where it is known from."""
    layout: Layout
    """How its people lie in the world."""
    behave: Behave
    """What they do."""

    @property
    def is_honest(self) -> bool:
        """Whether it is no attack."""
        return self.name in HONEST

    def since(self, first_day: int) -> "Strategy":
        """The same by the days of a world, in which it begins on one; until then people live as
        townspeople."""
        behave = self.behave
        return replace(
            self, behave=lambda day: behave(day - first_day) if day >= first_day else TOWNSPERSON
        )

    def with_options(self, options: Mapping[str, float]) -> "Strategy":
        """The same with some numbers changed; raises KeyError for names of none."""
        known = {one.name for one in fields(Behaviour)} | {one.name for one in fields(Layout)}
        unknown = sorted(options.keys() - known)
        if unknown:
            raise KeyError(unknown[0])
        layout: dict[str, Any] = {
            one.name: int(options[one.name]) for one in fields(Layout) if one.name in options
        }
        changed = {name: value for name, value in options.items() if name not in layout}
        behave = self.behave
        return replace(
            self,
            layout=replace(self.layout, **layout),
            behave=lambda day: replace(behave(day), **changed),
        )


@cache
def all_strategies() -> Mapping[str, Strategy]:
    """Every strategy by name."""
    found: dict[str, Strategy] = {}
    for module in iter_modules(__path__):
        loaded = import_module(f"{__name__}.{module.name}")
        name = module.name.replace("_", "-")
        layout = getattr(loaded, "LAYOUT", Layout())
        about = (loaded.__doc__ or "").strip()
        behave = getattr(loaded, "behave", None) or _always(loaded.BEHAVIOUR)
        found[name] = Strategy(name, about, loaded.SOURCE, layout, behave)
    return found


def _always(behaviour: Behaviour) -> Behave:
    return lambda day: behaviour
