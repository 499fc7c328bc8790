"""Playing: what devices and replays deliver, as events of a performance."""
