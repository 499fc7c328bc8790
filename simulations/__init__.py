"""The laboratory: the node and the rules, driven in virtual time."""
