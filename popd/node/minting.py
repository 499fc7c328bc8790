"""Minting: gathers the verdicts on one's own blocks and writes the mint when they suffice."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from consensus.chain import BlockRecord
from consensus.entries import Body
from consensus.entries.attestation import Attestation
from consensus.entries.performance import Block, Mint, NamedVerdict, Session
from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.presence import Presence
from consensus.rejections import RejectionError
from consensus.rulebooks.minting import contributions
from consensus.statement import Statement
from consensus.units import MicroJam, Milliseconds
from popd.node.context import Context
from popd.node.duty import is_drawn_for_look
from popd.node.judging import LOOK_MS
from popd.node.messages.judging import Appeal, Pondering
from popd.node.nearness import Nearby
from popd.node.notices import AppealAnswered, WindowChanged, WindowState
from popd.node.pen import Pen
from popd.node.unminted import Why, explained, given_by, why_unminted
from popd.node.verdicts import Said, said_of

RETRY_MS: Final = 60_000
"""How often a block without a quorum is tried again within its day."""
MAX_PATIENCE_MS: Final = 90_000
"""How long at most to wait for people who look at a block themselves."""
LOOK_PATIENCE_MS: Final = LOOK_MS + 30_000
"""The same where a person is to look: one block in a thousand, and after an appeal."""


@dataclass(slots=True)
class OwnBlock:
    """A block of one's own that has not minted yet."""

    statement: Statement
    """The block."""
    body: Block
    """What it says."""
    record: BlockRecord
    """What it came to."""
    presences: dict[IdentityId, Presence]
    """How near each verifier was when it was sealed."""
    verdicts: dict[IdentityId, Said] = field(default_factory=dict)
    """By drawn verifier, the first word of each."""
    pondering: dict[IdentityId, Milliseconds] = field(default_factory=dict)
    """Who has a person look at it, and until when we wait for them."""
    is_appealed: bool = False
    """The user asked for a human look."""
    is_due: bool = False
    """All have had their time; only people who look at it are waited for."""
    is_asked: bool = False
    """The pen has been asked for the mint."""


