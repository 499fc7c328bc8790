"""Clusters keep ids and names while people come and go; rates and bridges follow from ties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.trust.bridges import Bridge, bridges_of
from consensus.trust.clusters import Cluster, clusters_of
from consensus.trust.graph import TrustGraph
from consensus.trust.proximity import proximity
from consensus.trust.rates import MAX_CLUSTERS, exchange_rates, observers_of, sample_of

Ties = dict[str, dict[str, float]]


def village(prefix: str, people: int = 8, head: int = 0) -> Ties:
    """All know each other; everybody acknowledges the head most."""
    names = [f"{prefix}{number}" for number in range(people)]
    return {
        one: {other: 3.0 if other == names[head] else 1.0 for other in names if other != one}
        for one in names
    }


def graph_of(*parts: Ties) -> TrustGraph[str]:
    merged: Ties = {}
    for part in parts:
        for source, targets in part.items():
            merged.setdefault(source, {}).update(targets)
    return TrustGraph(0, merged)


def names_of(clusters: list[Cluster[str]]) -> dict[str, tuple[str, set[str]]]:
    return {cluster.id: (cluster.centre, set(cluster.members)) for cluster in clusters}


def test_two_villages_are_two_clusters_named_after_whom_their_people_acknowledge_most() -> None:
    found = clusters_of(graph_of(village("a"), village("b", 9, head=4), {"a1": {"b1": 1.0}}))
    assert [cluster.centre for cluster in found] == ["b4", "a0"]
    assert [len(cluster.members) for cluster in found] == [9, 8]
    assert found[0].members[0] == "b4"


def test_people_join_and_leave_and_the_cluster_is_the_same() -> None:
    before = clusters_of(graph_of(village("a"), village("b")))
    left = {one: ties for one, ties in village("a", 14).items() if one not in {"a1", "a2"}}
    after = clusters_of(graph_of(left, village("b")), before)
    assert {cluster.id for cluster in after} == {cluster.id for cluster in before}
    assert {cluster.centre for cluster in after} == {"a0", "b0"}


def test_when_a_cluster_splits_the_larger_part_keeps_id_and_name() -> None:
    (before,) = clusters_of(graph_of(village("a", 12)))
    larger = village("a", 7)
    smaller = {
        f"a{one}": {f"a{other}": 1.0 for other in range(7, 12) if other != one}
        for one in range(7, 12)
    }
    after = clusters_of(graph_of(larger, smaller), [before])
    assert [cluster.id == before.id for cluster in after] == [True, False]
    assert after[0].centre == before.centre == "a0"


def test_when_two_clusters_merge_the_larger_ones_id_stays() -> None:
    before = clusters_of(graph_of(village("a", 9), village("b", 5)))
    everybody = [*(f"a{number}" for number in range(9)), *(f"b{number}" for number in range(5))]
    merged = {one: {other: 1.0 for other in everybody if other != one} for one in everybody}
    (after,) = clusters_of(graph_of(merged), before)
    assert (after.id, after.centre) == (before[0].id, "a0")


def test_a_name_passes_on_only_to_somebody_who_is_clearly_more_in_the_middle() -> None:
    (before,) = clusters_of(graph_of(village("a")))
    ties = village("a")
    for targets in ties.values():
        targets["a5"] = 4.0
    ties["a5"].pop("a5")
    assert clusters_of(graph_of(ties), [before])[0].centre == "a0"
    for targets in ties.values():
        targets["a5"] = 9.0
    ties["a5"].pop("a5")
    assert clusters_of(graph_of(ties), [before])[0].centre == "a5"


def test_whoever_parted_is_not_tied_and_one_alone_is_no_cluster() -> None:
    assert clusters_of(TrustGraph(0)) == []
    pair = TrustGraph(0, {"a": {"b": 1.0}})
    assert [cluster.members for cluster in clusters_of(pair)] == [("b", "a")]
    assert clusters_of(pair, apart={frozenset("ab")}) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_little_news_moves_few_people_and_the_same_news_gives_the_same(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    circles = numbers.integers(0, 4, 60)
    odds = np.where(circles[:, None] == circles[None, :], 0.4, 0.01)
    edges = numbers.random((60, 60)) < odds
    np.fill_diagonal(edges, 0)

    def graph() -> TrustGraph[int]:
        return TrustGraph(0, {
            one: {int(other): 1.0 for other in np.flatnonzero(edges[one])} for one in range(60)
        })  # fmt: skip

    before = clusters_of(graph())
    for _ in range(10):
        one, other = numbers.integers(0, 60, 2)
        edges[one, other] = not edges[one, other] and one != other
    after = clusters_of(graph(), before)
    assert after == clusters_of(graph(), before)
    home = {member: cluster.id for cluster in before for member in cluster.members}
    now = {member: cluster.id for cluster in after for member in cluster.members}
    assert sum(home.get(one) != now.get(one) for one in range(60)) <= 12


def test_a_bridge_is_valued_on_both_sides_and_weighs_what_would_be_gone_without_it() -> None:
    crossing = {"a1": {"b0": 2.0}, "b1": {"a2": 1.0}, "a3": {"b7": 1.0}}
    graph = graph_of(village("a"), village("b"), crossing)
    clusters = clusters_of(graph)
    home = {member: cluster.id for cluster in clusters for member in cluster.members}
    found = {bridge.person: bridge for bridge in bridges_of(graph, clusters)}
    assert found["b0"] == Bridge("b0", (home["b0"], home["a0"]), 0.5)
    assert {person: bridge.weight for person, bridge in found.items()} == {
        "b0": 0.5,
        "a2": 0.25,
        "b7": 0.25,
    }


def test_whoever_only_acknowledges_the_others_is_no_bridge() -> None:
    graph = graph_of(village("a"), village("b"), {"a1": {f"b{n}": 0.5 for n in range(8)}})
    assert "a1" not in {bridge.person for bridge in bridges_of(graph, clusters_of(graph))}


def test_ones_own_is_worth_one_and_strangers_nothing() -> None:
    graph = graph_of(village("a"), village("b"), village("c"), {"a0": {"b0": 4.0}})
    clusters = clusters_of(graph)
    rates = exchange_rates(clusters, lambda observer: proximity(graph, observer))
    by_centre = {cluster.centre: number for number, cluster in enumerate(clusters)}
    a, b, c = (by_centre[name] for name in ("a0", "b0", "c0"))
    assert [rates[n][n] for n in (a, b, c)] == [1.0, 1.0, 1.0]
    forth = rates[a][b]
    assert forth is not None
    assert 0 < forth < 1
    assert (rates[b][a], rates[c][a], rates[a][c]) == (0.0, 0.0, 0.0)


def test_where_ones_own_is_worth_nothing_there_is_no_rate() -> None:
    cluster = Cluster("0", "a", ("a", "b"))
    assert exchange_rates([cluster], lambda observer: {observer: 1.0}) == [[None]]
    with pytest.raises(ValueError, match="more than 32"):
        exchange_rates([cluster] * (MAX_CLUSTERS + 1), lambda observer: {})
    assert set(sample_of(cluster, 8)) == {"a", "b"}


def test_of_many_clusters_fewer_people_each_are_asked_for_rates() -> None:
    clusters = [Cluster(f"{n}", f"a{n}", tuple(f"{n}.{m}" for m in range(9))) for n in range(32)]
    assert [len(asked) for asked in observers_of(clusters)] == [2] * 32
    assert [len(asked) for asked in observers_of(clusters[:3])] == [8] * 3


def test_clusters_last_however_little_all_words_weigh() -> None:
    halls = graph_of(village("a"), village("b"))
    before = clusters_of(halls)
    faded = {one: dict.fromkeys(targets, 1e-200) for one, targets in halls.trust.items()}
    after = clusters_of(TrustGraph(0, faded), before)
    assert [one.id for one in after] == [one.id for one in before]
    assert [set(one.members) for one in after] == [set(one.members) for one in before]
