"""Rooming: finding, opening, joining and leaving rooms, and counting in.

Members talk to each other directly. Each signs its own sheet, whole each time, so that sheets may
be lost, doubled, come late or from others: the latest number counts. The host's says who is in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from consensus.entries.performance import Session
from consensus.identifiers import IdentityId, NodeKey
from popd.node.blobs import Blobs
from popd.node.context import Context
from popd.node.messages.rooms import (
    EchoAsked,
    EchoGiven,
    RoomId,
    RoomMessage,
    RoomOpen,
    RoomSheet,
    RoomWant,
)
from popd.node.notices import RoomChanged, RoomRefused
from popd.node.offences import Offence
from popd.node.purposes import ForSheet
from popd.node.room import Room
from popd.node.room_commands import (
    ChoosePart,
    JoinRoom,
    LeaveRoom,
    OpenRoom,
    RoomCommand,
    SetReady,
    StartRoom,
)
from popd.node.room_finding import Finding
from popd.node.room_rounds import RoomRounds
from popd.node.room_talk import RoomTalk
from popd.node.sheet_effects import SheetEdited, SheetEvent, SheetRead
from popd.node.sheets import MAX_MEMBERS, MAX_TITLE_BYTES, Sheet
from popd.node.standing import Standings

COUNT_IN_MS: Final = 8_000
"""From the host's word to the song: everybody invites witnesses meanwhile, and announces."""
TELL_MS: Final = 50
"""Changes are told of together: nobody can make them come faster than a page can show."""


