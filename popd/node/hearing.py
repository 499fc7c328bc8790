"""Hearing: takes in what peers say, as much as each may cost, and hands it to whom it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, assert_never

from consensus.encoding import digest
from consensus.identifiers import EntryId, NodeKey
from consensus.rejections import RejectionError
from consensus.signing import SIGNATURE_SIZE
from popd.node.admission import Admission, Taken
from popd.node.blobs import Blobs
from popd.node.comparing import Comparing
from popd.node.concerting import Concerting
from popd.node.context import Context
from popd.node.greeting import Greeting
from popd.node.judging import Judging
from popd.node.mates import Mates
from popd.node.messages import Message, from_bytes
from popd.node.messages.blobs import BlobPart, HaveBlobs, WantBlob
from popd.node.messages.comparing import Heads, Listed, NotNow, Ranges
from popd.node.messages.concerts import ConcertCard
from popd.node.messages.crowds import Applause, BallotsRefused, ConcertBallots, ConcertWords
from popd.node.messages.devices import OwnBox
from popd.node.messages.fresh import Entries, Hints, Prefer
from popd.node.messages.greeting import Hello
from popd.node.messages.judging import Appeal, Pondering
from popd.node.messages.live import Frame, Invite, Nonce, Offer, Reveal
from popd.node.messages.presence import Near
from popd.node.messages.pulling import Served, WantChains, WantEntries
from popd.node.messages.restoring import HeadsAsked, HeadsTold
from popd.node.messages.rooms import EchoAsked, EchoGiven, RoomOpen, RoomSheet, RoomWant
from popd.node.messages.watching import Elsewhere, Over, Tune, Tuned, Untune
from popd.node.minting import Minting
from popd.node.nearness import Nearby
from popd.node.offences import Offence
from popd.node.own_effects import ReadOwnBox
from popd.node.performing import Performing
from popd.node.pulling import Pulling
from popd.node.restoring import Restoring
from popd.node.rooming import Rooming
from popd.node.serving import Serving
from popd.node.spectating import Spectating
from popd.node.spreading import ENTRY_COST_US, Spreading
from popd.node.standing import Standings
from popd.node.watching import Watching
from popd.node.witnessing import Witnessing

MESSAGE_COST_US: Final = 100
"""What any message is charged with."""
BYTES_PER_COST_US: Final = 25
SIGNATURE_COST_US: Final = 150
"""What checking or making one signature is charged with."""


@dataclass(slots=True)
class Hearing:
    """The ears of a node, and the parts that it hears for."""

    context: Context
    """The node."""
    standings: Standings
    """What each peer may cost."""
    greeting: Greeting
    """Who is behind each peer."""
    admission: Admission
    """Takes entries in."""
    spreading: Spreading
    """Learns who brings news."""
    comparing: Comparing
    """Answers comparisons."""
    pulling: Pulling
    """Takes what was asked for."""
    serving: Serving
    """Gives what is asked for."""
    blobs: Blobs
    """The same for charts and evidence."""
    mates: Mates
    """Knows who is in a session together."""
    performing: Performing
    """Takes offers, challenges and tickets."""
    witnessing: Witnessing
    """Takes invitations and challenges."""
    watching: Watching
    """Takes frames."""
    spectating: Spectating
    """Passes frames on, and learns who does."""
    judging: Judging
    """Takes appeals."""
    minting: Minting
    """Learns whose word may take a while."""
    nearby: Nearby
    """Takes claims of how near this node is."""
    rooming: Rooming
    """Takes what is said about rooms."""
    concerting: Concerting
    """Takes what is said about concerts."""
    restoring: Restoring
    """Asks, and answers, how far a chain came."""

    def hear(self, peer: NodeKey, data: bytes) -> None:
        """Takes in a message, if its sender hasn't used up what it may cost us."""
        if not self.standings.may_speak(peer):
            return
        self.standings.spend(peer, MESSAGE_COST_US + len(data) // BYTES_PER_COST_US)
        try:
            message = from_bytes(data)
        except RejectionError as error:
            self.standings.note(peer, Offence.MALFORMED, error.message)
            return
        self._take_message(peer, message)

    def _take_message(self, peer: NodeKey, message: Message) -> None:
        match message:
            case Entries():
                self._take_fresh(peer, message)
            case Hints():
                self.spreading.take_hints(peer, message)
            case Prefer():
                self.spreading.prefer(peer, message)
            case Ranges():
                self._spend_rows(peer, message)
                self.comparing.compare(peer, message)
            case Listed():
                self._spend_rows(peer, message)
                self.comparing.answer_list(peer, message)
            case Heads():
                self._spend_rows(peer, message)
                self.comparing.take_heads(peer, message)
            case NotNow():
                self.comparing.leave_out(peer, message)
            case WantChains():
                self.serving.serve_chains(peer, message)
            case WantEntries():
                self.serving.serve_entries(peer, message)
            case Served():
                self.pulling.served(peer, message)
            case HaveBlobs():
                self.blobs.announced(peer, message)
            case WantBlob():
                self.blobs.serve(peer, message)
            case BlobPart():
                self.blobs.receive(peer, message)
            case Hello():
                self.standings.spend(peer, SIGNATURE_COST_US)
                self.greeting.take(peer, message)
                self.nearby.introduced(peer)
            case Near():
                self.standings.spend(peer, SIGNATURE_COST_US)
                self.nearby.take(peer, message)
            case Invite():
                self.standings.spend(peer, SIGNATURE_COST_US)
                self.witnessing.answer_invite(peer, message)
            case Offer():
                self.standings.spend(peer, SIGNATURE_COST_US)
                self.performing.take_offer(peer, message)
            case Frame():
                self.standings.spend(peer, len(message.keys))
                self._take_live(peer, message)
            case Nonce() | Reveal():
                self._take_live(peer, message)
            case Tune():
                self.spectating.take_tune(peer, message)
            case Untune():
                self.spectating.take_untune(peer, message)
            case Tuned():
                self.spectating.take_tuned(peer, message)
            case Elsewhere():
                self.spectating.take_elsewhere(peer, message)
            case Over():
                self.spectating.take_over(peer, message)
            case Pondering():
                self.minting.take_pondering(peer, message)
            case Appeal():
                self.judging.take_appeal(peer, message)
            case RoomOpen() | RoomSheet() | RoomWant() | EchoAsked() | EchoGiven():
                self.rooming.hear(peer, message)
            case ConcertCard() | ConcertBallots() | BallotsRefused() | ConcertWords() | Applause():
                self.concerting.hear(peer, message)
            case HeadsAsked():
                self.restoring.answer(peer, message)
            case HeadsTold():
                self.restoring.take(peer, message)
            case OwnBox():
                self.standings.spend(peer, SIGNATURE_COST_US)
                self.context.do(ReadOwnBox(peer, message.data))
            case _:
                assert_never(message)

    def _take_live(self, peer: NodeKey, message: Frame | Nonce | Reveal) -> None:
        """What mates say while a session is on; from anybody else it is nothing to us."""
        is_mate = self.mates.are_mates(peer, message.session)
        is_feed = isinstance(message, Frame) and self.spectating.is_feed(peer, message.session)
        if not is_mate and not is_feed:
            return
        self.standings.spend(peer, SIGNATURE_COST_US)
        match message:
            case Frame():
                if self.watching.see_frame(message):
                    self.witnessing.on_frame(message)
                    self.spectating.pass_on(message)
            case Nonce():
                self.performing.take_nonce(message)
                self.witnessing.see_nonce(message)
            case Reveal():
                self.performing.take_reveal(message)
            case _:
                assert_never(message)
        if self.performing.is_showing(message.session) and not isinstance(message, Frame):
            self.mates.pass_on(peer, message)

    def _take_fresh(self, peer: NodeKey, message: Entries) -> None:
        """Takes in entries that a peer pushed, and asks it for what they build on."""
        self.standings.spend(peer, ENTRY_COST_US * len(message.wires))
        if not self.standings.may_push(peer):
            return
        taken = self.take(peer, message.wires, is_pushed=True)
        self.standings.bring(peer, taken.beginnings)
        delivered = (EntryId(digest(wire[SIGNATURE_SIZE:])) for wire in message.wires)
        self.spreading.note_delivery(peer, delivered)
        if any(self.context.ledger.is_waiting(entry) for entry in taken.new):
            self.pulling.want_missing(peer)

    def take(self, peer: NodeKey, wires: Iterable[bytes], *, is_pushed: bool) -> Taken:
        """Takes in entries that a peer delivered, pushed or as an answer."""
        self.spreading.source, self.spreading.pusher = peer, peer if is_pushed else None
        taken = self.admission.take(peer, wires)
        self.spreading.see(taken.new)
        self.spreading.source = self.spreading.pusher = None
        return taken

    def _spend_rows(self, peer: NodeKey, message: Ranges | Listed | Heads) -> None:
        self.standings.spend(peer, self.comparing.cost_us(peer, message))
