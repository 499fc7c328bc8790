"""Minting: gathers the verdicts on one's own blocks and writes the mint when they suffice."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from consensus.chain import BlockRecord
from consensus.entries import Body
from consensus.entries.attestation import Attestation, Verdict
from consensus.entries.performance import Block, Mint, NamedVerdict
from consensus.identifiers import EntryId, IdentityId
from consensus.presence import Presence
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.minting import GivenVerdict, contributions
from consensus.statement import Statement
from consensus.units import MicroJam, Milliseconds, lower_median
from popd.node.context import Context
from popd.node.notices import WindowChanged, WindowState
from popd.node.pen import Pen

RETRY_MS: Final = 60_000
"""How often a block without a quorum is tried again within its day."""

NEXT_STEPS: Final = {
    RejectionReason.NO_QUORUM: "Wait for the others, or play again with more people nearby.",
    RejectionReason.BELOW_FLOOR: "Play a slower chart, and answer the riffs: the notes with rings.",
    RejectionReason.NOT_BELIEVED: "Play again, by hand and without helpers.",
    RejectionReason.TOO_LATE: "Play again while your witnesses are around.",
}


@dataclass(slots=True)
class OwnBlock:
    """A block of one's own that has not minted yet."""

    statement: Statement
    """The block."""
    body: Block
    """What it says."""
    record: BlockRecord
    """What it came to."""
    verdicts: dict[IdentityId, tuple[EntryId, int]] = field(default_factory=dict)
    """By drawn verifier, the attestation and the position in it; the first counts."""
    is_asked: bool = False
    """The pen has been asked for the mint."""


