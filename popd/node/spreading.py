"""Spreading: fresh entries go from peer to peer, in batches, along a tree that finds itself.

A peer that is *eager* gets fresh entries at once, the others get hints. Whoever mostly brings what
is known already is asked for hints only; whoever hinted at what then did not come is asked to be
eager, and compared with. What is left is a tree in which each entry reaches each node about once.
Every hop collects what arrives within a delay, so that the cost is by message and not by entry.
(J. Leitao, J. Pereira, L. Rodrigues, Epidemic Broadcast Trees, SRDS 2007; batches are ours.)
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import EntryId, NodeKey
from consensus.statement import Statement
from popd.node.admission import FRESH_MS
from popd.node.context import Context
from popd.node.messages.fresh import MAX_BATCH, MAX_HINTS, Entries, Hints, Prefer, hint_of
from popd.node.standing import NEWCOMERS_BURST, NEWCOMERS_PER_S, WORK_US_PER_S, Bucket

BATCH_BYTES: Final = 30_000
"""Bytes of entries in one message."""
DELAYS_MS: Final = (50, 2_000)
"""How long entries are collected: when there is nothing else to do, and at most."""
PATIENCE: Final = 8
"""The delay grows by this many times what our own alarms are late: then there is too much to do."""
DELAY_PER_RATE_MS: Final = 4
"""And by this for each fresh entry a second: many share a message, whatever it costs."""
HINTS_EVERY_MS: Final = 2_000
"""Hints only repair; they are collected for longer."""
MAX_EAGER: Final = 4
"""Peers that get entries at once, of our own choice; more may ask for it."""
LEAST_EAGER: Final = 2
MAX_HINTED: Final = 4
"""Peers that get hints, drawn anew each time: as many give hints to each, which is enough."""
MAX_QUEUED: Final = 8_192
"""Entries that wait for one peer; beyond, comparing brings them."""
ENTRY_COST_US: Final = 150
"""What taking in one entry costs its receiver, mostly its signature."""
PUSHED_PER_S: Final = WORK_US_PER_S // ENTRY_COST_US // 2
"""Half of what a receiver puts up with."""
PUSHED_BURST: Final = 8_000
SAMPLE: Final = 16
"""After so many entries it is judged whether a peer brings news."""
MAX_DOUBLES: Final = 2
"""Of these: entries come twice only where the eager links close a circle."""
PRUNING_ODDS: Final = 4
"""One in so many such findings has an effect: others find the same circle, and one cut opens it."""
SETTLING_MS: Final = (500, 2_000)
"""After a change we wait before the next: it may have been enough."""
HINT_WAIT_MS: Final = 2_000
"""What was hinted at should have come by then."""
MAX_AWAITED: Final = 8_192
MAX_RECENT: Final = 32_768
"""Entries remembered by their hints."""


@dataclass(slots=True)
class Feed:
    """What goes to one peer, and what came from it."""

    pushed: Bucket
    """Entries that may be pushed."""
    newcomers: Bucket
    """Beginnings of chains that may be pushed."""
    is_eager: bool
    """It gets entries, not hints."""
    queue: dict[EntryId, None] = field(default_factory=dict)
    """Fresh entries that it may not have, oldest first."""
    news: int = 0
    """Entries that it pushed first, of the latest sample."""
    doubles: int = 0
    """Entries that somebody else had pushed before, of the latest sample."""


@dataclass(slots=True)
class Spreading:
    """Fresh entries on their way to peers."""

    context: Context
    """The node."""
    compare: Callable[[NodeKey], None]
    """Compares with a peer."""
    feeds: dict[NodeKey, Feed] = field(default_factory=dict)
    """One for each peer."""
    recent: OrderedDict[bytes, NodeKey | None] = field(default_factory=OrderedDict)
    """Hints of entries that are here, oldest first, and who pushed them here; None for nobody."""
    awaited: OrderedDict[bytes, tuple[NodeKey, int]] = field(default_factory=OrderedDict)
    """Hints of entries that are not here: from whom first, and when."""
    source: NodeKey | None = None
    """Who delivers what is being taken in; None while nobody does."""
    pusher: NodeKey | None = None
    """The same, if nobody had asked for it."""
    is_planned: bool = False
    """An alarm for the next batches is set."""
    is_awaiting: bool = False
    """An alarm for what was hinted at is set."""
    settling_until_us: int = 0
    """Until then no peer is asked for hints only."""
    fresh: int = 0
    """Fresh entries since the last batches."""
    fresh_per_ks: int = 0
    """Fresh entries in a thousand seconds, as it is lately."""
    flushed_us: int = 0
    """When the last batches left."""
    hinted_us: int = 0
    """When the last hints left."""
    lateness_us: int = 0
    """How late our alarms ring lately."""

    @property
    def delay_ms(self) -> int:
        """How long entries are collected now."""
        least, most = DELAYS_MS
        for_rate_ms = DELAY_PER_RATE_MS * self.fresh_per_ks // 1_000
        return min(most, least + for_rate_ms + PATIENCE * self.lateness_us // 1_000)

    def connect(self, peer: NodeKey) -> None:
        """A peer is there."""
        eager = sum(feed.is_eager for feed in self.feeds.values())
        now_us = self.context.now_us
        pushed = Bucket(PUSHED_PER_S, PUSHED_BURST, PUSHED_BURST, now_us)
        newcomers = Bucket(NEWCOMERS_PER_S // 2, NEWCOMERS_BURST // 2, NEWCOMERS_BURST // 2, now_us)
        self.feeds[peer] = Feed(pushed, newcomers, is_eager=False)
        if eager < MAX_EAGER:
            self._graft(peer)

    def disconnect(self, peer: NodeKey) -> None:
        """A peer is gone; others take its place."""
        self.feeds.pop(peer, None)
        lazy = sorted(other for other, feed in self.feeds.items() if not feed.is_eager)
        if lazy and len(self.feeds) - len(lazy) < LEAST_EAGER:
            self._graft(self.context.chance.choice(lazy))

    def prefer(self, peer: NodeKey, message: Prefer) -> None:
        """A peer wants entries at once, or hints only."""
        feed = self.feeds.get(peer)
        if feed is not None:
            feed.is_eager = message.is_eager

    def on_applied(self, statement: Statement) -> None:
        """An entry took its place: those who may not have it are told soon."""
        self.see((statement.id,))
        if statement.entry.time_ms < self.context.now_ms - FRESH_MS:
            return
        self.fresh += 1
        is_newcomer = statement.entry.number == 0
        for peer, feed in self.feeds.items():
            if peer == self.source or len(feed.queue) >= MAX_QUEUED:
                continue
            if is_newcomer and not feed.newcomers.has(self.context.now_us):
                continue
            feed.newcomers.take(is_newcomer)
            feed.queue[statement.id] = None
        self._plan()

    def see(self, entries: Iterable[EntryId]) -> None:
        """These are here now, whether or not they took their place; remembers who pushed them."""
        for entry in entries:
            hint = hint_of(entry)
            self.awaited.pop(hint, None)
            self.recent.setdefault(hint, self.pusher if self.source else self.context.node_key)
        while len(self.recent) > MAX_RECENT:
            self.recent.popitem(last=False)

    def forget(self, peer: NodeKey, entry: EntryId) -> None:
        """A peer has got an entry already."""
        if peer in self.feeds:
            self.feeds[peer].queue.pop(entry, None)

    def note_delivery(self, peer: NodeKey, entries: Iterable[EntryId]) -> None:
        """A peer pushed entries; what others pushed before came twice."""
        feed = self.feeds.get(peer)
        if feed is None:
            return
        for entry in entries:
            feed.queue.pop(entry, None)
            first = self.recent.get(hint_of(entry))
            feed.news += first == peer
            feed.doubles += first not in (peer, None)
        if feed.news + feed.doubles >= SAMPLE:
            is_settled = self.context.now_us >= self.settling_until_us
            is_circle = feed.doubles > MAX_DOUBLES and feed.is_eager and is_settled
            if is_circle and self.context.chance.randrange(PRUNING_ODDS) == 0:
                self._prune(peer, feed)
            feed.news = feed.doubles = 0

    def take_hints(self, peer: NodeKey, message: Hints) -> None:
        """A peer holds these; what is not here should come from others soon."""
        feed = self.feeds.get(peer)
        for hint in message.hints:
            if hint not in self.recent and hint not in self.awaited:
                self.awaited[hint] = (peer, self.context.now_us)
        while len(self.awaited) > MAX_AWAITED:
            self.awaited.popitem(last=False)
        if feed is not None:
            known = frozenset(message.hints)
            for entry in [entry for entry in feed.queue if hint_of(entry) in known]:
                del feed.queue[entry]
        self._await()

    def _plan(self) -> None:
        if not self.is_planned:
            self.is_planned = True
            due_us = self.context.now_us + self.delay_ms * 1_000
            self.context.call_at(due_us, lambda: self._flush(due_us))

    def _flush(self, due_us: int) -> None:
        """Sends what was collected."""
        self.is_planned = False
        self._measure(due_us)
        for peer, feed in self.feeds.items():
            if feed.is_eager:
                self._push(peer, feed)
        if self.context.now_us - self.hinted_us >= HINTS_EVERY_MS * 1_000:
            self._hint_all()
        if any(feed.queue for feed in self.feeds.values()):
            self._plan()

    def _measure(self, due_us: int) -> None:
        """How much there is to spread, and whether we keep up."""
        now_us = self.context.now_us
        self.lateness_us += (now_us - due_us - self.lateness_us) // 4
        elapsed_us = max(1, now_us - self.flushed_us)
        per_ks = self.fresh * 1_000_000_000 // elapsed_us
        self.fresh_per_ks += (per_ks - self.fresh_per_ks) // 4
        self.fresh, self.flushed_us = 0, now_us

    def _hint_all(self) -> None:
        """Tells those who don't get entries what there is; where they are many, some of them."""
        self.hinted_us = self.context.now_us
        lazy = sorted(p for p, feed in self.feeds.items() if feed.queue and not feed.is_eager)
        told = self.context.chance.sample(lazy, MAX_HINTED) if len(lazy) > MAX_HINTED else lazy
        for peer in told:
            self._hint(peer, self.feeds[peer])
        for peer in lazy:
            self.feeds[peer].queue.clear()

    def _push(self, peer: NodeKey, feed: Feed) -> None:
        """As many batches as the peer puts up with; the rest waits."""
        statements = self.context.ledger.statements
        batch: list[bytes] = []
        size = 0
        while feed.queue and feed.pushed.has(self.context.now_us):
            entry = next(iter(feed.queue))
            del feed.queue[entry]
            statement = statements.get(entry)
            if statement is None:
                continue
            feed.pushed.take(1)
            is_full = size + len(statement.wire) > BATCH_BYTES or len(batch) == MAX_BATCH
            if batch and is_full:
                self.context.send(peer, Entries(tuple(batch)))
                batch, size = [], 0
            batch.append(statement.wire)
            size += len(statement.wire)
        if batch:
            self.context.send(peer, Entries(tuple(batch)))

    def _hint(self, peer: NodeKey, feed: Feed) -> None:
        hints = [hint_of(entry) for entry in feed.queue]
        for start in range(0, len(hints), MAX_HINTS):
            self.context.send(peer, Hints(tuple(hints[start : start + MAX_HINTS])))

    def _await(self) -> None:
        if self.awaited and not self.is_awaiting:
            self.is_awaiting = True
            extra_ms = self.context.chance.randint(*SETTLING_MS)
            self.context.call_after(HINT_WAIT_MS + extra_ms, self._graft_late)

    def _graft_late(self) -> None:
        """Who hinted at what did not come is asked to be eager, one at a time, and compared with.

        All that are cut off from others wait for different times: one new link mends it for all.
        """
        self.is_awaiting = False
        late: set[NodeKey] = set()
        while self.awaited:
            hint, (peer, heard_us) = next(iter(self.awaited.items()))
            if self.context.now_us - heard_us < HINT_WAIT_MS * 1_000:
                break
            del self.awaited[hint]
            late.add(peer)
        here = sorted(late & self.feeds.keys())
        if here:
            peer = self.context.chance.choice(here)
            self._graft(peer)
            self._settle()
            self.compare(peer)
        self._await()

    def _prune(self, peer: NodeKey, feed: Feed) -> None:
        feed.is_eager = False
        self.context.send(peer, Prefer(is_eager=False))
        self._settle()

    def _settle(self) -> None:
        settling_ms = self.context.chance.randint(*SETTLING_MS)
        self.settling_until_us = self.context.now_us + settling_ms * 1_000

    def _graft(self, peer: NodeKey) -> None:
        self.feeds[peer].is_eager = True
        self.context.send(peer, Prefer(is_eager=True))
