"""Whatever becomes of its paths, a session loses nothing, doubles nothing and keeps the order."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from popd.net.frames import (
    NO_ID,
    Beat,
    Hello,
    acknowledged_frame,
    beat_frame,
    hello_frame,
    message_frame,
)
from popd.net.peering import GRACE_US, IDLE_BURST, MAX_PATHS, STUCK_US
from tests.popd.net.wires import End, Side, World

SECOND_US = 1_000_000


class PathsComeAndGo(RuleBasedStateMachine):
    """Two sides talk while wires are dialled, cut and swallowed."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.sent: dict[int, list[bytes]] = {0: [], 1: []}
        self.hosts = 0
        self.dial(opener=0, is_settled=True)

    def sides(self) -> tuple[Side, Side]:
        return self.world.a, self.world.b

    @precondition(lambda self: len(self.world.wires) < MAX_PATHS - 1)
    @rule(opener=st.integers(0, 1), is_settled=st.booleans())
    def dial(self, opener: int, is_settled: bool) -> None:
        self.hosts += 1
        self.world.dial(self.sides()[opener], f"192.0.2.{self.hosts % 3}")
        if is_settled:
            self.world.settle()

    @rule(side=st.integers(0, 1), count=st.integers(1, 40), size=st.sampled_from([0, 9, 9_000]))
    def send(self, side: int, count: int, size: int) -> None:
        here = self.sides()[side]
        for _ in range(count if here.other in here.switchboard.peerings else 0):
            data = len(self.sent[side]).to_bytes(4) + bytes(size)
            self.sent[side].append(data)
            here.peering.put(data, is_live=False)

    @rule(data=st.data(), steps=st.integers(1, 5))
    def step(self, data: st.DataObject, steps: int) -> None:
        ends = [end for wire in self.world.wires for end in wire]
        for _ in range(steps if ends else 0):
            data.draw(st.sampled_from(ends)).step()

    @precondition(lambda self: len(self.world.wires) > 0)
    @rule(data=st.data(), kept=st.integers(0, 3))
    def cut(self, data: st.DataObject, kept: int) -> None:
        self.world.cut(data.draw(st.sampled_from(self.world.wires)), kept)

    @precondition(lambda self: len(self.world.wires) > 1)
    @rule(data=st.data())
    def swallow(self, data: st.DataObject) -> None:
        self.world.blackhole(data.draw(st.sampled_from(self.world.wires)))

    @rule(steps=st.integers(1, 8))
    def pass_time(self, steps: int) -> None:
        for _ in range(steps):
            is_joined = any(self.joins(wire) for wire in self.world.wires)
            if not is_joined and len(self.world.wires) < MAX_PATHS:
                self.dial(opener=1, is_settled=True)
            self.world.pass_time(SECOND_US // 4)

    def joins(self, wire: tuple[End, End]) -> bool:
        is_dark = self.world.is_dark(wire[0])
        return not is_dark and all(end.peering and not end.is_closed for end in wire)

    @invariant()
    def what_is_heard_is_what_was_said_so_far(self) -> None:
        for speaker, hearer in ((0, self.world.b), (1, self.world.a)):
            assert hearer.heard == self.sent[speaker][: len(hearer.heard)]

    @invariant()
    def nobody_breaks_the_framing_or_sees_the_other_go(self) -> None:
        assert self.world.broken == 0
        assert self.world.a.events == self.world.b.events == ["there"]

    def teardown(self) -> None:
        for _ in range(12):
            self.pass_time(4)
        assert self.world.b.heard == self.sent[0]
        assert self.world.a.heard == self.sent[1]
        for side in self.sides():
            assert side.peering.session.traffic.kept_messages == 0


PathsComeAndGo.TestCase.settings = settings(max_examples=150, stateful_step_count=30)
test_messages_arrive_once_and_in_order_whatever_becomes_of_the_paths = PathsComeAndGo.TestCase


def joined() -> World:
    world = World()
    world.dial(world.a, "192.0.2.1")
    world.settle()
    return world


def test_messages_move_to_the_spare_within_two_seconds_of_silence() -> None:
    world = joined()
    world.dial(world.a, "192.0.2.2")
    world.pass_time(SECOND_US)
    for side in (world.a, world.b):
        side.peering.put(b"before", is_live=False)
    world.pass_time(SECOND_US)
    world.blackhole(world.wires[0])
    for side in (world.a, world.b):
        side.peering.put(b"after", is_live=False)
    world.pass_time(2 * SECOND_US)
    assert world.a.heard == world.b.heard == [b"before", b"after"]
    assert [side.peering.changes for side in (world.a, world.b)] == [1, 1]
    assert world.a.events == world.b.events == ["there"]


def test_a_session_outlives_its_last_path_for_a_while_and_no_longer() -> None:
    world = joined()
    world.cut(world.wires[0], 0)
    world.a.peering.put(b"meanwhile", is_live=False)
    world.pass_time(GRACE_US - SECOND_US)
    world.dial(world.b, "192.0.2.1")
    world.settle()
    assert world.b.heard == [b"meanwhile"]
    world.cut(world.wires[-1], 0)
    world.pass_time(GRACE_US + SECOND_US)
    assert world.a.events == world.b.events == ["there", "gone"]


def test_a_peer_that_started_anew_is_a_new_session() -> None:
    world = joined()
    world.a.peering.put(b"to the old", is_live=False)
    world.b.restart()
    world.b.events.clear()
    world.cut(world.wires[0], 0)
    world.dial(world.b, "192.0.2.1")
    world.settle()
    assert world.a.events == ["there", "gone", "there"]
    assert world.b.events == ["there"]
    world.a.peering.put(b"to the new", is_live=False)
    world.settle()
    assert world.b.heard == [b"to the new"]


def test_a_peer_that_forgot_says_so_and_the_next_attempt_joins() -> None:
    world = joined()
    world.b.restart()
    world.b.events.clear()
    world.cut(world.wires[0], 0)
    world.dial(world.a, "192.0.2.1")
    world.settle()
    assert (world.a.events, world.b.events) == (["there", "gone"], [])
    world.dial(world.a, "192.0.2.1")
    world.settle()
    assert (world.a.events, world.b.events) == (["there", "gone", "there"], ["there"])


def test_two_that_dial_each_other_at_once_have_one_session_and_keep_one_path() -> None:
    world = World()
    world.dial(world.a, "192.0.2.1")
    world.dial(world.b, "192.0.2.1")
    world.settle()
    world.pass_time(SECOND_US)
    assert world.a.events == world.b.events == ["there"]
    assert [path.name.is_outbound for path in world.a.peering.paths] == [True]
    assert [path.name.is_outbound for path in world.b.peering.paths] == [False]


def test_a_goodbye_ends_the_session_at_once_on_both_sides() -> None:
    world = joined()
    world.a.switchboard.end(world.a.peering)
    world.settle()
    assert world.a.events == world.b.events == ["there", "gone"]


def test_a_stranger_can_not_begin_with_numbers_of_a_session_that_is_not_there() -> None:
    world = World()
    near, far = world.dial(world.a, "192.0.2.1")
    far.inbox.clear()
    near.write(hello_frame(Hello(b"x" * 16, NO_ID, 7, False, ())))
    world.settle()
    assert (world.broken, world.b.events) == (1, [])


def test_a_new_path_takes_the_place_of_a_failing_one_when_there_are_too_many() -> None:
    world = joined()
    for number in range(2, MAX_PATHS + 2):
        world.dial(world.a, f"192.0.2.{number}")
        world.settle()
    assert (world.broken, len(world.b.peering.paths)) == (1, MAX_PATHS)
    world.pass_time(SECOND_US)
    world.blackhole(world.wires[1])
    world.pass_time(6 * SECOND_US)
    world.dial(world.a, "192.0.2.9")
    world.settle()
    assert (world.broken, len(world.b.peering.paths)) == (1, MAX_PATHS)


def test_a_path_that_skips_a_message_ends_and_the_session_does_not() -> None:
    world = joined()
    near, _ = world.wires[0]
    near.write(message_frame(2, b"the first is missing"))
    world.settle()
    assert (world.broken, world.b.heard, world.b.events) == (1, [], ["there"])


@pytest.mark.parametrize(
    "nothing_new",
    [
        beat_frame(Beat(1, 0, 0, 0, False, False)),
        acknowledged_frame(0),
        message_frame(1, b"said already"),
    ],
    ids=["beats", "acknowledgements", "doubles"],
)
def test_a_flood_of_nothing_new_ends_its_path(nothing_new: bytes) -> None:
    world = joined()
    near, _ = world.wires[0]
    near.write(message_frame(1, b"said already"))
    for _ in range(IDLE_BURST // 100 + 1):
        near.write(nothing_new * 100)
    world.settle()
    assert (world.b.peering.paths, world.b.heard) == ([], [b"said already"])


def test_a_peer_that_lives_and_acknowledges_nothing_is_stuck_and_no_other_is() -> None:
    world = joined()
    peering = world.a.peering
    for _ in range(2 * STUCK_US // SECOND_US):
        peering.put(b"acknowledged at once", is_live=False)
        world.pass_time(SECOND_US)
        assert not peering.is_stuck(world.now_us)
    peering.put(b"never acknowledged", is_live=False)
    assert not peering.is_stuck(world.now_us)
    peering.forgive(2 * STUCK_US)
    assert not peering.is_stuck(world.now_us + 3 * STUCK_US)
    assert peering.is_stuck(world.now_us + 3 * STUCK_US + 1)
