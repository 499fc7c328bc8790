"""The node: every event goes in here with the time, and effects come out. No I/O, no clock."""

from collections import deque
from collections.abc import Iterable
from random import Random  # noqa: TID251 (the type of an argument)
from typing import Final, assert_never

from consensus.encoding import digest
from consensus.entries.attestation import Attestation
from consensus.entries.chains import Profile
from consensus.entries.performance import Block, Mint, Session
from consensus.identifiers import ContentId, EntryId, IdentityId, NodeKey
from consensus.ledger import Ledger, folded
from consensus.parameters import NetworkParams
from consensus.rejections import RejectionError
from consensus.signing import SIGNATURE_SIZE, Domain, check_signature
from consensus.statement import Statement
from consensus.units import Microseconds
from popd.node.admission import Admission
from popd.node.blobs import Blobs
from popd.node.comparing import Comparing
from popd.node.context import Context, NodeSettings, Peer
from popd.node.effects import Effect, Sign
from popd.node.events import (
    BlobLoaded,
    DeclineCoins,
    Event,
    KeysPlayed,
    MessageReceived,
    PeerConnected,
    PeerDisconnected,
    PlayJudged,
    ReconcileFork,
    RoundTripMeasured,
    SendCoins,
    SignatureMade,
    Started,
    StartSession,
    StopSession,
    Woke,
)
from popd.node.mates import Mates
from popd.node.messages import Message, from_bytes
from popd.node.messages.blobs import BlobPart, HaveBlobs, WantBlob
from popd.node.messages.comparing import Heads, Listed, Ranges
from popd.node.messages.fresh import Entries, Hints, Prefer
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.messages.live import Frame, Invite, Nonce, Offer, Reveal
from popd.node.messages.pulling import Served, WantChains, WantEntries
from popd.node.minting import Minting
from popd.node.notices import NeighbourSeen
from popd.node.pen import Pen
from popd.node.performing import Performing
from popd.node.pulling import Pulling
from popd.node.purposes import (
    ForEntry,
    ForFrame,
    ForHello,
    ForNonce,
    ForOffer,
    ForVerdict,
    OwnWindow,
)
from popd.node.receiving import Receiving
from popd.node.serving import Serving
from popd.node.spreading import ENTRY_COST_US, Spreading
from popd.node.standing import Offence, Standings
from popd.node.witnessing import Witnessing

MESSAGE_COST_US: Final = 100
"""What any message is charged with."""
BYTES_PER_COST_US: Final = 25
ROWS_PER_COST_US: Final = 4
"""How many heads are looked at in a microsecond, about."""
NEWS_COMPARED_MS: Final = 1_000
"""What a comparison brought is compared with others after this long."""


