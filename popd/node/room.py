"""A room as one of its members sees it: the sheets, the clocks, and when the song begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from consensus.identifiers import IdentityId, NodeKey
from consensus.units import MILLION, Ppm
from popd.node.messages.rooms import RoomId, RoomSheet
from popd.node.room_clock import SAME_CLOCK, Offset, PeerClock
from popd.node.sheets import Sheet


class RoomState(StrEnum):
    """What a room is about."""

    GATHERING = "gathering"
    COUNTING = "counting"
    PLAYING = "playing"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the room."""

    message: RoomSheet
    """Their latest sheet as it travels."""
    sheet: Sheet
    """What it says."""


@dataclass(slots=True)
class Room:
    """The room that this node is in."""

    id: RoomId
    """Which."""
    host: IdentityId
    """Who opened it."""
    host_node: NodeKey
    """Their node."""
    me: IdentityId
    """Whose view this is."""
    writer: int
    """Who the own document says wrote it."""
    since_us: int
    """When this node came in, by its clock."""
    wish: Sheet = field(default_factory=Sheet)
    """What the own sheet is to say."""
    document: bytes = b""
    """The own sheet as it was last written."""
    number: int = 0
    """Its number."""
    is_in: bool = False
    """The own sheet may be written: the host's is here."""
    is_writing: bool = False
    """The own sheet is being written."""
    is_leaving: bool = False
    """As soon as it is written, this node is out."""
    members: dict[IdentityId, Member] = field(default_factory=dict)
    """The latest sheets, the own one and the host's among them."""
    clocks: dict[NodeKey, PeerClock] = field(default_factory=dict)
    """How the clocks of those that are connected differ."""
    names: dict[IdentityId, str] = field(default_factory=dict)
    """What members called themselves when they were last connected."""
    rounds: int = 0
    """Rounds of echoes so far."""
    host_seen_us: int = field(init=False)
    """When the host last answered from within the room."""

    def __post_init__(self) -> None:
        self.host_seen_us = self.since_us

    @property
    def is_host(self) -> bool:
        """Whether this node opened it."""
        return self.host == self.me

    @property
    def lead(self) -> Sheet:
        """What the host says; nothing before its sheet is here."""
        if self.is_host:
            return self.wish
        host = self.members.get(self.host)
        return Sheet() if host is None else host.sheet

    def sheets(self) -> dict[IdentityId, Sheet]:
        """What each member says, one's own as it is meant."""
        said = {who: member.sheet for who, member in self.members.items()}
        if self.is_in:
            said[self.me] = self.wish
        return said

    def hear_names(self, said: Mapping[IdentityId, str]) -> None:
        """Keeps what members call themselves; of who is a member no more, nothing."""
        kept = self.lead.members | {self.host}
        self.names = {who: name for who, name in {**self.names, **said}.items() if who in kept}

    def host_offset(self, now_us: int) -> Offset | None:
        """How far the host's clock is ahead of ours; None before the first echo."""
        if self.is_host:
            return SAME_CLOCK
        clock = self.clocks.get(self.host_node)
        return None if clock is None else clock.offset(now_us)

    def t0_us(self, now_us: int) -> int | None:
        """When the song begins, by our clock; None while all gather or the offset is unknown."""
        offset = self.host_offset(now_us)
        if not self.lead.t0_ms or offset is None:
            return None
        return self.lead.t0_ms * 1_000 - offset.offset_us

    def state(self, now_us: int) -> RoomState:
        """What it is about now."""
        if not self.lead.t0_ms:
            return RoomState.GATHERING
        t0_us = self.t0_us(now_us)
        is_counting = t0_us is None or now_us < t0_us
        return RoomState.COUNTING if is_counting else RoomState.PLAYING

    def admit(self, who: IdentityId, most: int) -> bool:
        """The host lets somebody in; one who left gives way where it is full."""
        members = self.wish.members
        if who in members:
            return True
        if len(members) >= most:
            kept = {self.me, *self.wish.players}
            gone = [m for m in members - kept if m in self.members and not self._is_here(m)]
            if not gone:
                return False
            members -= {min(gone)}
        self.wish = replace(self.wish, members=members | {who})
        return True

    def _is_here(self, who: IdentityId) -> bool:
        return self.members[who].sheet.is_here


def equal_shares(
    host: IdentityId, players: frozenset[IdentityId]
) -> tuple[tuple[IdentityId, Ppm], ...]:
    """Every player's share of a million, the host's (or the first's) larger by what is left."""
    each = MILLION // len(players)
    first = host if host in players else min(players)
    rest = MILLION - each * len(players)
    return tuple((who, Ppm(each + (rest if who == first else 0))) for who in sorted(players))
