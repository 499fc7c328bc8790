"""Charts and evidence on their way: announced, asked for by digest, sent in parts."""

from dataclasses import dataclass
from typing import ClassVar, Final

from consensus.encoding import Canonical
from consensus.fields import Fields
from consensus.identifiers import ContentId
from consensus.parameters import MAX_CHART_SIZE, MAX_EVIDENCE_SIZE

MAX_BLOB_SIZE: Final = max(MAX_CHART_SIZE, MAX_EVIDENCE_SIZE)
PART_SIZE: Final = 32 * 1024
MAX_ANNOUNCED: Final = 64


@dataclass(frozen=True, slots=True)
class HaveBlobs:
    """Says which blobs the sender can be asked for."""

    TAG: ClassVar[str] = "have-blobs"
    ids: tuple[ContentId, ...]
    """Their digests."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.ids,)

    @classmethod
    def from_body(cls, body: Canonical) -> "HaveBlobs":
        """Raises RejectionError when `body` is none."""
        items = Fields(cls.TAG, body, 1).array(1, MAX_ANNOUNCED)
        fields = Fields("blob ids", items, len(items))
        return cls(tuple(ContentId(fields.exactly(32)) for _ in items))


@dataclass(frozen=True, slots=True)
class WantBlob:
    """Asks for a chart or evidence by its digest."""

    TAG: ClassVar[str] = "want-blob"
    id: ContentId
    """Its digest."""
    offset: int
    """How many of its bytes the asker has already."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.id, self.offset)

    @classmethod
    def from_body(cls, body: Canonical) -> "WantBlob":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 2)
        return cls(ContentId(fields.exactly(32)), fields.integer(0, MAX_BLOB_SIZE - 1))


@dataclass(frozen=True, slots=True)
class BlobPart:
    """A part of a blob; the whole proves itself by its digest."""

    TAG: ClassVar[str] = "blob-part"
    id: ContentId
    """The digest of the whole."""
    size: int
    """Bytes of the whole; 0 when the sender does not have it."""
    offset: int
    """Where the part begins."""
    data: bytes
    """The part."""

    def to_body(self) -> Canonical:
        """The canonical form."""
        return (self.id, self.size, self.offset, self.data)

    @classmethod
    def from_body(cls, body: Canonical) -> "BlobPart":
        """Raises RejectionError when `body` is none."""
        fields = Fields(cls.TAG, body, 4)
        return cls(
            ContentId(fields.exactly(32)),
            fields.integer(0, MAX_BLOB_SIZE),
            fields.integer(0, MAX_BLOB_SIZE - 1),
            fields.binary(0, PART_SIZE),
        )


def blob_parts(blob: ContentId, data: bytes | None, offset: int) -> list[BlobPart]:
    """What answers a wish for a blob from an offset on; one empty part where it isn't there."""
    if data is None or offset >= len(data):
        return [BlobPart(blob, 0, 0, b"")]
    return [
        BlobPart(blob, len(data), start, data[start : start + PART_SIZE])
        for start in range(offset, len(data), PART_SIZE)
    ]
