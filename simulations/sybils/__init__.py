"""Sybils: what inventing keys gains under different rules of trust, and what it costs others."""
