"""The map of phases is the same for everybody, keeps inside its frame, and keeps groups apart."""

from itertools import combinations
from math import dist, sqrt

from hypothesis import given
from hypothesis import strategies as st

from consensus.trust.graph import Acknowledgement, graph_from
from consensus.trust.phases import communities, placed


def ring(people: str) -> list[Acknowledgement[str]]:
    return [Acknowledgement(one, other, 1.0, 0) for one in people for other in people]


def test_two_villages_are_two_phases_and_whoever_is_known_to_nobody_is_one_alone() -> None:
    graph = graph_from([*ring("abcd"), *ring("xyz"), Acknowledgement("a", "x", 0.1, 0)], 0)
    found = communities(graph, set("abcdxyzq"), [])
    assert found == [list("abcd"), list("xyz"), ["q"]]


def test_people_who_are_tied_only_to_whom_they_parted_from_are_alone() -> None:
    graph = graph_from([Acknowledgement("a", "b", 1.0, 0), Acknowledgement("b", "a", 1.0, 0)], 0)
    assert communities(graph, "ab", []) == [["a", "b"]]
    assert communities(graph, "ab", [("b", "a")]) == [["a"], ["b"]]


@given(st.lists(st.integers(1, 30), max_size=12))
def test_places_are_inside_the_frame_and_phases_do_not_overlap(sizes: list[int]) -> None:
    groups = [[f"{phase}.{number}" for number in range(size)] for phase, size in enumerate(sizes)]
    places = placed(groups)
    assert [place.person for place in places] == [person for group in groups for person in group]
    assert all(0 <= value <= 1 for place in places for value in (place.x, place.y))
    assert placed(groups) == places
    radii = [sqrt(size) for size in sizes]
    scale = 2 * ((1.1 * sum(radii) / 2 if len(radii) > 1 else 0) + max(radii, default=0))
    spots = [
        [(place.x * scale, place.y * scale) for place in places if place.phase == phase]
        for phase in range(len(sizes))
    ]
    for one, other in combinations(range(len(sizes)), 2):
        nearest = min(dist(a, b) for a in spots[one] for b in spots[other])
        assert nearest > 0
    for spot in spots:
        gaps = [dist(a, b) for a, b in combinations(spot, 2)]
        assert min(gaps, default=1) > 0.3


def test_nobody_makes_an_empty_map() -> None:
    assert placed([]) == []
    graph = graph_from(ring("ab"), 0)
    assert communities(graph, [], []) == []
    (alone,) = placed([["a"]])
    assert (alone.phase, alone.x, alone.y) == (0, 0.5, 0.5)
