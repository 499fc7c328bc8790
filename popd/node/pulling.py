"""Pulling: fetches what is lacking, from several peers at once, a bounded piece at a time.

Each peer owes at most one answer of each kind. What an answer brought counts at once, so that a
fetch that breaks off goes on where it was, with any other peer that holds the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import nsmallest
from itertools import islice
from typing import Final

from consensus.identifiers import EntryId, IdentityId, NodeKey
from popd.node.admission import Taken
from popd.node.context import Context
from popd.node.messages.comparing import MAX_HEADS, Head, NotNow
from popd.node.messages.pulling import (
    MAX_ANSWER_BYTES,
    MAX_CHAINS,
    MAX_KNOWN,
    MAX_REQUEST_IDS,
    MAX_WANTED,
    Served,
    WantChains,
    WantedChain,
    WantEntries,
)
from popd.node.offences import Offence
from popd.node.standing import Standings

MAX_WANTED_HEADS: Final = 16_384
"""Beyond, whoever named most loses the latest; the next comparison names them again."""
MAX_NAMED: Final = MAX_HEADS
"""Heads that are remembered of one peer."""
MAX_SOURCES: Final = 8
"""Peers remembered for one head."""
LEAST_CHAINS: Final = 256
"""Chains that one peer is asked for at a time, at least; with few peers each gets more."""
ANSWER_WAIT_MS: Final = 10_000
"""An answer must go on within this; otherwise others are asked."""
GRACE_MS: Final = 1_500
"""Between two nodes that have been connected for a while, what one lacks is mostly on its way to
it from elsewhere; it is asked for when it has not come by then."""
PRESSING_MS: Final = 10_000
"""So long after they met, or after an answer that was cut short, all that lacks is asked for at
once."""
MAX_ANSWER_MS: Final = 120_000
"""An answer that takes longer is not waited for, however it trickles."""
CHECK_MS: Final = 1_000
"""How often it is looked at who owes an answer for too long."""


@dataclass(slots=True)
class Request:
    """What a peer was asked for and still owes."""

    number: int
    """Counts requests."""
    heads: frozenset[EntryId]
    """The heads to reach; empty when entries were asked for by id."""
    asked_us: int
    """When it was sent."""
    heard_us: int
    """When it was sent, or last went on."""
    bytes: int = 0
    """What came of entries, new or not."""
    brought: int = 0
    """Entries that it brought."""


@dataclass(slots=True)
class WantedHead:
    """A head that is lacking."""

    author: IdentityId
    """Whose."""
    sources: dict[NodeKey, None]
    """Who said to hold it."""
    asked: NodeKey | None = None
    """Who is being asked."""


@dataclass(slots=True)
class Pulling:
    """What is lacking, and who owes it."""

    context: Context
    """The node."""
    standings: Standings
    """Remembers who did not keep a word."""
    take: Callable[[NodeKey, Iterable[bytes]], Taken]
    """Takes entries in."""
    compare: Callable[[NodeKey], None]
    """Compares with a peer."""
    on_old_news: Callable[[], None]
    """Something came that is too old to spread by itself."""
    holds: Callable[[EntryId], bool]
    """Whether an entry is here, settled or not."""
    lacking: Callable[[], Iterator[EntryId]]
    """What the entries that wait lack, most pressing first."""
    wants_author: Callable[[IdentityId], bool]
    """Whether an author's entries are admitted now."""
    wanted: dict[EntryId, WantedHead] = field(default_factory=dict)
    """Heads that are lacking, oldest first."""
    owed: dict[NodeKey, Request] = field(default_factory=dict)
    """Chains that peers were asked for."""
    owed_entries: dict[NodeKey, Request] = field(default_factory=dict)
    """Entries that peers were asked for by id."""
    numbered: int = 0
    """Requests so far."""
    pressing_until_us: dict[NodeKey, int] = field(default_factory=dict)
    """For each peer, until when what lacks is asked for without waiting."""
    named: dict[NodeKey, dict[EntryId, None]] = field(default_factory=dict)
    """Of the wanted heads, those that each peer said to hold."""
    is_watching: bool = False
    """An alarm is set for those who owe something."""

    def meet(self, peer: NodeKey) -> None:
        """A peer is there, and may hold much that lacks, or we may."""
        self._press(peer)

    def want(self, peer: NodeKey, heads: Sequence[Head]) -> None:
        """A peer says that it holds these heads; those that are lacking are asked for.

        A head that is here and waits is lacking as well: what comes before it, or what it names.
        """
        is_waited = False
        not_now: list[IdentityId] = []
        for head in heads:
            if self._is_settled(head.id):
                continue
            if not self.wants_author(head.author):
                not_now.append(head.author)
                continue
            is_waited |= self.context.ledger.is_waiting(head.id)
            self._note(peer, head)
        if not_now:
            self.context.send(peer, NotNow(tuple(dict.fromkeys(not_now))))
        if len(heads) == MAX_HEADS:
            self._press(peer)
        if self.context.now_us < self.pressing_until_us.get(peer, 0):
            self._seek(peer, is_waited)
        else:
            self.context.call_after(GRACE_MS, partial(self._seek, peer, is_waited))

    def _press(self, peer: NodeKey) -> None:
        self.pressing_until_us[peer] = self.context.now_us + PRESSING_MS * 1_000

    def _seek(self, peer: NodeKey, is_waited: bool) -> None:
        if is_waited:
            self.want_missing(peer)
        self._ask(peer)

    def want_missing(self, peer: NodeKey) -> None:
        """Asks a peer for what others wait for, unless it owes some already."""
        if peer in self.owed_entries or peer not in self.context.peers:
            return
        lacking = tuple(dict.fromkeys(islice(self.lacking(), MAX_WANTED)))
        if lacking:
            number = self._owe(self.owed_entries, peer, frozenset())
            self.context.send(peer, WantEntries(number, lacking))

    def served(self, peer: NodeKey, message: Served) -> None:
        """Takes in what was asked for."""
        for owed in (self.owed, self.owed_entries):
            request = owed.get(peer)
            if request is not None and request.number == message.request:
                request.bytes += sum(map(len, message.wires))
                if request.bytes > MAX_ANSWER_BYTES:
                    self.standings.note(peer, Offence.ENDLESS)
                    return
                taken = self.take(peer, message.wires)
                request.brought += len(taken.new)
                if taken.new:
                    request.heard_us = self.context.now_us
                if taken.old:
                    self.on_old_news()
                if message.is_end:
                    del owed[peer]
                    self._close(peer, request, message)
                return
        if message.request > self.numbered:
            self.standings.note(peer, Offence.UNASKED)

    def lose(self, peer: NodeKey) -> None:
        """A peer is gone: what it owed is asked of others."""
        self.owed_entries.pop(peer, None)
        self.pressing_until_us.pop(peer, None)
        request = self.owed.pop(peer, None)
        if request is not None:
            self._disappointed(peer, request.heads)
        for head in list(self.named.get(peer, ())):
            self._lose_source(head, peer)

    def _close(self, peer: NodeKey, request: Request, message: Served) -> None:
        """An answer is complete; what it should have brought and did not, others are asked for."""
        lacking = [head for head in request.heads if self._lacks(head)]
        for head in request.heads.difference(lacking):
            self._forget(head)
        if lacking and not request.brought:
            if message.has_more:
                self.standings.note(peer, Offence.FRUITLESS)
            elif not all(map(self.holds, lacking)):
                self.standings.note(peer, Offence.BROKEN_PROMISE)
            for head in lacking:
                self._lose_source(head, peer)
        self._disappointed(peer, lacking)
        if message.has_more:
            self._press(peer)
        if request.brought:
            self.want_missing(peer)
        self._ask(peer)
        is_pressing = self.context.now_us < self.pressing_until_us.get(peer, 0)
        if request.brought and is_pressing and peer not in self.owed:
            self.compare(peer)

    def _lacks(self, head: EntryId) -> bool:
        want = self.wanted.get(head)
        is_wanted = want is not None and self.wants_author(want.author)
        return is_wanted and not self._is_settled(head)

    def _is_settled(self, head: EntryId) -> bool:
        """Whether nothing more can be done for an entry: it took its place, or waits for time."""
        return self.holds(head) and not self.context.ledger.is_waiting(head)

    def _disappointed(self, peer: NodeKey, heads: Iterable[EntryId]) -> None:
        """These heads are not on their way any more; whoever is idle may be asked for them."""
        others: set[NodeKey] = set()
        for head in heads:
            want = self.wanted.get(head)
            if want is not None and want.asked == peer:
                want.asked = None
                others.update(want.sources)
        for other in sorted(others - {peer}):
            self._ask(other)

    def _note(self, peer: NodeKey, head: Head) -> None:
        """A peer says that it holds a lacking head. Nobody's heads push out those of others."""
        named = self.named.get(peer, {})
        known = self.wanted.get(head.id)
        if len(named) >= MAX_NAMED or peer not in self.context.peers:
            return
        if known is None:
            if len(self.wanted) >= MAX_WANTED_HEADS:
                crowd = max(self.named.values(), key=lambda heads: len(heads))
                self._forget(next(reversed(crowd)))
            self.wanted[head.id] = WantedHead(head.author, {peer: None})
        elif len(known.sources) < MAX_SOURCES:
            known.sources[peer] = None
        else:
            return
        self.named.setdefault(peer, named)[head.id] = None

    def _forget(self, head: EntryId) -> None:
        """A head is not wanted any more."""
        want = self.wanted.get(head)
        for peer in () if want is None else tuple(want.sources):
            self._lose_source(head, peer)

    def _lose_source(self, head: EntryId, peer: NodeKey) -> None:
        want = self.wanted.get(head)
        if want is None or peer not in want.sources:
            return
        del want.sources[peer], self.named[peer][head]
        if not self.named[peer]:
            del self.named[peer]
        if not want.sources:
            del self.wanted[head]

    def _ask(self, peer: NodeKey) -> None:
        """Asks an idle peer for heads that nobody else is being asked for."""
        if peer in self.owed or peer not in self.context.peers:
            return
        chains: list[WantedChain] = []
        ids = 0
        share = max(LEAST_CHAINS, MAX_CHAINS // len(self.context.peers))
        tips: dict[IdentityId, tuple[EntryId, ...]] = {}
        for head in list(self.named.get(peer, ())):
            want = self.wanted[head]
            if self._is_settled(head):
                self._forget(head)
            elif want.asked is None:
                want.asked = peer
                if want.author not in tips:
                    known = self.context.ledger.tips.get(want.author, {})
                    tips[want.author] = tuple(nsmallest(MAX_KNOWN, known))
                chains.append(WantedChain(head, tips[want.author]))
                ids += 1 + len(tips[want.author])
                if len(chains) == share or ids > MAX_REQUEST_IDS:
                    break
        if chains:
            number = self._owe(self.owed, peer, frozenset(chain.head for chain in chains))
            self.context.send(peer, WantChains(number, tuple(chains)))

    def _owe(self, owed: dict[NodeKey, Request], peer: NodeKey, heads: frozenset[EntryId]) -> int:
        self.numbered += 1
        owed[peer] = Request(self.numbered, heads, self.context.now_us, self.context.now_us)
        if not self.is_watching:
            self.is_watching = True
            self.context.call_after(CHECK_MS, self._watch)
        return self.numbered

    def _watch(self) -> None:
        """Peers that stopped answering are asked no more; one alarm watches over all of them."""
        now_us = self.context.now_us
        for owed in (self.owed, self.owed_entries):
            for peer, request in list(owed.items()):
                is_silent = now_us - request.heard_us >= ANSWER_WAIT_MS * 1_000
                is_late = now_us - request.asked_us >= MAX_ANSWER_MS * 1_000
                if (is_silent or is_late) and owed.get(peer) is request:
                    self._give_up(owed, peer, request)
        self.is_watching = bool(self.owed or self.owed_entries)
        if self.is_watching:
            self.context.call_after(CHECK_MS, self._watch)

    def _give_up(self, owed: dict[NodeKey, Request], peer: NodeKey, request: Request) -> None:
        del owed[peer]
        self.standings.note(peer, Offence.SILENT)
        for head in request.heads:
            self._lose_source(head, peer)
        self._disappointed(peer, request.heads)
