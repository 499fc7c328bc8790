"""What strangers send is a message or a named rejection, never anything else."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.evidence import KeyEvent, NonceEvent
from consensus.identifiers import ChartId, ContentId, EntryId, IdentityId, NodeKey
from consensus.presence import Presence
from consensus.rejections import RejectionError, RejectionReason
from consensus.units import Microseconds, Milliseconds, Ppm
from popd.node.messages import MAX_MESSAGE_SIZE, Message, from_bytes, to_bytes
from popd.node.messages.blobs import BlobPart, HaveBlobs, WantBlob
from popd.node.messages.comparing import Head, Heads, Listed, NotNow, Ranges, Run, Span
from popd.node.messages.concerts import ConcertCard, ConcertId, Phase, concert_id
from popd.node.messages.crowds import (
    Applause,
    Ballot,
    BallotRefusal,
    BallotsRefused,
    ConcertBallots,
    ConcertWords,
)
from popd.node.messages.devices import OwnBox
from popd.node.messages.fresh import Entries, Hints, Prefer
from popd.node.messages.greeting import Hello
from popd.node.messages.judging import Appeal, Pondering
from popd.node.messages.live import Frame, Invite, Nonce, Offer, Reveal
from popd.node.messages.presence import Near
from popd.node.messages.pulling import Served, WantChains, WantedChain, WantEntries
from popd.node.messages.restoring import HeadsAsked, HeadsTold
from popd.node.messages.rooms import (
    EchoAsked,
    EchoGiven,
    RoomId,
    RoomOpen,
    RoomSheet,
    RoomWant,
)
from popd.node.messages.watching import Elsewhere, Over, Tune, Tuned, Untune

D32 = bytes(range(32))
SIGNATURE = bytes(64)
ROOM = RoomId(bytes(16))
MESSAGES: tuple[Message, ...] = (
    Hello(IdentityId(D32), "Ana", True, Milliseconds(7), SIGNATURE),
    Entries((bytes(80), bytes(90))),
    Invite(IdentityId(D32), bytes(16), ChartId(ContentId(D32)), 3),
    Offer(bytes(16), IdentityId(D32), D32, SIGNATURE),
    Frame(
        EntryId(D32),
        1,
        2,
        D32,
        (KeyEvent(5, 1, True), KeyEvent(9, 1, False)),
        (NonceEvent(7, 1, bytes(16)),),
        b"",
        SIGNATURE,
    ),
    Nonce(EntryId(D32), 1, 2, bytes(16), SIGNATURE),
    Reveal(EntryId(D32), 1, 2, D32),
    Hints((bytes(8), b"announce")),
    Prefer(is_eager=True),
    Ranges(bytes(16), (Run((b"", b"\x80", b""), (bytes(8), b"12345678")),)),
    Listed(bytes(16), (Span(b"\x10", b"\x20\x01", (bytes(8),)),)),
    Heads(bytes(16), (Head(IdentityId(D32), EntryId(D32)),), (Span(b"", b"", (bytes(8),)),)),
    NotNow((IdentityId(D32), IdentityId(D32[::-1]))),
    WantChains(3, (WantedChain(EntryId(D32), (EntryId(D32),)),)),
    WantEntries(4, (EntryId(D32),)),
    Served(5, (bytes(80),), is_end=True, has_more=False),
    HaveBlobs((ContentId(D32),)),
    WantBlob(ContentId(D32), 32_768),
    BlobPart(ContentId(D32), 40_000, 32_768, b"the rest"),
    Tune(EntryId(D32)),
    Untune(EntryId(D32)),
    Tuned(EntryId(D32), 3),
    Elsewhere(EntryId(D32), (NodeKey(D32),)),
    Over(EntryId(D32)),
    Pondering(EntryId(D32), 60_000),
    Appeal(EntryId(D32)),
    Near(Presence.NEAR, 12_000, 3_000, Milliseconds(1_700_000_000_000), SIGNATURE),
    RoomOpen(ROOM, "First light", ChartId(ContentId(D32)), 3, is_playing=True, is_over=False),
    RoomSheet(ROOM, IdentityId(D32), 1_700_000_000_000, b"a document", SIGNATURE),
    RoomWant(ROOM, ((IdentityId(D32), 1), (IdentityId(D32[::-1]), 2))),
    HeadsAsked(IdentityId(D32)),
    HeadsTold(IdentityId(D32), (EntryId(D32), EntryId(D32[::-1]))),
    OwnBox(b"sealed"),
    ConcertCard(
        concert_id(IdentityId(D32), bytes(16)),
        IdentityId(D32),
        NodeKey(D32),
        1_700_000_000_000,
        "First light",
        bytes(16),
        ("jazz", "live"),
        ((IdentityId(D32), Ppm(600_000)), (IdentityId(D32[::-1]), Ppm(400_000))),
        80,
        Phase.REVEALED,
        (EntryId(D32),),
        3,
        (bytes(8), b"eight!!!"),
        (EntryId(D32),),
        (ContentId(D32),),
        SIGNATURE,
    ),
    ConcertBallots(ConcertId(bytes(16)), IdentityId(D32), 7, (Ballot(D32, D32),), SIGNATURE),
    BallotsRefused(ConcertId(bytes(16)), IdentityId(D32), 7, (D32, D32[::-1]), BallotRefusal.FULL),
    ConcertWords(ConcertId(bytes(16)), bytes(16), "Encore!"),
    Applause(ConcertId(bytes(16)), 12, 40, Ppm(700_000)),
    EchoAsked(ROOM, Microseconds(5)),
    EchoGiven(ROOM, Microseconds(5), Microseconds(1_700_000_000_000_000)),
)


def test_every_kind_of_message_is_tried() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(Message))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.TAG)
def test_a_message_survives_the_way(message: Message) -> None:
    assert from_bytes(to_bytes(message)) == message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.TAG)
def test_every_truncated_message_is_malformed(message: Message) -> None:
    data = to_bytes(message)
    for length in range(len(data)):
        with pytest.raises(RejectionError) as caught:
            from_bytes(data[:length])
        assert caught.value.reason.is_in_the_bytes


@given(st.binary(max_size=400))
def test_noise_is_a_named_rejection(noise: bytes) -> None:
    with pytest.raises(RejectionError):
        from_bytes(noise)


@given(st.sampled_from(MESSAGES), st.data())
def test_a_flipped_byte_is_another_message_or_a_named_rejection(
    message: Message, data: st.DataObject
) -> None:
    wire = bytearray(to_bytes(message))
    position = data.draw(st.integers(0, len(wire) - 1))
    wire[position] ^= data.draw(st.integers(1, 255))
    try:
        read = from_bytes(bytes(wire))
    except RejectionError:
        return
    assert to_bytes(read) == wire


def test_ranges_that_overlap_are_malformed_because_they_would_cost_their_reader_much() -> None:
    for edges in ((b"", b"", b""), (b"a", b"a"), (b"", b"b", b"a"), (b"", b"", b"b")):
        run = Run(edges, (bytes(8),) * (len(edges) - 1))
        with pytest.raises(RejectionError, match="overlap"):
            from_bytes(to_bytes(Ranges(bytes(16), (run,))))
    whole = Run((b"", b""), (bytes(8),))
    with pytest.raises(RejectionError, match="overlap"):
        from_bytes(to_bytes(Ranges(bytes(16), (whole, whole))))
    span = Span(b"a", b"c", ())
    for spans in ((span, span), (Span(b"b", b"", ()), span), (Span(b"", b"", ()), span)):
        with pytest.raises(RejectionError, match="overlap"):
            from_bytes(to_bytes(Listed(bytes(16), spans)))


def test_a_message_larger_than_any_is_too_large() -> None:
    with pytest.raises(RejectionError) as caught:
        from_bytes(bytes(MAX_MESSAGE_SIZE + 1))
    assert caught.value.reason is RejectionReason.TOO_LARGE
