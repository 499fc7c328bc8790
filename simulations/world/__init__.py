"""Worlds of the laboratory: who lives where, what they do, and what happens on a day."""
