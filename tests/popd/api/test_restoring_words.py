"""A chain that comes back says what it waits for, and its owner what to do about it."""

import pytest

from consensus.identifiers import EntryId, NodeKey
from popd.api.restoring_words import ALONE, BEGIN, REACH, UNKNOWN, WAIT, WAITING, said_of
from popd.node.messages.restoring import HeadsTold
from tests.popd.node.driven import Driven

HEAD = EntryId(b"h" * 32)


@pytest.mark.parametrize(
    ("told", "peers", "said"),
    [
        ([], 0, (ALONE, REACH)),
        ([], 2, (WAITING, WAIT)),
        ([()], 1, (UNKNOWN.format(asked=1), BEGIN)),
        ([(), ()], 2, (UNKNOWN.format(asked=2), BEGIN)),
        ([(), (HEAD,)], 2, (WAITING, WAIT)),
        ([()], 0, (UNKNOWN.format(asked=1), BEGIN)),
    ],
)
def test_what_a_chain_waits_for_is_said_by_what_peers_said(told, peers, said) -> None:
    node = Driven("me again", is_restored=True)
    for number, heads in enumerate(told):
        peer = NodeKey(bytes([number + 1]) * 32)
        node.meet(peer)
        node.say(HeadsTold(node.author.id, heads), peer)
    assert node.node.restoring.is_on
    assert said_of(node.node.restoring, peers) == said
