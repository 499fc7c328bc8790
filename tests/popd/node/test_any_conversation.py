"""Whatever peers say in whatever order, the node goes on, and takes in only what is valid."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import TypeVar, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.calibration import UNCALIBRATED
from consensus.challenge import slot_holder
from consensus.entries.performance import Opening, Session
from consensus.evidence import KeyEvent, NonceEvent
from consensus.identifiers import ChartId, ContentId, EntryId, IdentityId, NodeKey, SessionKey
from consensus.parameters import PRACTICE
from consensus.presence import Presence
from consensus.signing import Domain, sign
from consensus.statement import Statement
from consensus.units import Microseconds, Milliseconds
from popd.node.duty import Choice
from popd.node.effects import Effect
from popd.node.events import (
    AppealBlock,
    Attend,
    BlobLoaded,
    Event,
    JudgeByHand,
    KeysPlayed,
    MessageReceived,
    PeerBlamed,
    PeerConnected,
    PeerDisconnected,
    RoundTripMeasured,
    StartSession,
    StopSession,
    UndoJudgement,
    UnwatchSession,
    WatchSession,
    Woke,
)
from popd.node.messages import Message, from_bytes, to_bytes
from popd.node.messages.blobs import BlobPart, HaveBlobs, WantBlob
from popd.node.messages.comparing import Head, Heads, Listed, NotNow, Ranges, Run, Span
from popd.node.messages.concerts import ConcertCard
from popd.node.messages.crowds import Applause, BallotsRefused, ConcertBallots, ConcertWords
from popd.node.messages.devices import OwnBox
from popd.node.messages.fresh import Entries, Hints, Prefer, hint_of
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.messages.judging import MAX_PONDERING_MS, Appeal, Pondering
from popd.node.messages.live import (
    Frame,
    Invite,
    Nonce,
    Offer,
    Reveal,
    frame_digest,
    nonce_digest,
)
from popd.node.messages.presence import Near, near_digest
from popd.node.messages.pulling import Served, WantChains, WantedChain, WantEntries
from popd.node.messages.restoring import HeadsAsked, HeadsTold
from popd.node.messages.rooms import (
    EchoAsked,
    EchoGiven,
    RoomId,
    RoomOpen,
    RoomSheet,
    RoomWant,
    sheet_digest,
)
from popd.node.messages.watching import MAX_DEPTH, Elsewhere, Over, Tune, Tuned, Untune
from popd.node.offences import Offence
from popd.node.room_commands import (
    ChoosePart,
    JoinRoom,
    LeaveRoom,
    OpenRoom,
    SetReady,
    StartRoom,
)
from popd.node.sheets import Sheet
from popd.rooms.sheets import edited
from simulations.scribe import (
    Performance,
    announce,
    author,
    begin,
    evidence_of,
    restored,
    seal,
    signed,
    small_chart,
)
from tests.popd.node.concert_rogues import ConcertRogues
from tests.popd.node.driven import HELLO_MS, NOW_MS, Driven, sent

T = TypeVar("T")

CHART = small_chart(10)
BLOB = ContentId(b"\4" * 32)
PAUSES_MS = (0, 1, 50, 500, 2_000, 11_000, 130_000, 700_000)
STEPS = 60


class Wires:
    """Entries that are valid, and others that are not, written once."""

    def __init__(self) -> None:
        rogues = [author(f"rogue {number}") for number in range(4)]
        self.people = rogues
        self.valid: list[Statement] = []
        twins = [restored(rogues[0]) for _ in range(3)]
        for who in (*rogues, *twins):
            self.valid += [begin(PRACTICE, who, NOW_MS - 9_000 + turn) for turn in range(5)]
        self.shows: list[Performance] = []
        for number in range(3):
            witnesses = [rogues[1], rogues[2]]
            show = announce(PRACTICE, rogues[3], witnesses, NOW_MS - 5_000 + number, 2, CHART)
            self.shows.append(show)
            self.valid.append(show.session)
        self.valid.append(begin(PRACTICE, rogues[1], NOW_MS + 5_000))
        self.blocks = [seal(PRACTICE, self.shows[-1], window, window) for window in (0, 1)]
        self.evidence = [evidence_of(PRACTICE, self.shows[-1], window) for window in (0, 1)]
        self.valid += self.blocks
        entry = self.valid[1].entry
        wrong = [
            replace(entry, network="elsewhere"),
            replace(entry, prev=EntryId(b"\7" * 32)),
            replace(entry, number=2**60),
            replace(entry, refs=(EntryId(b"\7" * 32),)),
            replace(entry, kind="mint"),
        ]
        self.wires = [statement.wire for statement in self.valid]
        self.invalid = [signed(PRACTICE, rogues[0], item) for item in wrong]
        self.invalid += [bytes(64) + self.wires[0][64:], bytes(80), self.wires[0][:-1]]


WIRES = Wires()


class Rogues:
    """Peers that say anything, half of it almost sensible."""

    def __init__(self, driven: Driven, chance: Random) -> None:
        self.driven = driven
        self.chance = chance
        self.peers = [who.node for who in WIRES.people] + [NodeKey(b"\5" * 32)]
        self.numbers = [0, 1, 2, 3, 2**32 - 1]
        driven.meet(*self.peers)
        self.performer = author("performer")
        people = [self.performer, *WIRES.people]
        self.crowd = ConcertRogues(chance, people, driven.author.id)
        self.peers.append(self.performer.node)
        self.written: list[Statement] = []
        self.played: list[EntryId] = []
        self.begin()
        self.makers: dict[type, Callable[[NodeKey], Message]] = {
            Hello: self.hello,
            Entries: lambda peer: Entries(self.wires(1)),
            Hints: lambda peer: Hints(tuple(hint_of(self.entry()) for _ in range(self.few()))),
            Prefer: lambda peer: Prefer(is_eager=self.flip()),
            Ranges: self.ranges,
            Listed: lambda peer: Listed(self.random(16), self.spans()),
            Heads: lambda peer: Heads(
                self.random(16), tuple(self.head() for _ in range(self.few())), self.spans()
            ),
            NotNow: lambda peer: NotNow(tuple(self.person() for _ in range(self.few()))),
            WantChains: lambda peer: WantChains(
                self.number(), tuple(self.chain() for _ in range(self.few()))
            ),
            WantEntries: lambda peer: WantEntries(
                self.number(), tuple(self.entry() for _ in range(self.few()))
            ),
            Served: lambda peer: Served(self.number(), self.wires(0), self.flip(), self.flip()),
            HaveBlobs: lambda peer: HaveBlobs(tuple(self.blob() for _ in range(self.few()))),
            WantBlob: lambda peer: WantBlob(self.blob(), self.pick([0, 1, 5_000, 2**18 - 1])),
            BlobPart: self.part,
            Invite: self.invite,
            Offer: self.offer,
            Frame: self.frame,
            Nonce: self.nonce,
            Reveal: lambda peer: Reveal(
                self.session(), self.pick([0, 1, 29]), self.pick([0, 1, 63]), self.random(32)
            ),
            Tune: lambda peer: Tune(self.session()),
            Untune: lambda peer: Untune(self.session()),
            Tuned: lambda peer: Tuned(self.session(), self.pick([1, MAX_DEPTH])),
            Elsewhere: lambda peer: Elsewhere(
                self.session(), tuple(self.pick(self.peers) for _ in range(self.few()))
            ),
            Over: lambda peer: Over(self.session()),
            Pondering: lambda peer: Pondering(self.block(), self.pick([0, 1, MAX_PONDERING_MS])),
            Appeal: lambda peer: Appeal(self.block()),
            Near: self.near,
            RoomOpen: lambda peer: RoomOpen(
                self.room(), "a song", ChartId(BLOB), 3, self.flip(), self.chance.random() < 0.2
            ),
            RoomSheet: self.sheet,
            RoomWant: lambda peer: RoomWant(
                self.room(), tuple((self.person(), 1) for _ in range(self.few()))
            ),
            EchoAsked: lambda peer: EchoAsked(self.room(), self.moment()),
            EchoGiven: lambda peer: EchoGiven(self.room(), self.moment(), self.moment()),
            HeadsAsked: lambda peer: HeadsAsked(self.person()),
            HeadsTold: lambda peer: HeadsTold(
                self.person(), tuple(self.entry() for _ in range(self.few()))
            ),
            OwnBox: lambda peer: OwnBox(bytes(self.chance.getrandbits(8) for _ in range(60))),
            ConcertCard: lambda peer: self.crowd.card(self.session()),
            ConcertBallots: lambda peer: self.crowd.ballots(),
            BallotsRefused: lambda peer: self.crowd.refused(),
            ConcertWords: lambda peer: self.crowd.words(),
            Applause: lambda peer: self.crowd.applause(),
        }

    def begin(self) -> None:
        """One rogue is a performer whom the node witnesses: what is said of a play counts."""
        who = self.performer
        self.driven.meet(who.node)
        subject = hello_digest(who.id, who.node, HELLO_MS)
        signature = sign(who.seed, PRACTICE.name, Domain.HELLO, subject)
        self.driven.say(Hello(who.id, "", False, HELLO_MS, signature), who.node)
        self.written = [begin(PRACTICE, who, NOW_MS - 9_000)]
        self.driven.say(Entries((self.written[0].wire,)), who.node)
        self.announce()

    def announce(self) -> None:
        """The performer invites the node and announces a session, with whatever it plays."""
        who, driven = self.performer, self.driven
        invite = Invite(who.id, self.random(16), self.pick([CHART.id, ChartId(BLOB)]), 2)
        offers = [m for m in sent(driven.say(invite, who.node)) if isinstance(m, Offer)]
        for offer in offers:
            opening = Opening(offer.candidate, driven.author.node, offer.anchor, offer.signature)
            body = Session(
                performer_node=who.node,
                nonce=invite.nonce,
                session_key=SessionKey(who.id),
                chart=invite.chart,
                calibration=UNCALIBRATED,
                start_ms=Milliseconds(driven.now_ms),
                windows=2,
                tags=(),
                performers=(),
                openings=(opening,),
            )
            statement = who.write(PRACTICE, driven.now_ms, body)
            self.played.append(statement.id)
            self.written.append(statement)
            driven.say(Entries((statement.wire,)), who.node)

    def step(self) -> list[Effect]:
        """Something happens."""
        if self.chance.randrange(30) == 0:
            self.announce()
        peer = self.pick(self.peers)
        match self.chance.randrange(40):
            case 0 | 7 | 8:
                return self.driven.give(PeerConnected(peer, Presence.REMOTE, self.pick(["", "a"])))
            case 1:
                return self.driven.give(PeerDisconnected(peer))
            case 2:
                return self.driven.give(RoundTripMeasured(peer, self.pick([0, 5, 10**9])))
            case 3:
                return self.driven.wait(self.pick(PAUSES_MS))
            case 4:
                return self.driven.give(self.command())
            case 5:
                return self.driven.give(PeerBlamed(peer, self.pick(list(Offence)), "bytes"))
            case 6:
                blob = self.blob()
                return self.driven.give(BlobLoaded(blob, self.data(blob)))
            case _:
                return self.say_from(peer)

    def say_from(self, peer: NodeKey) -> list[Effect]:
        """A peer says something, whether it is connected or not."""
        make = self.makers[self.pick(list(self.makers))]
        return self.driven.give(MessageReceived(peer, self.told(make(peer))))

    def told(self, message: Message) -> bytes:
        """As it travels, now and then not quite."""
        data = to_bytes(message)
        if self.chance.randrange(60) == 0:
            return data[: self.chance.randrange(len(data))]
        return data

    def command(self) -> Event:
        """What the user does meanwhile."""
        commands: tuple[Event, ...] = (
            StartSession(CHART, self.random(16), self.random(32), ()),
            KeysPlayed((KeyEvent(1_000, 0, True), KeyEvent(2_000, 0, False))),
            StopSession(),
            Woke(),
            WatchSession(self.session()),
            UnwatchSession(self.session()),
            Attend(self.flip()),
            JudgeByHand(self.block(), self.pick(list(Choice))),
            UndoJudgement(self.block()),
            AppealBlock(self.block()),
            OpenRoom(self.room(), "a song of mine", CHART, "all of it"),
            JoinRoom(self.room()),
            LeaveRoom(),
            ChoosePart(CHART, ""),
            SetReady(self.flip()),
            StartRoom(),
            *(self.crowd.command() for _ in range(4)),
        )
        return self.pick(commands)

    def hello(self, peer: NodeKey) -> Hello:
        who = self.pick(WIRES.people)
        subject = hello_digest(
            who.id, self.pick([peer, peer, peer, self.peers[0]]), Milliseconds(NOW_MS)
        )
        signature = sign(who.seed, PRACTICE.name, Domain.HELLO, subject)
        return Hello(who.id, self.pick(["", "Ana", "\x1b[2J\n"]), self.flip(), HELLO_MS, signature)

    def ranges(self, peer: NodeKey) -> Ranges:
        edges = [b"", *sorted({self.random(self.pick([1, 2, 32])) for _ in range(self.few())}), b""]
        return Ranges(self.random(16), (Run(tuple(edges), (self.random(8),) * (len(edges) - 1)),))

    def spans(self) -> tuple[Span, ...]:
        edges = [b"", *sorted({self.random(self.pick([1, 3])) for _ in range(self.few())}), b""]
        return tuple(
            Span(low, high, tuple(self.random(8) for _ in range(self.chance.randrange(5))))
            for low, high in pairwise(edges)
        )

    def part(self, peer: NodeKey) -> BlobPart:
        blob = self.blob()
        data = self.pick([self.data(blob), self.random(40), b""])[:30_000]
        size = self.pick([0, len(data), 50, 2**18])
        return BlobPart(blob, size, self.pick([0, 0, 0, 20]), data)

    def invite(self, peer: NodeKey) -> Invite:
        known = self.driven.node.context.peers.get(peer)
        who = self.person() if known is None or known.identity is None else known.identity
        return Invite(who, self.random(16), CHART.id, self.pick([1, 30]))

    def offer(self, peer: NodeKey) -> Offer:
        invitation = self.driven.node.performing.invitation
        nonce = self.random(16) if invitation is None else invitation.command.nonce
        who = self.pick(WIRES.people)
        return Offer(nonce, who.id, self.random(32), self.random(64))

    def block(self) -> EntryId:
        return self.pick([*WIRES.blocks, *WIRES.valid]).id

    def near(self, peer: NodeKey) -> Near:
        draft = Near(
            self.pick(list(Presence)), self.pick([0, 60_000_000]), 0, Milliseconds(1), bytes(64)
        )
        who = self.pick([self.performer, *WIRES.people])
        subject = near_digest(draft, peer, self.driven.author.node)
        return replace(draft, signature=sign(who.seed, PRACTICE.name, Domain.PRESENCE, subject))

    def frame(self, peer: NodeKey) -> Frame:
        draft = Frame(
            self.session(),
            self.pick([0, 1, 29]),
            self.pick([0, 1, 10_000]),
            self.random(32),
            (KeyEvent(self.pick([0, 2**40]), self.pick([0, 255]), True),),
            self.pick([(), (NonceEvent(self.pick([0, 2**40]), 63, self.random(16)),)]),
            self.pick([b"", self.random(32)]),
            bytes(64),
        )
        seed = self.pick([self.performer, self.performer, *WIRES.people]).seed
        return replace(
            draft, signature=sign(seed, PRACTICE.name, Domain.FRAME, frame_digest(draft))
        )

    def nonce(self, peer: NodeKey) -> Nonce:
        session, window, slot = self.session(), self.pick([0, 29]), self.pick([0, 1, 63])
        position = slot_holder(session, window, slot, 2)
        own = self.driven.author
        who = own if session in self.played else WIRES.people[1 + position]
        value = self.random(16)
        subject = nonce_digest(session, window, slot, value)
        return Nonce(
            session, window, slot, value, sign(who.seed, PRACTICE.name, Domain.NONCE, subject)
        )

    def room(self) -> RoomId:
        mine = self.driven.node.rooming.room
        rooms = [RoomId(bytes(16)), RoomId(self.random(16))]
        return self.pick(rooms if mine is None else [mine.id, mine.id, *rooms])

    def moment(self) -> Microseconds:
        now_us = self.driven.now_ms * 1_000
        return Microseconds(self.pick([0, now_us, now_us - 1_000, 2**50]))

    def sheet(self, peer: NodeKey) -> RoomSheet:
        """Of one of the rogues, most often; the document is none now and then."""
        own, room, number = self.driven.author, self.room(), self.pick([1, 2, 2**48])
        known = self.driven.node.context.peers.get(peer)
        people = [who for who in WIRES.people if known and known.identity == who.id]
        who = self.pick([*people * 3, *WIRES.people, own])
        sheet = Sheet(
            members=frozenset({own.id, who.id}),
            players=frozenset({own.id}),
            t0_ms=self.pick([0, self.driven.now_ms + 7_000, 2**48]),
            is_over=self.chance.random() < 0.1,
            is_here=self.flip(),
            is_ready=self.flip(),
        )
        document = self.pick([edited(b"", sheet, 1)] * 9 + [self.random(50)])
        subject = sheet_digest(room, who.id, number, document)
        signature = sign(who.seed, PRACTICE.name, Domain.ROOM, subject)
        return RoomSheet(room, who.id, number, document, signature)

    def chain(self) -> WantedChain:
        return WantedChain(self.entry(), tuple(self.entry() for _ in range(self.pick([0, 1, 4]))))

    def head(self) -> Head:
        if self.flip():
            return Head(self.person(), self.entry())
        statement = self.pick(WIRES.valid)
        return Head(statement.entry.author, statement.id)

    def number(self) -> int:
        """A request, most often one that the node made."""
        asked: list[int] = list(range(self.driven.node.pulling.numbered + 1))
        return self.pick([*self.numbers, *asked])

    def entry(self) -> EntryId:
        mine = list(self.driven.node.ledger.applied)[:3]
        return self.pick([*mine, self.pick(WIRES.valid).id, EntryId(self.random(32))])

    def session(self) -> EntryId:
        mine = list(self.driven.node.mates.nodes)
        shows = [show.session.id for show in WIRES.shows]
        return self.pick([*mine, *self.played[-1:], *shows, self.entry()])

    def person(self) -> IdentityId:
        own = self.driven.author.id
        return self.pick([own, self.pick(WIRES.people).id, IdentityId(self.random(32))])

    def blob(self) -> ContentId:
        wanted = list(self.driven.node.blobs.wanted)
        evidence = [item.id for item in WIRES.evidence]
        return self.pick([*wanted, ContentId(CHART.id), *evidence, ContentId(self.random(32))])

    def data(self, blob: ContentId) -> bytes:
        known: dict[ContentId, bytes] = {e.id: e.to_bytes() for e in WIRES.evidence}
        known[CHART.id] = CHART.to_bytes()
        return known.get(blob, b"rubbish")

    def few(self) -> int:
        return self.pick([1, 1, 2, 7])

    def flip(self) -> bool:
        return self.chance.random() < 0.5

    def random(self, size: int) -> bytes:
        return self.chance.randbytes(size)

    def pick(self, items: Sequence[T]) -> T:
        return self.chance.choice(items)

    def wires(self, least: int) -> tuple[bytes, ...]:
        """Entries, rarely one among them that can't be."""
        known = self.chance.sample(WIRES.wires, self.chance.randint(least, 12))
        if self.chance.randrange(20) == 0:
            known.append(self.pick(WIRES.invalid))
        return tuple(known)


def test_every_kind_of_message_is_said() -> None:
    rogues = Rogues(Driven(), Random(0))
    assert set(rogues.makers) == set(get_args(Message))
    for kind, make in rogues.makers.items():
        assert type(from_bytes(to_bytes(make(rogues.peers[0])))) is kind


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_no_conversation_ends_the_node_and_only_valid_entries_are_taken_in(seed: int) -> None:
    driven = Driven()
    rogues = Rogues(driven, Random(seed))
    own = driven.author.id
    valid = {statement.id for statement in WIRES.valid}
    for _ in range(STEPS):
        gone = [peer for peer in rogues.peers if peer not in driven.node.standings.of]
        if gone:
            before = driven.node.ledger.digest()
            rogues.say_from(rogues.pick(gone))
            assert driven.node.ledger.digest() == before
        rogues.step()
    ledger = driven.node.ledger
    written = {entry for entry in ledger.applied if ledger.statements[entry].entry.author == own}
    valid |= {statement.id for statement in rogues.written}
    assert ledger.applied - written <= valid
    assert len(ledger.chain(ledger.state(own).head)) == len(written)  # type: ignore[union-attr]
    assert all(ban.incidents for ban in driven.node.standings.bans.values())
