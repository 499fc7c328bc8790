"""Witnessing: opening oneself to sessions, challenging, watching, and giving verdicts."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from consensus.challenge import slot_holder
from consensus.chart import chart_from_bytes
from consensus.draw import ticket_chain
from consensus.encoding import encode, keyed_digest
from consensus.entries import Body
from consensus.entries.attestation import Attestation, Decision, Verdict, custody_proof
from consensus.entries.performance import Block, Session, opening_digest
from consensus.evidence import NONCE_SIZE, Evidence, evidence_from_bytes
from consensus.identifiers import ContentId, EntryId, IdentityId, NodeKey
from consensus.parameters import MAX_VERDICTS
from consensus.rejections import RejectionError
from consensus.reward import daily_decay_ppm
from consensus.signing import Domain, check_signature
from consensus.statement import Statement
from consensus.units import Day, Microseconds, Milliseconds, day_of
from popd.node.blobs import Blobs
from popd.node.context import Context
from popd.node.effects import JudgePlay, Sign
from popd.node.events import PlayJudged
from popd.node.mates import Mates
from popd.node.messages.live import (
    Frame,
    Invite,
    Nonce,
    Offer,
    Reveal,
    frame_digest,
    nonce_digest,
)
from popd.node.pen import Pen
from popd.node.purposes import ForNonce, ForOffer, ForVerdict
from popd.node.watch import SeenNonce, Watch

MAX_WATCHES: Final = 32
"""Sessions watched at once, one of each performer's node; the oldest gives way."""
NONCE_MARGINS_MS: Final = (1_000, 3_000)
"""A nonce comes at least this long after its slot's start and before its end."""
REVEAL_AFTER_MS: Final = 1_500
"""Without a closing frame the ticket is revealed this long after the window."""
VERDICT_DELAY_MS: Final = 100
"""Verdicts of this time share a signature."""


