"""Two switchboards joined by wires in memory, for tests: no sockets, and time is a number."""

from collections import deque

from consensus.identifiers import NodeKey
from popd.net.frames import (
    BrokenFramingError,
    FrameKind,
    FrameReader,
    Hello,
    frame,
    hello_frame,
    read_hello,
)
from popd.net.path_meter import PathMeter
from popd.net.peering import NoRoomForPathError, PathName, Peering
from popd.net.subnets import Endpoint, Transport
from popd.net.switchboard import Switchboard

Chunk = tuple[str, bytes]


class Side:
    """One node: its switchboard, and what its node would hear."""

    def __init__(self, world: "World", own: NodeKey, other: NodeKey) -> None:
        self.world, self.own, self.other = world, own, other
        self.heard: list[bytes] = []
        self.events: list[str] = []
        self.switchboard = Switchboard(self.begin, lambda peering: self.events.append("gone"))

    @property
    def peering(self) -> Peering:
        return self.switchboard.peerings[self.other]

    def begin(self, key: NodeKey, own_id: bytes, peer_id: bytes, path: PathName) -> Peering:
        self.events.append("there")
        return Peering(
            key,
            own_id,
            peer_id,
            self.heard.append,
            lambda round_trip_us: None,
            lambda path: None,
            self.world.now_us,
            does_own_dial_win=self.own < key,
        )

    def restart(self) -> None:
        """Forgets everything, as a new process does."""
        self.switchboard = Switchboard(self.begin, lambda peering: self.events.append("gone"))


class End:
    """One end of a wire: a path as a peering sees it."""

    def __init__(self, side: Side, name: PathName) -> None:
        self.side, self.name = side, name
        self.meter = PathMeter(side.world.now_us)
        self.since_us = side.world.now_us
        self.reader = FrameReader()
        self.inbox: deque[bytes] = deque()
        self.peering: Peering | None = None
        self.greeting: Hello | None = None
        self.is_closed = False
        self.is_far_end_gone = False
        self.far: End

    def wake(self) -> None:
        """The world asks everybody anyway."""

    def close(self, *, says_goodbye: bool = False) -> None:
        if says_goodbye:
            self.write(frame(FrameKind.GOODBYE, b""))
        self.is_closed = True

    def write(self, data: bytes) -> None:
        if not self.is_closed and not self.side.world.is_dark(self):
            self.far.inbox.append(data)

    def greet(self) -> None:
        self.greeting = self.side.switchboard.greeting(self.side.other, ())
        self.write(hello_frame(self.greeting))

    def step(self) -> bool:
        """Writes and reads once; says whether anything happened."""
        if self.is_closed or (self.is_far_end_gone and not self.inbox):
            self.is_closed = True
            self.leave()
            return False
        data = b"" if self.peering is None else self.peering.take(self, self.side.world.now_us)
        if data:
            self.write(data)
        if not self.inbox:
            return bool(data)
        self.meter.hear(self.side.world.now_us)
        try:
            for kind, content in self.reader.feed(self.inbox.popleft()):
                self.take(kind, content)
        except (BrokenFramingError, NoRoomForPathError):
            self.side.world.broken += 1
            self.close()
        return True

    def take(self, kind: FrameKind, content: bytes) -> None:
        now_us, board = self.side.world.now_us, self.side.switchboard
        if kind is FrameKind.GOODBYE and self.peering is not None:
            board.end(self.peering)
        elif self.peering is not None:
            self.peering.handle(self, kind, content, now_us)
        elif kind is FrameKind.STALE and self.greeting is not None:
            board.note_stale(self.side.other, self.greeting)
            self.close()
        else:
            self.peering = board.join(self.side.other, read_hello(content), self, now_us)
            if self.peering is None:
                self.write(frame(FrameKind.STALE, b""))
                self.close()
            elif self.greeting is None:
                self.greet()

    def leave(self) -> None:
        if self.peering is not None:
            self.peering.remove(self, self.side.world.now_us)
        self.is_far_end_gone = self.far.is_far_end_gone = True


class World:
    """Two sides and the wires between them."""

    def __init__(self) -> None:
        self.now_us = 1_000_000
        self.broken = 0
        self.wires: list[tuple[End, End]] = []
        self.dark: set[int] = set()
        keys = NodeKey(b"a" * 32), NodeKey(b"b" * 32)
        self.a, self.b = Side(self, *keys), Side(self, keys[1], keys[0])

    def is_dark(self, end: End) -> bool:
        return any(id(end) == wire or id(end.far) == wire for wire in self.dark)

    def dial(self, opener: Side, host: str) -> tuple[End, End]:
        other = self.b if opener is self.a else self.a
        endpoint = Endpoint(Transport.TCP, host)
        near = End(opener, PathName(host, endpoint, True))
        far = End(other, PathName(host, endpoint, False))
        near.far, far.far = far, near
        self.wires.append((near, far))
        near.greet()
        return near, far

    def blackhole(self, wire: tuple[End, End]) -> None:
        """Swallows what is on the wire and all that follows, and nobody notices."""
        self.dark.add(id(wire[0]))
        for end in wire:
            end.inbox.clear()

    def cut(self, wire: tuple[End, End], kept: int) -> None:
        """Ends a wire; of what is on it, each end still gets so many chunks."""
        for end in wire:
            while len(end.inbox) > kept:
                end.inbox.pop()
            while end.inbox and not end.is_closed:
                end.step()
        for end in wire:
            end.close()
            end.leave()

    def settle(self) -> None:
        """Lets everything that is on its way arrive."""
        is_moving = True
        while is_moving:
            moved = [end.step() for wire in self.wires for end in wire]
            is_moving = any(moved)
        self.wires = [w for w in self.wires if not (w[0].is_closed and w[1].is_closed)]

    def pass_time(self, span_us: int) -> None:
        """Time in small steps, in which everything arrives at once."""
        for _ in range(0, span_us, 250_000):
            self.now_us += 250_000
            for side in (self.a, self.b):
                side.switchboard.tick(self.now_us)
            self.settle()
