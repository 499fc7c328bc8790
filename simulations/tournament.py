"""Tournaments: every attack in a town of one size, with as many attackers."""

from collections.abc import Sequence
from dataclasses import replace

from simulations.strategies import HONEST
from simulations.world.scenario import Group, Scenario


def resized(scenario: Scenario, people: int, attackers: int, days: int) -> Scenario:
    """The same scenario with so many honest people and attackers, each group in proportion.

    A third of the days pass before the attack.
    """
    honest = [group for group in scenario.groups if group.strategy in HONEST]
    attacking = [group for group in scenario.groups if group.strategy not in HONEST]
    counts = _scaled(honest, people) | _scaled(attacking, attackers)
    attack_day = days // 3
    return replace(
        scenario,
        groups=tuple(
            replace(group, count=counts[group.name], from_day=_moved(group, scenario, attack_day))
            for group in scenario.groups
        ),
        days=days,
        attack_day=attack_day,
    )


def _scaled(groups: Sequence[Group], total: int) -> dict[str, int]:
    """Nobody disappears: one of each stays."""
    size = sum(group.count for group in groups)
    return {group.name: max(1, round(group.count * total / size)) for group in groups}


def _moved(group: Group, scenario: Scenario, attack_day: int) -> int | None:
    """Who came so long after the attack still does; who came before it comes on the first day."""
    if group.from_day is None:
        return None
    late = group.from_day - scenario.attack_day
    return attack_day + late if late >= 0 else 0
