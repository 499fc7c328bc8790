"""Standing: what a peer may cost us, what it did wrong, and when we part.

Only what everybody would see alike in the bytes, or what happened between the two of us, costs a
peer points: never what others wrote and it passed on in good faith. So that an honest node never
looks like a flood, what a node passes on by itself is limited to half of what it puts up with.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import NodeKey
from consensus.units import Milliseconds
from popd.node.context import Context
from popd.node.effects import Part
from popd.node.offences import Offence

WORK_US_PER_S: Final = 250_000
"""How much of our time one peer may take up: a quarter of a core."""
WORK_BURST_US: Final = 2_500_000
NEWCOMERS_PER_S: Final = 20
"""People nobody here knew, whom one peer may push; what we pull is bounded by budgets."""
NEWCOMERS_BURST: Final = 2_048
SENT_BYTES_PER_S: Final = 4_000_000
"""What one peer may be served."""
SENT_BURST_BYTES: Final = 32_000_000
PARTING_POINTS: Final = 100
FADING_MS: Final = 1_000
"""A point is forgotten after this long."""
BAN_MS: Final = 600_000
"""The first ban; each further one is twice as long."""
MAX_BAN_DOUBLINGS: Final = 8
MAX_BANS: Final = 1_024
"""Bans remembered; the oldest gives way."""
MAX_INCIDENTS: Final = 16
"""Latest incidents kept for the user, of each peer."""
MAX_GONE: Final = 1_024
"""Peers that left and whose standing is remembered; the oldest give way."""
CONNECTION_COST_US: Final = 20_000
"""What greeting a peer and comparing with it is charged with."""
RESTLESS_MS: Final = 10_000
"""Who comes back sooner is restless: it may be a failing link, or a way to wear us out."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that a peer did wrong."""

    time_ms: Milliseconds
    """When."""
    offence: Offence
    """What."""
    detail: str
    """What exactly, as far as it is known."""


@dataclass(slots=True)
class Bucket:
    """An allowance that fills up as time passes; taking may put it into debt."""

    per_s: int
    """How fast it fills."""
    burst: int
    """How much it holds."""
    level: int
    """What is left."""
    filled_us: int
    """When it was last filled."""

    def has(self, now_us: int) -> bool:
        """Whether anything is left."""
        gained = (now_us - self.filled_us) * self.per_s // 1_000_000
        if gained > 0:
            self.level = min(self.burst, self.level + gained)
            self.filled_us = now_us
        return self.level > 0

    def take(self, amount: int) -> None:
        """Takes some away."""
        self.level -= amount


@dataclass(slots=True)
class Standing:
    """What is held against one peer, and what it may still cost."""

    since_ms: Milliseconds
    """When it connected."""
    work: Bucket
    """Microseconds of our time."""
    sent: Bucket
    """Bytes that it may be served."""
    newcomers: Bucket
    """Unknown people whom it may push."""
    points: int = 0
    """What it did wrong, faded to `faded_ms`."""
    faded_ms: Milliseconds = Milliseconds(0)
    """When the points were last faded."""
    messages: int = 0
    """Messages taken in."""
    refused: int = 0
    """Messages that were not looked at."""
    incidents: deque[Incident] = field(default_factory=lambda: deque(maxlen=MAX_INCIDENTS))
    """The latest, oldest first."""


@dataclass(frozen=True, slots=True)
class Ban:
    """A peer that we parted from."""

    until_ms: Milliseconds
    """When it may come back."""
    times: int
    """How often we parted."""
    incidents: tuple[Incident, ...]
    """Why, oldest first."""


