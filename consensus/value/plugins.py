"""Valuation plug-ins: functions of others that look at a coin and say a factor and a sentence.

A plug-in is an entry point of the group `popd.valuations`: a pure function of one `PluginView`
that returns a `Judgement`. Only those that a policy names are ever loaded. Whatever goes wrong
with one, its factor is 1, and the explanation says so.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module, metadata
from math import isfinite
from types import MappingProxyType
from typing import Final, NamedTuple

from consensus.identifiers import IdentityId
from consensus.units import Milliseconds
from consensus.value.lot import LotView
from consensus.value.policy import MAX_FACTOR, MAX_WORDS, Parameter, PluginUse
from consensus.value.surroundings import Surroundings

GROUP: Final = "popd.valuations"
"""The group of entry points."""
OURS: Final = {"fresh": "consensus.value.fresh:fresh_coins"}
"""Those that come with popd."""


class Judgement(NamedTuple):
    """What a plug-in says of a coin."""

    factor: float
    """What its value is multiplied by, within the bounds of rules."""
    words: str
    """Why, as the end of a sentence: `because …`, `for …`."""


@dataclass(frozen=True, slots=True)
class PluginView:
    """All that a plug-in sees. Nothing of it can be changed."""

    lot: LotView
    """The coin."""
    proximity: Mapping[IdentityId, float]
    """How near everybody within reach is to the observer, in (0, 1]."""
    clusters: Mapping[IdentityId, str]
    """The id of everybody's cluster."""
    now_ms: Milliseconds
    """The moment, in UTC."""
    parameters: Mapping[str, Parameter]
    """What the policy tells the plug-in."""


Plugin = Callable[[PluginView], Judgement]


class PluginFactor(NamedTuple):
    """What became of asking a plug-in."""

    name: str
    """Which."""
    factor: float
    """1 where it could not be asked."""
    words: str
    """What it said, or what went wrong."""
    is_broken: bool = False
    """It is missing, failed, or said something that is no use."""


def asked(
    use: PluginUse, lot: LotView, proximity: Mapping[IdentityId, float], surroundings: Surroundings
) -> PluginFactor:
    """What a plug-in says of a coin; a factor of 1 and the trouble where it says nothing usable."""
    plugin = surroundings.plugins.get(use.name)
    if plugin is None:
        return _broken(use, "is not installed here")
    view = PluginView(
        lot,
        MappingProxyType(proximity),
        MappingProxyType(surroundings.clusters),
        surroundings.now_ms,
        MappingProxyType(use.parameters),
    )
    try:
        factor, words = plugin(view)
        factor, words = float(factor), str(words)
    except Exception as error:  # noqa: BLE001 (code of others may raise anything)
        return _broken(use, f"failed ({type(error).__name__})")
    if not isfinite(factor) or abs(factor) > MAX_FACTOR:
        return _broken(use, f"said a factor that is no use ({factor})")
    visible = "".join(c if c.isprintable() else " " for c in words[:MAX_WORDS])
    return PluginFactor(use.name, factor, " ".join(visible.split()))


def _broken(use: PluginUse, trouble: str) -> PluginFactor:
    return PluginFactor(use.name, 1.0, trouble, is_broken=True)


def loaded(uses: Iterable[PluginUse]) -> dict[str, Plugin]:
    """The named plug-ins that are installed and can be imported; no other is touched."""
    found = {}
    for name in {use.name for use in uses}:
        plugin = _load(name)
        if callable(plugin):
            found[name] = plugin
    return found


def _load(name: str) -> Plugin | None:
    try:
        if name in OURS:
            module, function = OURS[name].split(":")
            plugin: Plugin = getattr(import_module(module), function)
            return plugin
        for point in metadata.entry_points(group=GROUP, name=name):
            added: Plugin = point.load()
            return added
    except Exception:  # noqa: BLE001 (importing code of others may raise anything)
        return None
    return None
