"""What strangers and members can and can't do to a room."""

from dataclasses import replace

import pytest

from consensus.identifiers import ChartId, ContentId, IdentityId, NodeKey
from consensus.parameters import PRACTICE
from consensus.signing import Domain, sign
from consensus.units import MILLION, Microseconds
from popd.node.effects import Effect, Send
from popd.node.events import StartSession
from popd.node.messages import from_bytes
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.messages.rooms import (
    EchoAsked,
    EchoGiven,
    RoomId,
    RoomOpen,
    RoomSheet,
    RoomWant,
    sheet_digest,
)
from popd.node.notices import RoomRefused, SessionRefused
from popd.node.offences import Offence
from popd.node.room import Room, equal_shares
from popd.node.room_clock import (
    DRIFT_PPM,
    MAX_ROUND_TRIP_US,
    Offset,
    PeerClock,
    next_bar_us,
)
from popd.node.room_commands import ChoosePart, JoinRoom, OpenRoom
from popd.node.room_finding import FORGOTTEN_MS, MAX_OPEN_ROOMS
from popd.node.room_start import MAX_AHEAD_MS, NotTogetherError, beginning
from popd.node.sheets import MAX_MEMBERS, Sheet
from popd.rooms.sheets import edited
from simulations.scribe import Author, author, small_chart
from tests.popd.node.driven import HELLO_MS, PEER, Driven, sent

ROOM = RoomId(b"a room of music!")
CHART = small_chart(60)
OTHER_CHART = ChartId(ContentId(b"\3" * 32))


class Meeting(Driven):
    """A node with people around it who said who they are."""

    def __init__(self, people: int = 2) -> None:
        super().__init__()
        self.people = [author(f"person {number}") for number in range(people)]
        for who in self.people:
            self.greet(who)

    def greet(self, who: Author) -> None:
        self.meet(who.node)
        subject = hello_digest(who.id, who.node, HELLO_MS)
        signature = sign(who.seed, PRACTICE.name, Domain.HELLO, subject)
        self.say(Hello(who.id, "", False, HELLO_MS, signature), who.node)

    def open(self) -> Room:
        self.give(OpenRoom(ROOM, "Study", CHART, "all of it"))
        return self.room

    def join(self, host: Author, sheet: Sheet | None = None) -> Room:
        """Joins a room of somebody, who answers."""
        self.say(RoomOpen(ROOM, "Study", CHART.id, 1, False, False), host.node)
        self.give(JoinRoom(ROOM))
        self.tell(host, sheet or self.led(host))
        self.wait(100)
        self.give(ChoosePart(CHART, "all of it"))
        return self.room

    def led(self, host: Author) -> Sheet:
        members = frozenset({host.id, self.author.id})
        return Sheet("Study", members, chart=CHART.id, is_here=True)

    def tell(
        self, who: Author, sheet: Sheet, number: int = 1, by: Author | None = None
    ) -> list[Effect]:
        """Somebody's sheet comes, delivered by them or by somebody else."""
        return self.say(told(who, sheet, number), (by or who).node)

    @property
    def room(self) -> Room:
        room = self.node.rooming.room
        assert room is not None
        return room

    @property
    def refusals(self) -> list[str]:
        return [n.why for n in self.notices if isinstance(n, RoomRefused)]

    def faults(self, who: Author) -> list[Offence]:
        standing = self.node.standings.of.get(who.node)
        if standing is None:
            return [incident.offence for incident in self.node.standings.bans[who.node].incidents]
        return [incident.offence for incident in standing.incidents]


def told(who: Author, sheet: Sheet, number: int = 1, room: RoomId = ROOM) -> RoomSheet:
    document = edited(b"", sheet, 7)
    subject = sheet_digest(room, who.id, number, document)
    signature = sign(who.seed, PRACTICE.name, Domain.ROOM, subject)
    return RoomSheet(room, who.id, number, document, signature)


