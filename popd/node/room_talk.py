"""Room talk: sheets go out, come in, are passed on, and change what the own one is to say."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from consensus.identifiers import IdentityId, NodeKey
from consensus.rejections import RejectionError
from consensus.signing import Domain, check_signature
from popd.node.context import Context
from popd.node.effects import Sign
from popd.node.messages.rooms import RoomSheet, RoomWant, sheet_digest
from popd.node.offences import Offence
from popd.node.purposes import ForSheet
from popd.node.room import Member, Room
from popd.node.sheet_effects import EditSheet, ReadSheet, SheetEdited, SheetRead
from popd.node.sheets import MAX_MEMBERS, Sheet
from popd.node.standing import Standings

SHEET_COST_US: Final = 2_000
"""What taking in a sheet is charged with: the largest takes so long to check and read."""


@dataclass(slots=True)
class RoomTalk:
    """What the members of the own room say to each other."""

    context: Context
    """The node."""
    standings: Standings
    """Remembers who delivers what is no sheet."""
    on_said: Callable[[Room], None]
    """Called when the own sheet is signed and on its way."""
    on_heard: Callable[[Room, Sheet], None]
    """Called when another's sheet took its place, with what the host's said before."""

    def say(self, room: Room, wish: Sheet) -> None:
        """The own sheet is to say this; it is written as soon as it may be."""
        is_news = wish != room.wish or not room.document or room.is_leaving
        room.wish = wish
        if room.is_in and is_news:
            self._write(room)

    def _write(self, room: Room) -> None:
        if not room.is_writing:
            room.is_writing = True
            self.context.do(EditSheet(room.id, room.document, room.wish, room.writer))

    def written(self, room: Room, edited: SheetEdited) -> None:
        """The own sheet is written: it is signed next."""
        room.document = edited.document
        room.number = max(room.number + 1, self.context.now_ms)
        message = RoomSheet(room.id, room.me, room.number, edited.document, b"")
        subject = sheet_digest(room.id, room.me, room.number, edited.document)
        self.context.do(Sign(ForSheet(message, edited.sheet), Domain.ROOM, subject, None))

    def signed(self, room: Room, purpose: ForSheet, signature: bytes) -> None:
        """It is signed: whoever is in hears it."""
        message = replace(purpose.message, signature=signature)
        room.members[room.me] = Member(message, purpose.sheet)
        room.is_writing = False
        for peer in self.peers_in(room):
            self.context.send(peer, message)
        if room.wish != purpose.sheet:
            self._write(room)
        else:
            self.on_said(room)

    def take(self, room: Room, peer: NodeKey, identity: IdentityId, message: RoomSheet) -> None:
        """Has a sheet read that is news, of somebody who is in or may come in."""
        if not self._is_wanted(room, identity, message):
            return
        self.standings.spend(peer, SHEET_COST_US)
        who = message.author
        subject = sheet_digest(room.id, who, message.number, message.document)
        network = self.context.params.name
        try:
            check_signature(who, message.signature, network, Domain.ROOM, subject)
        except RejectionError as error:
            self.standings.note(peer, Offence.FORGED, error.message)
            return
        self.context.do(ReadSheet(peer, message))

    def _is_wanted(self, room: Room, identity: IdentityId, message: RoomSheet) -> bool:
        who = message.author
        known = room.members.get(who)
        if known is not None and message.number <= known.message.number:
            return False
        if who == room.me:
            return not room.is_in and message.number > room.number
        if room.is_host:
            return who in room.wish.members or who == identity
        return who == room.host or who in room.lead.members

    def believe(self, room: Room, read: SheetRead) -> None:
        """A sheet was read: it takes its place."""
        who, message, sheet = read.message.author, read.message, read.sheet
        known = room.members.get(who)
        if known is not None and message.number <= known.message.number:
            return
        if who == room.me:
            _remember(room, read)
            return
        if room.is_host and who not in room.wish.members:
            if not sheet.is_here or not room.admit(who, MAX_MEMBERS):
                return
            self._write(room)
        before = room.lead
        room.members[who] = Member(message, sheet)
        if who == room.host:
            self._meet_others(room)
        self.on_heard(room, before)

    def _meet_others(self, room: Room) -> None:
        """Who is in is as the host says: the others are forgotten, the missing asked for."""
        members = room.lead.members | {room.host, room.me}
        for gone in room.members.keys() - members:
            del room.members[gone]
        if members - room.members.keys() - {room.me}:
            self.ask(room, room.host_node)

    def ask(self, room: Room, peer: NodeKey) -> None:
        """Asks for what changed."""
        known = sorted((who, m.message.number) for who, m in room.members.items())
        self.context.send(peer, RoomWant(room.id, tuple(known)))

    def repeat(self, room: Room) -> None:
        """The host does not know of us (any more): it hears our sheet again."""
        own = room.members.get(room.me)
        if own is not None and room.me not in room.lead.members:
            self.context.send(room.host_node, own.message)

    def give(self, room: Room, peer: NodeKey, want: RoomWant) -> None:
        """Hands over what a peer lacks: its own sheet first, the host's last."""
        known = dict(want.known)
        identity = self.context.peers[peer].identity

        def order(member: Member) -> tuple[bool, bool]:
            author = member.message.author
            return author != identity, author == room.host

        for member in sorted(room.members.values(), key=order):
            message = member.message
            is_news = message.number > known.get(message.author, 0)
            if is_news and self.standings.may_send(peer, len(message.document)):
                self.context.send(peer, message)

    def peers_in(self, room: Room) -> list[NodeKey]:
        """The nodes of members, and the host's, as far as they are connected."""
        members = room.lead.members
        return sorted(
            node
            for node, peer in self.context.peers.items()
            if node == room.host_node or peer.identity in members
        )


def _remember(room: Room, read: SheetRead) -> None:
    """Whoever comes back takes up the part that the others still have of them."""
    if room.is_in or read.message.number <= room.number:
        return
    room.document, room.number = read.message.document, read.message.number
    if room.wish.chart is None:
        said = read.sheet
        room.wish = Sheet(chart=said.chart, label=said.label, ratings=said.ratings)
