"""What peers send waits in order, within bounds, and nobody's flood stops the others."""

from consensus.identifiers import NodeKey
from consensus.presence import Presence
from popd.node.events import MessageReceived, PeerConnected, Started, Woke
from popd.wiring.inbox import MOST_BYTES, MOST_PEER_BYTES, PEER_BYTES, PEER_ITEMS, Inbox

ONE, OTHER = NodeKey(b"\1" * 32), NodeKey(b"\2" * 32)


def test_events_come_out_in_order_and_answers_first() -> None:
    inbox = Inbox()
    inbox.put(Started())
    inbox.put(MessageReceived(ONE, b"hello"))
    inbox.put_first(Woke())
    assert [inbox.take() for _ in range(3)] == [Woke(), Started(), MessageReceived(ONE, b"hello")]
    assert (len(inbox), inbox.waiting_bytes) == (0, 0)


def test_a_peer_that_fills_its_share_is_crowded_and_others_are_not() -> None:
    for message, times in ((bytes(PEER_BYTES + 1), 1), (b"x", PEER_ITEMS + 1)):
        inbox = Inbox()
        for _ in range(times):
            inbox.put(MessageReceived(ONE, message))
        assert (inbox.is_crowded(ONE), inbox.is_crowded(OTHER)) == (True, False)
        inbox.take()
        assert not inbox.is_crowded(ONE)


def test_there_is_an_end_to_what_waits() -> None:
    inbox = Inbox()
    message = bytes(512 * 1024)
    for number in range(2 * MOST_BYTES // len(message)):
        inbox.put(MessageReceived(NodeKey(number.to_bytes(32)), message))
    assert inbox.waiting_bytes <= MOST_BYTES
    assert inbox.dropped == MOST_BYTES // len(message)
    inbox.put(Started())
    assert inbox.take() == Started()
    while inbox:
        inbox.take()
    assert inbox.waiting_bytes == 0


def test_a_flood_delays_nobody_else_and_what_is_dropped_is_its_own() -> None:
    inbox = Inbox()
    inbox.put(PeerConnected(ONE, Presence.REMOTE))
    for _ in range(100):
        inbox.put(MessageReceived(ONE, bytes(512 * 1024)))
    assert inbox.waiting_bytes <= MOST_PEER_BYTES
    said = [PeerConnected(OTHER, Presence.REMOTE), MessageReceived(OTHER, b"well?")]
    for event in said:
        inbox.put(event)
    first = [inbox.take() for _ in range(4)]
    assert [event for event in first if getattr(event, "peer", None) == OTHER] == said
    assert first[0] == PeerConnected(ONE, Presence.REMOTE)
    assert inbox.dropped == 100 - MOST_PEER_BYTES // (512 * 1024)
