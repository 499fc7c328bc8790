"""What a ledger says of people: verdicts, witnesses and jams, by hand or not; and how it grew."""

from dataclasses import replace

import numpy as np
import pytest

from consensus.entries.performance import Session
from consensus.trust.acknowledged import acknowledged_by
from consensus.trust.freshness import MONTH_MS, Said, ties_of
from consensus.trust.graph import Acknowledgement, TrustGraph
from consensus.trust.heard import Heard, Occasion
from consensus.trust.personhood import Personhood, personhoods
from consensus.trust.similarity import acquaintances
from consensus.trust.strata import weighed_by_strata
from consensus.trust.timeline import growth_of
from consensus.units import Ppm
from simulations.stories import Story


def test_verdicts_and_witnessing_are_heard_once_in_order_of_time() -> None:
    story, heard = Story(), Heard()
    a, b, c = story.people("a", "b", "c")
    story.performed(a, [b, c])
    heard.listen(story.ledger)
    heard.listen(story.ledger)
    people = list(heard.people)
    rows = {
        (people[source], people[target], occasion)
        for source, target, occasion in zip(heard.source, heard.target, heard.occasion, strict=True)
    }
    assert rows == {
        (b.id, a.id, Occasion.VERDICT),
        (c.id, a.id, Occasion.VERDICT),
        (a.id, b.id, Occasion.WITNESSED),
        (a.id, c.id, Occasion.WITNESSED),
    }
    assert list(heard.time_ms) == sorted(heard.time_ms)
    before = len(heard.source)
    story.performed(b, [a, c])
    heard.listen(story.ledger)
    assert len(heard.source) == before + 4
    assert len(heard.said().source) == len(heard.occasions()) == before + 4


def test_what_the_ledger_lets_go_of_is_not_heard_any_more() -> None:
    story, heard = Story(), Heard()
    a, b = story.people("a", "b")
    story.performed(a, [b])
    heard.listen(story.ledger)
    empty = Story()
    heard.listen(empty.ledger)
    assert (len(heard.people), len(heard.source), heard.seen) == (0, 0, set())


def test_whoever_announces_a_jam_acknowledges_who_plays_along_by_hand() -> None:
    story = Story()
    a, b = story.people("a", "b")
    story.performed(a, [b])
    session = next(one for one in story.told if isinstance(one.body, Session))
    shares = ((a.id, Ppm(500_000)), (b.id, Ppm(500_000)))
    assert isinstance(session.body, Session)
    jam = replace(session, body=replace(session.body, performers=shares))
    assert list(acknowledged_by(story.ledger, jam)) == [
        Acknowledgement(a.id, b.id, 1.0, session.entry.time_ms)
    ]


def test_personhood_grows_month_by_month_up_to_what_it_is_now() -> None:
    now = 660 * MONTH_MS
    rows = [(one, 6, now - one * MONTH_MS) for one in range(5)]
    source, target, time_ms = np.array(rows, dtype=np.int64).T
    friends = np.arange(5)
    said = Said(
        np.concatenate((source, friends)),
        np.concatenate((target, friends + 7)),
        np.concatenate((time_ms, np.full(5, now))),
        np.ones(10),
    )
    ties = ties_of(said, 12, now)
    grown = growth_of(said, acquaintances(ties.source, ties.target, 12), 6, now)
    assert [one.time_ms for one in grown] == [now - month * MONTH_MS for month in (3, 2, 1, 0)]
    assert [one.person.n_eff for one in grown] == sorted(one.person.n_eff for one in grown)
    assert grown[-1].person.n_eff == pytest.approx(personhoods(said, 12, now)[6].n_eff)
    assert growth_of(said, acquaintances(ties.source, ties.target, 12), 5, now) == []


def test_a_word_of_tomorrow_counts_today_in_how_somebody_came_to_be_believed() -> None:
    source, target = np.array([0]), np.array([1])
    said = Said(source, target, np.array([660 * MONTH_MS + 1]), np.ones(1))
    (grown,) = growth_of(said, acquaintances(source, target, 2), 1, 660 * MONTH_MS)
    assert grown.person == personhoods(said, 2, 660 * MONTH_MS)[1] == Personhood(1.0)


def test_words_weigh_by_their_speakers_stratum_and_those_of_nobody_not_at_all() -> None:
    graph = TrustGraph(0, {"a": {"b": 2.0}, "x": {"b": 9.0}}, {"a": {"c": 1.0}})
    people = {"a": Personhood(3.0), "b": Personhood(1.0)}
    assert weighed_by_strata(graph, people) == TrustGraph(0, {"a": {"b": 4.0}}, {"a": {"c": 2.0}})