@dataclass(slots=True)
class Minting:
    """One's own blocks until they are minted or can't be any more."""

    context: Context
    """The node."""
    pen: Pen
    """Writes mints."""
    blocks: dict[EntryId, OwnBlock] = field(default_factory=dict)
    """By block."""

    def on_block(self, statement: Statement, block: Block) -> None:
        """A block of one's own is in the chain: its verifiers are drawn."""
        state = self.context.ledger.tips[statement.entry.author].get(statement.id)
        if state is None:
            return
        own = OwnBlock(statement, block, state.blocks[statement.id])
        self.blocks[statement.id] = own
        self._change(own, WindowState.DRAWN)
        wait_ms = self.context.settings.mint_wait_ms
        self.context.call_after(wait_ms, partial(self._try, statement.id, True))

    def resume(self) -> None:
        """After a restart: takes up all blocks that can still be minted."""
        ledger = self.context.ledger
        state = ledger.state(self.context.identity)
        if state is None:
            return
        for block, record in state.blocks.items():
            age_ms = self.context.now_ms - record.end_ms
            statement = ledger.statements[block]
            is_open = block not in state.mints and age_ms < self.context.params.mint_deadline_ms
            if is_open and isinstance(statement.body, Block):
                self.blocks[block] = OwnBlock(statement, statement.body, record)
                self.context.call_after(RETRY_MS, partial(self._try, block, True))
        if self.blocks:
            for statement in ledger.statements.values():
                if isinstance(statement.body, Attestation) and statement.id in ledger.applied:
                    self.on_attestation(statement, statement.body)

    def on_attestation(self, statement: Statement, attestation: Attestation) -> None:
        """Verdicts arrived; some may be about one's own blocks."""
        verifier = statement.entry.author
        for position, verdict in enumerate(attestation.verdicts):
            own = self.blocks.get(verdict.block)
            if own is not None and verifier in own.record.drawn and verifier not in own.verdicts:
                own.verdicts[verifier] = (statement.id, position)
                self._change(own, WindowState.ATTESTED)
                if len(own.verdicts) == len(own.record.drawn):
                    self._try(verdict.block, False)

    def on_mint(self, mint: Mint) -> None:
        """A block of one's own is minted."""
        own = self.blocks.pop(mint.block, None)
        if own is not None:
            self._change(own, WindowState.MINTED)

    def _try(self, block: EntryId, is_time_up: bool) -> None:
        """Mints if law would; otherwise says why not, and whether there is still hope."""
        own = self.blocks.get(block)
        if own is None or own.is_asked:
            return
        try:
            self._mint(own, self.context.now_ms)
        except RejectionError as error:
            self._explain(own, error, is_time_up)
            return
        own.is_asked = True
        self.pen.write(partial(self._write, own))

    def _write(self, own: OwnBlock, time_ms: Milliseconds) -> Body:
        own.is_asked = False
        return self._mint(own, time_ms)

    def _mint(self, own: OwnBlock, time_ms: Milliseconds) -> Mint:
        """The mint of the block; raises RejectionError when law would have none."""
        given: list[GivenVerdict] = []
        named: list[NamedVerdict] = []
        for verifier, (attestation, position) in sorted(own.verdicts.items()):
            statement = self.context.ledger.statements.get(attestation)
            if statement is None:
                continue
            late_ms = statement.entry.time_ms - own.record.end_ms
            body = statement.body
            if late_ms > self.context.params.verdict_deadline_ms or not isinstance(
                body, Attestation
            ):
                continue
            presence = self._presence_of(own, verifier)
            verdict = body.verdicts[position]
            given.append(GivenVerdict(verifier, statement.entry.time_ms, verdict, presence))
            named.append(NamedVerdict(attestation, position, presence))
        parts = contributions(self.context.params, own.record, own.body.duration_ms, tuple(given))
        amount = MicroJam(sum(part.amount_ujam for part in parts))
        return Mint(own.statement.id, tuple(named), amount)

    def _presence_of(self, own: OwnBlock, verifier: IdentityId) -> Presence:
        state = self.context.ledger.state(self.context.identity)
        session = None if state is None else state.sessions.get(own.body.session)
        if session is None:
            return Presence.REMOTE
        nodes = {opening.candidate: opening.candidate_node for opening in session.openings}
        return self.context.presence_of(nodes[verifier])

    def _explain(self, own: OwnBlock, error: RejectionError, is_time_up: bool) -> None:
        """A block that all have judged is lost; one without a quorum is tried again for a day."""
        is_complete = len(own.verdicts) == len(own.record.drawn)
        why, next_step = error.message, NEXT_STEPS.get(error.reason, "Play again.")
        if not own.record.drawn:
            why = "No witness was there when the window ended, so nobody was drawn."
            next_step = NEXT_STEPS[RejectionReason.TOO_LATE]
        elif is_complete and error.reason is RejectionReason.NO_QUORUM:
            why, next_step = self._why_not_believed(own)
        age_ms = self.context.now_ms - own.record.end_ms
        is_over = is_complete or age_ms > self.context.params.verdict_deadline_ms
        if is_over:
            del self.blocks[own.statement.id]
        elif is_time_up:
            self.context.call_after(RETRY_MS, partial(self._try, own.statement.id, True))
        if is_over or is_time_up:
            self.context.tell(
                WindowChanged(
                    own.body.session,
                    own.body.window,
                    WindowState.FAILED,
                    own.statement.id,
                    error.reason,
                    why,
                    next_step,
                )
            )

    def _why_not_believed(self, own: OwnBlock) -> tuple[str, str]:
        """All drawn have answered and too few accept: what most of them saw, and what to do."""
        params = self.context.params
        verdicts = self._said(own)
        count = f"{len(verdicts)} witnesses"
        accuracy = lower_median([verdict.metrics.accuracy_ppm for verdict in verdicts])
        liveness = lower_median([verdict.metrics.liveness_ppm for verdict in verdicts])
        if any(not verdict.has_seen_frames for verdict in verdicts):
            return (
                f"What {count} saw live is not all in what was sealed.",
                "Check your connection, and play again.",
            )
        if accuracy < params.accuracy_floor_ppm:
            return (
                f"It was not believed by your {count}: {accuracy // 10_000} % of it was on the "
                f"notes, {params.accuracy_floor_ppm // 10_000} % are needed.",
                "Press each key as its shape reaches the line; practise it slower, "
                "or choose an easier chart.",
            )
        if liveness < params.liveness_floor_ppm:
            return (
                f"It was not believed by your {count}: too few riffs were answered.",
                NEXT_STEPS[RejectionReason.BELOW_FLOOR],
            )
        return (
            f"It was not believed by your {count}: parts did not look played by a person.",
            NEXT_STEPS[RejectionReason.NOT_BELIEVED],
        )

    def _said(self, own: OwnBlock) -> list[Verdict]:
        said: list[Verdict] = []
        for attestation, position in own.verdicts.values():
            statement = self.context.ledger.statements.get(attestation)
            body = None if statement is None else statement.body
            if isinstance(body, Attestation):
                said.append(body.verdicts[position])
        return said

    def _change(self, own: OwnBlock, state: WindowState) -> None:
        body = own.body
        self.context.tell(
            WindowChanged(body.session, body.window, state, own.statement.id, None, "", "")
        )
