"""Whatever peers say in whatever order, the node goes on, and takes in only what is valid."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.challenge import slot_holder
from consensus.encoding import encode
from consensus.entries.performance import Session
from consensus.evidence import KeyEvent
from consensus.identifiers import ContentId, EntryId, IdentityId, NodeKey
from consensus.parameters import PRACTICE
from consensus.presence import Presence
from consensus.signing import Domain, sign
from consensus.statement import Statement
from popd.node.effects import Effect, Part
from popd.node.events import (
    BlobLoaded,
    Event,
    KeysPlayed,
    MessageReceived,
    PeerBlamed,
    PeerConnected,
    PeerDisconnected,
    RoundTripMeasured,
    StartSession,
    StopSession,
    Woke,
)
from popd.node.messages import Message, from_bytes, to_bytes
from popd.node.messages.blobs import BlobPart, HaveBlobs, WantBlob
from popd.node.messages.comparing import Head, Heads, Listed, NotNow, Ranges, Run, Span
from popd.node.messages.fresh import Entries, Hints, Prefer, hint_of
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.messages.live import (
    Frame,
    Invite,
    Nonce,
    Offer,
    Reveal,
    frame_digest,
    nonce_digest,
)
from popd.node.messages.pulling import Served, WantChains, WantedChain, WantEntries
from popd.node.offences import Offence
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
from tests.popd.node.driven import NOW_MS, Driven

CHART = small_chart(10)
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
        self.wires += [signed(PRACTICE, rogues[0], item) for item in wrong]
        self.wires += [bytes(64) + self.wires[0][64:], bytes(80), self.wires[0][:-1]]


WIRES = Wires()


class Rogues:
    """Peers that say anything, half of it almost sensible."""

    def __init__(self, driven: Driven, chance: Random) -> None:
        self.driven = driven
        self.chance = chance
        self.peers = [who.node for who in WIRES.people] + [NodeKey(b"\5" * 32)]
        self.numbers = [0, 1, 2, 3, 2**32 - 1]
        self.sessions: list[tuple[Performance, Session, EntryId]] = []
        self.seen: list[bytes] = []
        self.makers: dict[type, Callable[[NodeKey], Message]] = {
            Hello: self.hello,
            Entries: lambda peer: Entries(tuple(self.some(WIRES.wires, 1, 12))),
            Hints: lambda peer: Hints(tuple(hint_of(self.entry()) for _ in range(self.few()))),
            Prefer: lambda peer: Prefer(is_eager=self.flip()),
            Ranges: self.ranges,
            Listed: lambda peer: Listed(self.bytes(16), self.spans()),
            Heads: lambda peer: Heads(
                self.bytes(16), tuple(self.head() for _ in range(self.few())), self.spans()
            ),
            NotNow: lambda peer: NotNow(tuple(self.person() for _ in range(self.few()))),
            WantChains: lambda peer: WantChains(
                self.number(), tuple(self.chain() for _ in range(self.few()))
            ),
            WantEntries: lambda peer: WantEntries(
                self.number(), tuple(self.entry() for _ in range(self.few()))
            ),
            Served: lambda peer: Served(
                self.number(), tuple(self.some(WIRES.wires, 0, 12)), self.flip(), self.flip()
            ),
            HaveBlobs: lambda peer: HaveBlobs(tuple(self.blob() for _ in range(self.few()))),
            WantBlob: lambda peer: WantBlob(self.blob(), self.pick([0, 1, 5_000, 2**18 - 1])),
            BlobPart: self.part,
            Invite: self.invite,
            Offer: self.offer,
            Frame: self.frame,
            Nonce: self.nonce,
            Reveal: lambda peer: Reveal(
                self.session(), self.pick([0, 1, 29]), self.pick([0, 1, 63]), self.bytes(32)
            ),
        }

    def step(self) -> list[Effect]:
        """Something happens."""
        peer = self.pick(self.peers)
        match self.chance.randrange(24):
            case 0:
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
                kind = self.pick(list(self.makers))
                return self.driven.give(MessageReceived(peer, self.told(self.makers[kind](peer))))

    def told(self, message: Message) -> bytes:
        """As it travels, now and then not quite."""
        data = to_bytes(message)
        if self.chance.randrange(60) == 0:
            return data[: self.chance.randrange(len(data))]
        return data

    def command(self) -> Event:
        """What the user does meanwhile."""
        return self.pick(
            [
                StartSession(CHART, self.bytes(16), self.bytes(32), ()),
                KeysPlayed((KeyEvent(1_000, 0, True), KeyEvent(2_000, 0, False))),
                StopSession(),
                Woke(),
            ]
        )

    def hello(self, peer: NodeKey) -> Hello:
        who = self.pick(WIRES.people)
        subject = hello_digest(who.id, self.pick([peer, peer, peer, self.peers[0]]))
        signature = sign(who.seed, PRACTICE.name, Domain.PRESENCE, subject)
        return Hello(who.id, self.pick(["", "Ana", "\x1b[2J\n"]), self.flip(), signature)

    def ranges(self, peer: NodeKey) -> Ranges:
        edges = [b"", *sorted({self.bytes(self.pick([1, 2, 32])) for _ in range(self.few())}), b""]
        return Ranges(self.bytes(16), (Run(tuple(edges), (self.bytes(8),) * (len(edges) - 1)),))

    def spans(self) -> tuple[Span, ...]:
        edges = [b"", *sorted({self.bytes(self.pick([1, 3])) for _ in range(self.few())}), b""]
        return tuple(
            Span(low, high, tuple(self.bytes(8) for _ in range(self.chance.randrange(5))))
            for low, high in pairwise(edges)
        )

    def part(self, peer: NodeKey) -> BlobPart:
        blob = self.blob()
        data = self.pick([self.data(blob), self.bytes(40), b""])[:30_000]
        size = self.pick([0, len(data), 50, 2**18])
        return BlobPart(blob, size, self.pick([0, 0, 0, 20]), data)

    def invite(self, peer: NodeKey) -> Invite:
        known = self.driven.node.context.peers.get(peer)
        who = self.person() if known is None or known.identity is None else known.identity
        return Invite(who, self.bytes(16), CHART.id, self.pick([1, 30]))

    def offer(self, peer: NodeKey) -> Offer:
        invitation = self.driven.node.performing.invitation
        nonce = self.bytes(16) if invitation is None else invitation.command.nonce
        who = self.pick(WIRES.people)
        return Offer(nonce, who.id, self.bytes(32), self.bytes(64))

    def frame(self, peer: NodeKey) -> Frame:
        draft = Frame(
            self.session(),
            self.pick([0, 1, 29]),
            self.pick([0, 1, 10_000]),
            self.bytes(32),
            (KeyEvent(self.pick([0, 2**40]), self.pick([0, 255]), True),),
            self.pick([b"", self.bytes(32)]),
            bytes(64),
        )
        seed = self.pick(WIRES.people).seed
        return replace(
            draft, signature=sign(seed, PRACTICE.name, Domain.FRAME, frame_digest(draft))
        )

    def nonce(self, peer: NodeKey) -> Nonce:
        session, window, slot = self.session(), self.pick([0, 29]), self.pick([0, 1, 63])
        position = slot_holder(session, window, slot, 2)
        who, value = WIRES.people[1 + position], self.bytes(16)
        subject = nonce_digest(session, window, slot, value)
        return Nonce(
            session, window, slot, value, sign(who.seed, PRACTICE.name, Domain.NONCE, subject)
        )

    def chain(self) -> WantedChain:
        return WantedChain(self.entry(), tuple(self.entry() for _ in range(self.pick([0, 1, 4]))))

    def head(self) -> Head:
        if self.flip():
            return Head(self.person(), self.entry())
        statement = self.pick(WIRES.valid)
        return Head(statement.entry.author, statement.id)

    def number(self) -> int:
        """A request, most often one that the node made."""
        return self.pick([*self.numbers, *range(self.driven.node.pulling.numbered + 1)])

    def entry(self) -> EntryId:
        mine = list(self.driven.node.ledger.applied)[:3]
        return self.pick([*mine, self.pick(WIRES.valid).id, EntryId(self.bytes(32))])

    def session(self) -> EntryId:
        mine = list(self.driven.node.mates.nodes)
        return self.pick([*mine, self.pick(WIRES.shows).session.id, self.entry()])

    def person(self) -> IdentityId:
        own = self.driven.author.id
        return self.pick([own, self.pick(WIRES.people).id, IdentityId(self.bytes(32))])

    def blob(self) -> ContentId:
        wanted = list(self.driven.node.blobs.wanted)
        evidence = [item.id for item in WIRES.evidence]
        return self.pick([*wanted, ContentId(CHART.id), *evidence, ContentId(self.bytes(32))])

    def data(self, blob: ContentId) -> bytes:
        known = {item.id: item.to_bytes() for item in (CHART, *WIRES.evidence)}
        return known.get(blob, b"rubbish")

    def few(self) -> int:
        return self.pick([1, 1, 2, 7])

    def flip(self) -> bool:
        return self.chance.random() < 0.5

    def bytes(self, size: int) -> bytes:
        return self.chance.randbytes(size)

    def pick(self, items: Any) -> Any:
        return self.chance.choice(items)

    def some(self, items: list[Any], low: int, high: int) -> list[Any]:
        return self.chance.sample(items, self.chance.randint(low, high))


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
    parted: set[NodeKey] = set()
    for _ in range(STEPS):
        before = driven.node.ledger.digest()
        speaker = [peer for peer in rogues.peers if peer in driven.node.standings.of]
        effects = rogues.step()
        parted |= {effect.peer for effect in effects if isinstance(effect, Part)}
        if not speaker:
            ledger = driven.node.ledger
            assert before == ledger.digest() or driven.node.ledger.state(own) is not None
    written = {e for e in driven.applied if driven.node.ledger.statements[e].entry.author == own}
    assert driven.applied - written <= valid
    for peer in parted & driven.node.standings.bans.keys() - driven.node.standings.of.keys():
        if driven.node.standings.bans[peer].until_ms > driven.now_ms:
            before = driven.node.ledger.digest()
            heard = driven.give(MessageReceived(peer, encode(("nonsense", ()))))
            assert [e for e in heard if isinstance(e, Part)] == []
            assert driven.node.ledger.digest() == before
