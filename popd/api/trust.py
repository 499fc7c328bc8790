"""Trust around the user: the map, one person, and clusters."""

import trio

from popd.api.answers import not_found
from popd.api.desk import Desk
from popd.api.outlook import Outlook
from popd.api.people import person
from popd.api.routing import Call
from popd.api.trust_shapes import Clusters, TrustMap, TrustPerson
from popd.api.trust_society import Society
from popd.api.trust_views import clusters_view, known_people, trust_map, trusted_person


async def read_trust_map(desk: Desk, call: Call) -> TrustMap:
    """Everybody around the user: how near, how real, and where they belong."""
    return trust_map(*await _seen(desk))


async def read_trusted(desk: Desk, call: Call) -> TrustPerson:
    """One person: who acknowledges them, since when, and why they are believed."""
    who = person(call.path["id"], "a person")
    outlook, society = await _seen(desk)
    scores = outlook.opinions.scores(outlook.me)
    if who not in known_people(outlook, society, scores):
        raise not_found("Nobody with this key is known here.", "Look at /api/v1/trust/map.")
    near = scores.get(who, 0.0)
    return await trio.to_thread.run_sync(trusted_person, outlook.names, society, who, near)


async def read_clusters(desk: Desk, call: Call) -> Clusters:
    """Who belongs together, what their coins are worth to each other, and who joins them."""
    _, society = await _seen(desk)
    rates = await desk.circle.rates_in(society, desk.outlook().opinions)
    return clusters_view(desk.outlook(), society, rates)


async def _seen(desk: Desk) -> tuple[Outlook, Society]:
    """Everybody at this moment, or when there was news last."""
    society = await desk.look_around()
    return desk.outlook(), society
