"""Writes valid chains without a network: for vectors, property tests and benchmarks."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from consensus.calibration import UNCALIBRATED
from consensus.chart import Chart, Note, TimingPoint
from consensus.draw import Ticket, draw, ticket_chain
from consensus.encoding import tagged_digest
from consensus.entries import Body
from consensus.entries.attestation import Attestation, Decision, Verdict, custody_proof
from consensus.entries.chains import Profile
from consensus.entries.performance import (
    Block,
    Mint,
    NamedVerdict,
    Opening,
    Session,
    opening_digest,
)
from consensus.entry import Entry, sealed
from consensus.evidence import Evidence, KeyEvent
from consensus.identifiers import (
    NO_ENTRY,
    ContentId,
    EntryId,
    EvidenceId,
    IdentityId,
    NodeKey,
    SessionKey,
)
from consensus.ledger import Applied, Ledger
from consensus.parameters import NetworkParams
from consensus.presence import Presence
from consensus.quality import Metrics
from consensus.reward import daily_decay_ppm
from consensus.rulebooks.case import Case, NamedEntries
from consensus.rulebooks.minting import contributions, given_verdicts
from consensus.signing import Domain, public_key, sign
from consensus.statement import Statement, stated
from consensus.units import MicroJam, Milliseconds, Ppm, day_of

GOOD_METRICS = Metrics(
    events=80,
    accuracy_ppm=Ppm(950_000),
    diversity_ppm=Ppm(600_000),
    harmony_ppm=Ppm(900_000),
    riffs_seen=2,
    riffs_answered=2,
)
"""What an honest window measures."""

_key_of = lru_cache(maxsize=2**16)(public_key)
_node_seed = lru_cache(maxsize=2**16)(lambda seed: tagged_digest("node", seed))


class Log(NamedTuple):
    """What a block says of its evidence."""

    root: bytes
    """The Merkle root."""
    evidence: EvidenceId
    """The evidence's id."""


class Said(NamedTuple):
    """What a verifier says of one block."""

    block: Statement
    """The block."""
    decision: Decision = Decision.ACCEPT
    """Accept, flag or reject."""
    anomaly_ppm: int = 100_000
    """How unlike human play it is."""
    metrics: Metrics = GOOD_METRICS
    """What it measures."""
    presence: Presence = Presence.SAME_LINK
    """How near the verifier says it was."""
    is_by_hand: bool = False
    """A person decided."""


@dataclass(slots=True)
class Author:
    """Somebody with a key, who writes a chain."""

    seed: bytes
    """The key's seed, 32 bytes."""
    head: EntryId = NO_ENTRY
    """The last entry written."""
    number: int = -1
    """Its number."""
    nonces: int = 0
    """Sessions announced."""
    accepted: list[tuple[int, int]] = field(default_factory=list)
    """Day and weight in ppm of what was accepted."""

    @property
    def id(self) -> IdentityId:
        """The public key."""
        return IdentityId(_key_of(self.seed))

    @property
    def node(self) -> NodeKey:
        """A node key that follows from the seed."""
        return NodeKey(_key_of(_node_seed(self.seed)))

    def write(self, params: NetworkParams, time_ms: int, body: Body) -> Statement:
        """The author's next entry."""
        entry = Entry(
            version=1,
            network=params.name,
            author=self.id,
            number=self.number + 1,
            prev=self.head,
            refs=body.named(),
            time_ms=Milliseconds(time_ms),
            kind=body.KIND,
            body=body.to_body(),
        )
        unsigned = sealed(entry, b"")
        signature = sign(self.seed, params.name, Domain.ENTRY, unsigned.id)
        self.head, self.number = unsigned.id, entry.number
        return stated(replace(unsigned, wire=signature + unsigned.wire))


def author(name: str) -> Author:
    """The author whose key follows from a name."""
    return Author(tagged_digest("author", name))


def restored(who: Author) -> Author:
    """The author as an old backup remembers them: what both write from now on is a fork."""
    return replace(who, accepted=list(who.accepted))


