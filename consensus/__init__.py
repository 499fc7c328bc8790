"""The rules: pure functions over frozen data, the same in every node for ever."""
