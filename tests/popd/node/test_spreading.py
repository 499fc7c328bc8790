"""Fresh entries reach everybody soon, about once each, however many want to pass them on."""

from statistics import mean

import pytest

from consensus.entries.chains import Profile
from consensus.identifiers import EntryId, NodeKey
from popd.node.messages.fresh import Entries, Hints, Prefer, hint_of
from popd.node.spreading import BATCH_BYTES, DELAYS_MS, HINT_WAIT_MS, SAMPLE, SETTLING_MS
from simulations.virtual_network import Faults, VirtualNode
from tests.popd.node.conversations import Conversation, held, people, written
from tests.popd.node.driven import NOW_MS, PEER, Driven, sent

OTHER = NodeKey(b"\2" * 32)


def write(conversation: Conversation, virtual: VirtualNode, times: int) -> list[EntryId]:
    """Entries of a node's own; each is a profile, because that costs least."""
    node = virtual.node
    assert node is not None
    before = held(virtual)
    for _ in range(times):
        node.pen.write(lambda time_ms: Profile(None, is_automated=True))
    conversation.flush(virtual)
    conversation.run(0)
    entries = [EntryId(entry) for entry in held(virtual) - before]
    assert len(entries) == times
    return entries


def town(
    count: int, seed: int = 1, faults: Faults | None = None
) -> tuple[Conversation, list[VirtualNode]]:
    conversation = Conversation(seed, faults or Faults((1_000, 5_000)))
    nodes = [conversation.join(f"node {number}") for number in range(count)]
    conversation.run(15)
    return conversation, nodes


def test_every_entry_reaches_everybody_within_a_second() -> None:
    conversation, nodes = town(12)
    entries = write(conversation, nodes[3], 5)
    conversation.run(1)
    assert all(set(entries) <= held(virtual) for virtual in nodes)


def times_pushed(seed: int) -> float:
    """How often an entry is pushed to a node of a town that has found its tree."""
    conversation, nodes = town(12, seed)
    for turn in range(120):
        write(conversation, nodes[turn % 12], 2)
        conversation.run(0.3)
    conversation.said.clear()
    entries = 0
    for turn in range(40):
        entries += len(write(conversation, nodes[turn % 12], 2))
        conversation.run(0.3)
    conversation.run(3)
    pushed = sum(len(m.wires) for *_, m in conversation.said if isinstance(m, Entries))
    assert len({frozenset(held(virtual)) for virtual in nodes}) == 1
    return pushed / (entries * 11)


def test_after_a_while_each_entry_reaches_each_node_about_once() -> None:
    assert mean(times_pushed(seed) for seed in (1, 2)) < 1.1


def test_a_burst_leaves_in_batches_and_all_of_it_arrives() -> None:
    conversation, nodes = town(6)
    conversation.said.clear()
    entries = write(conversation, nodes[0], 1_000)
    conversation.run(5)
    assert all(set(entries) <= held(virtual) for virtual in nodes)
    batches = [m for *_, m in conversation.said if isinstance(m, Entries)]
    assert max(sum(map(len, batch.wires)) for batch in batches) <= BATCH_BYTES
    assert sum(len(batch.wires) for batch in batches) / len(batches) > 50
    assert all(virtual.parted == [] for virtual in nodes)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_when_a_part_of_the_tree_dies_entries_find_another_way(seed: int) -> None:
    conversation, nodes = town(10, seed)
    for turn in range(60):
        write(conversation, nodes[turn % 10], 2)
        conversation.run(0.2)
    for virtual in nodes[2:6]:
        conversation.crash(virtual)
    alive = nodes[:2] + nodes[6:]
    entries = write(conversation, alive[0], 3)
    conversation.run(8)
    assert all(set(entries) <= held(virtual) for virtual in alive)


def test_a_peer_that_brings_only_what_is_known_is_asked_for_hints() -> None:
    driven = Driven()
    driven.meet(OTHER)
    sentences: list[object] = []
    for turn in range(40):
        known = written(people(SAMPLE), 1, NOW_MS + turn)
        driven.hear(*known)
        wires = tuple(statement.wire for statement in known)
        sentences += sent(driven.say(Entries(wires), OTHER))
        driven.wait(2_000)
    assert sentences.count(Prefer(is_eager=False)) == 1
    assert not driven.node.spreading.feeds[OTHER].is_eager
    assert driven.node.spreading.feeds[PEER].is_eager


def test_who_hints_at_what_does_not_come_is_asked_to_be_eager() -> None:
    driven = Driven()
    driven.say(Prefer(is_eager=False))
    (unseen,) = written(people(1), 1, NOW_MS)
    driven.say(Hints((hint_of(unseen.id),)))
    effects = driven.wait(HINT_WAIT_MS + SETTLING_MS[1])
    assert Prefer(is_eager=True) in sent(effects)


def test_what_is_long_past_is_no_news() -> None:
    driven = Driven()
    driven.say(Prefer(is_eager=False))
    driven.wait(5_000)
    driven.hear(*written(people(1), 1, NOW_MS - 3_600_000))
    assert not any(isinstance(m, Entries | Hints) for m in sent(driven.wait(5_000)))


def test_a_node_that_cannot_keep_up_collects_for_longer_and_never_for_too_long() -> None:
    driven = Driven()
    spreading = driven.node.spreading
    assert spreading.delay_ms == DELAYS_MS[0]
    for number in range(30):
        driven.hear(*written(people(40)[number : number + 1], 1, driven.now_ms))
        driven.wait(spreading.delay_ms + 900)
    assert spreading.delay_ms == DELAYS_MS[1]
    for number in range(40):
        late = written([people(400)[100 + number]], 1, driven.now_ms)
        driven.hear(*late)
        driven.wait(spreading.delay_ms)
        driven.wait(950)
    assert spreading.delay_ms < 2 * DELAYS_MS[0]


def test_the_more_there_is_to_tell_the_more_goes_into_one_message() -> None:
    driven = Driven()
    writers = people(2_000)
    delays: list[int] = []
    for per_batch in (1, 10, 50):
        for _ in range(12):
            fresh = [writers.pop() for _ in range(per_batch)]
            driven.hear(*written(fresh, 1, driven.now_ms))
            driven.wait(driven.node.spreading.delay_ms)
        delays.append(driven.node.spreading.delay_ms)
    assert delays == sorted(set(delays))
    assert delays[-1] <= DELAYS_MS[1]
