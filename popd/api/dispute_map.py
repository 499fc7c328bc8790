"""The phase map: people, where they belong, and who has parted from whom; a page just draws it."""

from typing import Final

from consensus.entries.dispute import Diverge
from consensus.identifiers import IdentityId
from consensus.trust.phases import communities, placed
from popd.api.dispute_shapes import MapArc, MapPerson, PhaseMap
from popd.api.dispute_views import in_ppm, standing_divergences
from popd.api.dispute_words import DIVERGE_WORDS
from popd.api.outlook import Outlook

MAX_ON_MAP: Final = 300
"""People that a page can draw and an eye can tell apart: the user, who parted, and the nearest."""
MAX_TIES: Final = 12
"""Of each person, as many as one looks at."""
MAX_ARCS: Final = 500
"""Divergences of the people nearest to the user: strangers crowd nobody out."""


def map_view(outlook: Outlook) -> PhaseMap:
    """The map around the user: who wrote something, is trusted, connected, or part of a parting."""
    scores = outlook.opinions.scores(outlook.me)
    parted = [
        (statement.entry.author, body.identity, statement.entry.time_ms, body.reason)
        for statement in standing_divergences(outlook)
        if isinstance(body := statement.body, Diverge)
    ][:MAX_ARCS]
    pairs = {one for pair in parted for one in pair[:2]}
    people = {*outlook.ledger.tips, *scores, *outlook.neighbours, *pairs}
    shown = _nearest(outlook, people, pairs)
    cuts = [(source, target) for source, target, _, _ in parted]
    places = placed(communities(outlook.opinions.graph, shown, cuts))
    ties = _ties(outlook, [place.person for place in places], cuts)
    return PhaseMap(
        people=[
            MapPerson(
                id=place.person.hex(),
                name=outlook.names.of(place.person),
                is_me=place.person == outlook.me,
                phase=place.phase,
                x=round(place.x, 4),
                y=round(place.y, 4),
                proximity_ppm=in_ppm(scores.get(place.person, 0.0)),
                ties=ties[place.person],
            )
            for place in places
        ],
        arcs=[
            MapArc(source.hex(), target.hex(), since_ms, reason.name.lower(), DIVERGE_WORDS[reason])
            for source, target, since_ms, reason in parted
            if source in shown and target in shown
        ],
        phases=len({place.phase for place in places}),
        left_out=len(people) - len(shown),
    )


def _ties(
    outlook: Outlook, people: list[IdentityId], cuts: list[tuple[IdentityId, IdentityId]]
) -> dict[IdentityId, list[int]]:
    """Whom each of them acknowledged most, by their places in `people`; nobody they parted from."""
    places = {person: place for place, person in enumerate(people)}
    apart = {frozenset(pair) for pair in cuts}

    def of(person: IdentityId) -> list[int]:
        weights = outlook.opinions.graph.trust.get(person, {})
        known = [one for one in weights if one in places and frozenset((person, one)) not in apart]
        strongest = sorted(known, key=lambda one: (-weights[one], one))[:MAX_TIES]
        return [places[one] for one in strongest]

    return {person: of(person) for person in people}


def _nearest(outlook: Outlook, people: set[IdentityId], parted: set[IdentityId]) -> set[IdentityId]:
    scores = outlook.opinions.scores(outlook.me)
    ordered = sorted(
        people,
        key=lambda one: (one != outlook.me, -scores.get(one, 0.0), one not in parted, one),
    )
    return set(ordered[:MAX_ON_MAP])