@dataclass(slots=True)
class Standings:
    """The standing of every peer."""

    context: Context
    """The node."""
    of: dict[NodeKey, Standing] = field(default_factory=dict)
    """Of each peer that is connected."""
    gone: OrderedDict[NodeKey, tuple[Standing, Milliseconds]] = field(default_factory=OrderedDict)
    """Of those that left, and when: coming back makes nothing undone. Oldest first."""
    bans: OrderedDict[NodeKey, Ban] = field(default_factory=OrderedDict)
    """Of those we parted from, oldest first."""

    def connect(self, peer: NodeKey) -> bool:
        """A peer is there; returns False for one that is banned, after parting again."""
        now_ms = self.context.now_ms
        ban = self.bans.get(peer)
        if ban is not None and now_ms < ban.until_ms:
            self.context.do(Part(peer, ban.until_ms - now_ms, "It is banned."))
            return False
        before = self.gone.pop(peer, None)
        self.of[peer] = self._fresh() if before is None else before[0]
        self.spend(peer, CONNECTION_COST_US)
        if before is not None and now_ms - before[1] < RESTLESS_MS:
            self.note(peer, Offence.RESTLESS)
        return peer in self.of

    def disconnect(self, peer: NodeKey) -> None:
        """A peer is gone."""
        standing = self.of.pop(peer, None)
        if standing is not None:
            self._remember(peer, standing)

    def may_speak(self, peer: NodeKey) -> bool:
        """Whether a message of a peer is looked at; one too many counts against it."""
        standing = self.of.get(peer)
        if standing is None:
            return False
        standing.messages += 1
        if standing.work.has(self.context.now_us):
            return True
        standing.refused += 1
        self.note(peer, Offence.FLOOD)
        return False

    def is_spent(self, peer: NodeKey) -> bool:
        """Whether a peer used up its share of our time."""
        standing = self.of.get(peer)
        return standing is not None and not standing.work.has(self.context.now_us)

    def spend(self, peer: NodeKey, work_us: int) -> None:
        """A peer took up time; beyond what it may, its next messages are refused."""
        standing = self.of.get(peer)
        if standing is not None:
            standing.work.take(work_us)

    def may_send(self, peer: NodeKey, size: int) -> bool:
        """Whether a peer may be served so many bytes; if so they are counted."""
        standing = self.of.get(peer)
        if standing is None or not standing.sent.has(self.context.now_us):
            return False
        standing.sent.take(size)
        return True

    def may_push(self, peer: NodeKey) -> bool:
        """Whether fresh entries of a peer are taken in: not after it brought a crowd."""
        standing = self.of.get(peer)
        if standing is None or standing.newcomers.has(self.context.now_us):
            return standing is not None
        standing.refused += 1
        self.note(peer, Offence.CROWDING)
        return False

    def bring(self, peer: NodeKey, newcomers: int) -> None:
        """A peer pushed entries in which so many chains began."""
        standing = self.of.get(peer)
        if standing is not None:
            standing.newcomers.take(newcomers)

    def note(self, peer: NodeKey, offence: Offence, detail: str = "") -> None:
        """Something was wrong; with too many points we part."""
        standing = self.of.get(peer)
        if standing is None:
            return
        now_ms = self.context.now_ms
        standing.points = self.points(peer) + offence.points
        standing.faded_ms = now_ms
        if not standing.incidents or standing.incidents[-1].offence is not offence:
            standing.incidents.append(Incident(now_ms, offence, detail))
        if standing.points >= PARTING_POINTS:
            self._part(peer, standing, offence)

    def blame(self, peer: NodeKey, offence: Offence, detail: str) -> None:
        """The edge saw something wrong, perhaps of a peer that is not connected (any more)."""
        is_here = peer in self.of
        if not is_here:
            before = self.gone.get(peer)
            self.of[peer] = self._fresh() if before is None else before[0]
        self.note(peer, offence, detail)
        if not is_here and peer in self.of:
            self._remember(peer, self.of.pop(peer))

    def points(self, peer: NodeKey) -> int:
        """What is held against a peer now."""
        standing = self.of.get(peer)
        if standing is None:
            return 0
        faded = max(0, self.context.now_ms - standing.faded_ms) // FADING_MS
        return max(0, standing.points - faded)

    def _part(self, peer: NodeKey, standing: Standing, offence: Offence) -> None:
        before = self.bans.pop(peer, None)
        times = 1 if before is None else before.times + 1
        ban_ms = BAN_MS << min(times - 1, MAX_BAN_DOUBLINGS)
        until_ms = Milliseconds(self.context.now_ms + ban_ms)
        self.bans[peer] = Ban(until_ms, times, tuple(standing.incidents))
        while len(self.bans) > MAX_BANS:
            self.bans.popitem(last=False)
        del self.of[peer]
        self.gone.pop(peer, None)
        self.context.do(Part(peer, ban_ms, offence.words))

    def _fresh(self) -> Standing:
        now_us = self.context.now_us
        return Standing(
            self.context.now_ms,
            Bucket(WORK_US_PER_S, WORK_BURST_US, WORK_BURST_US, now_us),
            Bucket(SENT_BYTES_PER_S, SENT_BURST_BYTES, SENT_BURST_BYTES, now_us),
            Bucket(NEWCOMERS_PER_S, NEWCOMERS_BURST, NEWCOMERS_BURST, now_us),
            faded_ms=self.context.now_ms,
        )

    def _remember(self, peer: NodeKey, standing: Standing) -> None:
        self.gone[peer] = standing, self.context.now_ms
        self.gone.move_to_end(peer)
        while len(self.gone) > MAX_GONE:
            self.gone.popitem(last=False)