def test_nobody_says_anything_in_the_name_of_another() -> None:
    meeting = Meeting()
    meeting.open()
    rogue, victim = meeting.people
    meeting.say(replace(told(rogue, Sheet(is_here=True)), author=victim.id), victim.node)
    assert victim.id not in meeting.room.members
    assert meeting.faults(victim) == [Offence.FORGED], "who delivers is who should have looked"


def test_a_sheet_of_one_room_says_nothing_in_another() -> None:
    meeting = Meeting()
    meeting.open()
    who = meeting.people[0]
    elsewhere = told(who, Sheet(is_here=True), room=RoomId(bytes(16)))
    meeting.say(elsewhere, who.node)
    assert set(meeting.room.members) == {meeting.author.id}
    meeting.say(replace(elsewhere, room=ROOM), who.node)
    assert meeting.faults(who) == [Offence.FORGED]


def test_a_host_lets_in_who_comes_and_nobody_whom_others_bring() -> None:
    meeting = Meeting()
    room = meeting.open()
    one, other = meeting.people
    meeting.tell(other, Sheet(is_here=True), by=one)
    assert room.wish.members == {meeting.author.id}
    meeting.tell(one, Sheet(is_here=True, members=frozenset({other.id}), t0_ms=5, is_over=True))
    assert room.wish.members == {meeting.author.id, one.id}
    assert (room.lead.t0_ms, room.lead.is_over) == (0, False), "what leads is the host's word"


def test_who_did_not_say_who_it_is_is_not_heard() -> None:
    meeting = Meeting()
    meeting.open()
    stranger = author("stranger")
    for message in (
        told(stranger, Sheet(is_here=True)),
        RoomWant(ROOM, ()),
        EchoAsked(ROOM, Microseconds(1)),
        RoomOpen(ROOM, "", OTHER_CHART, 1, False, False),
    ):
        effects = meeting.say(message, PEER)
        assert sent(effects) == []
    assert meeting.node.rooming.finding.found == {}
    assert set(meeting.room.members) == {meeting.author.id}


def test_a_full_room_lets_nobody_in_until_somebody_leaves() -> None:
    meeting = Meeting(MAX_MEMBERS + 1)
    room = meeting.open()
    for who in meeting.people:
        meeting.tell(who, Sheet(is_here=True))
    assert len(room.wish.members) == MAX_MEMBERS
    late = next(who for who in meeting.people if who.id not in room.wish.members)
    gone = meeting.people[0]
    meeting.tell(gone, Sheet(), number=2)
    meeting.tell(late, Sheet(is_here=True), number=2)
    assert late.id in room.wish.members
    assert gone.id not in room.wish.members


def test_an_old_sheet_does_not_come_back() -> None:
    meeting = Meeting()
    room = meeting.open()
    who = meeting.people[0]
    meeting.tell(who, Sheet(is_here=True, is_ready=True, chart=CHART.id), number=5)
    meeting.tell(who, Sheet(is_here=True, is_ready=False, chart=CHART.id), number=6)
    meeting.tell(who, Sheet(is_here=True, is_ready=True, chart=CHART.id), number=5)
    assert not room.sheets()[who.id].is_ready


def test_a_document_that_is_no_sheet_parts_us_from_who_delivers_it() -> None:
    meeting = Meeting()
    meeting.open()
    who = meeting.people[0]
    document = b"\x01\x01\x09\x00\x28\x01\x06sheets\x01a\x01x\x00"
    subject = sheet_digest(ROOM, who.id, 1, document)
    signature = sign(who.seed, PRACTICE.name, Domain.ROOM, subject)
    meeting.say(RoomSheet(ROOM, who.id, 1, document, signature), who.node)
    assert meeting.faults(who) == [Offence.MALFORMED]
    assert set(meeting.room.members) == {meeting.author.id}


def test_rooms_nearby_are_one_a_peer_and_forgotten_when_nobody_speaks_of_them() -> None:
    meeting = Meeting()
    found = meeting.node.rooming.finding.found
    who = meeting.people[0]
    for number in range(1_000):
        room = RoomId(number.to_bytes(16, "big"))
        meeting.say(RoomOpen(room, "", OTHER_CHART, 1, False, False), who.node)
    assert len(found) == 1 <= MAX_OPEN_ROOMS
    meeting.wait(FORGOTTEN_MS + 1)
    meeting.wait(FORGOTTEN_MS + 1)
    assert found == {}


