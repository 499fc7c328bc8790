"""Whoever has only their keys asks others how far their chain came before they write on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.entries.chains import Profile, Reconcile
from consensus.identifiers import EntryId, NodeKey
from consensus.parameters import PRACTICE
from consensus.rejections import RejectionError
from consensus.statement import Statement
from popd.node.context import NodeSettings
from popd.node.events import WriteOn
from popd.node.messages.restoring import MAX_TOLD_HEADS, HeadsAsked, HeadsTold
from popd.node.notices import ChainRestored
from popd.node.restoring import ASK_AGAIN_MS, PATIENCE_MS, PEERS_NEEDED
from simulations.scribe import Author, author, restored
from simulations.virtual_network import VirtualNode
from tests.popd.node.conversations import PAST_MS, Conversation
from tests.popd.node.driven import Driven, sent

RESTORED = NodeSettings(name="me", is_restored=True)


def chain(who: Author, entries: int, *, is_automated: bool = False) -> list[Statement]:
    """The next entries of a chain: profiles, which are the shortest."""
    profile = Profile(None, is_automated=is_automated)
    return [who.write(PRACTICE, PAST_MS + who.number, profile) for _ in range(entries)]


def comes_back(network: Conversation, who: Author) -> VirtualNode:
    """A node with the keys of `who`, and nothing else."""
    virtual = VirtualNode("me", who.seed, RESTORED)
    network.nodes[virtual.key] = virtual
    network.start(virtual)
    return virtual


def tell(node: Driven, *heads: EntryId) -> None:
    """Just enough peers say where the chain of the node's user ends."""
    peers = [NodeKey(bytes([n]) * 32) for n in range(1, PEERS_NEEDED + 1)]
    node.meet(*(peer for peer in peers if peer not in node.node.context.peers))
    for peer in peers:
        node.say(HeadsTold(node.author.id, heads), peer)


def own(virtual: VirtualNode) -> list[Statement]:
    assert virtual.node is not None
    ledger = virtual.node.ledger
    state = ledger.state(virtual.identity)
    return [] if state is None else ledger.chain(state.head)


def test_a_chain_goes_on_where_three_peers_say_that_it_ended() -> None:
    network, me = Conversation(), author("me again")
    told = chain(me, 40)
    for n in range(PEERS_NEEDED):
        network.join(f"peer {n}", told[: 40 - 10 * n])
    mine = comes_back(network, me)
    network.run(10)
    assert [item.id for item in own(mine)] == [item.id for item in told]
    assert mine.node is not None
    assert not mine.node.restoring.is_on
    assert ChainRestored(PEERS_NEEDED) in mine.notices
    assert not mine.node.ledger.forks


def test_nothing_is_written_with_fewer_peers_until_its_owner_says_so() -> None:
    network, me = Conversation(), author("me again")
    network.join("peer", chain(me, 3))
    mine = comes_back(network, me)
    network.run(60)
    assert mine.node is not None
    assert (len(own(mine)), mine.node.restoring.is_on) == (3, True)
    network.give(mine, WriteOn())
    network.run(1)
    assert not mine.node.restoring.is_on
    assert ChainRestored(1) in mine.notices


def test_an_identity_that_nobody_knows_begins_its_chain_when_its_owner_says_so() -> None:
    network = Conversation()
    for n in range(PEERS_NEEDED):
        network.join(f"peer {n}")
    mine = comes_back(network, author("somebody new"))
    network.run(60)
    assert mine.node is not None
    assert (own(mine), mine.node.restoring.answered) == ([], [])
    assert len(mine.node.restoring.unknowing) == PEERS_NEEDED
    assert mine.node.restoring.is_on
    network.give(mine, WriteOn())
    network.run(1)
    assert [item.entry.kind for item in own(mine)] == ["profile"]


def test_peers_that_know_nothing_are_no_reason_to_fork_a_chain_that_another_knows() -> None:
    network, me = Conversation(), author("me again")
    for n in range(PEERS_NEEDED):
        network.join(f"stranger {n}")
    mine = comes_back(network, me)
    network.run(15)
    told = chain(me, 40)
    network.join("one who knows", told)
    network.run(30)
    assert mine.node is not None
    assert mine.node.restoring.is_on
    assert len(mine.node.restoring.answered) == 1, "nobody counts for what came from here"
    assert [item.id for item in own(mine)] == [item.id for item in told]


def test_a_long_chain_is_fetched_to_its_end_however_slow_the_line() -> None:
    node, me = Driven("me again", is_restored=True), author("me again")
    told = chain(me, 100)
    tell(node, told[-1].id)
    for statement in told[:-1]:
        node.hear(statement)
        node.wait(PATIENCE_MS // 20)
    assert node.node.restoring.is_on
    node.hear(told[-1])
    node.wait(1_000)
    assert not node.node.restoring.is_on
    assert not node.node.ledger.forks


def test_a_peer_that_learns_more_counts_by_its_last_word() -> None:
    node, me = Driven("me again", is_restored=True), author("me again")
    told = chain(me, 3)
    tell(node)
    asked = [message for message in sent(node.wait(ASK_AGAIN_MS)) if message == HeadsAsked(me.id)]
    assert len(asked) == PEERS_NEEDED + 1
    tell(node, told[0].id)
    node.wait(PATIENCE_MS - 5_000)
    tell(node, told[2].id)
    node.wait(PATIENCE_MS - 5_000)
    assert node.node.restoring.answered == []
    node.hear(*told)
    node.wait(1_000)
    assert not node.node.restoring.is_on


def test_branches_that_an_old_disk_wrote_are_reconciled() -> None:
    network, me = Conversation(), author("me again")
    told = chain(me, 3)
    other = restored(me)
    branches = [chain(me, 2), chain(other, 1, is_automated=True)]
    for n in range(PEERS_NEEDED):
        network.join(f"peer {n}", [*told, *branches[n % 2]])
    mine = comes_back(network, me)
    network.run(10)
    last = own(mine)[-1]
    assert isinstance(last.body, Reconcile)
    assert set(last.body.heads) == {branches[0][-1].id, branches[1][-1].id}


def test_a_head_that_nobody_has_is_waited_for_only_so_long() -> None:
    node = Driven("me again", is_restored=True)
    tell(node, EntryId(bytes(32)))
    node.wait(PATIENCE_MS)
    tell(node, EntryId(bytes(32)))  # the same again is no news
    assert node.node.restoring.is_on
    node.wait(2_000)
    assert not node.node.restoring.is_on


def test_one_peer_counts_once_and_words_about_others_not_at_all() -> None:
    node = Driven("me again", is_restored=True)
    for _ in range(2 * PEERS_NEEDED):
        node.say(HeadsTold(node.author.id, ()))
        node.say(HeadsTold(author("somebody else").id, ()))
    node.wait(5_000)
    assert node.node.restoring.is_on
    assert len(node.node.restoring.told) == 1


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32))
def test_whoever_asks_is_told_what_is_known(key: bytes) -> None:
    node = Driven()
    node.say(HeadsAsked(author("stranger").id))
    node.say(HeadsAsked(node.author.id))
    assert not node.incidents
    assert node.node.ledger.state(node.author.id) is not None
    assert HeadsTold.from_body(HeadsTold(node.author.id, (EntryId(key),)).to_body()).heads == (key,)


def test_no_more_branches_are_named_than_fit() -> None:
    heads = tuple(EntryId(bytes([n]) * 32) for n in range(MAX_TOLD_HEADS + 1))
    with pytest.raises(RejectionError, match="items"):
        HeadsTold.from_body(HeadsTold(author("me").id, heads).to_body())