@dataclass(slots=True)
class Witnessing:
    """The sessions that this node watches, and the blocks that it was drawn for."""

    context: Context
    """The node."""
    pen: Pen
    """Writes attestations."""
    blobs: Blobs
    """Fetches charts and evidence."""
    mates: Mates
    """Those who are in a session together."""
    watches: OrderedDict[EntryId, Watch] = field(default_factory=OrderedDict)
    """By session, oldest first."""
    drawn: dict[EntryId, Statement] = field(default_factory=dict)
    """Blocks to be judged, whose evidence is awaited or being judged."""
    judging: dict[EntryId, Evidence] = field(default_factory=dict)
    """Evidence of those that are being judged."""
    verdicts: list[tuple[Verdict, bytes]] = field(default_factory=list)
    """Verdicts to be written, with their model; day and budget are filled in then."""

    def answer_invite(self, peer: NodeKey, invite: Invite) -> None:
        """Opens this node to a session of the peer's own, if its user witnesses at all."""
        known = self.context.peers.get(peer)
        is_willing = self.context.settings.is_witness
        if known is None or known.identity != invite.performer or not is_willing:
            return
        anchor, _ = self._tickets(invite.performer, invite.nonce, invite.windows)
        offer = Offer(invite.nonce, self.context.identity, anchor, bytes(64))
        subject = opening_digest(
            invite.performer,
            peer,
            invite.nonce,
            self.context.identity,
            self.context.node_key,
            anchor,
        )
        self.context.do(Sign(ForOffer(offer, peer), Domain.OPENING, subject, None))

    def offer_signed(self, purpose: ForOffer, signature: bytes) -> None:
        """The opening goes to the performer."""
        self.context.send(purpose.performer_node, replace(purpose.offer, signature=signature))

    def on_session(self, statement: Statement, session: Session) -> None:
        """A session begins; watch it if it names us and is not over."""
        positions = [
            position
            for position, opening in enumerate(session.openings)
            if opening.candidate == self.context.identity
        ]
        window_ms = self.context.params.window_ms
        end_ms = session.start_ms + session.windows * window_ms
        if not positions or end_ms < self.context.now_ms:
            return
        performer = statement.entry.author
        anchor, tickets = self._tickets(performer, session.nonce, session.windows)
        if session.openings[positions[0]].anchor != anchor:
            return
        self._watch(Watch(statement.id, performer, session, positions[0], tickets))

    def see_frame(self, frame: Frame) -> None:
        """A frame of a watched session arrived."""
        watch = self.watches.get(frame.session)
        if watch is None or frame.window >= watch.session.windows:
            return
        key = watch.session.session_key
        try:
            check_signature(
                key, frame.signature, self.context.params.name, Domain.FRAME, frame_digest(frame)
            )
        except RejectionError:
            return
        watch.see_frame(frame, self.context.now_us)
        if frame.root:
            self._reveal(watch, frame.window)

    def see_nonce(self, nonce: Nonce) -> None:
        """A challenge of another candidate's arrived."""
        watch = self.watches.get(nonce.session)
        if watch is None or nonce.window >= watch.session.windows:
            return
        position = slot_holder(watch.id, nonce.window, nonce.slot, len(watch.session.openings))
        subject = nonce_digest(nonce.session, nonce.window, nonce.slot, nonce.nonce)
        candidate = watch.session.openings[position].candidate
        try:
            check_signature(
                candidate, nonce.signature, self.context.params.name, Domain.NONCE, subject
            )
        except RejectionError:
            return
        self._note_nonce(watch, nonce)

    def nonce_signed(self, purpose: ForNonce, signature: bytes) -> None:
        """Our own challenge goes out to everybody."""
        nonce = replace(purpose.nonce, signature=signature)
        watch = self.watches.get(nonce.session)
        if watch is not None:
            self._note_nonce(watch, nonce)
            self.mates.tell(nonce)

    def on_block(self, statement: Statement, block: Block) -> None:
        """A block is sealed: if we were drawn for it and watched, ask for its evidence."""
        watch = self.watches.get(block.session)
        state = self.context.ledger.tips.get(statement.entry.author, {}).get(statement.id)
        if watch is None or state is None or block.window not in watch.windows:
            return
        if self.context.identity in state.blocks[statement.id].drawn:
            self.drawn[statement.id] = statement
            others = [opening.candidate_node for opening in watch.session.openings]
            sources = [watch.session.performer_node, *others]
            self.blobs.want(block.evidence, sources)

    def on_blob(self, blob: ContentId, data: bytes) -> None:
        """A chart or evidence arrived."""
        for watch in self.watches.values():
            if watch.session.chart == blob:
                self._take_chart(watch, data)
        for statement in list(self.drawn.values()):
            if isinstance(statement.body, Block) and statement.body.evidence == blob:
                self._take_evidence(statement, statement.body, data)

    def judged(self, purpose: ForVerdict, result: PlayJudged) -> None:
        """The detectors are done: this is our verdict."""
        statement = self.drawn.pop(purpose.block, None)
        evidence = self.judging.pop(purpose.block, None)
        if statement is None or evidence is None:
            return
        watch = self.watches.get(evidence.session)
        if watch is None or watch.chart is None:
            return
        node = watch.session.performer_node
        peer = self.context.peers.get(node)
        riffs = watch.live_riffs(
            evidence, watch.chart.keys, peer.round_trip_us if peer is not None else 0
        )
        has_seen_frames = watch.is_in_log(evidence)
        verdict = Verdict(
            block=purpose.block,
            decision=self._decision(has_seen_frames, result),
            anomaly_ppm=result.anomaly_ppm,
            metrics=replace(result.metrics, riffs_seen=riffs.seen, riffs_answered=riffs.answered),
            has_seen_frames=has_seen_frames,
            custody=custody_proof(self.context.identity, evidence.to_bytes()),
            presence=self.context.presence_of(node),
            is_by_hand=False,
            day=Day(0),
            budget_ppm=0,
        )
        if not self.verdicts:
            self.context.call_after(VERDICT_DELAY_MS, self._attest)
        self.verdicts.append((verdict, result.model))

    def _decision(self, has_seen_frames: bool, result: PlayJudged) -> Decision:
        params = self.context.params
        if not has_seen_frames or result.anomaly_ppm >= params.unbelievable_ppm:
            return Decision.REJECT
        is_suspicious = result.anomaly_ppm >= params.suspicious_ppm
        return Decision.FLAG if is_suspicious else Decision.ACCEPT

    def _tickets(
        self, performer: IdentityId, nonce: bytes, windows: int
    ) -> tuple[bytes, tuple[bytes, ...]]:
        """Our ticket chain for a session; it follows from the node's secret, so none is kept."""
        seed = keyed_digest(self.context.secret, encode(("tickets", performer, nonce)))
        return ticket_chain(seed, windows)

    def _watch(self, watch: Watch) -> None:
        node = watch.session.performer_node
        for known in [w.id for w in self.watches.values() if w.session.performer_node == node]:
            self._leave(known)
        self.watches[watch.id] = watch
        while len(self.watches) > MAX_WATCHES:
            self._leave(next(iter(self.watches)))
        self.blobs.want(watch.session.chart, [watch.session.performer_node])
        elapsed_ms = max(0, self.context.now_ms - watch.session.start_ms)
        self._plan_window(watch.id, elapsed_ms // self.context.params.window_ms)

    def _leave(self, session: EntryId) -> None:
        """Watches a session no more; its performer plays another, or there are too many."""
        del self.watches[session]
        for entry, statement in list(self.drawn.items()):
            if isinstance(statement.body, Block) and statement.body.session == session:
                del self.drawn[entry]
                self.judging.pop(entry, None)

    def _plan_window(self, session: EntryId, window: int) -> None:
        """Plans one window, and at its end the next: a session holds few alarms at a time."""
        params = self.context.params
        watch = self.watches.get(session)
        if watch is None or window >= watch.session.windows:
            return
        start_ms = watch.session.start_ms + window * params.window_ms
        after_ms, before_ms = NONCE_MARGINS_MS
        for slot in range(params.window_ms // params.slot_ms):
            holder = slot_holder(watch.id, window, slot, len(watch.session.openings))
            if holder == watch.position:
                earliest = start_ms + slot * params.slot_ms + after_ms
                latest = start_ms + (slot + 1) * params.slot_ms - before_ms
                at_us = self.context.chance.randint(earliest * 1_000, latest * 1_000)
                self.context.call_at(at_us, partial(self._challenge, watch.id, window, slot))
        reveal_ms = start_ms + params.window_ms + REVEAL_AFTER_MS
        self.context.call_at(reveal_ms * 1_000, partial(self._reveal_late, watch.id, window))
        next_us = (start_ms + params.window_ms) * 1_000
        self.context.call_at(next_us, partial(self._plan_window, watch.id, window + 1))

    def _challenge(self, session: EntryId, window: int, slot: int) -> None:
        nonce = Nonce(session, window, slot, self.context.chance.randbytes(NONCE_SIZE), bytes(64))
        watch = self.watches.get(session)
        if watch is not None and not watch.window(window).has_revealed:
            subject = nonce_digest(session, window, slot, nonce.nonce)
            self.context.do(Sign(ForNonce(nonce), Domain.NONCE, subject, None))

    def _note_nonce(self, watch: Watch, nonce: Nonce) -> None:
        seen = SeenNonce(nonce.nonce, self.context.now_us)
        watch.window(nonce.window).nonces.setdefault(nonce.slot, seen)

    def _reveal_late(self, session: EntryId, window: int) -> None:
        watch = self.watches.get(session)
        if watch is not None and window in watch.windows:
            self._reveal(watch, window)

    def _reveal(self, watch: Watch, window: int) -> None:
        seen = watch.window(window)
        if not seen.has_revealed:
            seen.has_revealed = True
            reveal = Reveal(watch.id, window, watch.position, watch.tickets[window])
            self.mates.tell(reveal)

    def _take_chart(self, watch: Watch, data: bytes) -> None:
        try:
            watch.chart = chart_from_bytes(data)
        except RejectionError:
            return
        for statement in list(self.drawn.values()):
            body = statement.body
            if isinstance(body, Block) and body.session == watch.id:
                self.on_block(statement, body)

    def _take_evidence(self, statement: Statement, block: Block, data: bytes) -> None:
        watch = self.watches.get(block.session)
        if watch is None or watch.chart is None:
            return
        try:
            evidence = evidence_from_bytes(data)
        except RejectionError:
            del self.drawn[statement.id]
            return
        is_the_blocks = (
            evidence.session == block.session
            and evidence.window == block.window
            and evidence.duration_us == block.duration_ms * 1_000
            and evidence.root == block.root
        )
        if not is_the_blocks:
            del self.drawn[statement.id]
            return
        self.judging[statement.id] = evidence
        start_us = Microseconds(block.window * self.context.params.window_ms * 1_000)
        purpose, calibration = ForVerdict(statement.id), watch.session.calibration
        self.context.do(JudgePlay(purpose, watch.chart, evidence, start_us, calibration))

    def _attest(self) -> None:
        models = sorted({model for _, model in self.verdicts})
        for model in models:
            given = [verdict for verdict, used in self.verdicts if used == model]
            for start in range(0, len(given), MAX_VERDICTS):
                self.pen.write(
                    partial(self._attestation, model, given[start : start + MAX_VERDICTS])
                )
        self.verdicts.clear()

    def _attestation(
        self, model: bytes, verdicts: list[Verdict], time_ms: Milliseconds
    ) -> Body | None:
        """The attestation, with the day and each budget as the chain then stands.

        A block that was let go meanwhile is left out; None where nothing is left.
        """
        params, ledger = self.context.params, self.context.ledger
        day = day_of(time_ms)
        state = ledger.state(self.context.identity)
        spent = 0 if state is None else state.budget_spent_ppm(day, params.budget_days)
        stated: list[Verdict] = []
        for verdict in verdicts:
            if verdict.block not in ledger.statements:
                continue
            stated.append(replace(verdict, day=day, budget_ppm=spent))
            block = ledger.statements[verdict.block].body
            if verdict.decision is Decision.ACCEPT and isinstance(block, Block):
                spent += daily_decay_ppm(params, block.day_index)
        return Attestation(model, tuple(stated)) if stated else None
