"""People in the virtual network who play together: each takes a part, and begins when all do."""

from popd.node.events import StartSession
from popd.node.messages.rooms import RoomId
from popd.node.notices import Notice, RoomChanged
from popd.node.room import Room, RoomState
from popd.node.room_commands import ChoosePart, JoinRoom, OpenRoom, SetReady, StartRoom
from popd.node.room_start import NotTogetherError, beginning
from simulations.players import VirtualPlayer
from simulations.virtual_network import VirtualNode


class RoomPlayer(VirtualPlayer):
    """A player who begins as soon as a room counts them in, once each time."""

    begun_ms: int = 0
    """The host's `t0` that they began with."""

    @property
    def room(self) -> Room | None:
        """The room that they are in."""
        return None if self.virtual.node is None else self.virtual.node.rooming.room

    def open(self, room: RoomId) -> None:
        """Opens a room with their own part."""
        title = self.chart.title
        self.network.give(self.virtual, OpenRoom(room, title, self.chart, self.virtual.name))

    def join(self, room: RoomId) -> None:
        """Joins a room and takes their part."""
        self.network.give(self.virtual, JoinRoom(room))
        self.network.give(self.virtual, ChoosePart(self.chart, self.virtual.name))

    def ready(self) -> None:
        """Says so."""
        self.network.give(self.virtual, SetReady(is_ready=True))

    def count_in(self) -> None:
        """The host counts in."""
        self.network.give(self.virtual, StartRoom())

    def hear(self, virtual: VirtualNode, notice: Notice) -> None:
        """Begins with the others."""
        if virtual is self.virtual and isinstance(notice, RoomChanged):
            self.network.later(self.network.now_us, self._begin_together)
        super().hear(virtual, notice)

    def come_in(self) -> None:
        """Begins at the next bar, if the others play."""
        self.begun_ms = 0
        self._begin_together()

    def _begin_together(self) -> None:
        room, now_us = self.room, self.network.now_us + self.virtual.clock_skew_us
        if room is None or room.state(now_us) is RoomState.GATHERING or not room.is_in:
            return
        if self.begun_ms == room.lead.t0_ms or room.me not in room.lead.players:
            return
        try:
            start = beginning(room, self.chart, now_us)
        except NotTogetherError:
            return
        self.begun_ms = room.lead.t0_ms
        nonce, seed = self.chance.randbytes(16), self.chance.randbytes(32)
        if start.from_us:
            self.chart = self.chart.cut(start.from_us, self.chart.duration_us + 1)
        command = StartSession(self.chart, nonce, seed, (), self.calibration, start.together)
        self.network.give(self.virtual, command)
