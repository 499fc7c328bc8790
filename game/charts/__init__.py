"""Charts: importers, makers, and our own songs."""
