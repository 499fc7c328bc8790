"""The laboratory: drives the node and the rules in virtual time."""
