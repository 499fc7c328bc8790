"""Two nodes find what each lacks, at a cost that follows the difference and not the ledger."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.parameters import PRACTICE
from consensus.statement import Statement
from popd.node.messages.comparing import MAX_HEADS, Heads, Listed, Ranges, Run, Span
from popd.node.offences import Offence
from simulations.scribe import Author, begin, restored
from simulations.virtual_network import Faults
from tests.popd.node.conversations import PAST_MS, Conversation, held, people, written
from tests.popd.node.driven import PEER, Driven, parted, sent


def differing(authors: list[Author], each: int, seed: int) -> tuple[list[Statement], ...]:
    """What both hold, and what only one and only the other holds."""
    common = written(authors, 3)
    chosen = Random(seed).sample(authors, 2 * each)
    one = written(chosen[:each], 1, PAST_MS + 10)
    other = written(chosen[each:], 1, PAST_MS + 10)
    return common, one, other


def beginnings(chains: list[list[Statement]], lengths: list[int]) -> list[Statement]:
    return [s for chain, n in zip(chains, lengths, strict=True) for s in chain[:n]]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_two_nodes_hold_both_end_with_all_of_it(data: st.DataObject) -> None:
    authors = people(data.draw(st.integers(1, 60)))
    everything = [written([who], data.draw(st.integers(1, 4))) for who in authors]
    cut = [
        (data.draw(st.integers(0, len(chain))), data.draw(st.integers(0, len(chain))))
        for chain in everything
    ]
    conversation = Conversation()
    one = conversation.join(
        "one", [s for c, (n, _) in zip(everything, cut, strict=True) for s in c[:n]]
    )
    other = conversation.join(
        "other", [s for c, (_, n) in zip(everything, cut, strict=True) for s in c[:n]]
    )
    conversation.run(3)
    expected = {s.id for c, ns in zip(everything, cut, strict=True) for s in c[: max(ns)]}
    assert held(one) == held(other)
    assert expected <= held(one)
    assert one.parted == other.parted == []


@pytest.mark.parametrize("count", [150, 2_000])
def test_a_comparison_costs_three_times_the_difference_and_some_at_most(count: int) -> None:
    common, mine, yours = differing(people(count), 50, seed=5)
    conversation = Conversation()
    one = conversation.join("one", common + mine)
    other = conversation.join("other", common + yours)
    while held(one) != held(other):
        conversation.run(0.001)
    difference = sum(len(statement.wire) for statement in mine + yours)
    assert conversation.bytes_said() <= 3 * difference + 32 * 1024
    ways = {time_us for time_us, *_ in conversation.said}
    assert len(ways) <= 2 * 8


def test_equal_ledgers_cost_one_message() -> None:
    conversation = Conversation()
    everything = written(people(500), 2)
    one = conversation.join("one", everything)
    conversation.join("other", everything)
    conversation.run(3)
    conversation.said.clear()
    assert one.node is not None
    one.node.comparing.begin(next(iter(one.node.context.peers)))
    effects = one.node.context.outbox
    assert [type(message) for message in sent(effects)] == [Ranges]


def test_both_branches_of_a_fork_reach_both_sides() -> None:
    (forker,) = people(1)
    common = written([forker], 2)
    twin = restored(forker)
    left, right = written([forker], 2, PAST_MS + 10), written([twin], 3, PAST_MS + 20)
    conversation = Conversation()
    one = conversation.join("one", common + left)
    other = conversation.join("other", common + right)
    conversation.run(15)
    assert held(one) == held(other) >= {s.id for s in common + left + right}
    assert len(conversation.digests()) == 1


def test_a_fresh_node_catches_up_with_more_chains_than_one_message_names() -> None:
    everything = written(people(MAX_HEADS + 500), 1)
    conversation = Conversation()
    one = conversation.join("one", everything)
    fresh = conversation.join("fresh")
    conversation.run(8)
    assert held(fresh) == held(one)


def test_a_fresh_node_is_served_by_several_at_once() -> None:
    everything = written(people(MAX_HEADS), 2)
    conversation = Conversation()
    for name in ("one", "two", "three"):
        conversation.join(name, everything)
    conversation.run(1)
    conversation.said.clear()
    fresh = conversation.join("fresh")
    conversation.run(20)
    assert {s.id for s in everything} <= held(fresh)
    servers = {
        sender for _, sender, to, _, m in conversation.said if m.TAG == "served" and to == "fresh"
    }
    entries = sum(len(m.wires) for *_, m in conversation.said if m.TAG == "served")
    assert len(servers) > 1
    assert entries < 1.5 * len(everything)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nodes_converge_although_a_tenth_is_lost_doubled_and_reordered(seed: int) -> None:
    faults = Faults((1_000, 80_000), loss=0.1, duplication=0.1)
    common, mine, yours = differing(people(300), 100, seed)
    conversation = Conversation(seed, faults)
    one = conversation.join("one", common + mine)
    other = conversation.join("other", common + yours)
    conversation.run(120)
    assert held(one) == held(other)
    assert one.parted == other.parted == []


def test_thousands_of_branches_of_one_author_do_not_make_nodes_talk_without_end() -> None:
    (forker,) = people(1)
    root = begin(PRACTICE, forker, PAST_MS)
    branches: list[Statement] = []
    for number in range(1_500):
        twin = restored(forker)
        twin.number, twin.head = 0, root.id
        branches.append(begin(PRACTICE, twin, PAST_MS + number))
    conversation = Conversation()
    conversation.join("one", [root, *branches[:1_200]])
    conversation.join("other", [root, *branches[300:]])
    conversation.run(5)
    conversation.said.clear()
    conversation.run(60)
    assert conversation.counts()["ranges"] < 40


def test_lying_fingerprints_get_a_bounded_answer_and_never_more_than_they_may_cost() -> None:
    driven = Driven()
    driven.hear(*written(people(400), 1))
    lie = Ranges(bytes(16), (Run((b"", b""), (b"nonsense",)),))
    (answer,) = sent(driven.say(lie))
    assert isinstance(answer, Ranges)
    assert sum(len(run.fingerprints) for run in answer.runs) <= 64
    messages = 0
    while PEER in driven.node.context.peers and messages < 100_000:
        parting = parted(driven.say(lie))
        messages += 1
        if parting:
            break
    assert parting == [PEER]
    assert driven.node.standings.bans[PEER].incidents[-1].offence is Offence.FLOOD


def test_a_list_of_nothing_is_answered_with_as_many_heads_as_a_message_holds() -> None:
    driven = Driven()
    driven.hear(*written(people(500), 1))
    (answer,) = sent(driven.say(Listed(bytes(16), (Span(b"", b"", ()),))))
    assert isinstance(answer, Heads)
    assert len(answer.heads) == min(501, MAX_HEADS)
