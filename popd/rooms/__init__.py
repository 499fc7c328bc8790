"""Rooms: the only place that knows pycrdt. A member's sheet is checked before it is read."""
