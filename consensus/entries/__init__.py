"""The kinds of entry, one file a family."""
