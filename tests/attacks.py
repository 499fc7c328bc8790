"""Attacks: what rogues do to a node, one small function for each."""

import itertools
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import trio

from consensus.calibration import UNCALIBRATED
from consensus.entries.performance import Opening, Session
from consensus.identifiers import ChartId, ContentId, EntryId, IdentityId, NodeKey, SessionKey
from consensus.parameters import PRACTICE
from consensus.signing import Domain, public_key, sign
from consensus.units import Milliseconds
from popd.net.frames import Beat, beat_frame
from popd.node.messages import Message
from popd.node.messages.blobs import BlobPart, HaveBlobs, WantBlob
from popd.node.messages.comparing import (
    MAX_HEADS,
    MAX_RANGES,
    MAX_RUNS,
    Head,
    Heads,
    Listed,
    Ranges,
    Run,
    Span,
)
from popd.node.messages.fresh import Entries, Hints
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.messages.live import Frame, Invite, Offer
from popd.node.messages.pulling import MAX_ANSWER_BYTES, Served, WantChains, WantedChain
from popd.node.offences import Offence
from simulations.scribe import Author, author, begin
from tests.rogues import (
    BATCH,
    BURST,
    Rogue,
    answering,
    batches,
    crowd,
    flood,
    long_chain,
    now_ms,
    parts_of,
)


@dataclass(frozen=True, slots=True)
class Attack:
    """What a rogue does, and what a node holds against it then."""

    run: Callable[[Rogue], Awaitable[None]]
    """Attacks until cancelled."""
    reasons: frozenset[Offence]
    """Why the rogue is parted from, one of these; none where it only has to be endured."""


async def garbage(rogue: Rogue) -> None:
    """Bytes that are no message."""
    while True:
        await rogue.wait_met()
        rogue.say_bytes(secrets.token_bytes(200))
        await trio.sleep(0.1)


async def broken_frames(rogue: Rogue) -> None:
    """Bytes that are no frame."""
    while True:
        await rogue.write_raw(b"\xff" * 100)
        await trio.sleep(0.1)


async def beats(rogue: Rogue) -> None:
    """Signs of life without an end."""
    many = beat_frame(Beat(1, 0, 0, 0, False, False)) * 1_000
    while True:
        await rogue.write_raw(many)
        await trio.sleep(0.01)


async def hints(rogue: Rogue) -> None:
    """Hints at entries that nobody ever wrote."""
    await flood(rogue, lambda n: Hints(tuple(secrets.token_bytes(8) for _ in range(1_024))))


async def hellos(rogue: Rogue) -> None:
    """Another name every time."""
    who = author("many names")
    time_ms = Milliseconds(now_ms())
    subject = hello_digest(who.id, rogue.network.key, time_ms)
    signature = sign(who.seed, PRACTICE.name, Domain.HELLO, subject)
    await flood(rogue, lambda n: Hello(who.id, f"Ana {n}", False, time_ms, signature))


def many_ranges(number: int) -> Ranges:
    """As many ranges as a message may hold, none of which can agree."""
    parts = 4 * MAX_RANGES
    edges = [(0x100 + n).to_bytes(2) for n in range(MAX_RUNS * parts + 1)]
    runs = tuple(
        Run(
            tuple(edges[start : start + parts + 1]),
            tuple(secrets.token_bytes(8) for _ in range(parts)),
        )
        for start in range(0, MAX_RUNS * parts, parts)
    )
    return Ranges(secrets.token_bytes(16), runs)


async def fingerprints(rogue: Rogue) -> None:
    """Whatever is compared differs, for ever."""
    await flood(rogue, many_ranges)


async def lists(rogue: Rogue) -> None:
    """Lists heads that nobody holds, of everybody."""
    digests = tuple(secrets.token_bytes(8) for _ in range(1_000))
    await flood(rogue, lambda n: Listed(secrets.token_bytes(16), (Span(b"", b"", digests),)))


def made_up_heads(count: int = MAX_HEADS) -> Heads:
    """Heads that nobody wrote."""
    heads = tuple(
        Head(IdentityId(secrets.token_bytes(32)), EntryId(secrets.token_bytes(32)))
        for _ in range(count)
    )
    return Heads(secrets.token_bytes(16), heads, ())


async def promises(rogue: Rogue) -> None:
    """Names heads, and serves nothing."""

    def answer(message: Message) -> None:
        if isinstance(message, WantChains):
            rogue.say(Served(message.request, (), is_end=True, has_more=False))

    await answering(rogue, lambda: made_up_heads(5), answer)


async def more_for_ever(rogue: Rogue) -> None:
    """Has always more, and never brings anything."""

    def answer(message: Message) -> None:
        if isinstance(message, WantChains):
            rogue.say(Served(message.request, (), is_end=True, has_more=True))

    await answering(rogue, lambda: made_up_heads(5), answer)


