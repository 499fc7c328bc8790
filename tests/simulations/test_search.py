"""The search for attacks: the same seed finds the same ones, on any number of jobs."""

from dataclasses import replace

import pytest

from simulations.search import GENES, PARENTS, attacked, genes_of, search
from simulations.world.scenario import Group, Scenario

TOWN = Scenario(
    "town", "A town", (Group("townspeople", "honest", 60),), days=24, attack_day=8,
    town_size=60, venue_size=20, observers=4,
)  # fmt: skip


def test_genes_reach_from_end_to_end_of_their_ranges() -> None:
    least, most = (genes_of([unit] * len(GENES)) for unit in (0.0, 1.0))
    assert [least[gene.name] for gene in GENES] == [gene.low for gene in GENES]
    assert [most[gene.name] for gene in GENES] == pytest.approx([gene.high for gene in GENES])


def test_an_attack_leaves_the_world_as_it_is_and_adds_to_it() -> None:
    world = attacked(TOWN, genes_of([0.5] * len(GENES)))
    assert world.groups[: len(TOWN.groups)] == TOWN.groups
    assert {group.strategy for group in world.groups[1:]} == {"mixing-ring", "puppet"}


def test_a_search_tries_the_same_attacks_on_any_number_of_jobs() -> None:
    told: list[tuple[int, int, float]] = []
    alone = search(TOWN, 16, 5, tell=lambda *news: told.append(news))
    assert alone == search(TOWN, 16, 5, jobs=2)
    assert [(tried, budget) for tried, budget, _ in told] == [(12, 16), (16, 16)]
    assert told[-1][2] == max(attack.gain for attack in alone)
    assert alone != search(TOWN, 16, 6)


def test_what_is_no_search_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        search(TOWN, PARENTS - 1, 1)
    with pytest.raises(ValueError, match="honest"):
        search(replace(TOWN, groups=(*TOWN.groups, Group("r", "ring", 3))), 12, 1)
