"""Payment requests: links that say to whom, how much, what for, and on which ledger.

`popd:pay?to=did:key:z6Mk…&jam=1.5&note=for%20last%20night&network=practice`. A link comes from
anybody: it is read strictly, and it only fills in what its reader then looks at and sends.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from consensus.identifiers import IdentityId, from_did, to_did
from consensus.parameters import NETWORKS
from consensus.signing import is_public_key
from consensus.units import MicroJam

SCHEME: Final = "popd:pay?"
MAX_LINK: Final = 1_200
"""Characters; a note of 80 letters that take four bytes each makes 960 of them."""
MAX_NOTE: Final = 80
"""Characters of a note."""
MAX_REQUEST_UJAM: Final = 2**63 - 1
"""What the ledger can write down."""
UJAM_PER_JAM: Final = 1_000_000
_FIELDS: Final = ("to", "jam", "note", "network")
_NEEDED: Final = frozenset({"to", "jam", "network"})
_JAM: Final = re.compile(r"(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,6}))?", re.ASCII)
_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_VALUE: Final = re.compile(r"[A-Za-z0-9._~:/%+-]*", re.ASCII)


class RequestError(ValueError):
    """These letters are no payment request; the message names the place."""


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
    """The link of a request; raises RequestError where it would be none."""
    parts = [f"to={to_did(request.to)}", f"jam={_written(request.amount_ujam)}"]
    if request.note:
        parts.append(f"note={quote(request.note, safe='')}")
    link = SCHEME + "&".join([*parts, f"network={request.network}"])
    from_link(link)
    return link


def from_link(link: str) -> PaymentRequest:
    """What a link asks for; raises RequestError with the place where it is none."""
    if len(link) > MAX_LINK:
        raise RequestError(f"it is longer than {MAX_LINK} characters")
    if not link.startswith(SCHEME):
        raise RequestError(f"it does not begin with {SCHEME}")
    values = _values(link.removeprefix(SCHEME))
    network = values["network"]
    if network not in NETWORKS:
        raise RequestError("network: there is no such ledger")
    note = clean_note(_text(values.get("note", "")))
    return PaymentRequest(_person(values["to"]), _amount(values["jam"]), note, network)


def clean_note(text: str) -> str:
    """A note without anything that can't be seen; raises RequestError for one too long."""
    if len(text) > MAX_NOTE:
        raise RequestError(f"note: longer than {MAX_NOTE} characters")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _values(query: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in query.split("&"):
        name, equals, value = pair.partition("=")
        if name not in _FIELDS or not equals:
            raise RequestError(f"it takes {', '.join(_FIELDS)}, each as name=value")
        if name in values:
            raise RequestError(f"{name}: stands there twice")
        if not _VALUE.fullmatch(value) or _PERCENT.search(value):
            raise RequestError(f"{name}: has a character that belongs behind a percent sign")
        values[name] = value
    missing = sorted(_NEEDED - values.keys())
    if missing:
        raise RequestError(f"{missing[0]}: is missing")
    return values


def _person(value: str) -> IdentityId:
    try:
        key = from_did(value)
    except ValueError:
        key = IdentityId(b"")
    if not is_public_key(key):
        raise RequestError("to: is nobody's did:key")
    return key


def _amount(value: str) -> MicroJam:
    found = _JAM.fullmatch(value)
    if found is None:
        raise RequestError("jam: is no amount like 1.5, with at most six digits after the point")
    whole, fraction = found[1], (found[2] or "").ljust(6, "0")
    amount_ujam = int(whole) * UJAM_PER_JAM + int(fraction)
    if not 0 < amount_ujam <= MAX_REQUEST_UJAM:
        raise RequestError("jam: is not between 0.000001 and what anybody has")
    return MicroJam(amount_ujam)


def _written(amount_ujam: int) -> str:
    whole, fraction = divmod(amount_ujam, UJAM_PER_JAM)
    digits = f"{fraction:06}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def _text(value: str) -> str:
    try:
        return unquote_to_bytes(value.replace("+", " ")).decode()
    except UnicodeDecodeError:
        raise RequestError("note: is not UTF-8") from None