@dataclass(slots=True)
class Minting:
    """One's own blocks until they are minted or can't be any more."""

    context: Context
    """The node."""
    pen: Pen
    """Writes mints."""
    nearby: Nearby
    """How near witnesses are."""
    blocks: dict[EntryId, OwnBlock] = field(default_factory=dict)
    """By block."""

    def on_block(self, statement: Statement, block: Block) -> None:
        """A block of one's own is in the chain: its verifiers are drawn."""
        state = self.context.ledger.tips[statement.entry.author].get(statement.id)
        if state is None:
            return
        own = self._take_up(statement, block, state.blocks[statement.id])
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
                own = self._take_up(statement, statement.body, record)
                own.verdicts = said_of(ledger, block, record)
                self.context.call_after(RETRY_MS, partial(self._try, block, True))

    def on_attestation(self, statement: Statement, attestation: Attestation) -> None:
        """Verdicts arrived; some may be about one's own blocks."""
        verifier = statement.entry.author
        for position, verdict in enumerate(attestation.verdicts):
            own = self.blocks.get(verdict.block)
            if own is not None and verifier in own.record.drawn and verifier not in own.verdicts:
                own.verdicts[verifier] = (statement, position)
                own.pondering.pop(verifier, None)
                self._change(own, WindowState.ATTESTED)
                if len(own.verdicts) == len(own.record.drawn):
                    self._try(verdict.block, False)

    def on_mint(self, mint: Mint) -> None:
        """A block of one's own is minted."""
        own = self.blocks.pop(mint.block, None)
        if own is not None:
            self._change(own, WindowState.MINTED)

    def take_pondering(self, peer: NodeKey, message: Pondering) -> None:
        """A witness has a person look at a block, or will not say anything of it."""
        own = self.blocks.get(message.block)
        verifier = None if own is None else self._verifier_at(own, peer)
        if own is None or verifier not in own.record.drawn or verifier in own.verdicts:
            return
        is_long = own.is_appealed or is_drawn_for_look(message.block)
        patience_ms = LOOK_PATIENCE_MS if is_long else MAX_PATIENCE_MS
        wait_ms = min(message.wait_ms, patience_ms)
        if wait_ms:
            own.pondering[verifier] = Milliseconds(self.context.now_ms + wait_ms)
        elif own.pondering.pop(verifier, None) is not None and own.is_due:
            self._try(message.block, True)
        self._change(own, WindowState.ATTESTED if own.verdicts else WindowState.DRAWN)

    def looking(self, block: EntryId) -> tuple[IdentityId, ...]:
        """Who has a person look at a block of one's own, and is waited for."""
        own = self.blocks.get(block)
        waited = {} if own is None else own.pondering
        return tuple(sorted(v for v, until in waited.items() if until > self.context.now_ms))

    def appeal(self, block: EntryId) -> None:
        """Asks those drawn who have not given their word for a human look."""
        ledger, now_ms = self.context.ledger, self.context.now_ms
        why = why_unminted(ledger, self.context.identity, block, now_ms)
        if why is None:
            answer = "It is minted already, or no block of yours.", "There is nothing to ask."
            self.context.tell(AppealAnswered(block, 0, *answer))
            return
        own = self._taken_up(block)
        deadline_ms = own.record.end_ms + self.context.params.verdict_deadline_ms
        silent = [v for v in own.record.drawn if v not in own.verdicts]
        nodes = {self._node_of(own, verifier) for verifier in silent}
        asked = sorted(node for node in nodes if node in self.context.peers)
        if now_ms < deadline_ms and asked:
            own.is_appealed = True
            for node in asked:
                self.context.send(node, Appeal(block))
            self.context.call_after(LOOK_PATIENCE_MS, partial(self._try, block, True))
        else:
            asked = []
        self.context.tell(AppealAnswered(block, len(asked), *_appeal_words(own, len(asked))))

    def _take_up(self, statement: Statement, block: Block, record: BlockRecord) -> OwnBlock:
        own = OwnBlock(statement, block, record, {})
        self.blocks[statement.id] = own
        for verifier in record.drawn:
            node = self._node_of(own, verifier)
            own.presences[verifier] = Presence.REMOTE if node is None else self.nearby.agreed(node)
        return own

    def _taken_up(self, block: EntryId) -> OwnBlock:
        """A block of one's own that can be appealed, though it was given up before."""
        own = self.blocks.get(block)
        if own is not None:
            return own
        ledger = self.context.ledger
        statement = ledger.statements[block]
        states = ledger.tips[self.context.identity].values()
        record = next(state.blocks[block] for state in states if block in state.blocks)
        assert isinstance(statement.body, Block)
        own = self._take_up(statement, statement.body, record)
        own.verdicts = said_of(ledger, block, record)
        return own

    def _node_of(self, own: OwnBlock, verifier: IdentityId) -> NodeKey | None:
        openings = self._session(own).openings
        nodes = (o.candidate_node for o in openings if o.candidate == verifier)
        return next(nodes, None)

    def _verifier_at(self, own: OwnBlock, node: NodeKey) -> IdentityId | None:
        openings = self._session(own).openings
        return next((o.candidate for o in openings if o.candidate_node == node), None)

    def _session(self, own: OwnBlock) -> Session:
        session = self.context.ledger.statements[own.body.session].body
        assert isinstance(session, Session)
        return session

    def _try(self, block: EntryId, is_time_up: bool) -> None:
        """Mints if law would; otherwise says why not, and whether there is still hope.

        While people look at it themselves, it waits for them.
        """
        own = self.blocks.get(block)
        if own is None or own.is_asked or self.context.settings.is_companion:
            return
        own.is_due |= is_time_up
        until_ms = max(own.pondering.values(), default=0)
        if until_ms > self.context.now_ms and len(own.verdicts) < len(own.record.drawn):
            self.context.call_at(until_ms * 1_000, partial(self._try, block, True))
            return
        try:
            self._mint(own, self.context.now_ms)
        except RejectionError:
            self._explain(own, is_time_up=is_time_up)
            return
        own.is_asked = True
        self.pen.write(partial(self._write, own))

    def _write(self, own: OwnBlock, time_ms: Milliseconds) -> Body:
        own.is_asked = False
        return self._mint(own, time_ms)

    def _mint(self, own: OwnBlock, time_ms: Milliseconds) -> Mint:
        """The mint of the block; raises RejectionError when law would have none."""
        held = self.context.ledger.statements
        said = {v: word for v, word in own.verdicts.items() if word[0].id in held}
        params = self.context.params
        given, places = given_by(params, own.record, said, own.presences)
        parts = contributions(params, own.record, own.body.duration_ms, tuple(given))
        named = tuple(
            NamedVerdict(statement.id, position, item.presence)
            for (statement, position), item in zip(places, given, strict=True)
        )
        amount = MicroJam(sum(part.amount_ujam for part in parts))
        return Mint(own.statement.id, named, amount)

    def _explain(self, own: OwnBlock, *, is_time_up: bool) -> None:
        """A block that can't mint any more is given up; another is tried again for a day."""
        found = explained(self.context.params, own.record, own.verdicts, self.context.now_ms)
        if found.is_over:
            del self.blocks[own.statement.id]
        elif is_time_up:
            self.context.call_after(RETRY_MS, partial(self._try, own.statement.id, True))
        if found.is_over or is_time_up:
            self._change(own, WindowState.FAILED, found)

    def _change(self, own: OwnBlock, state: WindowState, why: Why | None = None) -> None:
        body = own.body
        self.context.tell(
            WindowChanged(
                body.session,
                body.window,
                state,
                own.statement.id,
                "" if why is None else why.why,
                "" if why is None else why.next_step,
                tuple(sorted(own.pondering)) if why is None else (),
            )
        )


def _appeal_words(own: OwnBlock, asked: int) -> tuple[str, str]:
    drawn, spoken = len(own.record.drawn), len(own.verdicts)
    if asked:
        which = (
            "who has not given a word yet, was"
            if asked == 1
            else "who have not given their word yet, were"
        )
        return (
            f"{asked} of your {drawn} witnesses, {which} asked to look at it.",
            "They may take ten minutes; if enough of them believe it, it mints.",
        )
    if spoken == drawn:
        return (
            "All of your witnesses have given their word, and a word once given stands.",
            "Play again, and ask somebody to open Nearby while you do.",
        )
    silent = drawn - spoken
    have = "has not given a word" if silent == 1 else "have not given their word"
    return (
        f"{silent} of your {drawn} witnesses {have}: not "
        "connected now, or the day to do so is over.",
        "Ask again when they are back, or play again.",
    )
