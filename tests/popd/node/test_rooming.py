"""Rooms in virtual time: who is in, who may say what, and that all begin together."""

from dataclasses import replace
from random import Random

import pytest

from consensus.entries.performance import Block, Mint, Session
from consensus.identifiers import ChartId, ContentId, EntryId
from consensus.units import MILLION
from popd.node.events import StopSession
from popd.node.messages.rooms import RoomId, RoomSheet
from popd.node.notices import RoomRefused
from popd.node.room import RoomState
from popd.node.room_commands import JoinRoom, LeaveRoom, SetReady, StartRoom
from popd.node.room_rounds import SETTLE_MS
from simulations.room_players import RoomPlayer
from simulations.swarm import study
from simulations.virtual_network import Faults, VirtualNode
from tests.popd.node.conversations import Conversation

ROOM = RoomId(b"a room of music!")


class Band:
    """Players in one room, with witnesses around them and clocks that differ."""

    def __init__(self, players: int, *, witnesses: int = 3) -> None:
        self.network = Conversation(seed=3, faults=Faults())
        chance = Random(5)
        self.nodes: list[VirtualNode] = []
        for number in range(players + witnesses):
            virtual = self.network.add(f"node {number}")
            virtual.clock_skew_us = chance.randint(-200_000, 200_000)
            self.network.start(virtual)
            self.nodes.append(virtual)
        self.players = [
            RoomPlayer(self.network, virtual, study(30, Random(number)))
            for number, virtual in enumerate(self.nodes[:players])
        ]
        self.network.run(3)

    def gather(self) -> None:
        """All are in, each with a part, and ready."""
        self.players[0].open(ROOM)
        self.network.run(6)
        for player in self.players[1:]:
            player.join(ROOM)
        self.network.run(4)
        for player in self.players:
            player.ready()
        self.network.run(4)

    def sessions(self, player: RoomPlayer) -> list[tuple[EntryId, Session]]:
        """What a player announced."""
        return [
            (item.id, item.body)
            for item in player.virtual.disk
            if isinstance(item.body, Session) and item.entry.author == player.virtual.identity
        ]

    def minted_charts(self, player: RoomPlayer) -> set[ChartId]:
        """The charts of the blocks that a player minted."""
        own = [s for s in player.virtual.disk if s.entry.author == player.virtual.identity]
        blocks = {s.id: s.body for s in own if isinstance(s.body, Block)}
        return {blocks[s.body.block].chart for s in own if isinstance(s.body, Mint)}

    def refusals(self, player: RoomPlayer) -> list[str]:
        return [n.why for n in player.virtual.notices if isinstance(n, RoomRefused)]


def starts_us(band: Band) -> list[int]:
    """When each player's first session began, by the clock of the network."""
    return [
        band.sessions(player)[0][1].start_ms * 1_000 - player.virtual.clock_skew_us
        for player in band.players
    ]


@pytest.mark.parametrize("count", [2, 5])
def test_players_begin_together_and_each_mints_only_its_own_part(count: int) -> None:
    band = Band(count)
    band.gather()
    band.players[0].count_in()
    band.network.run(70)
    performers = {player.virtual.identity for player in band.players}
    witnesses = {virtual.identity for virtual in band.nodes[count:]}
    for player in band.players:
        [(_, session)] = band.sessions(player)
        assert {who for who, _ in session.performers} == performers
        assert sum(share for _, share in session.performers) == MILLION
        assert {opening.candidate for opening in session.openings} == witnesses
        assert band.minted_charts(player) == {player.chart.id}
    starts = starts_us(band)
    assert max(starts) - min(starts) <= 10_000
    assert len({player.chart.id for player in band.players}) == count


def test_the_error_of_each_start_is_within_the_uncertainty_that_the_player_sees() -> None:
    band = Band(5)
    band.gather()
    now_us = band.network.now_us
    host = band.players[0].virtual
    for player in band.players[1:]:
        assert player.room is not None
        offset = player.room.host_offset(now_us + player.virtual.clock_skew_us)
        assert offset is not None
        truth_us = host.clock_skew_us - player.virtual.clock_skew_us
        assert abs(offset.offset_us - truth_us) <= offset.uncertainty_us <= 5_000


def test_one_leaves_and_comes_back_at_a_bar_and_mints_what_it_played() -> None:
    band = Band(3)
    band.gather()
    band.players[0].count_in()
    band.network.run(12)
    leaver = band.players[2]
    band.network.give(leaver.virtual, StopSession())
    band.network.give(leaver.virtual, LeaveRoom())
    band.network.run(1)
    assert leaver.room is None
    room = band.players[0].room
    assert room is not None
    assert not room.sheets()[leaver.virtual.identity].is_here
    whole = leaver.chart
    band.network.give(leaver.virtual, JoinRoom(ROOM))
    band.network.run(1)
    assert leaver.room is not None
    assert leaver.room.wish.chart == whole.id, "the others still had its part"
    leaver.come_in()
    band.network.run(60)
    (_, first), (_, second) = band.sessions(leaver)
    late_ms = second.start_ms - first.start_ms
    assert second.chart == leaver.chart.id != whole.id
    beat_ms = 500
    assert late_ms % (4 * beat_ms) in {0, 1, 2, 4 * beat_ms - 1, 4 * beat_ms - 2}
    assert leaver.chart == whole.cut(round(late_ms / 2_000) * 2_000_000, 10**9)
    assert band.minted_charts(leaver) == {leaver.chart.id}


