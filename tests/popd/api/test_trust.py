"""The API tells who is near, who is real and who belongs together, and keeps clusters' names."""

from pathlib import Path

import msgspec
import pytest
import trio

from consensus.units import Milliseconds
from popd.api import trust_views
from popd.api.names import Names
from popd.api.opinions import Opinions
from popd.api.outlook import Outlook
from popd.api.trust_shapes import Clusters, TrustMap, TrustPerson
from popd.api.trust_society import Circle, Society, clusters_in, keep_clusters
from popd.api.trust_views import clusters_view, trust_map, trusted_person
from simulations import scribe
from simulations.stories import Story


def halls_and_people() -> tuple[Story, list[scribe.Author]]:
    """Four and four who play for each other; one of the first played in the other hall once."""
    story = Story()
    people = story.people(*"abcdefgh")
    for hall in (people[:4], people[4:]):
        for performer in hall:
            story.performed(performer, [who for who in hall if who is not performer])
    story.performed(people[1], people[4:])
    return story, list(people)


def two_halls() -> Story:
    return halls_and_people()[0]


def outlook_of(story: Story, name: str) -> Outlook:
    opinions = Opinions(story.ledger)
    opinions.refresh(Milliseconds(story.now_ms))
    return Outlook(story.ledger, opinions, Names(scribe.author(name).id, "", {}))


def looked(story: Story, file: Path, circle: Circle | None = None) -> Society:
    outlook, circle = outlook_of(story, "a"), circle or Circle()
    now_ms = Milliseconds(story.now_ms)
    return trio.run(circle.look, outlook.opinions, outlook.me, now_ms, file)


def hex_of(name: str) -> str:
    return scribe.author(name).id.hex()


def test_the_map_has_everybody_with_a_place_the_nearest_first(tmp_path: Path) -> None:
    story = two_halls()
    outlook, society = outlook_of(story, "a"), looked(story, tmp_path / "kept.json")
    shown = trust_map(outlook, society)
    assert (shown.observer, shown.total, len(shown.people)) == (hex_of("a"), 8, 8)
    assert shown.people[0].is_me
    near = [one.proximity for one in shown.people]
    assert near == sorted(near, reverse=True)
    assert {cluster.size for cluster in shown.clusters} == {4}
    assert {one.cluster for one in shown.people} == {cluster.id for cluster in shown.clusters}
    sectors = {
        cluster.id: sorted(one.angle for one in shown.people if one.cluster == cluster.id)
        for cluster in shown.clusters
    }
    first, second = sorted(sectors.values())
    assert 0 <= first[0] <= first[-1] <= 3.1416 <= second[0] <= second[-1] < 6.2832
    assert trust_map(outlook, society) == shown
    (me,) = [one for one in shown.people if one.is_me]
    assert 0 < me.n_eff <= 3
    assert 0 < me.belief < 1


def test_a_person_is_told_with_who_acknowledged_them_when_and_why(tmp_path: Path) -> None:
    story = two_halls()
    outlook, society = outlook_of(story, "a"), looked(story, tmp_path / "kept.json")
    told = trusted_person(outlook.names, society, scribe.author("b").id, 0.25)
    assert told.proximity == 0.25
    assert {one.id for one in told.acknowledged_by} == {hex_of(name) for name in "acdefgh"}
    assert sum(one.share for one in told.acknowledged_by) == pytest.approx(1)
    assert {moment.kind for moment in told.timeline} == {"verdict", "witnessed"}
    assert [one.time_ms for one in told.timeline] == sorted(
        (one.time_ms for one in told.timeline), reverse=True
    )
    assert told.growth[-1].n_eff == pytest.approx(told.n_eff)
    assert told.is_bridge
    assert told.why[0].startswith(
        "7 people acknowledged them; faded with time, and counted once a month, that makes "
    )
    oneself = trusted_person(outlook.names, society, scribe.author("a").id, 1.0)
    assert "acknowledged you; faded" in oneself.why[0]
    assert " that you are a real person." in oneself.why[0]
    assert "They are acknowledged in 2 clusters." in told.why
    assert {tie.id for tie in told.ties.source} == {hex_of(name) for name in "acdefgh"}
    assert len(told.why) >= 3
    stranger = trusted_person(outlook.names, society, scribe.author("z").id, 0.0)
    assert (stranger.n_eff, stranger.acknowledged_by, stranger.growth) == (0.0, [], [])
    assert stranger.why == [
        "Nobody has acknowledged them yet: play together, or witness each other."
    ]


