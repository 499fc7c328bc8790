"""The local HTTP and WebSocket API, its guard, and the pages it serves."""
