"""The hall: the concerts that a node knows, what it keeps of them, and how news of them travels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.presence import Presence
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from popd.node.concert_ballots import Nearness, Rank
from popd.node.concert_live import LiveConcert
from popd.node.concert_notes import Note
from popd.node.context import Context
from popd.node.effects import KeepNote
from popd.node.keeping import Keeping
from popd.node.messages.concerts import ConcertCard, ConcertId
from popd.node.messages.crowds import ConcertBallots, ConcertWords
from popd.node.nearness import Nearby
from popd.node.notices import ConcertChanged, ConcertRefused, OpinionRefused
from popd.node.offences import Offence
from popd.node.standing import Standings
from popd.node.tiers import Tier

TELL_MS: Final = 50
"""Changes are told of together: nobody can make them come faster than a page can show."""
MAX_FANOUT: Final = 8
"""Peers to whom news are passed on: as many reach everybody, and a full mesh stays quiet."""
SIGNATURE_COST_US: Final = 150
"""What checking a signature is charged with."""


@dataclass(slots=True)
class Hall:
    """What all parts that deal with concerts share."""

    context: Context
    """The node."""
    standings: Standings
    """What each peer may cost."""
    keeping: Keeping
    """Who is trusted."""
    nearby: Nearby
    """How near each peer is."""
    concerts: dict[ConcertId, LiveConcert] = field(default_factory=dict)
    """All that this node knows."""

    def of_session(self, first: EntryId) -> LiveConcert | None:
        """The concert that ratings name so: its gatherer announced the session."""
        found = (live for live in self.concerts.values() if live.first_session == first)
        return next((live for live in found if not self.is_borrowed(live)), None)

    def is_borrowed(self, live: LiveConcert) -> bool:
        """Whether a concert claims a first session that somebody else announced."""
        first = live.first_session
        statement = None if first is None else self.context.ledger.statements.get(first)
        return statement is not None and statement.entry.author != live.card.gatherer

    def changed(self, live: LiveConcert) -> None:
        """The user hears soon that a concert is not as it was."""
        if live.is_noted:
            live.is_noted = False
            self.context.call_after(TELL_MS, lambda: self._tell(live))

    def refuse(self, concert: ConcertId, why: str, next_step: str) -> None:
        """A command can't be followed."""
        self.context.tell(ConcertRefused(concert, why, next_step))

    def refuse_opinion(self, live: LiveConcert, voice: bytes, why: str, next_step: str) -> None:
        """An opinion that was kept does not count after all."""
        live.refuse(voice, why, next_step)
        self.context.tell(OpinionRefused(live.id, voice, why, next_step))
        self.changed(live)

    def keep(self, note: Note) -> None:
        """Writes a note down."""
        self.context.do(KeepNote(*note))

    def is_signed(self, peer: NodeKey, who: IdentityId, signature: bytes, subject: bytes) -> bool:
        """Whether somebody signed this; charged to who delivered it, who pays for a forgery."""
        self.standings.spend(peer, SIGNATURE_COST_US)
        network = self.context.params.name
        try:
            check_signature(who, signature, network, Domain.ROOM, subject)
        except RejectionError as error:
            self.standings.note(peer, Offence.FORGED, error.message)
            return False
        return True

    def is_trusted(self, who: IdentityId) -> bool:
        """Whether somebody is the user, or the user has anything to do with them."""
        if who == self.context.identity:
            return True
        return self.keeping.tiers.tier(who) is not Tier.STRANGER

    def nearness(self, who: IdentityId, peer: NodeKey) -> Nearness:
        """How near a teller is whose ballots a peer brought."""
        known = self.context.peers.get(peer)
        is_here = known is not None and known.identity == who
        presence = self.nearby.agreed(peer) if is_here else Presence.REMOTE
        subnet = "" if known is None else known.subnet
        if self.is_trusted(who):
            return Nearness(Rank.TRUSTED, presence, peer, subnet)
        return Nearness(Rank.NEAR if is_here else Rank.STRANGER, presence, peer, subnet)

    def may_pass(self, live: LiveConcert, teller: IdentityId) -> bool:
        """Whether what a teller says is passed on now: strangers' only so fast."""
        if self.is_trusted(teller):
            return True
        if not live.passed.has(self.context.now_us):
            return False
        live.passed.take(1)
        return True

    def spread(
        self, message: ConcertCard | ConcertBallots | ConcertWords, *but: NodeKey | None
    ) -> None:
        """Passes news on to some of the peers, or all where they are few."""
        peers = sorted(peer for peer in self.context.peers if peer not in but)
        for peer in self._some(peers):
            self.context.send(peer, message)

    def to_gatherer(self, live: LiveConcert, message: ConcertBallots, *but: NodeKey) -> None:
        """Sends ballots to the gatherer's node where it is connected, otherwise towards it."""
        if live.card.node in self.context.peers:
            self.context.send(live.card.node, message)
        else:
            self.spread(message, *but)

    def _some(self, peers: Sequence[NodeKey]) -> Sequence[NodeKey]:
        if len(peers) <= MAX_FANOUT:
            return peers
        return self.context.chance.sample(peers, MAX_FANOUT)

    def _tell(self, live: LiveConcert) -> None:
        live.is_noted = True
        self.context.tell(ConcertChanged(live.id))
