"""Fitting a chart to another number of keys.

What good converters do. They keep the rhythm and never invent a moment. They keep the picture: left
stays left, a rising run rises, a chord keeps its order. They keep what hands feel: a stream that
went from hand to hand still does, a repeated key stays repeated, and no key repeats fast that did
not before. They use all lanes when there are more of them. They drop only what can't be pressed:
a chord larger than the lanes, or a note while each lane is held or was just struck.

What this one does, in two steps. `keeping` chooses which notes stay. A note takes up a lane until
it ends, at least for 80 ms, except that the next note of its own old lane may follow at once. When
more is taken up than there are lanes, what would take up its lane for the longest goes: that keeps
as many notes as can be kept, because which lane a note is on makes no difference to how many
fit. `placing` then gives lanes moment by moment, at the least cost: near the old place, in order,
hands alternating and the direction kept where a single note follows a single note, repeated keys
repeated, freshly struck lanes avoided. There is always a place for each, so nothing more is lost.
Everything is counted in whole numbers: the same chart gives the same result everywhere.
"""
