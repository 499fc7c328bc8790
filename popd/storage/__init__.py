"""What survives: entries, charts and evidence in one SQLite file in the user's data folder."""
