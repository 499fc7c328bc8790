"""Spectating: a tree for each performance, from its performer to everybody who wants to see it.

A node takes a performance from one other, and passes it on to a few; who finds one full is told
where else to ask. Only what is on air is passed on, and only what is signed by its session.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from consensus.identifiers import EntryId, NodeKey
from popd.node.air import Air
from popd.node.context import Context
from popd.node.mates import Mates, session_nodes
from popd.node.messages.live import Frame
from popd.node.messages.watching import (
    MAX_DEPTH,
    MAX_NAMED,
    Elsewhere,
    Over,
    Tune,
    Tuned,
    Untune,
)
from popd.node.performing import Performing
from popd.node.watching import Watching, spectator_watch

MAX_AUDIENCE: Final = 8
"""Nodes that one passes a performance on to, besides its witnesses."""
ANSWER_MS: Final = 1_000
"""Who does not answer in this time is passed over."""
RETRY_MS: Final = 2_000
"""When nobody passes it on, all are asked again after this."""
SILENT_MS: Final = 6_000
"""Performers say something every two seconds; after this long another feed is looked for."""
MAX_ASKED: Final = 64
"""Nodes asked in one round."""


@dataclass(slots=True)
class Feed:
    """From whom a performance comes."""

    asked: NodeKey | None = None
    """Who was asked and has not answered."""
    parent: NodeKey | None = None
    """Who passes it on to us."""
    depth: int = 0
    """Hops from the performer, while there is a parent."""
    heard_us: int = 0
    """When something came last."""
    queue: list[NodeKey] = field(default_factory=list)
    """Whom to ask next, in order."""
    tried: set[NodeKey] = field(default_factory=set)
    """Who was asked in this round."""


@dataclass(slots=True)
class Spectating:
    """The part of this node in all trees."""

    context: Context
    """The node."""
    mates: Mates
    """Witnesses get frames from the performer itself."""
    air: Air
    """What is on."""
    watching: Watching
    """What this node follows."""
    performing: Performing
    """What this node's user plays."""
    audience: dict[EntryId, dict[NodeKey, None]] = field(default_factory=dict)
    """To whom each performance is passed on, in the order in which they came."""
    feeds: dict[EntryId, Feed] = field(default_factory=dict)
    """Of performances that this node is a mere spectator of."""

    def watch(self, session: EntryId) -> None:
        """The user wants to see a performance."""
        performance = self.air.get(session)
        if performance is None:
            return
        if session not in self.watching.watches:
            self.watching.follow(
                spectator_watch(session, performance.performer, performance.session)
            )
            self.feeds[session] = Feed()
            self._begin_round(session)
            self.context.call_after(SILENT_MS, partial(self._look_after, session))
        self.watching.show(session)

    def unwatch(self, session: EntryId) -> None:
        """The user looks at something else."""
        self.watching.hide(session)

    def left(self, session: EntryId) -> None:
        """A session is not followed any more."""
        feed = self.feeds.pop(session, None)
        if feed is not None and feed.parent is not None:
            self.context.send(feed.parent, Untune(session))
        self._send_away(session)

    def is_feed(self, peer: NodeKey, session: EntryId) -> bool:
        """Whether a peer passes a session on to this node."""
        feed = self.feeds.get(session)
        return feed is not None and feed.parent == peer

    def take_tune(self, peer: NodeKey, message: Tune) -> None:
        """A peer wants to see a performance through this node."""
        session = message.session
        depth = self._depth(session)
        if depth is None or depth >= MAX_DEPTH or self.is_feed(peer, session):
            self.context.send(peer, Elsewhere(session, ()))
            return
        audience = self.audience.setdefault(session, {})
        if peer not in audience and len(audience) >= MAX_AUDIENCE:
            self.context.send(peer, Elsewhere(session, tuple(audience)[:MAX_NAMED]))
            return
        audience[peer] = None
        self.context.send(peer, Tuned(session, depth + 1))

    def take_untune(self, peer: NodeKey, message: Untune) -> None:
        """A peer has seen enough."""
        self.audience.get(message.session, {}).pop(peer, None)

    def take_tuned(self, peer: NodeKey, message: Tuned) -> None:
        """A peer that was asked passes it on."""
        feed = self.feeds.get(message.session)
        if feed is None or feed.asked != peer:
            return
        feed.asked, feed.parent, feed.depth = None, peer, message.depth
        feed.heard_us = self.context.now_us

    def take_elsewhere(self, peer: NodeKey, message: Elsewhere) -> None:
        """A peer does not pass it on; it may have said who does."""
        feed = self.feeds.get(message.session)
        if feed is None or peer not in (feed.asked, feed.parent):
            return
        known = [node for node in message.nodes if node in self.context.peers]
        self.context.chance.shuffle(known)
        feed.queue[:0] = known
        self._lose_parent(message.session, feed)

    def take_over(self, peer: NodeKey, message: Over) -> None:
        """A performance ended before its time, says its performer or who passes it on."""
        performance = self.air.get(message.session)
        if performance is None or performance.is_over:
            return
        is_performers = performance.session.performer_node == peer
        if is_performers or self.is_feed(peer, message.session):
            self.air.over(message.session)
            for node in self.audience.get(message.session, {}):
                self.context.send(node, message)

    def say_over(self, session: EntryId) -> None:
        """A performance of the user's own is over."""
        for peer in self.context.peers:
            self.context.send(peer, Over(session))
        self.audience.pop(session, None)

    def pass_on(self, frame: Frame) -> None:
        """A frame of the user's own, or a new one of a performance that is followed."""
        feed = self.feeds.get(frame.session)
        if feed is not None:
            feed.heard_us = self.context.now_us
        for node in self.audience.get(frame.session, ()):
            if not self._gets_it_anyway(node, frame.session):
                self.context.send(node, frame, is_live=True)

    def disconnect(self, peer: NodeKey) -> None:
        """A peer is gone."""
        for audience in self.audience.values():
            audience.pop(peer, None)
        for session, feed in list(self.feeds.items()):
            if peer in (feed.asked, feed.parent):
                self._lose_parent(session, feed)

    def _depth(self, session: EntryId) -> int | None:
        """How far this node is from the performer; None where nothing can be passed on."""
        if self.performing.is_showing(session):
            return 0
        watch = self.watching.watches.get(session)
        if watch is None or self.air.get(session) not in self.air.now():
            return None
        if watch.position is not None:
            return 1
        feed = self.feeds.get(session)
        return None if feed is None or feed.parent is None else feed.depth

    def _gets_it_anyway(self, node: NodeKey, session: EntryId) -> bool:
        """Whether the performer, who is this node, tells a node as a witness already."""
        return self.performing.is_showing(session) and self.mates.are_mates(node, session)

    def _begin_round(self, session: EntryId) -> None:
        """Asks the performer first, then its witnesses, then anybody."""
        feed = self.feeds.get(session)
        watch = self.watching.watches.get(session)
        if feed is None or watch is None:
            return
        performer = watch.session.performer_node
        nodes = session_nodes(watch.session) - {performer}
        witnesses = sorted(nodes & self.context.peers.keys())
        others = sorted(self.context.peers.keys() - nodes - {performer})
        self.context.chance.shuffle(witnesses)
        self.context.chance.shuffle(others)
        feed.tried.clear()
        feed.queue = [performer, *witnesses, *others][:MAX_ASKED]
        self._ask_next(session, feed)

    def _ask_next(self, session: EntryId, feed: Feed) -> None:
        while feed.queue:
            node = feed.queue.pop(0)
            if node in self.context.peers and node not in feed.tried:
                feed.tried.add(node)
                feed.asked = node
                self.context.send(node, Tune(session))
                self.context.call_after(ANSWER_MS, partial(self._passed_over, session, node))
                return
        self.context.call_after(RETRY_MS, partial(self._begin_again, session))

    def _passed_over(self, session: EntryId, node: NodeKey) -> None:
        feed = self.feeds.get(session)
        if feed is not None and feed.asked == node:
            feed.asked = None
            self._ask_next(session, feed)

    def _begin_again(self, session: EntryId) -> None:
        feed = self.feeds.get(session)
        is_on = self.air.get(session) in self.air.now()
        if feed is not None and feed.parent is None and feed.asked is None and is_on:
            self._begin_round(session)

    def _lose_parent(self, session: EntryId, feed: Feed) -> None:
        """Looks for another feed; whoever is fed by us looks for one as well."""
        feed.asked = feed.parent = None
        self._send_away(session)
        self._ask_next(session, feed)

    def _send_away(self, session: EntryId) -> None:
        for node in self.audience.pop(session, {}):
            self.context.send(node, Elsewhere(session, ()))

    def _look_after(self, session: EntryId) -> None:
        """A feed that fell silent in the middle of a performance is left."""
        feed = self.feeds.get(session)
        performance = self.air.get(session)
        if feed is None or performance is None or performance not in self.air.now():
            return
        has_begun = self.context.now_ms > performance.session.start_ms + SILENT_MS
        is_silent = self.context.now_us - feed.heard_us > SILENT_MS * 1_000
        if feed.parent is not None and has_begun and is_silent:
            self.context.send(feed.parent, Untune(session))
            feed.asked = feed.parent = None
            self._send_away(session)
            self._begin_round(session)
        self.context.call_after(SILENT_MS, partial(self._look_after, session))
