"""Room rounds: every second, clocks are compared, and members look whether all is well."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from consensus.identifiers import NodeKey
from popd.node.context import Context
from popd.node.messages.rooms import EchoAsked
from popd.node.room import Room
from popd.node.room_clock import PeerClock
from popd.node.room_talk import RoomTalk

FIRST_ROUNDS: Final = 8
FIRST_ROUND_MS: Final = 100
ROUND_MS: Final = 1_000
ANNOUNCE_ROUNDS: Final = 5
"""After how many rounds a host says again that its room is open."""
ASK_ROUNDS: Final = 2
"""After how many rounds a member asks another for what it missed."""
JOIN_WAIT_MS: Final = 10_000
"""How long a host may take to answer."""
HOST_GONE_MS: Final = 60_000
"""A room whose host can't be reached for so long is over."""
SETTLE_MS: Final = 10_000
"""So long after the beginning everybody who plays has said so."""


@dataclass(slots=True)
class RoomRounds:
    """What is done in the own room again and again."""

    context: Context
    """The node."""
    talk: RoomTalk
    """What its members say."""
    is_current: Callable[[Room], bool]
    """Whether this node is still in a room."""
    is_performing: Callable[[], bool]
    """Whether a session of this node is on, or is about to be."""
    announce: Callable[[Room], None]
    """Says to all peers that a room is open."""
    end: Callable[[str, str], None]
    """The room is over: why, and what to do."""

    def begin(self, room: Room) -> None:
        """The first round is soon."""
        self.context.call_after(FIRST_ROUND_MS, partial(self._round, room))

    def _round(self, room: Room) -> None:
        """Compares clocks with all who are in, and looks after the room."""
        if not self.is_current(room):
            return
        room.rounds += 1
        wait_ms = FIRST_ROUND_MS if room.rounds < FIRST_ROUNDS else ROUND_MS
        self.context.call_after(wait_ms, partial(self._round, room))
        peers = self.talk.peers_in(room)
        known = [self.context.peers[peer] for peer in peers]
        room.hear_names({one.identity: one.name for one in known if one.identity is not None})
        for peer in peers:
            room.clocks.setdefault(peer, PeerClock()).ask(self.context.now_us)
            asked = EchoAsked(room.id, self.context.now_us)
            self.context.send(peer, asked, is_live=True)
        if room.is_host:
            self._lead(room)
        else:
            self._keep_up(room, peers)
        if self.is_current(room):
            is_playing = bool(room.lead.t0_ms) and self.is_performing()
            self.talk.say(room, replace(room.wish, is_playing=is_playing))

    def _lead(self, room: Room) -> None:
        """What a host does again and again."""
        if room.rounds % ANNOUNCE_ROUNDS == 0 and room.document:
            self.announce(room)
        t0_ms = room.wish.t0_ms
        if t0_ms and self.context.now_ms > t0_ms + SETTLE_MS and not self._is_playing(room):
            gathering = replace(room.wish, t0_ms=0, players=frozenset())
            self.talk.say(room, replace(gathering, is_ready=False))

    def _is_playing(self, room: Room) -> bool:
        playing = room.wish.players & room.members.keys() & self.talk.reachable(room)
        others = any(room.members[who].sheet.is_playing for who in playing - {room.me})
        return others or self.is_performing()

    def _keep_up(self, room: Room, peers: list[NodeKey]) -> None:
        """What a member does again and again: come in, catch up, and notice that all is over."""
        now_us = self.context.now_us
        if room.host_node in room.clocks:
            # A host that was started anew is connected, and knows of no room.
            room.host_seen_us = max(room.host_seen_us, room.clocks[room.host_node].heard_us)
        if now_us - room.host_seen_us > HOST_GONE_MS * 1_000:
            self.end("Whoever opened the room can't be reached.", "Open one, or join another.")
            return
        if not room.is_in and room.host in room.members:
            room.is_in = True
            self.talk.say(room, replace(room.wish, is_here=True))
        elif not room.is_in and now_us - room.since_us > JOIN_WAIT_MS * 1_000:
            self.end("Whoever opened the room does not answer.", "Try again, or open one.")
            return
        self.talk.repeat(room)
        if peers and room.rounds % ASK_ROUNDS == 0:
            self.talk.ask(room, self.context.chance.choice(peers))
