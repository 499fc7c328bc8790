"""Who is real and who belongs together, by this node's ledger: computed aside, kept for a while."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import trio
from numpy.typing import NDArray

from consensus.identifiers import IdentityId
from consensus.trust.acknowledged import parting_words
from consensus.trust.bridges import Bridge, bridges_of
from consensus.trust.clusters import Cluster, clusters_of
from consensus.trust.freshness import Said, Ties, ties_of
from consensus.trust.graph import TrustGraph
from consensus.trust.heard import Heard
from consensus.trust.personhood import NOBODY, Personhood, effective_numbers
from consensus.trust.rates import MAX_CLUSTERS, Rates, exchange_rates, observers_of
from consensus.trust.similarity import Acquaintances, acquaintances
from consensus.trust.strata import weighed_by_strata
from consensus.units import Milliseconds
from popd.api.opinions import Opinions

MAX_AGE_MS: Final = 60 * 60 * 1_000
"""Without news, freshness is looked at anew after an hour."""
QUICK_S: Final = 2.0
"""Looks that take no longer may follow each other at once."""
REST: Final = 10
"""After a longer one, so many times as long as it took goes by before the next."""
MAX_KEPT_SIZE: Final = 64 * 1024 * 1024


class KeptCluster(msgspec.Struct, frozen=True):
    """A cluster as it is kept in a file; people are 64 hex digits."""

    id: str
    centre: str
    members: list[str]


@dataclass(frozen=True, slots=True)
class Society:
    """One moment of everybody."""

    now_ms: Milliseconds
    """When."""
    number: Mapping[IdentityId, int]
    """Everybody of whom something was said or who said something, by number."""
    said: Said
    """All words."""
    occasion: NDArray[np.int8]
    """What each was said for."""
    ties: Ties
    """Who acknowledges whom, as fresh as it is."""
    known: Acquaintances
    """Who knows whom."""
    n_eff: NDArray[np.float64]
    """By number."""
    graph: TrustGraph[IdentityId]
    """Who trusts whom."""
    clusters: Sequence[Cluster[IdentityId]]
    """The largest first."""
    home: Mapping[IdentityId, str]
    """The cluster that everybody is in who is in one."""
    bridges: Sequence[Bridge[IdentityId]]
    """The heaviest first."""

    def person(self, who: IdentityId) -> Personhood:
        """How real somebody is to everybody."""
        number = self.number.get(who)
        return NOBODY if number is None else Personhood(float(self.n_eff[number]))


@dataclass(slots=True)
class Circle:
    """Follows a ledger, and looks at everybody again when there is news and somebody asks."""

    heard: Heard = field(default_factory=Heard)
    """What was said."""
    lock: trio.Lock = field(default_factory=trio.Lock)
    """Held while somebody looks."""
    society: Society | None = None
    """What was seen last."""
    rates: Rates | None = None
    """Between the largest clusters, where somebody asked."""
    _rest_until: float = -math.inf
    _revision: int = -1
    _clusters: Sequence[Cluster[IdentityId]] | None = None

    async def look(
        self, opinions: Opinions, me: IdentityId, now_ms: Milliseconds, file: Path
    ) -> Society:
        """Everybody now; clusters go on from those that `file` holds, and are kept there.

        What took long is not done again soon, however much is said and asked meanwhile.
        """
        async with self.lock:
            found, revision = self.society, opinions.ledger.revision
            is_fresh = (
                found is not None
                and self._revision == revision
                and found.now_ms <= now_ms <= found.now_ms + MAX_AGE_MS
            )
            started = trio.current_time()
            if found is not None and (is_fresh or started < self._rest_until):
                return found
            before = self._clusters
            if before is None:
                before = await trio.to_thread.run_sync(clusters_in, file)
            # Again, because the ledger may have grown while somebody else looked.
            opinions.refresh(now_ms)
            revision = opinions.ledger.revision
            self.heard.listen(opinions.ledger)
            found = await trio.to_thread.run_sync(
                society_of,
                dict(self.heard.people),
                self.heard.said(),
                self.heard.occasions(),
                opinions.graph,
                before,
                parted_in(opinions),
                opinions.scores(me),
                now_ms,
            )
            ended = trio.current_time()
            took = ended - started
            self._rest_until = ended + REST * took if took > QUICK_S else -math.inf
            if found.clusters != before:
                await trio.to_thread.run_sync(keep_clusters, file, found.clusters)
            self.society, self.rates = found, None
            self._revision, self._clusters = revision, found.clusters
            return found

    async def rates_in(self, society: Society, opinions: Opinions) -> Rates:
        """Rates between the largest clusters of what was seen last."""
        async with self.lock:
            if self.rates is not None and society is self.society:
                return self.rates
            listed = society.clusters[:MAX_CLUSTERS]
            scores: dict[IdentityId, Mapping[IdentityId, float]] = {}
            for asked in observers_of(listed):
                for observer in asked:
                    scores[observer] = opinions.scores(observer)
                    await trio.lowlevel.checkpoint()
            found = await trio.to_thread.run_sync(exchange_rates, listed, scores.__getitem__)
            if society is self.society:
                self.rates = found
            return found


def society_of(
    number: Mapping[IdentityId, int],
    said: Said,
    occasion: NDArray[np.int8],
    graph: TrustGraph[IdentityId],
    before: Sequence[Cluster[IdentityId]],
    parted: Set[frozenset[IdentityId]],
    near: Mapping[IdentityId, float],
    now_ms: Milliseconds,
) -> Society:
    """Everybody at one moment; takes a while, and touches nothing.

    Who belongs together is asked of words that weigh by their speakers' strata: whom nobody
    acknowledges can say what they like.
    """
    ties = ties_of(said, len(number), now_ms)
    n_eff = effective_numbers(ties, len(number))
    people = {who: Personhood(float(n_eff[one])) for who, one in number.items()}
    weighed = weighed_by_strata(graph, people)
    clusters = clusters_of(weighed, before, parted)
    return Society(
        now_ms=now_ms,
        number=number,
        said=said,
        occasion=occasion,
        ties=ties,
        known=acquaintances(ties.source, ties.target, len(number)),
        n_eff=n_eff,
        graph=graph,
        clusters=clusters,
        home={member: cluster.id for cluster in clusters for member in cluster.members},
        bridges=bridges_of(weighed, clusters, near),
    )


def parted_in(opinions: Opinions) -> Set[frozenset[IdentityId]]:
    """Pairs of whom one parted from the other, and has not made up."""
    words = parting_words(opinions.ledger, opinions.divergences)
    return {frozenset((word.source, word.target)) for word in words}


def clusters_in(file: Path) -> list[Cluster[IdentityId]]:
    """The clusters that a file keeps; none where it is missing or can't be used."""
    try:
        with file.open("rb") as kept:
            data = kept.read(MAX_KEPT_SIZE)
        found = msgspec.json.decode(data, type=list[KeptCluster])
        return [
            Cluster(one.id, _person(one.centre), tuple(map(_person, one.members))) for one in found
        ]
    except (OSError, msgspec.MsgspecError, ValueError):
        return []


def keep_clusters(file: Path, clusters: Sequence[Cluster[IdentityId]]) -> None:
    """Writes clusters to a file, whole or not at all; a full disk costs only their names."""
    kept = [
        KeptCluster(one.id, one.centre.hex(), [member.hex() for member in one.members])
        for one in clusters
    ]
    draft = file.with_suffix(".draft")
    try:
        draft.write_bytes(msgspec.json.encode(kept))
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)


def _person(text: str) -> IdentityId:
    data = bytes.fromhex(text)
    if len(data) != 32:
        raise ValueError("no identity")
    return IdentityId(data)
