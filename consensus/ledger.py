"""The ledger: the fold of a set of entries. Same set, same ledger, in any order of arrival.

An entry is *waiting* until its prev, what it names and what it receives from are there, then
*applied* or *rejected* for ever, by rules that see nothing but its causal past. Branches of a
fork are chains of their own. Marks are computed from the whole set and only ever switch on.

Entries can be forgotten: then the ledger is the fold of those that stay, with the marks it had.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from consensus.chain import ChainState
from consensus.dag import HeldEntries, Needs, WaitingEntries
from consensus.entries import Body
from consensus.entries.transfer import Decline, Receive
from consensus.forgetting import kept_by_others, unsettled_with
from consensus.forks import ForkProof, Move, worse_proof
from consensus.holdings import Holding, Marks, digest_of, holdings
from consensus.identifiers import NO_ENTRY, EntryId, IdentityId
from consensus.lots import Claim, LotKey
from consensus.marking import Marking
from consensus.movements import move_of
from consensus.parameters import NetworkParams
from consensus.rejections import RejectionError, RejectionReason
from consensus.rulebooks.case import Case, NamedEntries
from consensus.rules import apply_entry, belies_itself, check_rules
from consensus.statement import Statement

TAKING: Final = (Receive, Decline)
"""What needs the entry that it names to be settled, not only to be there."""


@dataclass(frozen=True, slots=True)
class Applied:
    """An entry took its place in its author's chain."""

    statement: Statement
    """The entry."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry breaks a rule, for everybody and for ever."""

    statement: Statement
    """The entry."""
    reason: RejectionReason
    """Which."""
    message: str
    """In words."""


Change = Applied | Rejected


