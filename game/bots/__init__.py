"""The attackers, one strategy a file; and the labelled players of the demo."""
