"""Rooms as a page sees them: who is in, who is reached, and who could witness."""

from typing import Final

from consensus.identifiers import IdentityId
from popd.api.desk import Desk
from popd.api.names import Names, cleaned
from popd.api.room_shapes import MemberView, OpenRoomView, Rooms, RoomView
from popd.api.shapes import Person
from popd.node.room import Room
from popd.node.room_clock import SAME_CLOCK, Offset
from popd.node.sheets import Sheet

MAX_TITLE_SHOWN: Final = 80
"""Characters."""
REACH_SOMEBODY: Final = (
    "start practice neighbours (popctl up --practice) or reach somebody else (popctl up --dial)."
)


def rooms_view(desk: Desk) -> Rooms:
    """Rooms as they are at this moment."""
    rooming = desk.daemon.node.rooming
    names = desk.names({} if rooming.room is None else rooming.room.names)
    nearby = [
        OpenRoomView(
            id=found.said.room.hex(),
            title=_title(found.said.title),
            chart=found.said.chart.hex(),
            host=_person(names, found.host),
            members=found.said.members,
            playing=found.said.is_playing,
        )
        for found in rooming.finding.found.values()
    ]
    own = None if rooming.room is None else room_view(desk, rooming.room, names)
    return Rooms(own, sorted(nearby, key=lambda room: (room.host.name, room.id)))


def room_view(desk: Desk, room: Room, names: Names) -> RoomView:
    """The own room as it is at this moment."""
    now_us = desk.daemon.now_us()
    offset = room.host_offset(now_us)
    members = [_member(desk, room, who, sheet, names) for who, sheet in room.sheets().items()]
    members.sort(key=lambda one: (not one.is_host, one.person.name, one.person.id))
    witnesses = len(could_witness(desk, room))
    return RoomView(
        id=room.id.hex(),
        title=_title(room.lead.title),
        host=_person(names, room.host),
        is_host=room.is_host,
        state=room.state(now_us).value,
        t0_us=room.t0_us(now_us),
        uncertainty_us=None if offset is None else offset.uncertainty_us,
        can_play=bool(room.lead.t0_ms) and room.me in room.lead.players,
        witnesses=witnesses,
        advice="" if witnesses else _alone(desk),
        members=members,
    )


def could_witness(desk: Desk, room: Room) -> frozenset[IdentityId]:
    """Who is connected to this node and could witness its user: nobody in the room can."""
    playing = {who for who, sheet in room.sheets().items() if sheet.is_here}
    around = {peer.identity for peer in desk.context.peers.values()}
    has_diverged = desk.daemon.node.disputing.has_diverged
    others = around - playing - room.lead.players - {room.me}
    return frozenset(who for who in others if who is not None and not has_diverged(who))


def _alone(desk: Desk) -> str:
    who = "Nobody but your fellow players" if desk.context.peers else "Nobody"
    return f"{who} is connected to you, so nobody could witness you: {REACH_SOMEBODY}"


def _member(desk: Desk, room: Room, who: IdentityId, sheet: Sheet, names: Names) -> MemberView:
    offset = _offset(desk, room, who)
    around = {peer.identity for peer in desk.context.peers.values()}
    return MemberView(
        person=_person(names, who),
        is_me=who == room.me,
        is_host=who == room.host,
        part=None if sheet.chart is None else sheet.chart.hex(),
        label=cleaned(sheet.label),
        ready=sheet.is_ready,
        here=sheet.is_here,
        connected=who == room.me or who in around,
        player=who in room.lead.players,
        playing=sheet.is_playing,
        ratings=sheet.ratings,
        offset_us=None if offset is None else offset.offset_us,
        uncertainty_us=None if offset is None else offset.uncertainty_us,
    )


def _offset(desk: Desk, room: Room, who: IdentityId) -> Offset | None:
    """Of the member's clock that is known best."""
    if who == room.me:
        return SAME_CLOCK
    now_us = desk.daemon.now_us()
    known = [
        offset
        for node, clock in room.clocks.items()
        if node in desk.context.peers and desk.context.peers[node].identity == who
        if (offset := clock.offset(now_us)) is not None
    ]
    return min(known, key=lambda offset: offset.uncertainty_us, default=None)


def _person(names: Names, who: IdentityId) -> Person:
    return Person(who.hex(), names.of(who))


def _title(title: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in title).split())[:MAX_TITLE_SHOWN]