def test_when_all_have_played_the_room_gathers_again() -> None:
    band = Band(2)
    band.gather()
    band.players[0].count_in()
    band.network.run(5)
    states = []
    for player in band.players:
        assert player.room is not None
        states.append(player.room.state(band.network.now_us + player.virtual.clock_skew_us))
    assert states == [RoomState.COUNTING] * 2
    band.network.run(40 + SETTLE_MS / 1_000)
    for player in band.players:
        assert player.room is not None
        assert player.room.state(band.network.now_us) is RoomState.GATHERING
        assert not player.room.wish.is_ready


@pytest.mark.parametrize("seed", range(4))
def test_a_room_comes_together_though_a_tenth_of_what_is_said_is_lost_or_doubled(seed: int) -> None:
    band = Band(4)
    band.network.chance.seed(seed)
    band.network.faults = Faults(latency_us=(1_000, 60_000), loss=0.1, duplication=0.1)
    band.gather()
    band.network.run(20)
    views = []
    for player in band.players:
        assert player.room is not None
        views.append(player.room.sheets())
    assert views == [views[0]] * 4
    assert all(sheet.is_ready and sheet.is_here for sheet in views[0].values())
    assert set(views[0]) == {player.virtual.identity for player in band.players}


def test_fewer_than_two_who_are_ready_are_not_counted_in() -> None:
    band = Band(2)
    band.gather()
    band.network.give(band.players[1].virtual, SetReady(is_ready=False))
    band.network.run(1)
    band.players[0].count_in()
    assert band.refusals(band.players[0]) == ["Fewer than two are ready."]
    band.network.give(band.players[1].virtual, StartRoom())
    assert band.refusals(band.players[1]) == ["Only who opened the room counts in."]


def test_the_room_of_a_host_who_leaves_is_over_for_all() -> None:
    band = Band(3)
    band.gather()
    band.network.give(band.players[0].virtual, LeaveRoom())
    band.network.run(1)
    assert [player.room for player in band.players] == [None] * 3
    for virtual in band.nodes:
        assert virtual.node is not None
        assert virtual.node.rooming.finding.found == {}


@pytest.mark.parametrize("is_back", [False, True])
def test_nobody_stays_in_the_room_of_a_host_that_is_gone_or_forgot_it(is_back: bool) -> None:
    band = Band(3)
    band.gather()
    band.network.crash(band.players[0].virtual)
    if is_back:
        band.network.start(band.players[0].virtual)
    band.network.run(50)
    assert band.players[1].room is not None
    band.network.run(20)
    assert band.players[1].room is None
    assert band.refusals(band.players[1]) == ["Whoever opened the room can't be reached."]


def test_a_member_whose_node_was_killed_comes_back_to_its_part() -> None:
    band = Band(3)
    band.gather()
    member = band.players[2]
    band.network.crash(member.virtual)
    band.network.run(2)
    band.network.start(member.virtual)
    band.network.run(6)
    band.network.give(member.virtual, JoinRoom(ROOM))
    band.network.run(4)
    views = []
    for player in band.players:
        assert player.room is not None
        views.append(player.room.sheets())
    assert views == [views[0]] * 3
    said = views[0][member.virtual.identity]
    assert (said.is_here, said.is_ready, said.chart) == (True, False, member.chart.id)


def test_what_a_member_says_is_heard_from_others_where_two_are_not_connected() -> None:
    band = Band(3, witnesses=0)
    band.network.partition([band.nodes[1]], [band.nodes[2]])
    band.gather()
    room = band.players[1].room
    assert room is not None
    assert room.sheets()[band.nodes[2].identity].is_ready


def test_sheets_are_told_to_nobody_outside_of_the_room() -> None:
    band = Band(2)
    band.gather()
    told = {to for _, _, to, _, message in band.network.said if isinstance(message, RoomSheet)}
    assert told == {"node 0", "node 1"}


def test_what_a_fellow_player_plays_is_fetched_and_what_others_say_they_play_with_us_is_not() -> (
    None
):
    band = Band(2)
    band.gather()
    band.players[0].count_in()
    band.network.run(12)
    [(_, session)] = band.sessions(band.players[1])
    node, fellow = band.nodes[0].node, band.nodes[1].identity
    assert node is not None
    charts = [ChartId(ContentId(bytes([number]) * 32)) for number in range(3)]
    node.rooming.on_session(band.nodes[2].identity, replace(session, chart=charts[0]))
    node.rooming.on_session(fellow, replace(session, chart=charts[1], performers=()))
    assert not node.blobs.wanted.keys() & set(charts)
    node.rooming.on_session(fellow, replace(session, chart=charts[2]))
    assert node.blobs.wanted.keys() & set(charts) == {charts[2]}
