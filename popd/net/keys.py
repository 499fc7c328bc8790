"""Between our node keys and libp2p's peer ids."""

from typing import Final

from libp2p.crypto.ed25519 import create_new_key_pair
from libp2p.crypto.keys import KeyPair
from libp2p.peer.id import ID

from consensus.identifiers import ED25519_PEER_ID_PREFIX, NodeKey

MAX_ID_CHARS: Final = 64


def host_key_pair(seed: bytes) -> KeyPair:
    """The libp2p key pair with this 32-byte seed."""
    return create_new_key_pair(seed)


def node_key_of(peer: ID) -> NodeKey | None:
    """The key that a peer id holds; None when it isn't an Ed25519 key's, as all of ours are."""
    data = peer.to_bytes()
    if len(data) != 38 or not data.startswith(ED25519_PEER_ID_PREFIX):
        return None
    return NodeKey(data[len(ED25519_PEER_ID_PREFIX) :])


def peer_id_of(key: NodeKey) -> ID:
    """The peer id of a node key."""
    return ID(ED25519_PEER_ID_PREFIX + key)


def node_key_in(address: str) -> NodeKey | None:
    """The key of the peer that a multiaddress leads to; None when it names none of ours."""
    before, _, name = address.rpartition("/p2p/")
    if not before or len(name) > MAX_ID_CHARS:
        return None
    try:
        return node_key_of(ID.from_string(name))
    except ValueError:
        return None
