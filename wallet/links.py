"""What the wallet's links have in common: `popd:…?name=value&name=value`, read strictly.

A link comes from anybody, through chats and cameras.
"""

import re
from collections.abc import Mapping
from typing import Final

from consensus.identifiers import IdentityId, from_did
from consensus.parameters import NETWORKS
from consensus.signing import is_public_key

MAX_LINK: Final = 1_200
"""Characters; a QR code of this size can still be read from a screen."""
_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_VALUE: Final = re.compile(r"[A-Za-z0-9._~:/%+-]*", re.ASCII)


class LinkError(ValueError):
    """These letters are no such link; the message names the place."""


def read_fields(
    link: str, scheme: str, fields: Mapping[str, tuple[int, int]]
) -> dict[str, list[str]]:
    """The values of each field, still behind percent signs; raises LinkError.

    `fields` says how often each must and may stand there; `network` is one of them.
    """
    if len(link) > MAX_LINK:
        raise LinkError(f"it is longer than {MAX_LINK} characters")
    if not link.startswith(scheme):
        raise LinkError(f"it does not begin with {scheme}")
    values: dict[str, list[str]] = {name: [] for name in fields}
    for pair in link.removeprefix(scheme).split("&"):
        name, equals, value = pair.partition("=")
        if name not in fields or not equals:
            raise LinkError(f"it takes {', '.join(fields)}, each as name=value")
        if not _VALUE.fullmatch(value) or _PERCENT.search(value):
            raise LinkError(f"{name}: has a character that belongs behind a percent sign")
        values[name].append(value)
    for name, (least, most) in fields.items():
        if len(values[name]) < least:
            raise LinkError(f"{name}: is missing")
        if len(values[name]) > most:
            raise LinkError(f"{name}: stands there more than {'once' if most == 1 else most}")
    if values["network"][0] not in NETWORKS:
        raise LinkError("network: there is no such ledger")
    return values


def read_person(name: str, value: str) -> IdentityId:
    """The identity that a field names by its did; raises LinkError."""
    try:
        key = from_did(value)
    except ValueError:
        key = IdentityId(b"")
    if not is_public_key(key):
        raise LinkError(f"{name}: is nobody's did:key")
    return key
