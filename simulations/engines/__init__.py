"""Engines: the same days, by vectorised kernels or by the real rules."""