def test_clusters_have_rates_and_bridges(tmp_path: Path) -> None:
    story, circle = two_halls(), Circle()
    society = looked(story, tmp_path / "kept.json", circle)
    outlook = outlook_of(story, "a")
    rates = trio.run(circle.rates_in, society, outlook.opinions)
    shown = clusters_view(outlook, society, rates)
    mine = [cluster.id for cluster in shown.clusters].index(shown.mine or "")
    assert hex_of("a") in shown.clusters[mine].members
    assert shown.rates[mine][mine] == 1.0
    forth = shown.rates[mine][1 - mine]
    assert forth is not None
    assert 0 < forth < 1
    assert shown.bridges[0].id == hex_of("b")
    assert trio.run(circle.rates_in, society, outlook.opinions) is rates


def test_nothing_is_computed_twice_without_news_and_names_survive_a_restart(tmp_path: Path) -> None:
    (story, people), circle, file = halls_and_people(), Circle(), tmp_path / "kept.json"
    first = looked(story, file, circle)
    assert looked(story, file, circle) is first
    assert list(first.clusters) == clusters_in(file)
    (newcomer,) = story.people("i")
    story.performed(newcomer, people[:4])
    again = looked(story, file)
    assert {one.id for one in again.clusters} == {one.id for one in first.clusters}
    assert newcomer.id in again.home


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"id":"a","centre":"zz","members":[]}]'])
def test_a_file_that_can_t_be_used_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kept.json"
    assert clusters_in(file) == []
    file.write_text(text)
    assert clusters_in(file) == []
    keep_clusters(tmp_path / "nowhere" / "kept.json", [])


def test_the_routes_answer(perform) -> None:
    async def scene(backstage) -> None:
        async with backstage.http() as http:
            answer = await http.get("/api/v1/trust/map")
            shown = msgspec.json.decode(answer.content, type=TrustMap)
            assert shown.people[0].name == "You"
            person = await http.get(f"/api/v1/trust/people/{shown.people[-1].id}")
            told = msgspec.json.decode(person.content, type=TrustPerson)
            assert told.id == shown.people[-1].id
            clusters = await http.get("/api/v1/trust/clusters")
            assert len(msgspec.json.decode(clusters.content, type=Clusters).rates) == len(
                shown.clusters
            )
            assert (await http.get(f"/api/v1/trust/people/{'0' * 64}")).status_code == 404
            assert (await http.get("/api/v1/trust/people/somebody")).status_code == 400

    perform(scene)


def test_what_was_said_since_the_graph_was_made_is_seen_too(tmp_path: Path) -> None:
    (story, people), circle = halls_and_people(), Circle()
    outlook = outlook_of(story, "a")
    (newcomer,) = story.people("i")
    story.performed(newcomer, people[:4])
    now_ms = Milliseconds(story.now_ms)
    seen = trio.run(circle.look, outlook.opinions, outlook.me, now_ms, tmp_path / "kept.json")
    assert newcomer.id in seen.home


def test_the_map_names_the_clusters_of_whom_it_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = two_halls()
    outlook, society = outlook_of(story, "a"), looked(story, tmp_path / "kept.json")
    monkeypatch.setattr(trust_views, "MAX_ON_MAP", 3)
    shown = trust_map(outlook, society)
    assert len(society.clusters) == 2
    assert [one.id for one in shown.clusters] == [society.home[scribe.author("a").id]]