async def endless_answers(rogue: Rogue) -> None:
    """Answers one request for ever, with entries of a crowd."""
    (wires, *_) = batches(crowd(BATCH))
    times = 3 * MAX_ANSWER_BYTES // sum(map(len, wires))

    def answer(message: Message) -> None:
        if isinstance(message, WantChains):
            rogue.say(*(Served(message.request, wires, False, False) for _ in range(times)))

    await answering(rogue, lambda: made_up_heads(5), answer)


async def silence(rogue: Rogue) -> None:
    """Names heads, and never answers."""
    await answering(rogue, lambda: made_up_heads(5), lambda message: None)


async def unasked(rogue: Rogue) -> None:
    """Answers what nobody asked for."""
    (wires, *_) = batches(crowd(BATCH))
    await flood(rogue, lambda n: Served(2**31 + n, wires[:1], True, False))


async def wrong_signatures(rogue: Rogue) -> None:
    """Entries that nobody signed."""

    def forged(number: int) -> Entries:
        statement = begin(PRACTICE, Author(secrets.token_bytes(32)), now_ms())
        return Entries((bytes(64) + statement.wire[64:],))

    await flood(rogue, forged)


async def pushed_crowd(rogue: Rogue) -> None:
    """Ten thousand people at once."""
    for wires in itertools.cycle(list(batches(crowd()))):
        await rogue.wait_read()
        rogue.say(Entries(wires))


async def served_crowd(rogue: Rogue) -> None:
    """Ten thousand people and one long chain, named and served as honest nodes do."""
    everybody = (*crowd(), *long_chain())
    by_head: dict[EntryId, tuple[bytes, ...]] = {s.id: (s.wire,) for s in crowd()}
    by_head[long_chain()[-1].id] = tuple(s.wire for s in long_chain())
    heads = [Head(s.entry.author, s.id) for s in everybody if s.id in by_head]
    portions = itertools.cycle(list(parts_of(heads, MAX_HEADS)))

    def answer(message: Message) -> None:
        if isinstance(message, WantChains):
            wires = [w for chain in message.chains for w in by_head.get(chain.head, ())]
            for part in parts_of(wires[: 16 * BATCH], BATCH):
                rogue.say(Served(message.request, tuple(part), False, False))
            rogue.say(Served(message.request, (), is_end=True, has_more=len(wires) > 16 * BATCH))

    await answering(rogue, lambda: Heads(bytes(16), tuple(next(portions)), ()), answer)


async def live_messages(rogue: Rogue) -> None:
    """Frames of sessions that nobody plays."""
    frame = Frame(EntryId(bytes(32)), 0, 0, bytes(32), (), (), b"", bytes(64))
    await flood(rogue, lambda n: frame)


async def wants_everything(rogue: Rogue) -> None:
    """Asks for the same chains again and again."""
    known: set[EntryId] = set()

    def learn(message: Message) -> None:
        if isinstance(message, Heads):
            known.update(head.id for head in message.heads)

    rogue.on_message = learn
    await rogue.wait_met()
    while not known:
        rogue.say(Listed(bytes(16), (Span(b"", b"", ()),)))
        await trio.sleep(0.2)
    chains = tuple(WantedChain(head, ()) for head in known) * 50
    await flood(rogue, lambda n: WantChains(n, chains[:1_000]))


async def never_reads(rogue: Rogue) -> None:
    """Asks for everything, acknowledges nothing of it, and shows that it lives."""
    while True:
        peer = await rogue.wait_met()
        session = rogue.network._switchboard.peerings[peer].session
        vars(session)["receive"] = lambda number, data: None
        for _ in range(4 * BURST):
            rogue.say(Listed(secrets.token_bytes(16), (Span(b"", b"", ()),)))
        await trio.sleep(0.1)


async def restless(rogue: Rogue) -> None:
    """Comes and goes."""
    while True:
        peer = await rogue.wait_met()
        await trio.sleep(0.05)
        rogue.network.part(peer, 0)
        rogue.network.want(rogue.victim)
        await trio.sleep(0.05)


