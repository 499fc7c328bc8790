"""What makes a chart easy, medium or hard: which parts are pressed, how close, how many at once.

A level is data; `charting` reads it. Each level names the parts of a song in the order in which
they get their say: the melody always, others where there is room.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from game.charts.songs.heard import Place

CLOSEST_US: Final = 80_000
"""Nearer to each other our songs strike nothing: a sixteenth of the fastest is 86 ms."""


@dataclass(frozen=True, slots=True)
class Fingers:
    """How many fingers strike at once, at most; never more than tones are heard."""

    usual: int = 1
    """Anywhere."""
    kick: int = 1
    """Where a kick strikes along."""
    snare: int = 1
    """Where a snare strikes along."""
    counter: int = 1
    """Where a counter-voice sounds along."""
    bar: int = 1
    """On the first beat of a bar."""
    strong: int = 1
    """On the first beat of a strong bar."""
    hand: int = 1
    """Of one hand alone."""

    def at(self, place: Place, struck: Container[str]) -> int:
        """How many where these parts strike together."""
        metre = {Place.INSIDE: self.usual, Place.BAR: self.bar, Place.STRONG: self.strong}
        accents = {"kick": self.kick, "snare": self.snare, "counter": self.counter}
        along = (fingers for part, fingers in accents.items() if part in struck)
        return max(self.usual, metre[place], *along)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a lane is chosen by: what each reason against one costs."""

    contour: int = 0
    """For each tenth of the keyboard between the lane and where the pitch belongs."""
    evenness: int = 0
    """For each time the lane was used before."""
    thumb: int = 0
    """For any lane but the thumb's, where there is one."""
    jack: int = 0
    """For a lane that was pressed at this moment; the less, the longer ago."""
    hand: int = 0
    """For a hand that pressed just now: runs go from hand to hand."""
    held: int = 0
    """For a hand that holds: the other plays on."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Parts that get their say together."""

    parts: tuple[str, ...]
    """Which."""
    wishes: Wishes
    """Which lane a tone gets."""
    partner_wishes: Wishes
    """Which lanes the other notes of its chords get."""
    has_chords: bool = True
    """Whether several fingers strike where it leads."""
    held_from_us: int | None = None
    """Tones as long as this are held; None for those that the score marks alone."""
    filled_gap_us: int = 0
    """Rests or long tones of the melody, from this length on, in which it is heard."""
    after_us: int = 0
    """What it keeps from the melody before it."""
    before_us: int = 0
    """What it keeps from the melody that follows."""
    spacing_us: int = 1
    """What it keeps from all that isn't melody."""


@dataclass(frozen=True, slots=True)
class Level:
    """How hard a chart is made."""

    name: str
    """What lists call it."""
    melody: Layer
    """What is pressed in full."""
    fills: tuple[Layer, ...]
    """What fills its rests, the most important first."""
    lane_rest_us: int
    """A finger gets this long before its lane comes again."""
    fingers: tuple[tuple[int, Fingers], ...]
    """From how many lanes on how many fingers strike at once; in order of lanes."""
    has_handed_fills: bool = True
    """Whether there are fills too where each hand has a beat of its own."""

    def fingers_for(self, keys: int) -> Fingers:
        """How many fingers strike at once on so many lanes."""
        return [fingers for least, fingers in self.fingers if least <= keys][-1]


EVEN: Final = Wishes(evenness=1)

EASY: Final = Level(
    name="easy",
    melody=Layer(("melody",), Wishes(contour=1), EVEN),
    fills=(
        Layer(
            ("snare", "bass"),
            Wishes(thumb=1_000_000, evenness=1),
            EVEN,
            has_chords=False,
            filled_gap_us=750_000,
            after_us=250_000,
            before_us=250_000,
            spacing_us=500_000,
        ),
    ),
    lane_rest_us=240_000,
    fingers=((1, Fingers(strong=2)),),
    has_handed_fills=False,
)
"""The melody, the rhythm section in its rests, both hands on strong bars."""

# How a tone of the melody, a fill, and the further notes of a chord choose their lanes.
LED: Final = Wishes(contour=20, evenness=1, jack=240, hand=90, held=40)
DRUMMED: Final = Wishes(contour=3, evenness=2, thumb=8, jack=240, hand=90, held=40)
BESIDE: Final = Wishes(contour=2, evenness=2, jack=240, held=40)

UNHURRIED: Final = Layer(
    ("snare", "bass"),
    DRUMMED,
    BESIDE,
    held_from_us=1_900_000,
    filled_gap_us=320_000,
    after_us=220_000,
    before_us=150_000,
    spacing_us=220_000,
)
MEDIUM: Final = Level(
    name="medium",
    melody=Layer(("melody",), LED, BESIDE, held_from_us=900_000),
    fills=(
        UNHURRIED,
        replace(UNHURRIED, parts=("kick", "counter"), held_from_us=None),
        replace(UNHURRIED, parts=("hat",), held_from_us=None),
    ),
    lane_rest_us=160_000,
    fingers=(
        (1, Fingers(kick=2, snare=2, counter=2, bar=2, strong=2, hand=2)),
        (7, Fingers(kick=2, snare=2, counter=2, bar=3, strong=3, hand=2)),
        (10, Fingers(kick=2, snare=3, counter=2, bar=3, strong=3, hand=2)),
    ),
)
"""The melody and what answers it in eighths; two fingers where a drum strikes along."""

FULL: Final = Layer(
    ("snare", "bass", "counter"),
    DRUMMED,
    BESIDE,
    held_from_us=900_000,
    after_us=CLOSEST_US,
    before_us=CLOSEST_US,
    spacing_us=CLOSEST_US,
)
HARD: Final = Level(
    name="hard",
    melody=Layer(("melody",), LED, BESIDE, held_from_us=700_000),
    fills=(FULL, replace(FULL, parts=("kick", "hat"), held_from_us=None)),
    lane_rest_us=120_000,
    fingers=(
        (1, Fingers(kick=2, snare=2, counter=2, bar=2, strong=3, hand=2)),
        (7, Fingers(kick=2, snare=3, counter=2, bar=3, strong=3, hand=2)),
        (10, Fingers(kick=3, snare=3, counter=2, bar=3, strong=4, hand=3)),
    ),
)
"""All that is heard; two fingers or more wherever a drum strikes along."""

LEVELS: Final = MappingProxyType({level.name: level for level in (EASY, MEDIUM, HARD)})
"""Every level by its name, the easiest first."""
