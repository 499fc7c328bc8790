"""Tiers: how much an author concerns this node, from its user's own chain and what it is told.

Everything follows from the ledger and from two sets that come from outside, pinned and trusted
people; so after a restart the tiers are what they were. Kept entry by entry: an entry of
somebody else costs a look into one dictionary.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from consensus.entries.performance import Session
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.statement import Statement

MAX_TRUSTED: Final = 65_536
"""People that the runtime may name as trusted; a town of 8,000 fits eight times."""
MAX_PINNED: Final = 4_096
"""People that a user may pin."""
MAX_HOSTS: Final = 64
"""Performers whose sessions name this node as a candidate: twice the sessions watched at once."""
MAX_GIVERS: Final = 256
"""People whose coins somebody near is about to receive, which takes the giver's chain."""
MAX_WITNESSES: Final = 256
"""Candidates of the user's own latest sessions: ten full sessions without anybody twice."""


class Tier(IntEnum):
    """Why something is kept, the nearest first."""

    OWN_AND_PATH = 0
    """The user, pinned people, and everybody on whom the user's coins depend."""
    TRUSTED = 1
    """People near the user by their acknowledgements, those they play with right now, and those
    whose coins they are about to receive."""
    NAMED = 2
    """Single entries that kept chains name; of entries, never of an author."""
    STRANGER = 3
    """Everybody else."""


