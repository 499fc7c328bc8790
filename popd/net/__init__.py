"""Peers: the libp2p host, gossip, streams and discovery. libp2p is imported only here."""
