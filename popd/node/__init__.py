"""The whole protocol as one pure state machine: event and time in, effects out."""
