"""The node: every event goes in here with the time, and effects come out. No I/O, no clock."""

from collections import deque
from collections.abc import Iterable
from random import Random  # noqa: TID251 (the type of an argument)
from typing import assert_never

from consensus.entries.attestation import Attestation
from consensus.entries.chains import Profile
from consensus.entries.performance import Block, Mint, Session
from consensus.identifiers import ContentId, IdentityId, NodeKey
from consensus.ledger import Ledger, folded
from consensus.parameters import NetworkParams
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from consensus.statement import Statement
from consensus.units import Microseconds
from popd.node.admission import Admission
from popd.node.blobs import Blobs
from popd.node.comparing import Comparing
from popd.node.context import Context, NodeSettings, Peer
from popd.node.effects import Blame, Effect, Sign
from popd.node.events import (
    DeclineCoins,
    Event,
    KeysPlayed,
    MessageReceived,
    PeerConnected,
    PeerDisconnected,
    PinsChanged,
    PlayJudged,
    ReconcileFork,
    RoundTripMeasured,
    SendCoins,
    SignatureMade,
    Started,
    StartSession,
    StopSession,
    TrustChanged,
    Woke,
)
from popd.node.keeping import Keeping
from popd.node.messages import (
    Blob,
    Entries,
    Frame,
    Heads,
    Hello,
    Invite,
    Message,
    Nonce,
    Offer,
    Ranges,
    Reveal,
    WantBlob,
    WantChain,
    WantEntries,
    from_bytes,
    hello_digest,
)
from popd.node.minting import Minting
from popd.node.notices import NeighbourSeen
from popd.node.pen import Pen
from popd.node.performing import Performing
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
from popd.node.witnessing import Witnessing


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
        self.keeping = Keeping(self.context)
        self.admission = Admission(self.context, self.keeping, self._on_applied)
        self.pen = Pen(self.context, self.admission.admit, deque())
        self.blobs = Blobs(self.context, self._on_blob)
        self.comparing = Comparing(self.context)
        self.performing = Performing(self.context, self.pen, self.blobs)
        self.witnessing = Witnessing(self.context, self.pen, self.blobs)
        self.minting = Minting(self.context, self.pen)
        self.receiving = Receiving(self.context, self.pen)
        self._hello: Hello | None = None

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
                self.context.peers.pop(event.peer, None)
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
            case TrustChanged():
                self.keeping.trust(event.trusted)
            case PinsChanged():
                self.keeping.pin(event.pinned)
            case Started():
                self._start()
            case PlayJudged():
                raise AssertionError("a judgement for nothing")
            case _:
                assert_never(event)

    def _receive(self, event: MessageReceived) -> None:
        try:
            message = from_bytes(event.data)
        except RejectionError as error:
            self.context.do(Blame(event.peer, error.reason))
            return
        self._take(event.peer, message)

    def _take(self, peer: NodeKey, message: Message) -> None:
        match message:
            case Entries():
                self.admission.take(peer, message.wires)
            case Frame():
                self.witnessing.see_frame(message)
            case Nonce():
                self.performing.take_nonce(message)
                self.witnessing.see_nonce(message)
            case Reveal():
                self.performing.take_reveal(message)
            case Hello():
                self._greet(peer, message)
            case Invite():
                self.witnessing.answer_invite(peer, message)
            case Offer():
                self.performing.take_offer(peer, message)
            case WantBlob():
                self.blobs.serve(peer, message)
            case Blob():
                self.blobs.receive(message.data)
            case WantEntries():
                self.comparing.serve_entries(peer, message)
            case WantChain():
                self.comparing.serve_chain(peer, message)
            case Ranges():
                self.comparing.compare(peer, message)
            case Heads():
                self.comparing.pull(peer, message)
            case _:
                assert_never(message)

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
                self.context.publish(frame, is_live=True)
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
        for statement in list(self.ledger.statements.values()):
            if isinstance(statement.body, Block) and statement.id in self.ledger.applied:
                self.blobs.note_block(
                    statement.body, self.ledger.statements[statement.body.session]
                )
            elif isinstance(statement.body, Session):
                self.witnessing.on_session(statement, statement.body)
        self.keeping.start()
        self.minting.resume()
        self.receiving.resume()
        self._plan_comparison()

    def _introduce(self, signature: bytes) -> None:
        settings = self.context.settings
        self._hello = Hello(self.context.identity, settings.name, settings.is_automated, signature)
        for peer in self.context.peers:
            self.context.send(peer, self._hello)

    def _connect(self, event: PeerConnected) -> None:
        self.context.peers[event.peer] = Peer(event.presence, subnet=event.subnet)
        if self._hello is not None:
            self.context.send(event.peer, self._hello)
        self.comparing.begin(event.peer)

    def _greet(self, peer: NodeKey, hello: Hello) -> None:
        known = self.context.peers.get(peer)
        subject = hello_digest(hello.identity, peer)
        network = self.context.params.name
        try:
            check_signature(hello.identity, hello.signature, network, Domain.PRESENCE, subject)
        except RejectionError as error:
            self.context.do(Blame(peer, error.reason))
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

    def _on_applied(self, statement: Statement) -> None:
        """Lets every part react to an entry that took its place."""
        is_own = statement.entry.author == self.context.identity
        body = statement.body
        match body:
            case Session():
                self.witnessing.on_session(statement, body)
                if is_own:
                    self.performing.on_session(statement, body)
            case Block():
                self.blobs.note_block(body, self.ledger.statements[body.session])
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

    def _on_blob(self, blob: ContentId, data: bytes) -> None:
        self.witnessing.on_blob(blob, data)
