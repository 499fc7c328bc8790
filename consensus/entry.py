"""The envelope of every durable thing: who says it, where in their chain, and what it names."""

from dataclasses import dataclass
from typing import Final, cast

from consensus.encoding import Canonical, decode, digest, encode
from consensus.fields import Fields
from consensus.identifiers import EntryId, IdentityId
from consensus.parameters import MAX_ENTRY_SIZE, MAX_REFERENCES, RULES_VERSION
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import SIGNATURE_SIZE, Domain, check_signature
from consensus.units import Milliseconds

MAX_NUMBER: Final = 2**48
MAX_TIME_MS: Final = 2**48
MAX_NAME_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of an author's chain, before it is signed."""

    version: int
    """The release of the rules that judges it."""
    network: str
    """Which ledger it belongs to."""
    author: IdentityId
    """Who says it."""
    number: int
    """Its place in the author's chain, from 0."""
    prev: EntryId
    """The author's entry before it; 32 zero bytes for number 0."""
    refs: tuple[EntryId, ...]
    """The entries that its body names, in the body's order."""
    time_ms: Milliseconds
    """When the author says it was; never before `prev` or a ref."""
    kind: str
    """What kind of body it has."""
    body: Canonical
    """What it says; see `consensus.entries`."""

    def to_bytes(self) -> bytes:
        """The canonical bytes."""
        return encode(
            (
                self.version,
                self.network,
                self.author,
                self.number,
                self.prev,
                self.refs,
                self.time_ms,
                self.kind,
                self.body,
            )
        )


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """An entry with its author's signature, as it travels and rests."""

    id: EntryId
    """The digest of the entry's canonical bytes."""
    entry: Entry
    """What was signed."""
    wire: bytes
    """The signature, then the entry's canonical bytes."""


def entry_id(entry_bytes: bytes) -> EntryId:
    """The id of the entry with these canonical bytes."""
    return EntryId(digest(entry_bytes))


def sealed(entry: Entry, signature: bytes) -> SignedEntry:
    """Our own entry with the signature that the keystore gave for its id."""
    data = entry.to_bytes()
    return SignedEntry(entry_id(data), entry, signature + data)


def read_signed_entry(
    wire: bytes, network: str, *, is_signature_known: bool = False
) -> SignedEntry:
    """The signed entry in `wire`, with everything checked that the bytes alone can show.

    `is_signature_known` skips the signature of what our own store already checked.

    Raises RejectionError, always with a reason that is in the bytes: TOO_LARGE, MALFORMED,
    NOT_CANONICAL, OUT_OF_RANGE, WRONG_NETWORK or BAD_SIGNATURE.
    """
    signature, data = wire[:SIGNATURE_SIZE], wire[SIGNATURE_SIZE:]
    entry = _read_entry(Fields("entry", decode(data, MAX_ENTRY_SIZE), 9))
    if entry.network != network:
        raise RejectionError(
            RejectionReason.WRONG_NETWORK, f"it belongs to {entry.network!r}, not {network!r}"
        )
    identifier = entry_id(data)
    if not is_signature_known:
        check_signature(entry.author, signature, network, Domain.ENTRY, identifier)
    return SignedEntry(identifier, entry, wire)


def _read_entry(fields: Fields) -> Entry:
    return Entry(
        version=fields.integer(1, 2**16),
        network=fields.text(MAX_NAME_BYTES),
        author=IdentityId(fields.exactly(32)),
        number=fields.integer(0, MAX_NUMBER),
        prev=EntryId(fields.exactly(32)),
        refs=_references(fields.array(0, MAX_REFERENCES)),
        time_ms=Milliseconds(fields.integer(0, MAX_TIME_MS)),
        kind=fields.text(MAX_NAME_BYTES),
        body=fields.any(),
    )


def _references(items: tuple[Canonical, ...]) -> tuple[EntryId, ...]:
    if any(type(item) is not bytes or len(item) != 32 for item in items):
        raise RejectionError(RejectionReason.MALFORMED, "entry: a reference is not 32 bytes")
    return cast("tuple[EntryId, ...]", items)


def is_understood(entry: Entry) -> bool:
    """Whether this code has the rules that the entry asks for."""
    return entry.version <= RULES_VERSION
