"""libp2p lives here and nowhere else: a host, and a session over several paths to each peer."""
