"""Play: charts, the live session, players of every kind, and the page."""
