"""A statement: an entry that is signed and understood, whether or not its chain is known."""

from dataclasses import dataclass

from consensus.entries import Body, read_body
from consensus.entry import Entry, SignedEntry, is_understood, read_signed_entry
from consensus.identifiers import EntryId
from consensus.rejections import RejectionError, RejectionReason


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said."""

    id: EntryId
    """The entry's id."""
    entry: Entry
    """The envelope."""
    body: Body | None
    """What it says; None when this release does not know the version or kind."""
    wire: bytes
    """Signature and canonical bytes."""


def read_statement(wire: bytes, network: str, *, is_signature_known: bool = False) -> Statement:
    """The statement in `wire`; raises RejectionError for what the bytes alone show to be wrong."""
    return stated(read_signed_entry(wire, network, is_signature_known=is_signature_known))


def stated(signed: SignedEntry) -> Statement:
    """The statement that a signed entry makes; raises RejectionError when its body is malformed.

    WRONG_REFERENCES is no matter of the bytes alone in an unknown version, so it is only
    checked in versions that are understood.
    """
    entry = signed.entry
    body = read_body(entry.kind, entry.body) if is_understood(entry) else None
    if body is not None and body.named() != entry.refs:
        raise RejectionError(
            RejectionReason.WRONG_REFERENCES, "refs are not the entries that the body names"
        )
    return Statement(signed.id, entry, body, signed.wire)