def signed(params: NetworkParams, who: Author, entry: Entry) -> bytes:
    """The wire of any entry, whether it makes sense or not, signed with the author's key."""
    unsigned = sealed(entry, b"")
    return sign(who.seed, params.name, Domain.ENTRY, unsigned.id) + unsigned.wire


def begin(params: NetworkParams, who: Author, time_ms: int) -> Statement:
    """The profile that begins a chain."""
    return who.write(params, time_ms, Profile(None, is_automated=False))


def small_chart(seconds: int) -> Chart:
    """Two notes a second on four lanes."""
    notes = tuple(Note(500_000 * i, i % 4) for i in range(2 * seconds))
    return Chart("Scribe's study", "popd", 4, (TimingPoint(0, 500_000),), notes)


@dataclass(slots=True)
class Performance:
    """A session being written, with the tickets of its candidates."""

    performer: Author
    """Who plays."""
    candidates: tuple[Author, ...]
    """Who opened themselves to it, in the order of the openings."""
    session: Statement
    """The session entry."""
    start_ms: int
    """When window 0 begins."""
    tickets: tuple[tuple[bytes, ...], ...]
    """For each candidate, the ticket of each window."""


def announce(
    params: NetworkParams,
    performer: Author,
    candidates: Sequence[Author],
    time_ms: int,
    windows: int,
    chart: Chart,
    shares: tuple[tuple[IdentityId, Ppm], ...] = (),
) -> Performance:
    """The performer's session, with an opening of each candidate; in a jam, its shares."""
    nonce = tagged_digest("nonce", performer.seed, performer.nonces)[:16]
    performer.nonces += 1
    openings: list[Opening] = []
    tickets: list[tuple[bytes, ...]] = []
    for candidate in candidates:
        anchor, chain = ticket_chain(tagged_digest("tickets", candidate.seed, nonce), windows)
        subject = opening_digest(
            performer.id, performer.node, nonce, candidate.id, candidate.node, anchor
        )
        signature = sign(candidate.seed, params.name, Domain.OPENING, subject)
        openings.append(Opening(candidate.id, candidate.node, anchor, signature))
        tickets.append(chain)
    body = Session(
        performer_node=performer.node,
        nonce=nonce,
        session_key=SessionKey(public_key(tagged_digest("session", performer.seed, nonce))),
        chart=chart.id,
        calibration=UNCALIBRATED,
        start_ms=Milliseconds(time_ms),
        windows=windows,
        tags=(),
        performers=shares,
        openings=tuple(openings),
    )
    session = performer.write(params, time_ms, body)
    return Performance(performer, tuple(candidates), session, time_ms, tuple(tickets))


