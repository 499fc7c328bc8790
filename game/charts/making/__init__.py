"""Charts from recordings: listen for onsets, find the beat, choose, and lay out in lanes."""
