"""Play: charts, the live session, the bots that attack it, and the browser client."""
