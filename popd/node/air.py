"""What is on air: performances of others that are on now, one of each performer."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from consensus.entries.performance import Session
from consensus.identifiers import EntryId, IdentityId
from consensus.statement import Statement
from consensus.units import Milliseconds
from popd.node.context import Context
from popd.node.notices import StageChanged

MAX_ON_AIR: Final = 256
"""Performances known at a time."""


@dataclass(slots=True)
class Performance:
    """Somebody's session, from its announcement to its end."""

    id: EntryId
    """The session entry."""
    performer: IdentityId
    """Who plays."""
    session: Session
    """What it says."""
    end_ms: Milliseconds
    """When it ends at the latest."""
    heard_ms: Milliseconds | None = None
    """When this node saw something of the play last; None if it saw nothing."""
    is_over: bool = False
    """Its performer said that it is over."""


@dataclass(slots=True)
class Air:
    """All performances that are on, by performer: nobody plays two at a time."""

    context: Context
    """The node."""
    performances: OrderedDict[IdentityId, Performance] = field(default_factory=OrderedDict)
    """The latest of each performer, in the order of their announcement."""

    def on_session(self, statement: Statement, session: Session) -> None:
        """A session is announced: whatever else its performer had on is over."""
        performer = statement.entry.author
        end_ms = Milliseconds(session.start_ms + session.windows * self.context.params.window_ms)
        if performer == self.context.identity or end_ms <= self.context.now_ms:
            return
        known = self.performances.get(performer)
        if known is not None and known.session.start_ms > session.start_ms:
            return
        self.performances.pop(performer, None)
        self.performances[performer] = Performance(statement.id, performer, session, end_ms)
        if len(self.performances) > MAX_ON_AIR:
            del self.performances[self._least_interesting()]
        self.context.tell(StageChanged(statement.id))

    def _least_interesting(self) -> IdentityId:
        """Whose performance gives way: the oldest over or far away, otherwise the oldest."""
        for performer, known in self.performances.items():
            is_near = known.session.performer_node in self.context.peers
            if known.is_over or known.end_ms <= self.context.now_ms or not is_near:
                return performer
        return next(iter(self.performances))

    def heard(self, session: EntryId) -> None:
        """Something of a performance was seen."""
        performance = self.get(session)
        if performance is not None:
            performance.heard_ms = self.context.now_ms

    def over(self, session: EntryId) -> None:
        """A performance ended before its time."""
        performance = self.get(session)
        if performance is not None and not performance.is_over:
            performance.is_over = True
            self.context.tell(StageChanged(session))

    def get(self, session: EntryId) -> Performance | None:
        """A performance that is known, by its session."""
        statement = self.context.ledger.statements.get(session)
        known = None if statement is None else self.performances.get(statement.entry.author)
        return known if known is not None and known.id == session else None

    def now(self) -> list[Performance]:
        """What is on, in the order of announcement."""
        now_ms = self.context.now_ms
        return [p for p in self.performances.values() if not p.is_over and now_ms < p.end_ms]