def test_rooms_that_flicker_are_told_of_now_and_then_alone() -> None:
    meeting = Meeting()
    who = meeting.people[0]
    before = len(meeting.notices)
    for number in range(400):
        meeting.say(RoomOpen(ROOM, "", OTHER_CHART, 1, False, bool(number % 2)), who.node)
    meeting.wait(60)
    assert len(meeting.notices) - before == 1


def test_a_liar_about_the_time_moves_nobodys_start() -> None:
    meeting = Meeting()
    host, liar = meeting.people
    players = frozenset({host.id, liar.id, meeting.author.id})
    sheet = replace(meeting.led(host), members=players)
    room = meeting.join(host, sheet)
    meeting.tell(liar, Sheet(is_here=True, is_ready=True, chart=CHART.id), by=host)
    asked = [
        (effect.peer, message)
        for effect in meeting.wait(100)
        if isinstance(effect, Send)
        for message in [from_bytes(effect.data)]
        if isinstance(message, EchoAsked)
    ]
    assert {peer for peer, _ in asked} == {host.node, liar.node}
    for peer, message in asked:
        lie_us = 40_000_000 if peer == liar.node else 0
        meeting.say(EchoGiven(ROOM, message.asked_us, at(message.asked_us + lie_us)), peer)
    now_us = meeting.now_ms * 1_000
    offsets = {peer: clock.offset(now_us) for peer, clock in room.clocks.items()}
    assert offsets == {host.node: Offset(0, 0), liar.node: Offset(40_000_000, 0)}
    t0_ms = meeting.now_ms + 8_000
    meeting.tell(host, replace(sheet, t0_ms=t0_ms, players=players), number=2)
    assert beginning(room, CHART, now_us).together.start_ms == t0_ms


def at(time_us: int) -> Microseconds:
    return Microseconds(time_us)


def test_an_answer_that_nobody_asked_for_says_nothing_about_a_clock() -> None:
    clock = PeerClock()
    clock.hear(1_000, 99_000_000, 1_000)
    assert clock.offset(1_000) is None
    clock.ask(1_000)
    clock.hear(1_000, 6_000, 3_000)
    clock.hear(1_000, 99_000_000, 3_000)
    offset = clock.offset(3_000)
    assert offset is not None
    assert (offset.offset_us, offset.uncertainty_us) == (4_000, 1_000)
    clock.ask(4_000)
    clock.hear(4_000, 9, 4_001 + MAX_ROUND_TRIP_US)
    assert len(clock.echoes) == 1


def test_the_quickest_echo_counts_until_it_is_old() -> None:
    clock = PeerClock()
    for asked_us, round_trip_us, offset_us in ((0, 200, 50), (10_000_000, 900, 70)):
        clock.ask(asked_us)
        middle_us = asked_us + round_trip_us // 2
        clock.hear(asked_us, middle_us + offset_us, asked_us + round_trip_us)
    early, late = clock.offset(10_001_000), clock.offset(500_000_000)
    assert early is not None
    assert late is not None
    assert (early.offset_us, late.offset_us) == (70, 70)
    fresh = clock.offset(200)
    assert fresh is not None
    assert fresh.uncertainty_us == 100
    assert 10 * DRIFT_PPM > 350, "ten seconds of drift outweigh what the first was quicker"


def test_a_host_far_in_the_future_is_not_waited_for() -> None:
    meeting = Meeting()
    host = meeting.people[0]
    room = meeting.join(host)
    room.clocks[host.node] = PeerClock()
    now_us = meeting.now_ms * 1_000
    room.clocks[host.node].ask(now_us)
    room.clocks[host.node].hear(now_us, now_us, now_us)
    players = frozenset({host.id, meeting.author.id})
    far = replace(meeting.led(host), t0_ms=meeting.now_ms + MAX_AHEAD_MS + 1, players=players)
    meeting.tell(host, far, number=2)
    with pytest.raises(NotTogetherError, match="The count-in is too long"):
        beginning(room, CHART, now_us)
    with pytest.raises(NotTogetherError, match="That is not your part"):
        beginning(room, small_chart(9), now_us)
    meeting.tell(host, replace(far, t0_ms=meeting.now_ms + 8_000), number=3)
    assert beginning(room, CHART, now_us).together.start_ms == meeting.now_ms + 8_000


