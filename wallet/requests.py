"""Payment requests: links that say to whom, how much, what for, and on which ledger.

`popd:pay?to=did:key:z6Mk…&jam=1.5&note=for%20last%20night&network=practice`. A link comes from
anybody: it is read strictly, and it only fills in what its reader then looks at and sends.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from consensus.identifiers import IdentityId, to_did
from consensus.units import MicroJam
from wallet.amounts import AmountError, amount_in, in_jam
from wallet.links import LinkError, read_fields, read_person

SCHEME: Final = "popd:pay?"
MAX_NOTE: Final = 80
"""Characters of a note; behind percent signs four bytes of each make 960."""
_FIELDS: Final = {"to": (1, 1), "jam": (1, 1), "note": (0, 1), "network": (1, 1)}


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """Somebody asks to be paid."""

    to: IdentityId
    """Who."""
    amount_ujam: MicroJam
    """How much, nominally."""
    note: str
    """What for, as they say; may be empty."""
    network: str
    """On which ledger."""


def to_link(request: PaymentRequest) -> str:
    """The link of a request; raises LinkError where it would be none."""
    parts = [f"to={to_did(request.to)}", f"jam={in_jam(request.amount_ujam)}"]
    if request.note:
        parts.append(f"note={quote(request.note, safe='')}")
    link = SCHEME + "&".join([*parts, f"network={request.network}"])
    from_link(link)
    return link


def from_link(link: str) -> PaymentRequest:
    """What a link asks for; raises LinkError with the place where it is none."""
    values = read_fields(link, SCHEME, _FIELDS)
    note = clean_note(_text("".join(values["note"])))
    to, amount_ujam = read_person("to", values["to"][0]), _amount(values["jam"][0])
    return PaymentRequest(to, amount_ujam, note, values["network"][0])


def clean_note(text: str) -> str:
    """A note without anything that can't be seen; raises LinkError for one too long."""
    if len(text) > MAX_NOTE:
        raise LinkError(f"note: longer than {MAX_NOTE} characters")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _amount(value: str) -> MicroJam:
    try:
        return amount_in(value)
    except AmountError as error:
        raise LinkError(f"jam: {error}") from None


def _text(value: str) -> str:
    try:
        return unquote_to_bytes(value.replace("+", " ")).decode()
    except UnicodeDecodeError:
        raise LinkError("note: is not UTF-8") from None