class Node:
    """The protocol as one state machine."""

    def __init__(
        self,
        params: NetworkParams,
        settings: NodeSettings,
        identity: IdentityId,
        node_key: NodeKey,
        secret: bytes,
        chance: Random,
        stored: Iterable[Statement] = (),
    ) -> None:
        """A node that has not started; `stored` are the entries that its store held."""
        self.ledger: Ledger = folded(params, stored)
        self.context = Context(params, settings, identity, node_key, secret, chance, self.ledger)
        self.standings = Standings(self.context)
        self.admission = Admission(self.context, self.standings, self._on_applied)
        self.pulling = Pulling(
            self.context,
            self.standings,
            lambda peer, wires: len(self._take(peer, wires)),
            self._on_caught_up,
            self.admission.holds,
            lambda author: True,
        )
        self.comparing = Comparing(self.context, self.pulling)
        self.serving = Serving(self.context, self.standings)
        self.spreading = Spreading(self.context, self.comparing.begin)
        self.pen = Pen(self.context, self.admission.admit, deque())
        self.blobs = Blobs(self.context, self.standings, self._on_blob)
        self.mates = Mates(self.context)
        self.performing = Performing(self.context, self.pen, self.blobs)
        self.witnessing = Witnessing(self.context, self.pen, self.blobs, self.mates)
        self.minting = Minting(self.context, self.pen)
        self.receiving = Receiving(self.context, self.pen)
        self._hello: Hello | None = None
        self._has_news = False

    def handle(self, event: Event, now_us: Microseconds) -> tuple[Effect, ...]:
        """Takes one event in at a time; returns what is to be done, in order.

        `now_us` is since 1970 and never falls from one call to the next by more than a clock's
        correction; alarms whose time has come are taken first.
        """
        self.context.now_us = now_us
        self.context.ring_alarms()
        self._dispatch(event)
        self.context.ask_to_be_woken()
        effects = tuple(self.context.outbox)
        self.context.outbox.clear()
        return effects

    def _dispatch(self, event: Event) -> None:
        match event:
            case MessageReceived():
                self._receive(event)
            case Woke():
                pass
            case SignatureMade():
                self._signed(event)
            case PlayJudged(purpose=OwnWindow() as purpose):
                self.performing.judged(purpose, event)
            case PlayJudged(purpose=ForVerdict() as purpose):
                self.witnessing.judged(purpose, event)
            case KeysPlayed():
                self.performing.play(event.keys)
            case PeerConnected():
                self._connect(event)
            case PeerDisconnected():
                self._disconnect(event.peer)
            case BlobLoaded():
                self.blobs.loaded(event.id, event.data)
            case RoundTripMeasured():
                if event.peer in self.context.peers:
                    self.context.peers[event.peer].round_trip_us = event.round_trip_us
            case StartSession():
                self.performing.start(event)
            case StopSession():
                self.performing.stop()
            case SendCoins():
                self.receiving.send(event)
            case DeclineCoins():
                self.receiving.decline(event)
            case ReconcileFork():
                self.receiving.reconcile()
            case Started():
                self._start()
            case PlayJudged():
                raise AssertionError("a judgement for nothing")
            case _:
                assert_never(event)

    def _receive(self, event: MessageReceived) -> None:
        """Takes in a message, if its sender hasn't used up what it may cost us."""
        peer = event.peer
        if not self.standings.may_speak(peer):
            return
        self.standings.spend(peer, MESSAGE_COST_US + len(event.data) // BYTES_PER_COST_US)
        try:
            message = from_bytes(event.data)
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
                self._greet(peer, message)
            case Invite():
                self.witnessing.answer_invite(peer, message)
            case Offer():
                self.performing.take_offer(peer, message)
            case Frame() | Nonce() | Reveal():
                self._take_live(peer, message)
            case _:
                assert_never(message)

    def _take_live(self, peer: NodeKey, message: Frame | Nonce | Reveal) -> None:
        """What mates say while a session is on; from anybody else it is nothing to us."""
        if not self.mates.are_mates(peer, message.session):
            return
        is_own = self.performing.is_showing(message.session)
        match message:
            case Frame():
                self.witnessing.see_frame(message)
            case Nonce():
                self.performing.take_nonce(message)
                self.witnessing.see_nonce(message)
            case Reveal():
                self.performing.take_reveal(message)
            case _:
                assert_never(message)
        if is_own and not isinstance(message, Frame):
            self.mates.pass_on(peer, message)

    def _take_fresh(self, peer: NodeKey, message: Entries) -> None:
        """Takes in entries that a peer pushed, and asks it for what they build on."""
        self.standings.spend(peer, ENTRY_COST_US * len(message.wires))
        new = self._take(peer, message.wires)
        delivered = (EntryId(digest(wire[SIGNATURE_SIZE:])) for wire in message.wires)
        self.spreading.note_delivery(peer, delivered, len(new))
        if any(self.ledger.is_waiting(entry) for entry in new):
            self.pulling.want_missing(peer)

    def _take(self, peer: NodeKey, wires: Iterable[bytes]) -> list[EntryId]:
        self.spreading.source = peer
        new = self.admission.take(peer, wires)
        self.spreading.source = None
        self.spreading.see(new)
        return new

    def _spend_rows(self, peer: NodeKey, message: Ranges | Listed | Heads) -> None:
        self.standings.spend(peer, self.comparing.rows_spanned(message) // ROWS_PER_COST_US)

    def _signed(self, event: SignatureMade) -> None:
        purpose = event.purpose
        match purpose:
            case ForEntry():
                self.pen.signed(purpose.entry, event.signature)
            case ForFrame():
                frame = Frame(
                    purpose.frame.session,
                    purpose.frame.window,
                    purpose.frame.number,
                    purpose.frame.previous,
                    purpose.frame.keys,
                    purpose.frame.root,
                    event.signature,
                )
                self.mates.tell(frame)
            case ForNonce():
                self.witnessing.nonce_signed(purpose, event.signature)
            case ForOffer():
                self.witnessing.offer_signed(purpose, event.signature)
            case ForHello():
                self._introduce(event.signature)
            case _:
                assert_never(purpose)

    def _start(self) -> None:
        subject = hello_digest(self.context.identity, self.context.node_key)
        self.context.do(Sign(ForHello(), Domain.PRESENCE, subject, None))
        if self.ledger.state(self.context.identity) is None:
            self.pen.write(
                lambda time_ms: Profile(None, is_automated=self.context.settings.is_automated)
            )
        self.comparing.start()
        for statement in [self.ledger.statements[entry] for entry in self.ledger.applied]:
            self._note(statement)
            if isinstance(statement.body, Session):
                self.witnessing.on_session(statement, statement.body)
        self.minting.resume()
        self.receiving.resume()
        self._plan_comparison()

    def _introduce(self, signature: bytes) -> None:
        settings = self.context.settings
        self._hello = Hello(self.context.identity, settings.name, settings.is_automated, signature)
        for peer in self.context.peers:
            self.context.send(peer, self._hello)

    def _connect(self, event: PeerConnected) -> None:
        peer = event.peer
        self._disconnect(peer)
        if not self.standings.connect(peer):
            return
        self.context.peers[peer] = Peer(event.presence, event.subnet)
        self.spreading.connect(peer)
        if self._hello is not None:
            self.context.send(peer, self._hello)
        if self.context.node_key < peer:
            self.comparing.begin(peer)

    def _disconnect(self, peer: NodeKey) -> None:
        if self.context.peers.pop(peer, None) is not None:
            self.standings.disconnect(peer)
            self.spreading.disconnect(peer)
            self.pulling.lose(peer)

    def _greet(self, peer: NodeKey, hello: Hello) -> None:
        known = self.context.peers.get(peer)
        subject = hello_digest(hello.identity, peer)
        network = self.context.params.name
        try:
            check_signature(hello.identity, hello.signature, network, Domain.PRESENCE, subject)
        except RejectionError as error:
            self.standings.note(peer, Offence.FORGED, error.message)
            return
        if known is not None:
            known.identity = hello.identity
            known.name = hello.name
            known.is_automated = hello.is_automated
            self.context.tell(NeighbourSeen(hello.identity))

    def _plan_comparison(self) -> None:
        interval_ms = self.context.settings.sync_interval_ms
        delay_ms = self.context.chance.randint(interval_ms // 2, interval_ms)
        self.context.call_after(delay_ms, self._compare)

    def _compare(self) -> None:
        if self.context.peers:
            self.comparing.begin(self.context.chance.choice(sorted(self.context.peers)))
        self._plan_comparison()

    def _on_caught_up(self, peer: NodeKey) -> None:
        """A peer had news for us: maybe it has more, and others lack it too."""
        self.comparing.begin(peer)
        if not self._has_news:
            self._has_news = True
            self.context.call_after(NEWS_COMPARED_MS, self._compare_news)

    def _compare_news(self) -> None:
        self._has_news = False
        for peer, feed in sorted(self.spreading.feeds.items()):
            if feed.is_eager:
                self.comparing.begin(peer)

    def _on_applied(self, statement: Statement) -> None:
        """Lets every part react to an entry that took its place."""
        self.comparing.on_applied(statement)
        self.spreading.on_applied(statement)
        self._note(statement)
        is_own = statement.entry.author == self.context.identity
        body = statement.body
        match body:
            case Session():
                self.witnessing.on_session(statement, body)
                if is_own:
                    self.performing.on_session(statement, body)
            case Block():
                self.witnessing.on_block(statement, body)
                if is_own:
                    self.minting.on_block(statement, body)
            case Attestation():
                self.minting.on_attestation(statement, body)
            case Mint() if is_own:
                self.minting.on_mint(body)
            case _:
                pass
        self.receiving.on_applied(statement)
        if is_own:
            self._hand_over(statement)

    def _note(self, statement: Statement) -> None:
        """Remembers who is in which session, and who may have which chart and evidence."""
        body = statement.body
        if isinstance(body, Session):
            self.mates.on_session(statement.id, body)
            self.blobs.note_session(body)
        elif isinstance(body, Block):
            session = self.ledger.statements.get(body.session)
            if session is not None and isinstance(session.body, Session):
                self.blobs.note_block(body, session.body)

    def _hand_over(self, statement: Statement) -> None:
        """What the other nodes of a session wait for reaches them at once."""
        for session in sessions_concerned(self.ledger, statement):
            for peer in self.mates.hand_over(statement, session):
                self.spreading.forget(peer, statement.id)

    def _on_blob(self, blob: ContentId, data: bytes) -> None:
        self.witnessing.on_blob(blob, data)


def sessions_concerned(ledger: Ledger, statement: Statement) -> frozenset[EntryId]:
    """The sessions that an entry belongs to: announcing them, their blocks, verdicts on those."""
    body = statement.body
    if isinstance(body, Session):
        return frozenset({statement.id})
    if isinstance(body, Block):
        return frozenset({body.session})
    if isinstance(body, Attestation):
        blocks = (ledger.statements[verdict.block].body for verdict in body.verdicts)
        return frozenset(block.session for block in blocks if isinstance(block, Block))
    return frozenset()
