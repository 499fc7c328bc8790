"""The node: every event goes in here with the time, and effects come out. No I/O, no clock."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from random import Random  # noqa: TID251 (the type of an argument)
from types import MappingProxyType
from typing import assert_never

from consensus.entries.chains import Profile
from consensus.entries.performance import Session
from consensus.identifiers import ContentId, EntryId, IdentityId, NodeKey
from consensus.ledger import Ledger, folded
from consensus.parameters import NetworkParams
from consensus.statement import Statement
from consensus.units import Microseconds, Milliseconds
from popd.node.admission import Admission
from popd.node.air import Air
from popd.node.blobs import Blobs
from popd.node.borrowing import Borrowing
from popd.node.commanding import Commanding
from popd.node.comparing import Comparing
from popd.node.concerting import Concerting
from popd.node.context import Context, NodeSettings, Peer
from popd.node.disputing import Disputing
from popd.node.effects import Effect
from popd.node.elsewhere import Elsewhere
from popd.node.events import (
    BlobLoaded,
    Command,
    Event,
    MessageReceived,
    PathChanged,
    PeerBlamed,
    PeerConnected,
    PeerDisconnected,
    PlayJudged,
    RoundTripMeasured,
    SignatureMade,
    Started,
    TrustChanged,
    Woke,
)
from popd.node.greeting import Greeting
from popd.node.hearing import Hearing
from popd.node.judging import Judging
from popd.node.keeping import Keeping
from popd.node.lending import Lending
from popd.node.mates import Mates
from popd.node.minting import Minting
from popd.node.nearness import Nearby
from popd.node.own_effects import Confided, DeviceForgotten
from popd.node.pen import Pen
from popd.node.pen_words import (
    PenAsked,
    PenUnasked,
)
from popd.node.performing import Performing
from popd.node.pulling import Pulling
from popd.node.purposes import (
    ForBallots,
    ForCard,
    ForEntry,
    ForFrame,
    ForHello,
    ForNear,
    ForNonce,
    ForOffer,
    ForReading,
    ForSheet,
    ForVerdict,
    OwnWindow,
)
from popd.node.reacting import Reacting
from popd.node.receiving import Receiving
from popd.node.restoring import Restoring
from popd.node.rooming import Rooming
from popd.node.rounds import Rounds
from popd.node.serving import Serving
from popd.node.sheet_effects import SheetEdited, SheetRead, SheetRefused
from popd.node.spectating import Spectating
from popd.node.spreading import Spreading
from popd.node.standing import Standings
from popd.node.watching import Watching
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
        notes: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """A node that has not started; `stored` and `notes` are what its store held."""
        self.ledger: Ledger = folded(params, stored)
        self.context = Context(params, settings, identity, node_key, secret, chance, self.ledger)
        self.standings = Standings(self.context)
        self.keeping = Keeping(self.context, lambda going: self.reacting.on_forgotten(going))
        self.admission = Admission(
            self.context,
            self.standings,
            self.keeping,
            lambda statement: self.reacting.on_applied(statement),
        )
        self.pulling = Pulling(
            self.context,
            self.standings,
            lambda peer, wires: self.hearing.take(peer, wires, is_pushed=False),
            lambda peer: self.comparing.begin(peer),
            lambda: self.rounds.on_old_news(),
            self.admission.holds,
            self.admission.lacking,
            self.keeping.is_whole,
        )
        self.comparing = Comparing(self.context, self.pulling, self.keeping)
        self.serving = Serving(self.context, self.standings)
        self.spreading = Spreading(self.context, self.comparing.begin)
        self.rounds = Rounds(self.context, self.comparing, self.spreading)
        self.elsewhere = Elsewhere(self.context)
        self.pen = Pen(self.context, self._admit_own, deque(), is_held=settings.is_restored)
        self.blobs = Blobs(self.context, self.standings, self._on_blob)
        self.mates = Mates(self.context)
        self.disputing = Disputing(self.context, self.pen, lambda: self.receiving.resume())
        refuses = self.disputing.has_diverged
        self.performing = Performing(
            self.context,
            self.pen,
            self.blobs,
            refuses,
            self._on_play_over,
            lambda: self.concerting.terms(),
        )
        self.nearby = Nearby(self.context, self.standings)
        self.air = Air(self.context)
        self.watching = Watching(self.context, self.blobs, self.air, self._on_left)
        self.witnessing = Witnessing(self.context, self.mates, self.watching, refuses)
        self.judging = Judging(
            self.context, self.pen, self.blobs, self.watching, self.nearby, refuses
        )
        self.spectating = Spectating(
            self.context, self.mates, self.air, self.watching, self.performing
        )
        self.minting = Minting(self.context, self.pen, self.nearby)
        self.receiving = Receiving(self.context, self.pen, refuses)
        self.greeting = Greeting(self.context, self.standings)
        self.rooming = Rooming(
            self.context, self.standings, self.blobs, lambda: self.performing.is_busy
        )
        self.concerting = Concerting(
            self.context,
            self.standings,
            self.keeping,
            self.nearby,
            self.blobs,
            self.pen,
            self.minting,
            self.performing,
            notes,
        )
        self.restoring = Restoring(
            self.context, self.pen, self.pulling, lambda: self.receiving.reconcile(is_command=False)
        )
        self.reacting = Reacting(
            self.context,
            self.comparing,
            self.spreading,
            self.mates,
            self.blobs,
            self.air,
            self.witnessing,
            self.rooming,
            self.performing,
            self.judging,
            self.minting,
            self.receiving,
            self.disputing,
            self.concerting,
            self.pen,
            self.elsewhere,
        )
        self.commanding = Commanding(
            self.pen,
            self.performing,
            self.spectating,
            self.judging,
            self.minting,
            self.receiving,
            self.disputing,
            self.keeping,
            self.rooming,
            self.concerting,
            self.restoring,
        )
        self.hearing = Hearing(
            self.context,
            self.standings,
            self.greeting,
            self.admission,
            self.spreading,
            self.comparing,
            self.pulling,
            self.serving,
            self.blobs,
            self.mates,
            self.performing,
            self.witnessing,
            self.watching,
            self.spectating,
            self.judging,
            self.minting,
            self.nearby,
            self.rooming,
            self.concerting,
            self.restoring,
        )
        self.lending: Lending | None = None
        self.borrowing: Borrowing | None = None
        if settings.pen_node is None:
            self.lending = Lending(self.context, self.pen, self.comparing)
            self.pen.lend = self.lending.serve
        else:
            take = partial(self.hearing.take, is_pushed=False)
            self.borrowing = Borrowing(
                self.context, self.pen, settings.pen_node, self.pulling, take
            )
            self.pen.ask = self.borrowing.ask

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
        if isinstance(event, Command):
            self.commanding.follow(event)
            return
        match event:
            case MessageReceived():
                self.hearing.hear(event.peer, event.data)
            case Woke():
                pass
            case SignatureMade():
                self._signed(event)
            case PlayJudged(purpose=OwnWindow() as purpose):
                self.performing.judged(purpose, event)
            case PlayJudged(purpose=ForVerdict() as purpose):
                self.judging.judged(purpose, event)
            case PlayJudged(purpose=ForReading() as purpose):
                self.watching.read(purpose, event)
            case PeerConnected():
                self._connect(event)
            case PeerDisconnected():
                self._disconnect(event.peer)
            case PeerBlamed():
                self.standings.blame(event.peer, event.offence, event.detail)
            case BlobLoaded():
                self.blobs.loaded(event.id, event.data)
            case RoundTripMeasured():
                self.nearby.measured(event.peer, event.round_trip_us)
            case PathChanged():
                self.nearby.repath(event.peer, event.presence)
            case TrustChanged():
                self.keeping.trust(event.trusted)
            case Started():
                self._start()
            case Confided():
                self._hear_device(event)
            case DeviceForgotten():
                if self.lending is not None:
                    self.lending.forget(event.peer)
            case SheetRead() | SheetRefused() | SheetEdited():
                self.rooming.sheet_done(event)
            case PlayJudged():
                raise AssertionError("a judgement for nothing")
            case _:
                assert_never(event)

    def _signed(self, event: SignatureMade) -> None:
        purpose = event.purpose
        match purpose:
            case ForEntry():
                self.pen.signed(purpose.entry, event.signature)
            case ForFrame():
                frame = replace(purpose.frame, signature=event.signature)
                self.mates.tell(frame)
                self.spectating.pass_on(frame)
            case ForNonce():
                self.witnessing.nonce_signed(purpose, event.signature)
            case ForOffer():
                self.witnessing.offer_signed(purpose, event.signature)
            case ForHello():
                self.greeting.introduce(purpose, event.signature)
            case ForNear():
                self.nearby.claim_signed(purpose, event.signature)
            case ForSheet():
                self.rooming.sheet_signed(purpose, event.signature)
            case ForCard() | ForBallots():
                self.concerting.signed(purpose, event.signature)
            case _:
                assert_never(purpose)

    def _admit_own(self, statement: Statement) -> None:
        self.elsewhere.write(statement.id)
        self.admission.admit(statement)

    def _start(self) -> None:
        self.elsewhere.start()
        self.greeting.start()
        is_companion = self.context.settings.is_companion
        if self.ledger.state(self.context.identity) is None and not is_companion:
            self.pen.write(self._profile)
        self.comparing.start()
        statements = list(self.ledger.statements.values())
        for statement in (one for one in statements if one.id in self.ledger.applied):
            self.reacting.note(statement)
            if isinstance(statement.body, Session):
                self.air.on_session(statement, statement.body)
                self.witnessing.on_session(statement, statement.body)
        self.keeping.start()
        self.blobs.prune()
        self.minting.resume()
        self.receiving.resume()
        self.concerting.start()
        self.restoring.start()
        self.rounds.plan()

    def _profile(self, time_ms: Milliseconds) -> Profile | None:
        """The first entry, unless the chain turned out to be there."""
        if self.ledger.state(self.context.identity) is not None:
            return None
        return Profile(None, is_automated=self.context.settings.is_automated)

    def _connect(self, event: PeerConnected) -> None:
        peer = event.peer
        self._disconnect(peer)
        if not self.standings.connect(peer):
            return
        self.context.peers[peer] = Peer(event.subnet)
        self.nearby.connect(peer, event.presence)
        self.spreading.connect(peer)
        self.pulling.meet(peer)
        self.greeting.meet(peer)
        self.rooming.meet(peer)
        self.concerting.meet(peer)
        self.restoring.meet(peer)
        if self.borrowing is not None:
            self.borrowing.meet(peer)
        if self.context.node_key < peer:
            self.comparing.begin(peer)

    def _disconnect(self, peer: NodeKey) -> None:
        if self.context.peers.pop(peer, None) is not None:
            self.standings.disconnect(peer)
            self.nearby.disconnect(peer)
            self.spectating.disconnect(peer)
            self.spreading.disconnect(peer)
            self.comparing.disconnect(peer)
            self.pulling.lose(peer)
            self.rooming.lose(peer)

    def _hear_device(self, event: Confided) -> None:
        """Another device of the same user wants something written, or answers."""
        if isinstance(event.word, PenAsked | PenUnasked):
            if self.lending is not None:
                self.lending.hear(event.peer, event.word)
        elif self.borrowing is not None:
            self.borrowing.hear(event.peer, event.word)

    def _on_blob(self, blob: ContentId, data: bytes) -> None:
        for watch in self.watching.on_blob(blob, data):
            self.judging.on_chart(watch)
        self.judging.on_blob(blob, data)
        self.concerting.on_blob(blob, data)

    def _on_left(self, session: EntryId) -> None:
        """A session is not followed any more."""
        self.judging.left(session)
        self.spectating.left(session)

    def _on_play_over(self, session: EntryId) -> None:
        """The user's own performance is over."""
        self.spectating.say_over(session)