def evidence_of(params: NetworkParams, show: Performance, window: int) -> Evidence:
    """An exact play of `small_chart` in one window."""
    events: list[KeyEvent] = []
    for note in small_chart(params.window_ms // 1_000).notes:
        events.append(KeyEvent(note.start_us + 10_000, note.lane, True))
        events.append(KeyEvent(note.start_us + 90_000, note.lane, False))
    return Evidence(show.session.id, window, params.window_ms * 1_000, tuple(events), ())


def log_of(evidence: Evidence) -> Log:
    """What a block says of some evidence."""
    return Log(evidence.root, evidence.id)


def unread_log(show: Performance, window: int) -> Log:
    """What stands for evidence that nobody will ask for."""
    stands_for = tagged_digest("unread", show.session.id, window)
    return Log(stands_for, EvidenceId(ContentId(stands_for)))


def seal(
    params: NetworkParams,
    show: Performance,
    window: int,
    day_index: int,
    revealed: Sequence[int] | None = None,
    metrics: Metrics = GOOD_METRICS,
    log: Log | None = None,
) -> Statement:
    """The block of one window; `revealed` are the positions whose tickets are listed (all).

    `log` is that of an exact play where none is given.
    """
    log = log or log_of(evidence_of(params, show, window))
    positions = range(len(show.candidates)) if revealed is None else revealed
    session = show.session.body
    assert isinstance(session, Session)
    body = Block(
        session=show.session.id,
        window=window,
        duration_ms=params.window_ms,
        root=log.root,
        evidence=log.evidence,
        chart=session.chart,
        metrics=metrics,
        day_index=day_index,
        tickets=tuple((position, show.tickets[position][window]) for position in positions),
    )
    end_ms = show.start_ms + (window + 1) * params.window_ms
    return show.performer.write(params, end_ms + 500, body)


def drawn_verifiers(
    params: NetworkParams, show: Performance, block: Statement
) -> tuple[Author, ...]:
    """Who verifies the block, lowest rank first."""
    body = block.body
    assert isinstance(body, Block)
    tickets = [Ticket(show.candidates[p].id, value) for p, value in body.tickets]
    by_id = {candidate.id: candidate for candidate in show.candidates}
    drawn = draw(show.session.id, body.window, tickets, params.verifiers_drawn)
    return tuple(by_id[identity] for identity in drawn)


def attest(
    params: NetworkParams,
    verifier: Author,
    blocks: Sequence[Statement],
    time_ms: int,
    decision: Decision = Decision.ACCEPT,
    anomaly_ppm: int = 100_000,
) -> Statement:
    """One attestation with the same verdict on each of the blocks, budgets declared truly."""
    said = [Said(block, decision, anomaly_ppm) for block in blocks]
    return attest_each(params, verifier, said, time_ms)


def attest_each(
    params: NetworkParams, verifier: Author, said: Sequence[Said], time_ms: int
) -> Statement:
    """One attestation with a verdict of its own on each block, budgets declared truly."""
    day = day_of(Milliseconds(time_ms))
    spent = sum(w for given, w in verifier.accepted if day - params.budget_days < given <= day)
    verdicts: list[Verdict] = []
    for one in said:
        block = one.block.body
        assert isinstance(block, Block)
        verdicts.append(
            Verdict(
                block=one.block.id,
                decision=one.decision,
                anomaly_ppm=Ppm(one.anomaly_ppm),
                metrics=one.metrics,
                has_seen_frames=True,
                custody=custody_proof(verifier.id, block.evidence),
                presence=one.presence,
                is_by_hand=one.is_by_hand,
                day=day,
                budget_ppm=spent,
            )
        )
        if one.decision is Decision.ACCEPT:
            weight = daily_decay_ppm(params, block.day_index)
            verifier.accepted.append((day, weight))
            spent += weight
    return verifier.write(params, time_ms, Attestation(bytes(32), tuple(verdicts)))


def mint(
    ledger: Ledger,
    performer: Author,
    block: Statement,
    attestations: Sequence[tuple[Statement, int]],
    time_ms: int,
) -> Statement:
    """The mint of a block from verdicts (attestation, position) of people on the same link.

    With the amount of the law. The ledger holds all of them. Raises RejectionError when law mints
    nothing.
    """
    named = [
        NamedVerdict(attestation.id, position, Presence.SAME_LINK)
        for attestation, position in attestations
    ]
    return mint_named(ledger, performer, block, named, time_ms)


def mint_named(
    ledger: Ledger,
    performer: Author,
    block: Statement,
    verdicts: Sequence[NamedVerdict],
    time_ms: int,
) -> Statement:
    """The same from verdicts with what the performer says of each one's presence."""
    named = tuple(verdicts)
    draft = Mint(block.id, named, MicroJam(1))
    state = ledger.state(performer.id)
    assert state is not None
    assert isinstance(block.body, Block)
    names = NamedEntries(ledger.statements, ledger.claims)
    case = Case(ledger.params, state, block.id, block.entry, draft, names)
    parts = contributions(
        ledger.params, state.blocks[block.id], block.body.duration_ms, given_verdicts(case)
    )
    amount = MicroJam(sum(part.amount_ujam for part in parts))
    return performer.write(ledger.params, time_ms, Mint(block.id, named, amount))


def add_all(ledger: Ledger, statements: Sequence[Statement]) -> None:
    """Adds entries that all must be applied; asserts that they are."""
    for statement in statements:
        changes = ledger.add(statement)
        assert changes, "it waits for something that is not there"
        broken = [change.message for change in changes if not isinstance(change, Applied)]
        assert not broken, broken
