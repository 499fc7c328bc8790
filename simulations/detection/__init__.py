"""Training and judging the detectors on recorded people; no recording is in the repository."""
