"""Who wants to see a performance gets its frames, through others where its performer is busy."""

from itertools import pairwise

from consensus.evidence import KeyEvent
from consensus.identifiers import EntryId
from popd.node.events import MessageReceived, StopSession, UnwatchSession, WatchSession
from popd.node.messages import to_bytes
from popd.node.messages.live import Frame
from popd.node.messages.watching import Elsewhere, Over, Tune
from popd.node.notices import FrameSeen, PlayRead, StageChanged
from popd.node.spectating import MAX_AUDIENCE
from simulations.virtual_network import VirtualNode
from tests.popd.node.driven import Driven, sent
from tests.popd.node.shows import LENGTH_S, ShowTown


def seen_by(virtual: VirtualNode) -> list[KeyEvent]:
    """What a node was shown of the only window, in order."""
    frames = [n for n in virtual.notices if isinstance(n, FrameSeen)]
    return sorted(event for frame in frames for event in frame.keys)


def crowd(town: ShowTown, count: int, session: EntryId) -> list[VirtualNode]:
    """People who came to look."""
    watchers = [town.join(f"watcher {number}") for number in range(count)]
    town.run(3)
    for watcher in watchers:
        town.give(watcher, WatchSession(session))
    return watchers


def test_a_crowd_sees_every_event_though_the_performer_tells_only_a_few() -> None:
    town = ShowTown()
    session = town.begin()
    watchers = crowd(town, 3 * MAX_AUDIENCE, session)
    town.run(2)
    assert town.performer.node is not None
    audience = town.performer.node.spectating.audience[session]
    assert len(audience) <= MAX_AUDIENCE
    for watcher in watchers:
        watcher.notices.clear()
    begin_us = town.now_us
    town.run(LENGTH_S - 7)
    show = town.performer.node.performing.show
    assert show is not None
    window = show.windows[0]
    from_us = begin_us - window.start_us
    until_us = from_us + 10_000_000
    due = [e for e in window.keys if from_us <= e.time_us < until_us]
    assert len(due) > 20
    for watcher in watchers:
        shown = [e for e in seen_by(watcher) if from_us <= e.time_us < until_us]
        assert shown == due


def test_the_detectors_read_what_is_shown_and_only_that() -> None:
    town = ShowTown()
    session = town.begin()
    (watcher,) = crowd(town, 1, session)
    town.run(LENGTH_S - 4)
    readings = [n for n in watcher.notices if isinstance(n, PlayRead)]
    assert len(readings) >= 3
    assert readings[-1].metrics.accuracy_ppm > 800_000
    assert not any(isinstance(n, PlayRead) for n in town.witnesses[0].notices)


def test_who_stops_watching_is_told_nothing_more() -> None:
    town = ShowTown()
    session = town.begin()
    (watcher,) = crowd(town, 1, session)
    town.run(4)
    town.give(watcher, UnwatchSession(session))
    town.run(1)
    watcher.notices.clear()
    town.run(4)
    assert not any(isinstance(n, FrameSeen) for n in watcher.notices)
    assert town.performer.node is not None
    assert watcher.key not in town.performer.node.spectating.audience.get(session, {})


def test_a_watcher_whose_feed_breaks_finds_another() -> None:
    town = ShowTown()
    session = town.begin()
    (watcher,) = crowd(town, 1, session)
    town.run(3)
    town.partition([watcher], [town.performer])
    town.run(1)
    watcher.notices.clear()
    town.run(6)
    assert seen_by(watcher)


def test_a_performance_that_ends_early_is_over_for_all_who_know_of_it() -> None:
    town = ShowTown()
    session = town.begin()
    (watcher,) = crowd(town, 1, session)
    town.run(3)
    assert watcher.node is not None
    assert [p.id for p in watcher.node.air.now()] == [session]
    town.give(town.performer, StopSession())
    town.run(1)
    assert watcher.node.air.now() == []
    assert watcher.notices[-1] == StageChanged(session)


def test_only_its_performer_or_a_feed_can_say_that_a_performance_is_over() -> None:
    town = ShowTown()
    session = town.begin()
    (watcher,) = crowd(town, 1, session)
    town.run(2)
    assert watcher.node is not None
    town.give(watcher, MessageReceived(town.witnesses[0].key, to_bytes(Over(session))))
    assert [p.id for p in watcher.node.air.now()] == [session]


def test_who_is_no_feed_can_show_nothing() -> None:
    town = ShowTown()
    session = town.begin()
    (watcher,) = crowd(town, 1, session)
    town.run(2)
    watcher.notices.clear()
    forged = Frame(session, 0, 5_000, bytes(32), (KeyEvent(1, 0, True),), (), b"", bytes(64))
    for liar in (town.witnesses[0], town.performer):
        town.give(watcher, MessageReceived(liar.key, to_bytes(forged)))
    assert not any(isinstance(n, FrameSeen) and n.keys == forged.keys for n in watcher.notices)


def test_what_is_not_on_is_not_passed_on() -> None:
    driven = Driven()
    effects = driven.say(Tune(EntryId(bytes(32))))
    assert sent(effects) == [Elsewhere(EntryId(bytes(32)), ())]


def test_silence_is_told_from_a_lost_feed_by_frames_that_bring_nothing() -> None:
    town = ShowTown()
    session = town.begin()
    (watcher,) = crowd(town, 1, session)
    town.run(1)
    frames = [n for n in watcher.notices if isinstance(n, FrameSeen)]
    times = [frame.received_us for frame in frames]
    assert times
    assert all(later - earlier < 2_600_000 for earlier, later in pairwise(times))
