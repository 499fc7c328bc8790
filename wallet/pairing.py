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

from consensus.identifiers import IdentityId, NodeKey, to_did, to_peer_id
from consensus.signing import is_public_key
from wallet.links import LinkError, read_fields, read_person

SCHEME: Final = "popd:device?"
MAX_ADDRESSES: Final = 4
SECRET_BYTES: Final = 32
_FIELDS: Final = {
    "network": (1, 1),
    "who": (1, 1),
    "node": (1, 1),
    "at": (0, MAX_ADDRESSES),
    "secret": (1, 1),
}
_ADDRESS: Final = re.compile(r"/[A-Za-z0-9][A-Za-z0-9/.:_-]{0,199}", re.ASCII)
_NODE: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


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
    """The link; raises LinkError where it would be none."""
    secret = urlsafe_b64encode(pairing.secret).decode().rstrip("=")
    parts = [f"network={pairing.network}", f"who={to_did(pairing.identity)}"]
    parts += [f"node={pairing.node.hex()}", *(f"at={address}" for address in pairing.addresses)]
    link = SCHEME + "&".join([*parts, f"secret={secret}"])
    from_link(link)
    return link


def from_link(link: str) -> PairingLink:
    """What a link says; raises LinkError with the place where it is none."""
    values = read_fields(link, SCHEME, _FIELDS)
    node = NodeKey(_matching(values, "node", _NODE, bytes.fromhex))
    if not is_public_key(node):
        raise LinkError("node: is no node's key")
    secret = _matching(values, "secret", _SECRET, lambda text: urlsafe_b64decode(f"{text}="))
    addresses = tuple(values["at"])
    if not all(map(_ADDRESS.fullmatch, addresses)):
        raise LinkError("at: is no address")
    who = read_person("who", values["who"][0])
    return PairingLink(values["network"][0], who, node, addresses, secret)


def _matching(
    values: dict[str, list[str]], name: str, pattern: re.Pattern[str], read: Callable[[str], bytes]
) -> bytes:
    if not pattern.fullmatch(values[name][0]):
        raise LinkError(f"{name}: is cut off, or has a wrong letter")
    return read(values[name][0])
