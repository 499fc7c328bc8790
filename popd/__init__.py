"""The daemon: a pure node, and the edges that connect it to the network, the disk and the user."""