@dataclass(slots=True)
class Rooming:
    """The room that this node is in, one at a time, and those it could join."""

    context: Context
    """The node."""
    standings: Standings
    """What each peer may cost."""
    blobs: Blobs
    """Shares charts, and fetches the host's."""
    is_performing: Callable[[], bool]
    """Whether a session of this node is on, or is about to be."""
    room: Room | None = None
    """The own room."""
    finding: Finding = field(init=False)
    """The rooms nearby."""
    talk: RoomTalk = field(init=False)
    """What is said in the own room."""
    rounds: RoomRounds = field(init=False)
    """What is done in it every second."""
    _is_told: bool = True

    def __post_init__(self) -> None:
        self.finding = Finding(self.context, self._changed)
        self.talk = RoomTalk(self.context, self.standings, self._said, self._heard)
        self.rounds = RoomRounds(
            self.context,
            self.talk,
            lambda room: room is self.room,
            self.is_performing,
            self._announce,
            self._end,
        )

    def command(self, command: RoomCommand) -> None:
        """The user wants something."""
        room = self.room
        if isinstance(command, OpenRoom | JoinRoom):
            if room is not None:
                self._refuse("You are in a room already.", "Leave it first.")
            elif isinstance(command, OpenRoom):
                self._open(command)
            else:
                self._join(command.room)
        elif room is None:
            self._refuse("You are in no room.", "Open one, or join one nearby.")
        else:
            self._change(room, command)

    def _change(self, room: Room, command: LeaveRoom | ChoosePart | SetReady | StartRoom) -> None:
        match command:
            case LeaveRoom():
                self._leave(room)
            case ChoosePart():
                self.blobs.share(command.chart.to_bytes())
                part = replace(room.wish, chart=command.chart.id, label=command.label)
                self.talk.say(room, replace(part, is_ready=False))
            case SetReady() if room.wish.chart is None:
                self._refuse("You have no part yet.", "Choose one first.")
            case SetReady():
                self.talk.say(room, replace(room.wish, is_ready=command.is_ready))
            case StartRoom():
                self._start(room)
            case _:
                assert_never(command)

    def hear(self, peer: NodeKey, message: RoomMessage) -> None:
        """A peer that said who it is says something about rooms; others are not heard."""
        known = self.context.peers.get(peer)
        identity = None if known is None else known.identity
        if identity is None:
            return
        if isinstance(message, RoomOpen):
            self.finding.take(peer, identity, message)
        elif self.room is not None and message.room == self.room.id:
            self._hear_inside(self.room, peer, identity, message)

    def _hear_inside(
        self,
        room: Room,
        peer: NodeKey,
        identity: IdentityId,
        message: RoomSheet | RoomWant | EchoAsked | EchoGiven,
    ) -> None:
        match message:
            case RoomSheet():
                self.talk.take(room, peer, identity, message)
            case RoomWant():
                if room.is_host or identity in room.lead.members:
                    self.talk.give(room, peer, message)
            case EchoAsked():
                now_us = self.context.now_us
                self.context.send(peer, EchoGiven(room.id, message.asked_us, now_us), is_live=True)
            case EchoGiven():
                if peer in room.clocks:
                    now_us = self.context.now_us
                    room.clocks[peer].hear(message.asked_us, message.now_us, now_us)
            case _:
                assert_never(message)

    def sheet_done(self, event: SheetEvent) -> None:
        """A sheet was read or written; perhaps of a room that this node has left."""
        room = self.room
        if isinstance(event, SheetEdited):
            if room is not None and event.room == room.id:
                self.talk.written(room, event)
        elif isinstance(event, SheetRead):
            if room is not None and event.message.room == room.id:
                self.talk.believe(room, event)
        else:
            self.standings.note(event.peer, Offence.MALFORMED, event.why)

    def sheet_signed(self, purpose: ForSheet, signature: bytes) -> None:
        """The own sheet is signed."""
        if self.room is not None and purpose.message.room == self.room.id:
            self.talk.signed(self.room, purpose, signature)

    def on_session(self, author: IdentityId, session: Session) -> None:
        """A fellow player begins: what they play is fetched, cut where they came in."""
        room = self.room
        if room is None or author == room.me or author not in room.lead.players:
            return
        if {author, room.me} <= {who for who, _ in session.performers}:
            self.blobs.want(session.chart, [session.performer_node, room.host_node])

    def meet(self, peer: NodeKey) -> None:
        """A peer is there: it hears of the own room."""
        if self.room is not None and self.room.is_host and self.room.document:
            self.context.send(peer, room_open(self.room))

    def lose(self, peer: NodeKey) -> None:
        """A peer is gone."""
        self.finding.lose(peer)
        if self.room is not None and self.room.clocks.pop(peer, None) is not None:
            self._changed()

    def _open(self, command: OpenRoom) -> None:
        room = self._enter(command.room, self.context.identity, self.context.node_key)
        title = command.title.encode()[:MAX_TITLE_BYTES].decode(errors="ignore")
        room.is_in = True
        self.blobs.share(command.chart.to_bytes())
        part = Sheet(title, frozenset({room.me}), chart=command.chart.id, label=command.label)
        self.talk.say(room, replace(part, is_here=True))

    def _join(self, wanted: RoomId) -> None:
        host = self.finding.host_of(wanted)
        if host is None:
            self._refuse("That room is not open any more.", "Choose another, or open one.")
            return
        node, found = host
        self.talk.ask(self._enter(wanted, found.host, node), node)
        self.blobs.want(found.said.chart, [node])
        self._changed()

    def _enter(self, wanted: RoomId, host: IdentityId, node: NodeKey) -> Room:
        writer, now_us = self.context.chance.getrandbits(53), self.context.now_us
        room = Room(wanted, host, node, self.context.identity, writer, now_us)
        self.room = room
        self.rounds.begin(room)
        return room

    def _leave(self, room: Room) -> None:
        if not room.is_in:
            self.room = None
            self._changed()
            return
        room.is_leaving = True
        is_over = room.is_host
        self.talk.say(room, replace(room.wish, is_here=False, is_ready=False, is_over=is_over))

    def _start(self, room: Room) -> None:
        if not room.is_host:
            self._refuse("Only who opened the room counts in.", "Say that you are ready.")
            return
        if room.wish.t0_ms:
            self._refuse("It has been counted in already.", "Wait until it is over.")
            return
        reachable = self.talk.reachable(room)
        players = frozenset(
            who
            for who, sheet in room.sheets().items()
            if sheet.is_here and sheet.is_ready and sheet.chart is not None and who in reachable
        )
        if len(players) < 2:
            self._refuse("Fewer than two are ready.", "Wait until another player is, and be ready.")
            return
        t0_ms = self.context.now_ms + COUNT_IN_MS
        self.talk.say(room, replace(room.wish, t0_ms=t0_ms, players=players))

    def _said(self, room: Room) -> None:
        """Others know what is to be known of us."""
        if room.is_host:
            self._announce(room)
        if room.is_leaving:
            self.room = None
        self._changed()

    def _heard(self, room: Room, before: Sheet) -> None:
        """What changes for us by what somebody said."""
        if room.lead.is_over:
            self._end("The room is closed.", "Open one, or join another.")
        elif before.t0_ms and not room.lead.t0_ms:
            self.talk.say(room, replace(room.wish, is_ready=False))
        self._changed()

    def _announce(self, room: Room) -> None:
        opened = room_open(room)
        for peer in sorted(self.context.peers):
            self.context.send(peer, opened)

    def _end(self, why: str, next_step: str) -> None:
        self.room = None
        self._refuse(why, next_step)
        self._changed()

    def _changed(self) -> None:
        if self._is_told:
            self._is_told = False
            self.context.call_after(TELL_MS, self._tell)

    def _tell(self) -> None:
        self._is_told = True
        self.context.tell(RoomChanged())

    def _refuse(self, why: str, next_step: str) -> None:
        self.context.tell(RoomRefused(why, next_step))


def room_open(room: Room) -> RoomOpen:
    """What a host says of its room to those outside."""
    sheet = room.wish
    assert sheet.chart is not None, "a room is opened with a part"
    here = sum(1 for said in room.sheets().values() if said.is_here)
    members = min(max(here, 1), MAX_MEMBERS)
    is_playing = bool(sheet.t0_ms)
    return RoomOpen(room.id, sheet.title, sheet.chart, members, is_playing, sheet.is_over)
