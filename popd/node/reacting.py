"""Reacting: what each part of a node makes of entries that took their place, or were let go."""

from collections.abc import Sequence
from dataclasses import dataclass

from consensus.entries.attestation import Attestation
from consensus.entries.performance import Block, Mint, Session
from consensus.identifiers import EntryId
from consensus.ledger import Ledger
from consensus.statement import Statement
from popd.node.air import Air
from popd.node.blobs import Blobs
from popd.node.comparing import Comparing
from popd.node.concerting import Concerting
from popd.node.context import Context
from popd.node.disputing import Disputing
from popd.node.elsewhere import Elsewhere
from popd.node.judging import Judging
from popd.node.mates import Mates
from popd.node.minting import Minting
from popd.node.pen import Pen
from popd.node.performing import Performing
from popd.node.receiving import Receiving
from popd.node.rooming import Rooming
from popd.node.spreading import Spreading
from popd.node.witnessing import Witnessing


@dataclass(slots=True)
class Reacting:
    """The parts that an entry concerns."""

    context: Context
    """The node."""
    comparing: Comparing
    """Compares heads."""
    spreading: Spreading
    """Passes entries on."""
    mates: Mates
    """Knows who is in a session together."""
    blobs: Blobs
    """Knows who may have which chart and evidence."""
    air: Air
    """Knows what is on."""
    witnessing: Witnessing
    """Takes up sessions that it is a candidate of."""
    rooming: Rooming
    """Learns what fellow players play."""
    performing: Performing
    """Begins the own session."""
    judging: Judging
    """Judges what it was drawn for."""
    minting: Minting
    """Gathers verdicts."""
    receiving: Receiving
    """Takes what was handed over."""
    disputing: Disputing
    """Knows from whom the user parted."""
    concerting: Concerting
    """Gathers ratings."""
    pen: Pen
    """Learns what was written for it."""
    elsewhere: Elsewhere
    """Notices what was not written here."""

    def on_applied(self, statement: Statement) -> None:
        """An entry took its place."""
        self.comparing.on_applied(statement)
        self.spreading.on_applied(statement)
        self.note(statement)
        is_own = statement.entry.author == self.context.identity
        body = statement.body
        match body:
            case Session():
                self.air.on_session(statement, body)
                self.witnessing.on_session(statement, body)
                self.rooming.on_session(statement.entry.author, body)
                if is_own:
                    self.performing.on_session(statement, body)
            case Block():
                self.judging.on_block(statement, body)
                if is_own:
                    self.minting.on_block(statement, body)
            case Attestation():
                self.minting.on_attestation(statement, body)
                if is_own:
                    self.judging.on_own_attestation(statement, body)
            case Mint():
                self.judging.on_mint(body)
                if is_own:
                    self.minting.on_mint(body)
            case _:
                pass
        self.receiving.on_applied(statement)
        self.disputing.on_applied(statement)
        self.concerting.on_applied(statement)
        if is_own:
            self.elsewhere.on_applied(statement)
            self._hand_over(statement)
            self.pen.on_own(statement)

    def note(self, statement: Statement) -> None:
        """Remembers who is in which session, and who may have which chart and evidence."""
        body = statement.body
        if isinstance(body, Session):
            self.mates.on_session(statement, body)
            self.blobs.note_session(body)
        elif isinstance(body, Block):
            session = self.context.ledger.statements.get(body.session)
            if session is not None and isinstance(session.body, Session):
                self.blobs.note_block(statement.id, body, session.body)

    def on_forgotten(self, going: Sequence[Statement]) -> None:
        """Entries were let go: nothing follows from them any more."""
        self.comparing.forget({statement.entry.author for statement in going})
        for statement in going:
            self.blobs.forget(statement)
            self.concerting.forget(statement)

    def _hand_over(self, statement: Statement) -> None:
        """What the other nodes of a session wait for reaches them at once."""
        for session in sessions_concerned(self.context.ledger, statement):
            for peer in self.mates.hand_over(statement, session):
                self.spreading.forget(peer, statement.id)


def sessions_concerned(ledger: Ledger, statement: Statement) -> frozenset[EntryId]:
    """The sessions that an entry belongs to: announcing them, their blocks, verdicts on those."""
    body = statement.body
    if isinstance(body, Session):
        return frozenset({statement.id})
    if isinstance(body, Block):
        return frozenset({body.session})
    if isinstance(body, Attestation):
        blocks = (ledger.statements[verdict.block].body for verdict in body.verdicts)
        return frozenset(block.session for block in blocks if isinstance(block, Block))
    return frozenset()
