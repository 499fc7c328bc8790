"""From music to notes: which tones of a song a level has pressed, with how many fingers.

The melody is what one presses. Where it rests or holds, other parts speak; where several strike
together, several fingers do. Where two beats run side by side, each has its own hand.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from consensus.chart import Note
from game.charts.songs.heard import Hand, Heard
from game.charts.songs.lanes import Lanes, heights_of
from game.charts.songs.levels import Layer, Level


class Moment(NamedTuple):
    """Something to press at one time."""

    tone: Heard
    """The tone that leads, and says which lane and how long."""
    layer: Layer
    """What it is pressed by."""
    height: Fraction
    """How high it stands in its layer, between 0 and 1."""
    fingers: int
    """How many strike."""


def charted_notes(tones: Iterable[Heard], keys: int, level: Level) -> tuple[Note, ...]:
    """The notes of a chart with `keys` lanes, of all that is heard."""
    heard = sorted(tones)
    hands = {tone.hand for tone in heard if tone.part in level.melody.parts}
    moments = [
        moment
        for hand in hands
        for moment in _moments([tone for tone in heard if tone.hand == hand], keys, level)
    ]
    moments.sort(key=lambda moment: moment.tone)
    lanes = Lanes(keys, level.lane_rest_us)
    return tuple(sorted(note for moment in moments for note in _pressed(moment, lanes, level)))


def _moments(heard: Sequence[Heard], keys: int, level: Level) -> Iterator[Moment]:
    """What one hand, or both as one, is asked for."""
    together = {
        start_us: Counter(tone.part for tone in struck)
        for start_us, struck in groupby(heard, key=lambda tone: tone.start_us)
    }
    for layer, tones in _layers(heard, level):
        for tone, height in heights_of(tones).items():
            fingers = _fingers(tone, layer, together[tone.start_us], keys, level)
            yield Moment(tone, layer, height, fingers)


def _layers(heard: Sequence[Heard], level: Level) -> Iterator[tuple[Layer, Sequence[Heard]]]:
    """The tones that each layer leads with, in order of time; no two at once."""
    leading = list({tone.start_us: tone for tone in _of(heard, level.melody)}.values())
    yield level.melody, leading
    if not leading or (leading[0].hand is not Hand.EITHER and not level.has_handed_fills):
        return
    melody_us = [tone.start_us for tone in leading]
    taken_us: list[int] = []
    for layer in level.fills:
        fills = []
        for tone in _of(heard, layer):
            if _has_room(tone.start_us, melody_us, taken_us, layer):
                insort(taken_us, tone.start_us)
                fills.append(tone)
        yield layer, fills


def _of(heard: Sequence[Heard], layer: Layer) -> Sequence[Heard]:
    """The tones of a layer, in order of time."""
    return [tone for tone in heard if tone.part in layer.parts]


def _has_room(
    start_us: int, melody_us: Sequence[int], taken_us: Sequence[int], layer: Layer
) -> bool:
    """Whether a fill falls well inside a rest or long tone of the melody, and clear of others."""
    following = bisect_right(melody_us, start_us)
    if not 0 < following < len(melody_us):
        return False
    before_us, after_us = melody_us[following - 1 : following + 1]
    if (
        after_us - before_us < layer.filled_gap_us
        or start_us - before_us < layer.after_us
        or after_us - start_us < layer.before_us
    ):
        return False
    place = bisect_left(taken_us, start_us)
    near = taken_us[max(place - 1, 0) : place + 1]
    return all(abs(start_us - other_us) >= layer.spacing_us for other_us in near)


def _fingers(tone: Heard, layer: Layer, struck: Counter[str], keys: int, level: Level) -> int:
    """How many fingers strike: as many as the level asks for, if so much is heard."""
    if not layer.has_chords:
        return 1
    return min(level.fingers_for(keys).at(tone.place, struck), struck.total())


def _pressed(moment: Moment, lanes: Lanes, level: Level) -> Iterator[Note]:
    """The notes of a moment, as many as lanes are free for."""
    tone, layer = moment.tone, moment.layer
    own = lanes.of_hand(tone.hand, has_thumb=layer is not level.melody)
    length_us = tone.end_us - tone.start_us
    is_held = tone.is_held or (layer.held_from_us is not None and length_us >= layer.held_from_us)
    has_hand = len(lanes.held_at(tone.start_us)) < max(1, lanes.keys // 4)
    wished = own[int(moment.height * len(own))]
    first = lanes.place(
        tone.start_us, length_us if is_held and has_hand else 0, own, wished, layer.wishes
    )
    if first is None:
        return
    yield first
    chord = [first.lane]
    while len(chord) < moment.fingers:
        others = lanes.beside(chord, tone.hand, level.fingers_for(lanes.keys).hand)
        mirrored = lanes.keys - 1 - chord[-1]
        other = lanes.place(tone.start_us, 0, others, mirrored, layer.partner_wishes)
        if other is None:
            return
        yield other
        chord.append(other.lane)
