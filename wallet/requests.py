"""Payment requests: links that say to whom, how much, what for, and on which ledger.

`popd:pay?to=did:key:z6Mk…&jam=1.5&note=for%20last%20night&network=practice`. A link comes from
anybody: it is read strictly, and it only fills in what its reader then looks at and sends.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from consensus.identifiers import IdentityId, to_did
from consensus.units import MicroJam
from wallet.links import LinkError, read_fields, read_person

SCHEME: Final = "popd:pay?"
MAX_NOTE: Final = 80
"""Characters of a note; behind percent signs four bytes of each make 960."""
MAX_REQUEST_UJAM: Final = 2**63 - 1
"""What the ledger can write down."""
UJAM_PER_JAM: Final = 1_000_000
_FIELDS: Final = {"to": (1, 1), "jam": (1, 1), "note": (0, 1), "network": (1, 1)}
_JAM: Final = re.compile(r"(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,6}))?", re.ASCII)


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
    parts = [f"to={to_did(request.to)}", f"jam={_written(request.amount_ujam)}"]
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
    found = _JAM.fullmatch(value)
    if found is None:
        raise LinkError("jam: is no amount like 1.5, with at most six digits after the point")
    whole, fraction = found[1], (found[2] or "").ljust(6, "0")
    amount_ujam = int(whole) * UJAM_PER_JAM + int(fraction)
    if not 0 < amount_ujam <= MAX_REQUEST_UJAM:
        raise LinkError("jam: is not between 0.000001 and what anybody has")
    return MicroJam(amount_ujam)


def _written(amount_ujam: int) -> str:
    whole, fraction = divmod(amount_ujam, UJAM_PER_JAM)
    digits = f"{fraction:06}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def _text(value: str) -> str:
    try:
        return unquote_to_bytes(value.replace("+", " ")).decode()
    except UnicodeDecodeError:
        raise LinkError("note: is not UTF-8") from None
