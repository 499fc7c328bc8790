"""The disk: entries, evidence and derived tables in SQLite."""