def test_who_was_not_counted_in_does_not_begin() -> None:
    meeting = Meeting()
    host = meeting.people[0]
    room = meeting.join(host)
    sheet = replace(meeting.led(host), t0_ms=meeting.now_ms + 8_000, players=frozenset({host.id}))
    meeting.tell(host, sheet, number=2)
    with pytest.raises(NotTogetherError, match="You were not counted in"):
        beginning(room, CHART, meeting.now_ms * 1_000)


def test_a_beginning_that_is_past_is_refused_with_a_way_to_come_in() -> None:
    meeting = Meeting()
    host = meeting.people[0]
    room = meeting.join(host)
    players = frozenset({host.id, meeting.author.id})
    clock = room.clocks.setdefault(host.node, PeerClock())
    now_us = meeting.now_ms * 1_000
    clock.ask(now_us)
    clock.hear(now_us, now_us, now_us)
    sheet = replace(meeting.led(host), t0_ms=meeting.now_ms + 8_000, players=players)
    meeting.tell(host, sheet, number=2)
    start = beginning(room, CHART, now_us)
    meeting.now_ms += 9_000
    meeting.give(StartSession(CHART, bytes(16), bytes(32), (), together=start.together))
    assert [n for n in meeting.notices if isinstance(n, SessionRefused)] == [
        SessionRefused("The others have begun.", "Come in at the next bar: press play again.")
    ]
    late = beginning(room, CHART, meeting.now_ms * 1_000)
    assert late.from_us == 8_000_000, "the first bar of two seconds that is six seconds ahead"
    assert late.together.start_ms == start.together.start_ms + 8_000
    with_nothing_left = meeting.now_ms * 1_000 + 60_000_000
    with pytest.raises(NotTogetherError, match="That part is nearly over"):
        beginning(room, CHART, with_nothing_left)


def test_a_bar_is_four_beats_from_where_the_beat_in_force_began() -> None:
    assert [next_bar_us(CHART, at_us) for at_us in (0, 1, 2_000_000, 2_000_001)] == [
        0,
        2_000_000,
        2_000_000,
        4_000_000,
    ]


def test_shares_make_a_million_and_the_host_has_what_is_left() -> None:
    people = [IdentityId(bytes([number]) * 32) for number in range(MAX_MEMBERS)]
    for count in range(1, MAX_MEMBERS + 1):
        shares = dict(equal_shares(people[0], frozenset(people[:count])))
        assert sum(shares.values()) == MILLION
        assert {shares[who] for who in people[1:count]} <= {MILLION // count}


def test_nobody_can_be_made_to_answer_with_a_room_they_are_not_in() -> None:
    meeting = Meeting()
    host, other = meeting.people
    meeting.join(host)
    assert sent(meeting.say(RoomWant(ROOM, ()), other.node)) == []
    given = sent(meeting.say(RoomWant(ROOM, ()), host.node))
    assert {type(message) for message in given} == {RoomSheet}
    assert NodeKey(other.node) not in meeting.room.clocks


def test_names_are_kept_of_members_alone_and_the_last_one_heard_counts() -> None:
    host, member, stranger = (author(name).id for name in ("host", "member", "stranger"))
    room = Room(ROOM, host, NodeKey(b"h" * 32), host, 1, 0)
    room.wish = Sheet(members=frozenset({host, member}))
    room.hear_names({member: "Ben", stranger: "Mallory"})
    assert room.names == {member: "Ben"}
    room.hear_names({})
    assert room.names == {member: "Ben"}
    room.hear_names({member: "Benno"})
    assert room.names == {member: "Benno"}
    room.wish = Sheet(members=frozenset({host}))
    room.hear_names({})
    assert room.names == {}
