"""What nodes say to each other: canonical bytes, bounded, one tag a kind."""

from collections.abc import Callable
from typing import Final

from consensus.encoding import Canonical, decode, encode
from consensus.fields import Fields
from consensus.rejections import RejectionError, RejectionReason
from popd.node.messages.exchange import (
    MAX_BATCH,
    MAX_ITEMS,
    MAX_WANTED,
    Blob,
    Entries,
    HeadRange,
    Heads,
    Hello,
    Ranges,
    WantBlob,
    WantChain,
    WantEntries,
    hello_digest,
)
from popd.node.messages.live import (
    MAX_FRAME_EVENTS,
    Frame,
    Invite,
    Nonce,
    Offer,
    Reveal,
    frame_digest,
    nonce_digest,
)

__all__ = [
    "MAX_BATCH",
    "MAX_FRAME_EVENTS",
    "MAX_ITEMS",
    "MAX_MESSAGE_SIZE",
    "MAX_WANTED",
    "Blob",
    "Entries",
    "Frame",
    "HeadRange",
    "Heads",
    "Hello",
    "Invite",
    "Message",
    "Nonce",
    "Offer",
    "Ranges",
    "Reveal",
    "WantBlob",
    "WantChain",
    "WantEntries",
    "frame_digest",
    "from_bytes",
    "hello_digest",
    "nonce_digest",
    "to_bytes",
]

MAX_MESSAGE_SIZE: Final = 512 * 1024
"""Bytes of any message; the largest is a batch of entries or one blob."""
MAX_TAG_BYTES: Final = 32

Message = (
    Hello
    | Entries
    | Invite
    | Offer
    | Frame
    | Nonce
    | Reveal
    | WantBlob
    | Blob
    | WantEntries
    | WantChain
    | Ranges
    | Heads
)

_READERS: Final[dict[str, Callable[[Canonical], Message]]] = {
    kind.TAG: kind.from_body
    for kind in (
        Hello,
        Entries,
        Invite,
        Offer,
        Frame,
        Nonce,
        Reveal,
        WantBlob,
        Blob,
        WantEntries,
        WantChain,
        Ranges,
        Heads,
    )
}


def to_bytes(message: Message) -> bytes:
    """The message as it travels."""
    return encode((message.TAG, message.to_body()))


def from_bytes(data: bytes) -> Message:
    """The message in `data`; raises RejectionError, in the bytes, when there is none."""
    fields = Fields("message", decode(data, MAX_MESSAGE_SIZE), 2)
    reader = _READERS.get(fields.text(MAX_TAG_BYTES))
    if reader is None:
        raise RejectionError(RejectionReason.MALFORMED, "a message of an unknown kind")
    return reader(fields.any())
