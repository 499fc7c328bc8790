"""What coins are worth to whom, by this node's ledger: the trust graph and scores, kept current."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from consensus.entries.dispute import Diverge, Report
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.statement import Statement
from consensus.trust.acknowledged import acknowledged_by, parting_words
from consensus.trust.graph import Acknowledgement, TrustGraph
from consensus.trust.kept import KeptTrust
from consensus.trust.reported import reported_blocks
from consensus.trust.reports import ReportedBlock, is_believed, standing_of_reporters
from consensus.units import Milliseconds
from consensus.value.counting import Contests, contests_of
from consensus.value.lot import LotView
from consensus.value.plugins import loaded
from consensus.value.policy import RAW_CONTINUITY, Policy
from consensus.value.stance import Stance
from consensus.value.surroundings import Surroundings, trust_shares
from consensus.value.valuation import Valuation, value_of

if TYPE_CHECKING:
    from consensus.trust.index import TrustIndex
    from consensus.trust.pockets import Pocket

MAX_AT_ONCE: Final = 2_000
"""Acknowledgements among which pockets are found at once; it takes hundredths of a second."""
MAX_OBSERVERS: Final = 256
"""Scores kept; the neighbours, witnesses and strangers that one page shows are fewer."""


class Opinions:
    """Follows a ledger, taking in only what was applied since it looked last."""

    def __init__(self, ledger: Ledger, owner: IdentityId | None = None) -> None:
        """Nothing looked at yet; pockets of trust are those among whom the owner hears of."""
        self.ledger = ledger
        self._seen_from = () if owner is None else (owner,)
        self._base: KeptTrust[IdentityId] = KeptTrust()
        self._whole = self._base
        self._seen: set[EntryId] = set()
        self._revision = -1
        self._scores: dict[IdentityId, Mapping[IdentityId, float]] = {}
        self._stances: dict[IdentityId, Stance] = {}
        self._reports: set[EntryId] = set()
        self._reports_of: dict[EntryId, list[EntryId]] = {}
        self._partings: set[EntryId] = set()
        self._contests: Contests | None = None
        self._reported: Mapping[EntryId, ReportedBlock[IdentityId]] = {}
        self.clusters: Mapping[IdentityId, str] = {}
        """The id of everybody's cluster."""
        self.cluster_names: Mapping[str, str] = {}
        """What clusters are called, by id."""
        self._policies: dict[IdentityId, Policy] = {}
        self._plugins: Mapping[str, Callable[[Any], Any]] = {}
        self._arounds: dict[IdentityId, Surroundings] = {}
        self._now_ms = Milliseconds(0)

    def refresh(self, now_ms: Milliseconds) -> None:
        """Brings the graph up to date.

        Without news nothing is computed: all weights fade alike, so time alone moves no score.
        What the ledger let go of is not heard any more.
        """
        self._now_ms = now_ms
        if self._revision == self.ledger.revision:
            return
        self._revision = self.ledger.revision
        if not self._seen <= self.ledger.applied:
            self._base, self._seen = KeptTrust(self._base.pockets), set()
            self._reports, self._partings = set(), set()
        statements = self.ledger.statements
        news = self.ledger.applied - self._seen
        words = [
            word
            for entry in sorted(news)
            for word in acknowledged_by(self.ledger, statements[entry])
        ]
        self._base.learn(words, now_ms)
        index = self._base.index
        if index is not None and index.is_due and index.words <= MAX_AT_ONCE:
            index.find_pockets(*self._seen_from)
        self._seen |= news
        self._reports |= {entry for entry in news if isinstance(statements[entry].body, Report)}
        self._partings |= {entry for entry in news if isinstance(statements[entry].body, Diverge)}
        parted = list(parting_words(self.ledger, sorted(self._partings)))
        self._whole = self._base.supposing(parted, now_ms) if parted else self._base
        self._contests = None
        self._reports_of = {}
        for entry in sorted(self._reports):
            self._reports_of.setdefault(statements[entry].entry.refs[0], []).append(entry)
        self._reported = reported_blocks(self.ledger, self._reports)
        self._forget_scores()

    @property
    def index(self) -> "TrustIndex[IdentityId] | None":
        """Who passes how much on to whom, without divergences; None while there are a few."""
        return self._base.index

    def search(self, index: "TrustIndex[IdentityId]") -> "Callable[[], list[Pocket]]":
        """What looks for pockets once more, in any thread."""
        return index.search(*self._seen_from)

    def regard(self, pockets: "Sequence[Pocket]") -> None:
        """Takes pockets over that were found among the people of `index`."""
        for trust in (self._base, self._whole):
            if trust.index is not None:
                trust.index.regard(pockets)
        self._forget_scores()

    def _forget_scores(self) -> None:
        self._scores.clear()
        self._stances.clear()
        self._arounds.clear()

    def scores(self, observer: IdentityId) -> Mapping[IdentityId, float]:
        """How near everybody is to an observer."""
        if observer not in self._scores:
            if len(self._scores) >= MAX_OBSERVERS:
                self._scores.pop(next(iter(self._scores)))
            self._scores[observer] = self._lowered(self._whole, observer)
        return self._scores[observer]

    def stance(self, observer: IdentityId) -> Stance:
        """What an observer makes of disputes."""
        if observer not in self._stances:
            if len(self._stances) >= MAX_OBSERVERS:
                self._stances.pop(next(iter(self._stances)))
            self._stances[observer] = self._stance(self.graph, self.scores(observer), observer)
        return self._stances[observer]

    @property
    def contests(self) -> Contests:
        """What forks moved twice, and over which branches it came."""
        if self._contests is None:
            self._contests = contests_of(self.ledger)
        return self._contests

    @property
    def graph(self) -> TrustGraph[IdentityId]:
        """Who acknowledged whom."""
        return self._whole.graph

    @property
    def reported(self) -> Mapping[EntryId, ReportedBlock[IdentityId]]:
        """All blocks that somebody reported."""
        return self._reported

    def reports_of(self, block: EntryId) -> list[Statement]:
        """The reports of one block, in order of their ids."""
        return [self.ledger.statements[entry] for entry in self._reports_of.get(block, ())]

    @property
    def divergences(self) -> frozenset[EntryId]:
        """All divergences, those that were taken back too."""
        return frozenset(self._partings)

    def reporters_standing(self, observer: IdentityId) -> Mapping[IdentityId, float]:
        """What contradicted reports left of their reporters' proximity, as factors."""
        scores = self._whole.proximity(observer)
        return standing_of_reporters(self._reported.values(), self.graph, scores, observer)

    def value(self, lot: LotView, observer: IdentityId) -> Valuation:
        """What a lot is worth to an observer, by their own policy where it is known."""
        around = self._arounds.get(observer)
        if around is None or around.now_ms != self._now_ms:
            if len(self._arounds) >= MAX_OBSERVERS:
                self._arounds.pop(next(iter(self._arounds)))
            around = self._arounds[observer] = self.surroundings(observer, self.scores(observer))
        stance, policy = self.stance(observer), self.policy(observer)
        return value_of(lot, self.scores(observer), policy, stance, around)

    def belong(self, clusters: Mapping[IdentityId, str], names: Mapping[str, str]) -> None:
        """From now on people belong there: the id of each one's cluster, and names by id."""
        if self.clusters is not clusters or self.cluster_names != names:
            self.clusters, self.cluster_names = clusters, names
            self._arounds.clear()

    def policy(self, observer: IdentityId) -> Policy:
        """What counts for an observer: the default, where they told nothing else here."""
        return self._policies.get(observer, RAW_CONTINUITY)

    def use_policy(self, observer: IdentityId, policy: Policy) -> None:
        """From now on this counts for an observer; only its plug-ins are loaded."""
        self._policies = {observer: policy}
        self._plugins = loaded(policy.plugins)
        self._arounds.clear()

    def surroundings(
        self, observer: IdentityId, scores: Mapping[IdentityId, float]
    ) -> Surroundings:
        """What an observer with these proximities knows besides them."""
        shares = trust_shares(observer, scores, self.clusters) if self.clusters else {}
        clusters, names = self.clusters, self.cluster_names
        return Surroundings(self._now_ms, clusters, names, shares, self._plugins)

    def supposing(
        self, word: Acknowledgement[IdentityId]
    ) -> tuple[Mapping[IdentityId, float], Stance]:
        """Proximities and stance of whoever says a word, if they said it now."""
        trust = self._whole.supposing([word], self._now_ms)
        scores = self._lowered(trust, word.source)
        return scores, self._stance(trust.graph, scores, word.source)

    def _stance(
        self,
        graph: TrustGraph[IdentityId],
        scores: Mapping[IdentityId, float],
        observer: IdentityId,
    ) -> Stance:
        believed = frozenset(
            block
            for block, about in self._reported.items()
            if is_believed(about, graph, scores, observer)
        )
        discredited = {person for block in believed for person in self._reported[block].vouchers}
        return Stance(believed, frozenset(discredited), self.contests.counted(scores))

    def _lowered(
        self, trust: KeptTrust[IdentityId], observer: IdentityId
    ) -> Mapping[IdentityId, float]:
        """Proximities, less what reporters lose whom trusted verifiers contradict."""
        scores = trust.proximity(observer)
        left = standing_of_reporters(self._reported.values(), trust.graph, scores, observer)
        left.pop(observer, None)
        return {person: score * left.get(person, 1.0) for person, score in scores.items()}
