"""Features of a play: each file one kind, all in one row."""
