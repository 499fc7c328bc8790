"""Who dials whom in a town."""

import pytest

from benchmarks.network_town import full_graph, sparse_graph


def neighbours(graph: list[list[int]]) -> list[set[int]]:
    found: list[set[int]] = [set() for _ in graph]
    for number, dialled in enumerate(graph):
        for other in dialled:
            found[number].add(other)
            found[other].add(number)
    return found


def reached(graph: list[list[int]]) -> set[int]:
    near = neighbours(graph)
    seen, ahead = {0}, [0]
    while ahead:
        fresh = near[ahead.pop()] - seen
        seen |= fresh
        ahead += fresh
    return seen


@pytest.mark.parametrize("seed", range(20))
def test_a_sparse_town_is_connected_and_nobody_dials_themselves(seed: int) -> None:
    graph = sparse_graph(20, seed)
    assert reached(graph) == set(range(20))
    assert all(number not in dialled for number, dialled in enumerate(graph))
    assert sum(map(len, neighbours(graph))) / 20 == pytest.approx(4, abs=0.5)


def test_in_a_full_town_everybody_is_everybodys_neighbour() -> None:
    assert neighbours(full_graph(5)) == [set(range(5)) - {number} for number in range(5)]
