"""What nodes say to each other: canonical bytes, bounded, one tag a kind."""

from collections.abc import Callable
from typing import Final, get_args

from consensus.encoding import Canonical, decode, encode
from consensus.fields import Fields
from consensus.rejections import RejectionError, RejectionReason
from popd.node.messages.blobs import BlobPart, HaveBlobs, WantBlob
from popd.node.messages.comparing import Heads, Listed, NotNow, Ranges
from popd.node.messages.concerts import ConcertCard
from popd.node.messages.crowds import CrowdMessage
from popd.node.messages.devices import OwnBox
from popd.node.messages.fresh import Entries, Hints, Prefer
from popd.node.messages.greeting import Hello
from popd.node.messages.judging import Appeal, Pondering
from popd.node.messages.live import Frame, Invite, Nonce, Offer, Reveal
from popd.node.messages.presence import Near
from popd.node.messages.pulling import Served, WantChains, WantEntries
from popd.node.messages.restoring import HeadsAsked, HeadsTold
from popd.node.messages.rooms import RoomMessage
from popd.node.messages.watching import Elsewhere, Over, Tune, Tuned, Untune

MAX_MESSAGE_SIZE: Final = 512 * 1024
"""Bytes of any message; the largest names heads, or holds a batch of entries."""
MAX_TAG_BYTES: Final = 32

Message = (
    Hello
    | Entries
    | Hints
    | Prefer
    | Ranges
    | Listed
    | Heads
    | NotNow
    | WantChains
    | WantEntries
    | Served
    | HaveBlobs
    | WantBlob
    | BlobPart
    | Invite
    | Offer
    | Frame
    | Nonce
    | Reveal
    | Tune
    | Untune
    | Tuned
    | Elsewhere
    | Over
    | Pondering
    | Appeal
    | Near
    | RoomMessage
    | ConcertCard
    | CrowdMessage
    | HeadsAsked
    | HeadsTold
    | OwnBox
)

_READERS: Final[dict[str, Callable[[Canonical], Message]]] = {
    kind.TAG: kind.from_body for kind in get_args(Message)
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
