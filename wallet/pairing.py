"""Pairing links: what a device shows, as text or QR, so that another may join it once.

`popd:device?network=practice&who=did:key:z6Mk…&node=9f…&at=/ip4/192.0.2.4/tcp/4001&secret=…`. The
secret seals the first words between the two; whoever reads the link may join, so it is short-lived
and shown to nobody else.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from consensus.identifiers import IdentityId, NodeKey, from_did, to_did, to_peer_id
from consensus.parameters import NETWORKS
from consensus.signing import is_public_key

SCHEME: Final = "popd:device?"
MAX_LINK: Final = 1_200
"""Characters; a QR code of this size can still be read from a screen."""
MAX_ADDRESSES: Final = 4
SECRET_BYTES: Final = 32
_NEEDED: Final = ("network", "who", "node", "secret")
_ADDRESS: Final = re.compile(r"/[A-Za-z0-9][A-Za-z0-9/.:_-]{0,199}", re.ASCII)
_NODE: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class PairingError(ValueError):
    """These letters are no pairing link; the message names the place."""


@dataclass(frozen=True, slots=True)
class PairingLink:
    """How a new device finds the one that holds the pen, and proves that it was shown the link."""

    network: str
    """Which ledger."""
    identity: IdentityId
    """For whom both devices are."""
    node: NodeKey
    """The device that holds the pen."""
    addresses: tuple[str, ...]
    """Where it is reached, without its peer id."""
    secret: bytes = field(repr=False)
    """32 random bytes, good once."""

    @property
    def dialled(self) -> tuple[str, ...]:
        """Where it is reached, as the network dials it."""
        return tuple(f"{address}/p2p/{to_peer_id(self.node)}" for address in self.addresses)


def without_peer_id(address: str) -> str:
    """An address as links have it."""
    return address.rpartition("/p2p/")[0] or address


def to_link(pairing: PairingLink) -> str:
    """The link; raises PairingError where it would be none."""
    secret = urlsafe_b64encode(pairing.secret).decode().rstrip("=")
    parts = [f"network={pairing.network}", f"who={to_did(pairing.identity)}"]
    parts += [f"node={pairing.node.hex()}", *(f"at={address}" for address in pairing.addresses)]
    link = SCHEME + "&".join([*parts, f"secret={secret}"])
    from_link(link)
    return link


def from_link(link: str) -> PairingLink:
    """What a link says; raises PairingError with the place where it is none."""
    if len(link) > MAX_LINK:
        raise PairingError(f"it is longer than {MAX_LINK} characters")
    if not link.startswith(SCHEME):
        raise PairingError(f"it does not begin with {SCHEME}")
    values, addresses = _values(link.removeprefix(SCHEME))
    if values["network"] not in NETWORKS:
        raise PairingError("network: there is no such ledger")
    node = NodeKey(_matching(values, "node", _NODE, bytes.fromhex))
    if not is_public_key(node):
        raise PairingError("node: is no node's key")
    secret = _matching(values, "secret", _SECRET, lambda text: urlsafe_b64decode(f"{text}="))
    return PairingLink(values["network"], _person(values["who"]), node, addresses, secret)


def _values(query: str) -> tuple[dict[str, str], tuple[str, ...]]:
    values: dict[str, str] = {}
    addresses: list[str] = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name == "at":
            addresses.append(value)
        elif name not in _NEEDED or name in values:
            raise PairingError(f"it takes {', '.join(_NEEDED)}, each once, and at")
        else:
            values[name] = value
    missing = [name for name in _NEEDED if name not in values]
    if missing:
        raise PairingError(f"{missing[0]}: is missing")
    if len(addresses) > MAX_ADDRESSES or not all(map(_ADDRESS.fullmatch, addresses)):
        raise PairingError(f"at: is no address, or there are more than {MAX_ADDRESSES}")
    return values, tuple(addresses)


def _matching(
    values: dict[str, str], name: str, pattern: re.Pattern[str], read: Callable[[str], bytes]
) -> bytes:
    if not pattern.fullmatch(values[name]):
        raise PairingError(f"{name}: is cut off, or has a wrong letter")
    return read(values[name])


def _person(value: str) -> IdentityId:
    try:
        key = from_did(value)
    except ValueError:
        key = IdentityId(b"")
    if not is_public_key(key):
        raise PairingError("who: is nobody's did:key")
    return key
