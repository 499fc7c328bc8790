"""Puts the daemon together: node, network, store, keys and API, and carries effects out."""
