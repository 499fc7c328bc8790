"""Between our node keys and libp2p's peer ids."""

from libp2p.crypto.ed25519 import create_new_key_pair
from libp2p.crypto.keys import KeyPair
from libp2p.peer.id import ID

from consensus.identifiers import ED25519_PEER_ID_PREFIX, NodeKey


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