class Ledger:
    """All entries held, and what they come to."""

    def __init__(self, params: NetworkParams) -> None:
        self.params = params
        self._held = HeldEntries()
        self.statements = self._held.statements
        """Every entry held, applied or not."""
        self.applied: set[EntryId] = set()
        """Entries that took their place."""
        self.rejected: dict[EntryId, RejectionReason] = {}
        """Entries that broke a rule, and which."""
        self.tips: dict[IdentityId, dict[EntryId, ChainState]] = {}
        """The heads of each author's branches, with what each has come to."""
        self.claims: dict[EntryId, dict[IdentityId, Claim]] = {}
        """What applied entries hand over."""
        self.forks: dict[IdentityId, ForkProof] = {}
        """The mark forked(author, number): the lowest proof of each author."""
        self.revision = 0
        """Grows whenever the ledger changes."""
        self._branched: set[IdentityId] = set()
        self._marking = Marking()
        self._waiting = WaitingEntries()
        self._named = NamedEntries(self.statements, self.claims)

    def add(self, statement: Statement) -> tuple[Change, ...]:
        """Takes an entry in; returns what became of it and of those that waited for it.

        An entry that is there already changes nothing. One that must wait returns nothing yet.
        """
        if statement.id in self.statements:
            return ()
        self.revision += 1
        self._hold(statement)
        changes: list[Change] = []
        ready = [statement.id, *self._waiting.released_by(statement.id)]
        while ready:
            entry = ready.pop(0)
            change = self._settle(self.statements[entry])
            if change is not None:
                self._waiting.settle(entry)
                changes.append(change)
                ready += self._waiting.released_by(entry)
        if changes and (self.contested or self._branched):
            self._take_marks(changes)
        return tuple(changes)

    def check(self, statement: Statement) -> None:
        """Raises RejectionError when an entry that needs nothing missing would be rejected.

        For entries of one's own, before they are signed. Changes nothing.
        """
        if self._blocker(statement) is not None:
            raise RejectionError(
                RejectionReason.BROKEN_DEPENDENCY, "it builds on something that is not here yet"
            )
        self._check_dependencies(statement)
        check_rules(self._case(statement))

    def drop(self, entry: EntryId) -> None:
        """Lets go of an entry that waits, as if it had never come; it can be fetched again.

        A fork that it proved stays proved. Raises KeyError when it is not among `waiting`.
        """
        self._waiting.drop(entry)
        self._held.let_go(entry)
        self.revision += 1

    def can_drop(self, entry: EntryId) -> bool:
        """Whether the entry waits, and nothing that was settled names it."""
        return self._waiting.can_drop(entry)

    def forget(self, entries: Collection[EntryId]) -> tuple[Statement, ...]:
        """Lets go of entries as if they had never come; they can be fetched again.

        What stays and follows one of them in its chain waits again, as a statement: returns these.
        Marks stay. Raises ValueError, and changes nothing, where something that stays builds on
        what would go, or one of them is not held.
        """
        going = set(entries)
        leaving = self._leaving(going)
        if not going <= self.statements.keys() or self._kept_by_others(going, leaving):
            raise ValueError("something that stays builds on what would be forgotten")
        self._unsettle(leaving)
        for entry in going:
            self._waiting.remove(entry)
            self._held.let_go(entry)
        stranded = sorted(leaving - going)
        for entry in (*stranded, *self._waiting.awaiting_named):
            self._block_again(self.statements[entry])
        self.revision += 1
        return tuple(self.statements[entry] for entry in stranded)

    def forgettable(self, entries: Iterable[EntryId]) -> set[EntryId]:
        """Those of `entries` that can be forgotten together: nothing that stays builds on them."""
        going = set(entries) & self.statements.keys()
        while True:
            kept = self._kept_by_others(going, self._leaving(going))
            if not kept:
                return going
            going -= kept

    def is_waiting(self, entry: EntryId) -> bool:
        """Whether the entry is held, but neither applied nor rejected."""
        return entry in self.statements and entry not in self.applied and entry not in self.rejected

    def is_lacking(self, entry: EntryId) -> bool:
        """Whether something settled needs the entry, or nothing else keeps one from settling."""
        return self._waiting.times_needed(entry) > 0 or self._waiting.is_named_by_waiting(entry)

    def blocker(self, entry: EntryId) -> EntryId | None:
        """What an entry waits for; None where it does not wait, or for nothing that could come."""
        return self._waiting.blocker_of(entry)

    def needs(self, entry: EntryId) -> Needs:
        """What a settled entry rests on; a rejected one also on a prev that is no chain of its."""
        statement = self.statements[entry]
        needs = _needs_of_applied(statement.entry.refs, statement.body)
        if entry not in self.rejected or self._held.is_next(statement):
            return needs
        prev = (statement.entry.prev,)
        return Needs(needs.held + prev, needs.settled + prev)

    @property
    def waiting(self) -> tuple[EntryId, ...]:
        """The entries that wait and can be dropped, in order of arrival.

        They wait for others, or are of a version or kind that is not understood. What a
        settled entry names is not among them: the ledger builds on it as a statement.
        """
        return self._waiting.droppable

    @property
    def missing(self) -> frozenset[EntryId]:
        """The entries that others wait for and that are not held."""
        return self._waiting.blockers - self.statements.keys()

    def state(self, author: IdentityId) -> ChainState | None:
        """What an author's longest branch has come to; of equals the one with the lower head."""
        tips = self.tips.get(author)
        return min(tips.values(), key=lambda state: (-state.number, state.head)) if tips else None

    def chain(self, head: EntryId) -> list[Statement]:
        """The entries from number 0 to `head`, in order."""
        return self._held.chain(head)

    def numbered(self, author: IdentityId, number: int) -> list[EntryId]:
        """The entries held of one author and number, in order; several where their chain forked."""
        return self._held.numbered(author, number)

    def holdings(self) -> list[Holding]:
        """All in purses and at stake, in order of (lot, path); forked authors' by branch."""
        return holdings(self.tips, self.marks, self.tips)

    @property
    def contested(self) -> frozenset[LotKey]:
        """All lots that bear the mark contested."""
        return self._marking.contested

    @property
    def slashed(self) -> frozenset[EntryId]:
        """All stakes that bear the mark slashed."""
        return self._marking.slashed

    @property
    def marks(self) -> Marks:
        """What only the whole set of entries shows."""
        return Marks(self.contested, self.slashed)

    def move(self, entry: EntryId) -> Move | None:
        """What an applied entry moved; None for one that moves nothing."""
        return self._marking.movements.get(entry)

    @property
    def moves(self) -> Iterator[Move]:
        """What applied entries moved, in the order in which they were applied."""
        return iter(self._marking.movements)

    def digest(self) -> bytes:
        """What two nodes compare: 32 bytes over all heads and all holdings with their marks."""
        return digest_of(self.tips, self.marks, self.tips)

    def author_digest(self, author: IdentityId) -> bytes:
        """The same over one author's heads and holdings: where do two nodes differ?"""
        return digest_of(self.tips, self.marks, [author])

    def _settle(self, statement: Statement) -> Change | None:
        """Applies or rejects an entry; None when it has to wait for another."""
        if statement.body is None:
            self._waiting.wait(statement.id, None)
            return None
        if self._blocks(statement):
            return None
        try:
            self._check_dependencies(statement)
            case = self._case(statement)
            check_rules(case)
        except RejectionError as error:
            self.rejected[statement.id] = error.reason
            self._waiting.build_upon(self.needs(statement.id))
            return Rejected(statement, error.reason, error.message)
        self._apply(case)
        return Applied(statement)

    def _blocks(self, statement: Statement) -> bool:
        """Lets an entry wait for what must come first; False when there is nothing of it."""
        blocker = self._blocker(statement)
        if blocker is not None:
            is_named = blocker != statement.entry.prev
            self._waiting.wait(statement.id, blocker, is_named=is_named)
        return blocker is not None

    def _blocker(self, statement: Statement) -> EntryId | None:
        """An entry that must come, or be settled, first."""
        entry = statement.entry
        if entry.prev != NO_ENTRY and not self._is_settled(entry.prev):
            return entry.prev
        must_be_settled = isinstance(statement.body, TAKING)
        for ref in entry.refs:
            if ref not in self.statements or (must_be_settled and not self._is_settled(ref)):
                return ref
        return None

    def _is_settled(self, entry: EntryId) -> bool:
        return entry in self.applied or entry in self.rejected

    def _check_dependencies(self, statement: Statement) -> None:
        is_broken = statement.entry.prev in self.rejected
        if isinstance(statement.body, TAKING):
            is_broken |= any(ref in self.rejected for ref in statement.entry.refs)
        if is_broken:
            raise RejectionError(
                RejectionReason.BROKEN_DEPENDENCY, "it builds on an entry that breaks a rule"
            )

    def _case(self, statement: Statement) -> Case[Any]:
        state = self._state_before(statement)
        return Case(self.params, state, statement.id, statement.entry, statement.body, self._named)

    def _state_before(self, statement: Statement) -> ChainState:
        """The state at the entry's prev; where a branch begins, folded anew from number 0."""
        author, prev = statement.entry.author, statement.entry.prev
        if prev == NO_ENTRY or self.statements[prev].entry.author != author:
            return ChainState(author)
        state = self.tips.get(author, {}).get(prev)
        return self._folded(author, prev) if state is None else state

    def _folded(self, author: IdentityId, head: EntryId) -> ChainState:
        state = ChainState(author)
        for item in self.chain(head):
            apply_entry(Case(self.params, state, item.id, item.entry, item.body, self._named))
        return state

    def _apply(self, case: Case[Any]) -> None:
        is_false = belies_itself(case)
        claims = apply_entry(case)
        tips = self.tips.setdefault(case.entry.author, {})
        tips.pop(case.entry.prev, None)
        tips[case.id] = case.state
        if len(tips) > 1:
            self._branched.add(case.entry.author)
        self.applied.add(case.id)
        self._waiting.build_upon(_needs_of_applied(case.entry.refs, case.body))
        if claims:
            self.claims[case.id] = {claim.key.holder: claim for claim in claims}
        move = move_of(case.id, case.entry.author, case.body, self.claims)
        if move is not None:
            self._marking.movements.note(move)
        if is_false:
            self._note_fork(case.entry.author, ForkProof(case.entry.number, (case.id,)))

    def _hold(self, statement: Statement) -> None:
        same = self._held.add(statement)
        if len(same) > 1:
            proof = ForkProof(statement.entry.number, tuple(sorted(same)[:2]))
            self._note_fork(statement.entry.author, proof)

    def _note_fork(self, author: IdentityId, proof: ForkProof) -> None:
        self.forks[author] = worse_proof(self.forks.get(author), proof)

    def _take_marks(self, changes: Iterable[Change]) -> None:
        """Marks what the changes moved twice, and what follows from it."""
        fresh = (change.statement for change in changes)
        marking = (
            (item.id, self.tips[item.entry.author] if item.entry.author in self._branched else ())
            for item in fresh
        )
        self._marking.take(marking, lambda head: (item.id for item in self.chain(head)))

    def _following(self, entry: EntryId) -> list[EntryId]:
        """The settled entries that come next in the chain after one."""
        return [item for item in self._held.following(entry) if self._is_settled(item)]

    def _leaving(self, going: set[EntryId]) -> set[EntryId]:
        """What would not be settled any more if these went."""
        return unsettled_with(filter(self._is_settled, going), self._following)

    def _kept_by_others(self, going: set[EntryId], leaving: set[EntryId]) -> set[EntryId]:
        return kept_by_others(going, leaving, self._waiting, self.needs, self._held.prev)

    def _unsettle(self, leaving: set[EntryId]) -> None:
        """Takes entries, and all that follow them, out of their chains."""
        for entry in leaving:
            self._waiting.give_up(self.needs(entry))
        self._marking.movements.forget(leaving)
        ends: set[EntryId] = set()
        for entry in leaving:
            self.rejected.pop(entry, None)
            if entry in self.applied:
                self.applied.remove(entry)
                self.claims.pop(entry, None)
                header = self.statements[entry].entry
                self.tips[header.author].pop(entry, None)
                ends.add(header.prev)
        for end in ends & self.applied:
            if not any(entry in self.applied for entry in self._following(end)):
                author = self.statements[end].entry.author
                self.tips[author][end] = self._folded(author, end)
        for author in {self.statements[entry].entry.author for entry in leaving}:
            if len(self.tips.get(author, ())) < 2:
                self._branched.discard(author)
            if not self.tips.get(author, True):
                del self.tips[author]

    def _block_again(self, statement: Statement) -> None:
        """An entry waits for what now is the first thing that it lacks."""
        if self._waiting.blocker_of(statement.id) != self._blocker(statement):
            self._waiting.remove(statement.id)
            self._blocks(statement)


def _needs_of_applied(refs: tuple[EntryId, ...], body: Body | None) -> Needs:
    return Needs(refs, refs if isinstance(body, TAKING) else ())


def folded(params: NetworkParams, statements: Iterable[Statement]) -> Ledger:
    """The ledger of a set of entries."""
    ledger = Ledger(params)
    for statement in statements:
        ledger.add(statement)
    return ledger
