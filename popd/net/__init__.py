"""libp2p lives here and nowhere else: a host, gossip, and one long-lived stream to each peer."""
