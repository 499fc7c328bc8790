"""A peer: one session, the paths that carry it, and which of them does so now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from consensus.identifiers import NodeKey
from popd.net.frames import (
    BrokenFramingError,
    FrameKind,
    Hello,
    acknowledged_frame,
    beat_frame,
    read_beat,
    read_number,
)
from popd.net.path_meter import PathMeter
from popd.net.ranking import Standing, is_worth_changing, merit
from popd.net.session import Session
from popd.net.subnets import Endpoint, Transport

BATCH_BYTES: Final = 64 * 1024
"""What is written at once; larger messages go alone."""
GRACE_US: Final = 5_000_000
"""A session outlives its last path by this much."""
MAX_PATHS: Final = 4
QUIET_US: Final = 5_000_000
"""After so long without a message either way, beats are rarer."""
STUCK_US: Final = 60_000_000
"""A peer that is there and acknowledges nothing of what it was sent for so long does not read."""
IDLE_BURST: Final = 20_000
"""Frames with nothing new that a peer may send: twice what is sent again when a path changes."""
IDLE_PER_S: Final = 50
"""As many again each second: some beats on each path."""
ROUND_TRIP_EVERY_US: Final = 2_000_000
"""Round trips are reported this often: the shortest since the last report."""


class NoRoomForPathError(Exception):
    """A peer has as many good paths as it needs."""


@dataclass(frozen=True, slots=True)
class PathName:
    """Which path this is."""

    address: str
    """The address that was dialled; of an inbound path where it came from."""
    endpoint: Endpoint
    """Its far end."""
    is_outbound: bool
    """Whether this node dialled it."""


def is_twin(one: PathName, other: PathName) -> bool:
    """Whether two paths lead the same way and were dialled from both sides."""
    return one.endpoint == other.endpoint and one.is_outbound != other.is_outbound


class Path(Protocol):
    """What a peering needs of a path."""

    name: PathName
    meter: PathMeter
    since_us: int

    def wake(self) -> None:
        """There is something to write; `Peering.take` says what."""

    def close(self, *, says_goodbye: bool = False) -> None:
        """Ends the path; a goodbye ends the session at the other side, too."""


class Peering:
    """Carries a session over whichever paths there are."""

    def __init__(
        self,
        key: NodeKey,
        own_id: bytes,
        peer_id: bytes,
        on_message: Callable[[bytes], None],
        on_round_trip: Callable[[int], None],
        on_path: Callable[[PathName], None],
        now_us: int,
        *,
        does_own_dial_win: bool,
    ) -> None:
        """A peering without a path. The callbacks neither wait nor raise.

        Of two paths over the same way that both sides dialled at once, one is closed: both sides
        must agree on who wins, for instance the side with the lower key.
        """
        self.key = key
        self.own_id = own_id
        self.peer_id = peer_id
        self.session = Session()
        self.paths: list[Path] = []
        self.active: Path | None = None
        self.changes = 0
        """How often messages moved to another path because the one they used failed."""
        self.is_relay = False
        """Whether the peer relays for others."""
        self.addresses: tuple[str, ...] = ()
        """Where the peer says that it can be dialled."""
        self._on_message = on_message
        self._on_round_trip = on_round_trip
        self._on_path = on_path
        self._does_own_dial_win = does_own_dial_win
        self.heard_us = now_us
        """When the last message came."""
        self._spoke_us = now_us
        self._has_spoken = False
        self._gone_us: int | None = None
        self._best_round_trip_us: int | None = None
        self._reported_us = 0
        self._acknowledged = 0
        self._moved_us = now_us
        self._idle = 0.0
        self._idle_us = now_us

    def add(self, path: Path, hello: Hello, now_us: int) -> None:
        """Takes a path into use; raises NoRoomForPathError, or BrokenFramingError for a hello
        that can't be."""
        self._make_room(now_us)
        self.session.acknowledge(hello.received)
        self.addresses, self.is_relay = hello.addresses, hello.is_relay
        for twin in self.paths:
            if is_twin(twin.name, path.name):
                is_newer_kept = path.name.is_outbound == self._does_own_dial_win
                (twin if is_newer_kept else path).close()
        self.paths.append(path)
        self._gone_us = None
        self._choose(now_us)
        path.wake()

    def remove(self, path: Path, now_us: int) -> None:
        """Goes on without a path that ended."""
        if path not in self.paths:
            return
        self.paths.remove(path)
        if not self.paths:
            self._gone_us = now_us
        if self.active is path:
            self.active = None
            self._choose(now_us)

    def put(self, data: bytes, *, is_live: bool) -> None:
        """Sends a message; raises PeerDoesNotReadError."""
        self.session.put(data, is_live=is_live)
        self._has_spoken = True
        if self.active is not None:
            self.active.wake()

    def take(self, path: Path, now_us: int) -> bytes:
        """What to write on a path now; nothing when there is nothing to say."""
        is_active = path is self.active
        frames: list[bytes] = []
        if self._has_spoken:
            self._spoke_us, self._has_spoken = now_us, False
        is_quiet = self._is_quiet(now_us)
        if path.meter.is_beat_due(now_us, is_in_use=is_active, is_quiet=is_quiet):
            received = self.session.received
            beat = path.meter.beat(now_us, received, is_in_use=is_active, is_quiet=is_quiet)
            frames.append(beat_frame(beat))
            self.session.note_acknowledged()
        elif is_active and self.session.is_acknowledgement_due:
            frames.append(acknowledged_frame(self.session.received))
            self.session.note_acknowledged()
        if is_active:
            frames += self.session.take(BATCH_BYTES)
        if frames:
            path.meter.note_written(now_us)
        return b"".join(frames)

    def handle(self, path: Path, kind: FrameKind, content: bytes, now_us: int) -> None:
        """Takes what came on a path; raises BrokenFramingError."""
        match kind:
            case FrameKind.MESSAGE:
                data = self.session.receive(read_number(content), content[8:])
                if data is None:
                    self._note_idle(now_us)
                else:
                    self.heard_us = now_us
                    self._on_message(data)
                if self.session.is_acknowledgement_due and self.active is not None:
                    self.active.wake()
            case FrameKind.BEAT:
                self._note_idle(now_us)
                beat = read_beat(content)
                round_trip_us = path.meter.hear_beat(now_us, beat)
                self._acknowledge(path, beat.received, now_us)
                if round_trip_us is not None and path is self.active:
                    self._note_round_trip(round_trip_us, now_us)
            case FrameKind.ACKNOWLEDGED:
                self._acknowledge(path, read_number(content), now_us)
            case FrameKind.HELLO | FrameKind.STALE | FrameKind.GOODBYE:
                raise BrokenFramingError("a greeting in the middle of a conversation")

    def tick(self, now_us: int) -> None:
        """Looks after the paths; to be called several times a second."""
        for path in [path for path in self.paths if path.meter.is_dead(now_us)]:
            path.close()
            self.remove(path, now_us)
        self._choose(now_us)
        is_quiet = self._is_quiet(now_us)
        for path in self.paths:
            is_active = path is self.active
            if path.meter.is_beat_due(now_us, is_in_use=is_active, is_quiet=is_quiet):
                path.wake()

    def is_over(self, now_us: int) -> bool:
        """Whether no path came back in time."""
        return self._gone_us is not None and now_us - self._gone_us > GRACE_US

    def is_stuck(self, now_us: int) -> bool:
        """Whether the peer acknowledged nothing for too long; to be asked now and then."""
        if not self.session.kept_bytes or self.session.acknowledged != self._acknowledged:
            self._acknowledged, self._moved_us = self.session.acknowledged, now_us
        return now_us - self._moved_us > STUCK_US

    def forgive(self, stalled_us: int) -> None:
        """This node itself stood still for so long: what came meanwhile is not heard yet."""
        self._moved_us += stalled_us
        for path in self.paths:
            path.meter.forgive(stalled_us)

    def close(self) -> None:
        """Ends all paths, and says so."""
        for path in self.paths:
            path.close(says_goodbye=True)

    def standing(self, path: Path, now_us: int) -> Standing:
        """What speaks for and against a path."""
        is_in_use = path is self.active or path.meter.is_used_by_peer
        return Standing(
            is_failing=path.meter.is_failing(now_us, is_in_use=is_in_use),
            is_relayed=path.name.endpoint.transport is Transport.RELAY,
            loss_ppm=path.meter.loss_ppm,
            round_trip_us=path.meter.round_trip_us,
            age_us=now_us - path.since_us,
        )

    def _is_quiet(self, now_us: int) -> bool:
        return now_us - max(self._spoke_us, self.heard_us) > QUIET_US

    def _make_room(self, now_us: int) -> None:
        if len(self.paths) < MAX_PATHS:
            return
        worst = max(self.paths, key=lambda path: merit(self.standing(path, now_us)))
        if not self.standing(worst, now_us).is_failing:
            raise NoRoomForPathError("more paths than a peer needs")
        worst.close()
        self.remove(worst, now_us)

    def _choose(self, now_us: int) -> None:
        if not self.paths:
            return
        standings = [(merit(self.standing(p, now_us)), n) for n, p in enumerate(self.paths)]
        best = self.paths[min(standings)[1]]
        present = self.active
        if present is best:
            return
        if present is not None:
            standing = self.standing(present, now_us)
            if not is_worth_changing(standing, self.standing(best, now_us)):
                return
            self.changes += standing.is_failing
        self.active = best
        self._on_path(best.name)
        self.session.start_again()
        best.wake()

    def _acknowledge(self, path: Path, number: int, now_us: int) -> None:
        size = self.session.acknowledge(number)
        if not size:
            self._note_idle(now_us)
        path = path if self.active is None else self.active
        path.meter.note_delivered(now_us, size)

    def _note_idle(self, now_us: int) -> None:
        """Counts a frame with nothing new in it; raises BrokenFramingError for a flood."""
        self._idle = max(0.0, self._idle - (now_us - self._idle_us) * IDLE_PER_S / 1_000_000) + 1
        self._idle_us = now_us
        if self._idle > IDLE_BURST:
            raise BrokenFramingError("more signs of life than anybody needs")

    def _note_round_trip(self, round_trip_us: int, now_us: int) -> None:
        best_us = self._best_round_trip_us
        self._best_round_trip_us = round_trip_us if best_us is None else min(best_us, round_trip_us)
        if now_us - self._reported_us >= ROUND_TRIP_EVERY_US:
            self._on_round_trip(self._best_round_trip_us)
            self._reported_us, self._best_round_trip_us = now_us, None
