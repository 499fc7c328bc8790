"""Live messages stay among the nodes of their session."""

from random import Random

from consensus.identifiers import EntryId
from popd.node.messages.live import Nonce, Reveal
from simulations.players import VirtualPlayer
from simulations.swarm import study
from simulations.virtual_network import VirtualNode
from tests.popd.node.conversations import Conversation
from tests.popd.node.driven import PEER, Driven, sent

LIVE = {"frame", "nonce", "reveal"}


def performance(cut: tuple[int, int] | None = None) -> tuple[Conversation, list[VirtualNode]]:
    """One plays, three witness; one more joins when it is announced."""
    conversation = Conversation(seed=7)
    nodes = [conversation.join(f"node {number}") for number in range(4)]
    conversation.run(3)
    VirtualPlayer(conversation, nodes[0], study(20, Random(1))).begin()
    conversation.run(3)
    conversation.join("late")
    if cut is not None:
        conversation.partition([nodes[cut[0]]], [nodes[cut[1]]])
    conversation.run(40)
    return conversation, nodes


def test_who_is_not_in_a_session_hears_nothing_of_its_play() -> None:
    conversation, _ = performance()
    receivers = {to for _, _, to, _, message in conversation.said if message.TAG in LIVE}
    assert receivers == {"node 0", "node 1", "node 2", "node 3"}


def test_the_performer_passes_on_what_witnesses_that_do_not_know_each_other_say() -> None:
    conversation, _ = performance(cut=(1, 2))
    said = [
        (sender, to, message)
        for _, sender, to, _, message in conversation.said
        if isinstance(message, Nonce | Reveal)
    ]
    own = {message for sender, _, message in said if sender == "node 1"}
    passed = {message for sender, to, message in said if (sender, to) == ("node 0", "node 2")}
    assert own
    assert own <= passed


def test_nothing_is_passed_on_twice() -> None:
    conversation, _ = performance()
    passed = [
        (to, message)
        for _, sender, to, _, message in conversation.said
        if sender == "node 0" and isinstance(message, Nonce | Reveal)
    ]
    assert len(passed) == len(set(passed))


def test_live_messages_of_an_unknown_session_do_nothing() -> None:
    driven = Driven()
    effects = driven.say(Nonce(EntryId(bytes(32)), 0, 0, bytes(16), bytes(64)), PEER)
    assert sent(effects) == []
    assert driven.node.mates.passed == {}
