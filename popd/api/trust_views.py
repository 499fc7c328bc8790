"""Trust as the API tells it: the map, one person with why, and clusters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from math import pi
from typing import Final

from consensus.identifiers import IdentityId
from consensus.trust.clusters import Cluster
from consensus.trust.freshness import MONTH_MS
from consensus.trust.heard import Occasion, is_by_hand
from consensus.trust.rates import MAX_CLUSTERS, Rates
from consensus.trust.timeline import growth_of
from consensus.trust.voices import Voice, voices_of
from popd.api.names import Names
from popd.api.outlook import Outlook
from popd.api.trust_shapes import (
    Acknowledger,
    BridgeView,
    ClusterName,
    Clusters,
    ClusterView,
    GrowthPoint,
    Moment,
    Tie,
    TrustedPerson,
    TrustMap,
    TrustPerson,
    TrustTies,
)
from popd.api.trust_society import Society
from popd.api.trust_words import cluster_name, why_believed

MAX_ON_MAP: Final = 5_000
MAX_ACKNOWLEDGERS: Final = 256
MAX_MOMENTS: Final = 256
MAX_TIES: Final = 64
MAX_MEMBERS: Final = 64


def trust_map(outlook: Outlook, society: Society) -> TrustMap:
    """Everybody around the user, the nearest first."""
    scores = outlook.opinions.scores(outlook.me)
    people = known_people(outlook, society, scores)
    nearest = sorted(people, key=lambda one: (one != outlook.me, -scores.get(one, 0.0), one))[
        :MAX_ON_MAP
    ]
    angles = _angles([(one, society.home.get(one, "")) for one in nearest])
    bridges = {bridge.person for bridge in society.bridges}
    shown = {society.home.get(one) for one in nearest}
    return TrustMap(
        observer=outlook.me.hex(),
        now_ms=society.now_ms,
        total=len(people),
        people=[
            TrustedPerson(
                id=one.hex(),
                name=outlook.names.of(one),
                is_me=one == outlook.me,
                proximity=scores.get(one, 0.0),
                n_eff=person.n_eff,
                belief=person.belief,
                stratum=person.stratum,
                cluster=society.home.get(one, ""),
                angle=angles[one],
                is_bridge=one in bridges,
            )
            for one in nearest
            for person in [society.person(one)]
        ],
        clusters=[
            ClusterName(cluster.id, cluster_name(outlook.names, cluster), len(cluster.members))
            for cluster in society.clusters
            if cluster.id in shown
        ],
    )


def known_people(
    outlook: Outlook, society: Society, scores: Mapping[IdentityId, float]
) -> set[IdentityId]:
    """Who wrote something, was acknowledged, is trusted or connected; and the user."""
    others = (*society.number, *scores, *outlook.neighbours)
    return {outlook.me, *outlook.ledger.tips, *others}


def trusted_person(
    names: Names, society: Society, who: IdentityId, proximity: float
) -> TrustPerson:
    """One person, `proximity` near, and why they are believed.

    Pure, and heavy for somebody whom very many acknowledge: to be run in another thread.
    """
    person = society.person(who)
    voices = _voices(society, who)
    cluster = next((one for one in society.clusters if who in one.members), None)
    bridge = next((one for one in society.bridges if one.person == who), None)
    return TrustPerson(
        id=who.hex(),
        name=names.of(who),
        is_me=who == names.me,
        proximity=proximity,
        n_eff=person.n_eff,
        belief=person.belief,
        stratum=person.stratum,
        cluster="" if cluster is None else cluster.id,
        is_bridge=bridge is not None,
        acknowledged_by=_acknowledgers(names, society, who, voices),
        timeline=_timeline(names, society, who),
        growth=_growth(society, who),
        why=why_believed(society, who, voices, bridge, is_me=who == names.me),
        ties=_ties(names, society, who),
    )


def clusters_view(outlook: Outlook, society: Society, rates: Rates) -> Clusters:
    """The largest clusters, what their coins are worth to each other, and who joins them."""
    listed: Sequence[Cluster[IdentityId]] = society.clusters[:MAX_CLUSTERS]
    return Clusters(
        clusters=[
            ClusterView(
                id=cluster.id,
                name=cluster_name(outlook.names, cluster),
                size=len(cluster.members),
                members=[member.hex() for member in cluster.members[:MAX_MEMBERS]],
            )
            for cluster in listed
        ],
        rates=rates,
        bridges=[
            BridgeView(
                bridge.person.hex(),
                outlook.names.of(bridge.person),
                list(bridge.clusters),
                bridge.weight,
            )
            for bridge in society.bridges
        ],
        mine=society.home.get(outlook.me),
    )


def _voices(society: Society, who: IdentityId) -> list[Voice]:
    number = society.number.get(who)
    return [] if number is None else voices_of(society.ties, society.known, number)


def _acknowledgers(
    names: Names, society: Society, who: IdentityId, voices: Sequence[Voice]
) -> list[Acknowledger]:
    people = list(society.number)
    rows = society.said.where(society.said.target == society.number.get(who, -1))
    last: dict[int, int] = {}
    months: dict[int, set[int]] = {}
    for source, time_ms in zip(rows.source.tolist(), rows.time_ms.tolist(), strict=True):
        last[source] = max(last.get(source, 0), time_ms)
        months.setdefault(source, set()).add(time_ms // MONTH_MS)
    total = sum(voice.counted for voice in voices)
    return [
        Acknowledger(
            id=people[voice.source].hex(),
            name=names.of(people[voice.source]),
            last_ms=last[voice.source],
            months=len(months[voice.source]),
            freshness=voice.weight,
            share=voice.counted / total if total else 0.0,
            alike=voice.alike,
        )
        for voice in voices[:MAX_ACKNOWLEDGERS]
    ]


def _timeline(names: Names, society: Society, who: IdentityId) -> list[Moment]:
    people, said = list(society.number), society.said
    rows = (said.target == society.number.get(who, -1)).nonzero()[0]
    newest = sorted(rows.tolist(), key=lambda row: (-int(said.time_ms[row]), row))[:MAX_MOMENTS]
    return [
        Moment(
            time_ms=int(said.time_ms[row]),
            source=people[said.source[row]].hex(),
            name=names.of(people[said.source[row]]),
            kind=Occasion(society.occasion[row]).name.lower(),
            by_hand=is_by_hand(float(said.strength[row])),
        )
        for row in newest
    ]


def _growth(society: Society, who: IdentityId) -> list[GrowthPoint]:
    number = society.number.get(who)
    if number is None:
        return []
    return [
        GrowthPoint(grown.time_ms, grown.person.n_eff, grown.person.belief)
        for grown in growth_of(society.said, society.known, number, society.now_ms)
    ]


def _ties(names: Names, society: Society, who: IdentityId) -> TrustTies:
    trust = society.graph.trust
    told = {source: targets[who] for source, targets in trust.items() if who in targets}
    return TrustTies(_strongest(names, trust.get(who, {})), _strongest(names, told))


def _strongest(names: Names, weights: Mapping[IdentityId, float]) -> list[Tie]:
    ordered = sorted(weights, key=lambda one: (-weights[one], one))[:MAX_TIES]
    return [Tie(one.hex(), names.of(one), weights[one]) for one in ordered]


def _angles(places: Sequence[tuple[IdentityId, str]]) -> dict[IdentityId, float]:
    """A sector for each cluster, in order of their ids; whoever is in none has the last one.

    Within its sector, everybody is where their key says, so that nobody moves for others.
    """
    sizes = Counter(cluster for _, cluster in places)
    begins: dict[str, float] = {}
    turn = 0.0
    for cluster in sorted(sizes, key=lambda one: (not one, one)):
        begins[cluster] = turn
        turn += sizes[cluster] / len(places)
    return {
        person: 2 * pi * (begins[cluster] + sizes[cluster] / len(places) * _fraction(person))
        for person, cluster in places
    }


def _fraction(person: IdentityId) -> float:
    return int.from_bytes(blake2b(person, digest_size=6).digest()) / 2**48
