"""Benchmarks: one module per claim, `python -m benchmarks.NAME --json`."""