@dataclass(slots=True)
class Tiers:
    """Who is in which tier."""

    ledger: Ledger
    """All entries and what they come to."""
    own: IdentityId
    """The user."""
    pinned: frozenset[IdentityId] = frozenset()
    """Whom the user pinned."""
    trusted: frozenset[IdentityId] = frozenset()
    """Who is near the user."""
    path: set[IdentityId] = field(default_factory=set)
    """Minters and holders of the lots in the user's purse, on any branch."""
    open: dict[EntryId, IdentityId] = field(default_factory=dict)
    """Whom the user's coins went to, by the transfer or decline that waits to be taken."""
    hosts: dict[IdentityId, None] = field(default_factory=dict)
    """Performers in whose sessions the user is a candidate, latest last."""
    witnesses: dict[IdentityId, None] = field(default_factory=dict)
    """Candidates of the user's own sessions, latest last."""
    givers: dict[IdentityId, None] = field(default_factory=dict)
    """Whose coins somebody near wants to take, latest last; lost with a restart."""
    near: dict[IdentityId, Tier] = field(default_factory=dict)
    """Everybody who is no stranger."""

    def tier(self, author: IdentityId) -> Tier:
        """The tier of an author."""
        return self.near.get(author, Tier.STRANGER)

    def trust(self, trusted: frozenset[IdentityId]) -> set[IdentityId]:
        """Other people are near now, at most `MAX_TRUSTED`; returns whose tier changed."""
        before, self.trusted = self.trusted, bounded(trusted, MAX_TRUSTED)
        return self._classify(before | self.trusted)

    def pin(self, pinned: frozenset[IdentityId]) -> set[IdentityId]:
        """The user pinned these people, at most `MAX_PINNED`; returns whose tier changed."""
        before, self.pinned = self.pinned, bounded(pinned, MAX_PINNED)
        return self._classify(before | self.pinned)

    def resume(self) -> None:
        """Finds everybody anew, from what the ledger holds."""
        held = [self.ledger.statements[entry] for entry in self.ledger.applied]
        sessions = [item for item in held if isinstance(item.body, Session)]
        for statement in sorted(sessions, key=lambda item: (item.entry.time_ms, item.id)):
            self.note(statement)
        states = self.ledger.tips.get(self.own, {}).values()
        for transfer in {entry for state in states for entry in state.sent}:
            self._open(transfer)
        taken = {entry for state in states for entry in state.taken}
        for statement in held:
            is_back = self.own in self.ledger.claims.get(statement.id, ())
            if isinstance(statement.body, Decline) and is_back and statement.id not in taken:
                self.open[statement.id] = statement.entry.author
        self._follow_purse()
        self._classify({self.own, *self.pinned, *self.trusted, *self.open.values()})

    def note(self, statement: Statement) -> set[IdentityId]:
        """Takes in an entry that was applied; returns whose tier changed by it."""
        body = statement.body
        if statement.entry.author == self.own:
            return self._note_own(statement)
        if isinstance(body, Session):
            if any(opening.candidate == self.own for opening in body.openings):
                return self._accompany(self.hosts, (statement.entry.author,), MAX_HOSTS)
        elif isinstance(body, Receive):
            if body.source in self.open:
                return self._classify({self.open.pop(body.source)})
        elif isinstance(body, Decline) and body.transfer in self.open:
            self.open[statement.id] = self.open.pop(body.transfer)
        return set()

    def note_giver(self, giver: IdentityId) -> set[IdentityId]:
        """Somebody near can't go on without a giver's chain; returns whose tier changed."""
        return self._accompany(self.givers, (giver,), MAX_GIVERS)

    def _note_own(self, statement: Statement) -> set[IdentityId]:
        match statement.body:
            case Session(openings=openings):
                candidates = (opening.candidate for opening in openings)
                return self._accompany(self.witnesses, candidates, MAX_WITNESSES)
            case Receive(source=source):
                giver = self.open.pop(source, None)
                people = self._add_path(self.ledger.claims[source][self.own].key)
                return self._classify(people if giver is None else people | {giver})
            case Transfer(recipient=recipient):
                self.open[statement.id] = recipient
                return self._classify(self._follow_purse() | {recipient})
            case _:
                return self._classify({self.own})

    def _open(self, transfer: EntryId) -> None:
        """Coins of the user's are under way, unless whoever they go to took them."""
        body = self.ledger.statements[transfer].body
        if isinstance(body, Transfer):
            states = self.ledger.tips.get(body.recipient, {}).values()
            if all(transfer not in state.taken for state in states):
                self.open[transfer] = body.recipient

    def _add_path(self, key: LotKey) -> set[IdentityId]:
        people = {self.ledger.statements[EntryId(key.origin)].entry.author, *key.path}
        self.path |= people
        return people

    def _follow_purse(self) -> set[IdentityId]:
        """Sets the path by what the user still holds; returns who was or is in it."""
        before, self.path = self.path, set()
        for state in self.ledger.tips.get(self.own, {}).values():
            staked = [record.key for record in state.stakes.values()]
            back = [self.ledger.claims[one][self.own].key for one in state.unstakes - state.taken]
            for key in (*state.purse, *staked, *back):
                self._add_path(key)
        return self._classify(before | self.path)

    def _accompany(
        self, among: dict[IdentityId, None], people: Iterable[IdentityId], bound: int
    ) -> set[IdentityId]:
        """Takes people in as the latest; the oldest give way."""
        touched: set[IdentityId] = set()
        for person in people:
            among.pop(person, None)
            among[person] = None
            touched.add(person)
            if len(among) > bound:
                oldest = next(iter(among))
                del among[oldest]
                touched.add(oldest)
        return self._classify(touched)

    def _classify(self, people: Iterable[IdentityId]) -> set[IdentityId]:
        """Works out the tiers of these people again; returns those that changed."""
        changed: set[IdentityId] = set()
        payees = set(self.open.values())
        for person in people:
            tier = self._worked_out(person, payees)
            if tier is not self.tier(person):
                changed.add(person)
                if tier is Tier.STRANGER:
                    del self.near[person]
                else:
                    self.near[person] = tier
        return changed

    def _worked_out(self, person: IdentityId, payees: set[IdentityId]) -> Tier:
        is_path = person in self.path or person in payees
        if person == self.own or person in self.pinned or is_path:
            return Tier.OWN_AND_PATH
        among = (self.trusted, self.hosts, self.witnesses, self.givers)
        return Tier.TRUSTED if any(person in people for people in among) else Tier.STRANGER


def bounded(people: frozenset[IdentityId], bound: int) -> frozenset[IdentityId]:
    """At most so many of them, the same ones every time."""
    return people if len(people) <= bound else frozenset(sorted(people)[:bound])
