"""Standing: what a peer may cost us, what it did wrong, and when we part.

Only what everybody would see alike in the bytes, or what happened between the two of us, costs a
peer points: never what others wrote and it passed on in good faith. So that an honest node never
looks like a flood, what a node passes on by itself is limited to half of what it puts up with.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from consensus.identifiers import NodeKey
from consensus.units import Milliseconds
from popd.node.context import Context
from popd.node.effects import Part

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


class Offence(Enum):
    """What costs a peer points: how many, and in words."""

    MALFORMED = (100, "It sent something that no honest node sends.")
    FORGED = (100, "It delivered an entry with a wrong signature, or of another network.")
    WRONG_BLOB = (100, "It served a chart or evidence that is not what was asked for.")
    FLOOD = (2, "It sends more than we can look at.")
    CROWDING = (25, "It delivers more new strangers than anybody could know.")
    BROKEN_PROMISE = (20, "It announced something and could not serve it.")
    SILENT = (10, "It did not answer what it was asked for.")
    UNASKED = (20, "It answered what nobody asked for.")

    @property
    def points(self) -> int:
        """What it costs; at a hundred we part."""
        return self.value[0]

    @property
    def words(self) -> str:
        """For the user."""
        return self.value[1]


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
    bans: OrderedDict[NodeKey, Ban] = field(default_factory=OrderedDict)
    """Of those we parted from, oldest first."""

    def connect(self, peer: NodeKey) -> bool:
        """A peer is there; returns False for one that is banned, after parting again."""
        now_ms, now_us = self.context.now_ms, self.context.now_us
        ban = self.bans.get(peer)
        if ban is not None and now_ms < ban.until_ms:
            self.context.do(Part(peer, ban.until_ms - now_ms, "It is banned."))
            return False
        self.of[peer] = Standing(
            now_ms,
            Bucket(WORK_US_PER_S, WORK_BURST_US, WORK_BURST_US, now_us),
            Bucket(SENT_BYTES_PER_S, SENT_BURST_BYTES, SENT_BURST_BYTES, now_us),
            Bucket(NEWCOMERS_PER_S, NEWCOMERS_BURST, NEWCOMERS_BURST, now_us),
            faded_ms=now_ms,
        )
        return True

    def disconnect(self, peer: NodeKey) -> None:
        """A peer is gone."""
        self.of.pop(peer, None)

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
        self.context.do(Part(peer, ban_ms, offence.words))