@dataclass(slots=True)
class Stage:
    """A rogue as a performer whose charts are not what they should be."""

    rogue: Rogue
    """Who plays."""
    who: Author = field(default_factory=lambda: Author(secrets.token_bytes(32)))
    """As whom."""
    nonce: bytes = b""
    """Of the session that is being announced."""
    chart: ChartId = field(default_factory=lambda: ChartId(ContentId(secrets.token_bytes(32))))
    """What it claims to play; nobody has it."""

    def begin(self) -> None:
        """Says who it is."""
        time_ms = Milliseconds(now_ms())
        subject = hello_digest(self.who.id, self.rogue.network.key, time_ms)
        signature = sign(self.who.seed, PRACTICE.name, Domain.HELLO, subject)
        first = begin(PRACTICE, self.who, now_ms())
        self.rogue.say(Hello(self.who.id, "", False, time_ms, signature), Entries((first.wire,)))

    def invite(self) -> None:
        """Asks the victim to witness a play of the next chart."""
        self.nonce = secrets.token_bytes(16)
        self.chart = ChartId(ContentId(secrets.token_bytes(32)))
        self.rogue.say(Invite(self.who.id, self.nonce, self.chart, 1))

    def announce(self, offer: Offer, node: NodeKey) -> None:
        """The victim is ready: the session goes into the chain."""
        opening = Opening(offer.candidate, node, offer.anchor, offer.signature)
        body = Session(
            performer_node=self.rogue.network.key,
            nonce=self.nonce,
            session_key=SessionKey(public_key(self.who.seed)),
            chart=self.chart,
            calibration=UNCALIBRATED,
            start_ms=Milliseconds(now_ms() + 3_000),
            windows=1,
            tags=(),
            performers=(),
            openings=(opening,),
        )
        self.rogue.say(Entries((self.who.write(PRACTICE, now_ms(), body).wire,)))


async def play(rogue: Rogue, answer: Callable[[WantBlob], list[Message]], pause_s: float) -> None:
    """Announces sessions, and answers wishes for their charts."""
    stage = Stage(rogue)

    def hear(message: Message) -> None:
        if isinstance(message, Offer) and rogue.peer is not None:
            stage.announce(message, rogue.peer)
            rogue.say(HaveBlobs((stage.chart,)))
        elif isinstance(message, WantBlob):
            rogue.say(*answer(message))

    rogue.on_message = hear
    await rogue.wait_met()
    stage.begin()
    while True:
        await trio.sleep(pause_s)
        stage.invite()


async def wrong_chart(rogue: Rogue) -> None:
    """Serves a chart that is another."""
    await play(rogue, lambda want: [BlobPart(want.id, 9, want.offset, b"not this!")], 0.5)


async def endless_chart(rogue: Rogue) -> None:
    """Serves a chart that goes on beyond its size."""
    part = bytes(30_000)
    await play(rogue, lambda want: [BlobPart(want.id, 40_000, o, part) for o in (0, 30_000)], 0.5)


async def charts_it_lacks(rogue: Rogue) -> None:
    """Announces charts, and does not have them."""
    await play(rogue, lambda want: [BlobPart(want.id, 0, 0, b"")], 0.5)


def of(*reasons: Offence) -> frozenset[Offence]:
    """The reasons of an attack."""
    return frozenset(reasons)


ATTACKS: Final[dict[str, Attack]] = {
    "garbage": Attack(garbage, of(Offence.MALFORMED)),
    "broken_frames": Attack(broken_frames, of(Offence.BROKEN_FRAMING)),
    "beats": Attack(beats, of(Offence.BROKEN_FRAMING)),
    "hints": Attack(hints, of(Offence.FLOOD)),
    "hellos": Attack(hellos, of(Offence.FLOOD)),
    "fingerprints": Attack(fingerprints, of(Offence.FLOOD)),
    "lists": Attack(lists, of(Offence.FLOOD)),
    "promises": Attack(promises, of(Offence.BROKEN_PROMISE)),
    "more_for_ever": Attack(more_for_ever, of(Offence.FRUITLESS)),
    "endless_answers": Attack(endless_answers, of(Offence.ENDLESS)),
    "unasked": Attack(unasked, of(Offence.UNASKED)),
    "wrong_signatures": Attack(wrong_signatures, of(Offence.FORGED)),
    "live_messages": Attack(live_messages, of(Offence.FLOOD)),
    "wants_everything": Attack(wants_everything, of(Offence.FLOOD)),
    "never_reads": Attack(never_reads, of(Offence.NOT_READING, Offence.FLOOD)),
    "restless": Attack(restless, of(Offence.RESTLESS)),
    "wrong_chart": Attack(wrong_chart, of(Offence.WRONG_BLOB)),
    "endless_chart": Attack(endless_chart, of(Offence.WRONG_BLOB)),
    "charts_it_lacks": Attack(charts_it_lacks, of(Offence.BROKEN_PROMISE)),
    "pushed_crowd": Attack(pushed_crowd, of(Offence.CROWDING, Offence.FLOOD)),
    "served_crowd": Attack(served_crowd, of()),
    "silence": Attack(silence, of()),
}
"""Every attack by its name; those that must be endured come last, and go on meanwhile."""
