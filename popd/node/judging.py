"""Judging: what this node, or its user, says of the blocks that it was drawn for.

Where a person is there to judge, the node waits for them a while, and gives its own word when they
say nothing. What a person says is signed a few seconds later, and can be taken back until then.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from consensus.entries import Body
from consensus.entries.attestation import Attestation, Decision, Verdict, custody_proof
from consensus.entries.performance import Block, Mint
from consensus.evidence import Evidence, evidence_from_bytes
from consensus.identifiers import ContentId, EntryId, IdentityId, NodeKey
from consensus.parameters import MAX_VERDICTS
from consensus.rejections import RejectionError
from consensus.reward import daily_decay_ppm
from consensus.statement import Statement
from consensus.units import Day, Microseconds, Milliseconds, day_of
from popd.node.blobs import Blobs
from popd.node.context import Context
from popd.node.duty import Choice, Duty, DutyState
from popd.node.effects import JudgePlay
from popd.node.events import PlayJudged
from popd.node.messages.judging import Appeal, Pondering
from popd.node.nearness import Nearby
from popd.node.notices import DutyChanged
from popd.node.pen import Pen
from popd.node.purposes import ForVerdict
from popd.node.watch import Watch
from popd.node.watching import Watching

MAX_DUTIES: Final = 256
"""Blocks remembered, judged or not; the oldest gives way."""
VERDICT_DELAY_MS: Final = 100
"""Verdicts of this time share a signature."""
BY_HAND_MS: Final = 60_000
"""How long a person who is there may take."""
LOOK_MS: Final = 600_000
"""How long a block that a person is to look at waits for one."""
UNDO_MS: Final = 5_000
"""What a person says can be taken back for so long."""
ON_THE_WAY_MS: Final = 5_000
"""What a word takes beyond all waiting: evidence comes, detectors run, an entry travels."""

OPEN: Final = (DutyState.FETCHING, DutyState.JUDGING, DutyState.ASKING, DutyState.DECIDED)
"""Of these duties the word is not given yet, and may still be."""
HAND_DECISIONS: Final = {Choice.ACCEPT: Decision.ACCEPT, Choice.REJECT: Decision.REJECT}


@dataclass(slots=True)
class Judging:
    """The duties of this node."""

    context: Context
    """The node."""
    pen: Pen
    """Writes attestations."""
    blobs: Blobs
    """Fetches evidence."""
    watching: Watching
    """What was seen live of the sessions that blocks are of."""
    nearby: Nearby
    """How near performers are."""
    refuses: Callable[[IdentityId], bool]
    """Whether the user has parted with somebody, and this node gives no word by itself."""
    duties: OrderedDict[EntryId, Duty] = field(default_factory=OrderedDict)
    """By block, oldest first."""
    judged_now: dict[EntryId, Evidence] = field(default_factory=dict)
    """Evidence of blocks that are being judged."""
    ready: list[EntryId] = field(default_factory=list)
    """Blocks whose verdict is to be written."""
    is_attentive: bool = False
    """A person is there to judge by hand."""

    def on_block(self, statement: Statement, block: Block) -> None:
        """A block is sealed: if we were drawn for it and watched, it is a duty."""
        watch = self._watch_of(block)
        state = self.context.ledger.tips.get(statement.entry.author, {}).get(statement.id)
        if watch is None or state is None or statement.id in self.duties:
            return
        if self.context.settings.is_companion:
            return  # the device that holds the pen judges
        if self.context.identity not in state.blocks[statement.id].drawn:
            return
        author = statement.entry.author
        duty = Duty(statement, author, block.session, block.window, self.context.now_ms)
        self.duties[statement.id] = duty
        while len(self.duties) > MAX_DUTIES:
            self.duties.popitem(last=False)
        self.context.tell(DutyChanged(duty.id))
        if self._asks(duty):
            self._ponder(duty, self._patience_ms(duty) + UNDO_MS + ON_THE_WAY_MS)
        self._fetch(watch, block)

    def on_chart(self, watch: Watch) -> None:
        """The chart of a watched session arrived: evidence can be judged now."""
        for duty in list(self.duties.values()):
            body = duty.statement.body
            if duty.session == watch.id and duty.state is DutyState.FETCHING:
                assert isinstance(body, Block)
                self._fetch(watch, body)

    def on_blob(self, blob: ContentId, data: bytes) -> None:
        """Evidence arrived."""
        for duty in list(self.duties.values()):
            body = duty.statement.body
            is_awaited = duty.state is DutyState.FETCHING
            if is_awaited and isinstance(body, Block) and body.evidence == blob:
                self._take_evidence(duty, body, data)

    def judged(self, purpose: ForVerdict, result: PlayJudged) -> None:
        """The detectors are done: this is what the node would say."""
        duty = self.duties.get(purpose.block)
        evidence = self.judged_now.pop(purpose.block, None)
        if duty is None or evidence is None or duty.state is not DutyState.JUDGING:
            return
        watch = self.watching.watches.get(duty.session)
        if watch is None or watch.chart is None:
            self._lose(duty, "The session was not followed any more.")
            return
        duty.verdict = self._verdict(duty, watch, evidence, result)
        duty.reasons, duty.model = result.reasons, result.model
        if duty.choice is not None:
            self._decide(duty, duty.choice)
        elif self._asks(duty):
            self._ask(duty, self._patience_ms(duty))
        elif self.refuses(duty.performer):
            self._pass(duty)
        else:
            self._sign(duty)

    def choose(self, block: EntryId, choice: Choice) -> None:
        """The user says something of a block; it is signed a little later."""
        duty = self.duties.get(block)
        if duty is None or duty.state not in (*OPEN, DutyState.PASSED):
            return
        duty.choice = choice
        if duty.state in (DutyState.FETCHING, DutyState.JUDGING):
            self._ponder(duty, UNDO_MS + ON_THE_WAY_MS)
            self.context.tell(DutyChanged(block))
        else:
            self._decide(duty, choice)

    def undo(self, block: EntryId) -> None:
        """The user takes back what they said, before it is signed."""
        duty = self.duties.get(block)
        if duty is None or duty.choice is None or duty.state not in OPEN:
            return
        duty.choice = None
        if duty.state is not DutyState.DECIDED:
            self.context.tell(DutyChanged(block))
        elif duty.asked_until_ms:
            rest_ms = duty.asked_until_ms - self.context.now_ms
            self._wait(duty, DutyState.ASKING, max(rest_ms, UNDO_MS))
        else:
            self._pass(duty)

    def attend(self, *, is_attentive: bool) -> None:
        """A person is there to judge, or is not any more. What waits for them goes on waiting."""
        self.is_attentive = is_attentive

    def take_appeal(self, peer: NodeKey, appeal: Appeal) -> None:
        """The performer of a block asks for a human look, where the word is not given yet."""
        duty = self.duties.get(appeal.block)
        watch = None if duty is None else self.watching.watches.get(duty.session)
        if duty is None or watch is None or watch.session.performer_node != peer:
            return
        if duty.is_appealed or duty.state not in (*OPEN, DutyState.PASSED):
            return
        if not self.context.settings.is_automated:
            duty.is_appealed = True
            if duty.state in (DutyState.ASKING, DutyState.PASSED):
                duty.choice = None
                self._ask(duty, LOOK_MS)
            self._ponder(duty, LOOK_MS + UNDO_MS + ON_THE_WAY_MS)

    def on_own_attestation(self, statement: Statement, attestation: Attestation) -> None:
        """Words of this node's were written."""
        for verdict in attestation.verdicts:
            duty = self.duties.get(verdict.block)
            if duty is not None:
                duty.state, duty.attestation, duty.verdict = (
                    DutyState.SIGNED,
                    statement.id,
                    verdict,
                )
                self.context.tell(DutyChanged(duty.id))

    def left(self, session: EntryId) -> None:
        """A session is not followed any more: what isn't measured of it never will be."""
        for duty in self.duties.values():
            if duty.session == session and duty.verdict is None and duty.state in OPEN:
                self.judged_now.pop(duty.id, None)
                self._lose(duty, "The session was not followed any more.")

    def _asks(self, duty: Duty) -> bool:
        """Whether a person is asked before the node says anything."""
        is_person = not self.context.settings.is_automated
        return is_person and (self.is_attentive or duty.needs_look)

    def _patience_ms(self, duty: Duty) -> int:
        return LOOK_MS if duty.needs_look else BY_HAND_MS

    def _watch_of(self, block: Block) -> Watch | None:
        watch = self.watching.watches.get(block.session)
        is_candidate = watch is not None and watch.position is not None
        return watch if is_candidate and watch and block.window in watch.windows else None

    def _fetch(self, watch: Watch, block: Block) -> None:
        others = [opening.candidate_node for opening in watch.session.openings]
        self.blobs.want(block.evidence, [watch.session.performer_node, *others])

    def _take_evidence(self, duty: Duty, block: Block, data: bytes) -> None:
        watch = self.watching.watches.get(block.session)
        if watch is None or watch.chart is None:
            return
        try:
            evidence = evidence_from_bytes(data)
        except RejectionError as error:
            self._lose(duty, f"Its evidence can't be read: {error.message}.")
            return
        is_the_blocks = (
            evidence.session == block.session
            and evidence.window == block.window
            and evidence.duration_us == block.duration_ms * 1_000
            and evidence.root == block.root
        )
        if not is_the_blocks:
            self._lose(duty, "Its evidence is of another window than it says.")
            return
        duty.state = DutyState.JUDGING
        self.judged_now[duty.id] = evidence
        self.context.tell(DutyChanged(duty.id))
        start_us = Microseconds(block.window * self.context.params.window_ms * 1_000)
        purpose, calibration = ForVerdict(duty.id), watch.session.calibration
        self.context.do(JudgePlay(purpose, watch.chart, evidence, start_us, calibration))

    def _verdict(self, duty: Duty, watch: Watch, evidence: Evidence, result: PlayJudged) -> Verdict:
        """What was measured, and what the node would say; day and budget are filled in later."""
        assert watch.chart is not None
        node = watch.session.performer_node
        peer = self.context.peers.get(node)
        round_trip_us = peer.round_trip_us if peer is not None else 0
        riffs = watch.live_riffs(evidence, watch.chart.keys, round_trip_us)
        has_seen_frames = watch.is_in_log(evidence)
        return Verdict(
            block=duty.id,
            decision=self._decision(has_seen_frames, result),
            anomaly_ppm=result.anomaly_ppm,
            metrics=replace(result.metrics, riffs_seen=riffs.seen, riffs_answered=riffs.answered),
            has_seen_frames=has_seen_frames,
            custody=custody_proof(self.context.identity, evidence.to_bytes()),
            presence=self.nearby.agreed(node),
            is_by_hand=False,
            day=Day(0),
            budget_ppm=0,
        )

    def _decision(self, has_seen_frames: bool, result: PlayJudged) -> Decision:
        params = self.context.params
        if not has_seen_frames or result.anomaly_ppm >= params.unbelievable_ppm:
            return Decision.REJECT
        is_suspicious = result.anomaly_ppm >= params.suspicious_ppm
        return Decision.FLAG if is_suspicious else Decision.ACCEPT

    def on_mint(self, mint: Mint) -> None:
        """A block was minted: a word that it does not name came too late for it."""
        duty = self.duties.get(mint.block)
        named = [word.attestation for word in mint.verdicts]
        if duty is not None and duty.attestation not in named:
            duty.why = "It minted before your word came."
            self.context.tell(DutyChanged(duty.id))

    def _ask(self, duty: Duty, for_ms: int) -> None:
        """A person is asked, and has so long."""
        duty.asked_until_ms = Milliseconds(self.context.now_ms + for_ms)
        self._wait(duty, DutyState.ASKING, for_ms)

    def _decide(self, duty: Duty, choice: Choice) -> None:
        duty.choice = choice
        self._ponder(duty, UNDO_MS + ON_THE_WAY_MS)
        self._wait(duty, DutyState.DECIDED, UNDO_MS)

    def _wait(self, duty: Duty, state: DutyState, for_ms: int) -> None:
        duty.state = state
        duty.until_ms = Milliseconds(self.context.now_ms + for_ms)
        self.context.tell(DutyChanged(duty.id))
        self.context.call_after(for_ms, partial(self._time_is_up, duty, duty.until_ms))

    def _time_is_up(self, duty: Duty, until_ms: Milliseconds) -> None:
        """Time to decide, or to take back, is over; unless it was set anew meanwhile."""
        if duty.until_ms != until_ms:
            return
        if duty.state is DutyState.ASKING:
            if self.refuses(duty.performer):
                self._pass(duty)
            else:
                self._sign(duty)
        elif duty.state is DutyState.DECIDED:
            if duty.choice is Choice.CANNOT_JUDGE:
                self._pass(duty)
            else:
                self._sign(duty)

    def _pass(self, duty: Duty) -> None:
        """No word is given, and it costs nothing; the performer need not wait for it."""
        duty.state, duty.asked_until_ms = DutyState.PASSED, Milliseconds(0)
        self._ponder(duty, 0)
        self.context.tell(DutyChanged(duty.id))

    def _lose(self, duty: Duty, why: str) -> None:
        duty.state, duty.why = DutyState.LOST, why
        self.context.tell(DutyChanged(duty.id))

    def _ponder(self, duty: Duty, wait_ms: int) -> None:
        """Tells the performer how long our word may take."""
        watch = self.watching.watches.get(duty.session)
        if watch is not None:
            self.context.send(watch.session.performer_node, Pondering(duty.id, wait_ms))

    def _sign(self, duty: Duty) -> None:
        """The word goes into the next attestation."""
        assert duty.verdict is not None
        if duty.choice in HAND_DECISIONS:
            decision = HAND_DECISIONS[duty.choice]
            duty.verdict = replace(duty.verdict, decision=decision, is_by_hand=True)
        duty.state, duty.until_ms = DutyState.SIGNED, Milliseconds(0)
        if not self.ready:
            self.context.call_after(VERDICT_DELAY_MS, self._attest)
        self.ready.append(duty.id)

    def _attest(self) -> None:
        ready = [self.duties[block] for block in self.ready if block in self.duties]
        self.ready.clear()
        for model in sorted({duty.model for duty in ready}):
            given = [d.verdict for d in ready if d.model == model and d.verdict is not None]
            for start in range(0, len(given), MAX_VERDICTS):
                part = given[start : start + MAX_VERDICTS]
                self.pen.write(partial(self._attestation, model, part))

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
