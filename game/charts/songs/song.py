"""A song of our own: voices to be synthesised, and charts taken from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypedDict

from consensus.chart import Chart, TimingPoint
from game.charts.songs.charting import charted_notes
from game.charts.songs.heard import Hand, Heard, Place
from game.charts.songs.levels import LEVELS
from game.charts.songs.notation import TICKS_PER_BAR, TICKS_PER_BEAT, Tone

STRONG_BARS: Final = 2
"""Every how many bars the first beat is struck with both hands."""
HALF_BEAT: Final = TICKS_PER_BEAT // 2


class VoiceScore(TypedDict):
    """What one instrument plays."""

    name: str
    synth: str
    notes: list[list[float]]


class Score(TypedDict):
    """A song as the page synthesises it: notes are [start_ms, duration_ms, pitch, velocity]."""

    title: str
    artist: str
    bpm: float
    duration_ms: int
    voices: list[VoiceScore]


@dataclass(frozen=True, slots=True)
class Voice:
    """One instrument."""

    name: str
    """What a reader of the score calls it."""
    synth: str
    """The preset of the page that sounds it."""
    tones: tuple[Tone, ...]
    """What it plays, in order of time."""
    part: str = ""
    """What it is of the music, as levels name it: `melody`, `counter`, `bass`, `pad` or a drum."""
    beat_us: int | None = None
    """The length of its beat, where it isn't the song's."""
    hand: Hand = Hand.EITHER
    """Whose it is, where each hand has a beat of its own."""


@dataclass(frozen=True, slots=True)
class Song:
    """A song made by a script."""

    name: str
    """How addresses name it."""
    title: str
    """Its name."""
    artist: str
    """Who made it."""
    beat_us: int
    """The length of a beat; one tempo throughout."""
    bars: int
    """How long it is, count-in and last echo included."""
    voices: tuple[Voice, ...]
    """Who plays what."""
    keys: tuple[int, ...] = (4, 7, 10)
    """For how many lanes it has been charted and tried."""
    ticks_per_bar: int = TICKS_PER_BAR
    """The metre: 48 is four beats, 36 three."""
    swing: int = 0
    """Ticks by which the second half of each beat comes late: 2 of 12 is a shuffle."""

    @property
    def duration_us(self) -> int:
        """From the count-in to the last echo."""
        return self.time_us(self.bars * self.ticks_per_bar)

    def time_us(self, ticks: int, beat_us: int | None = None) -> int:
        """When a tick of a voice falls, to the nearest microsecond.

        `beat_us` is the length of the voice's own beat, where it has one.
        """
        inside = ticks % TICKS_PER_BEAT
        late = self.swing * min(inside, TICKS_PER_BEAT - inside)
        parts = ticks * HALF_BEAT + late
        length_us = self.beat_us if beat_us is None else beat_us
        return (parts * length_us + TICKS_PER_BEAT * HALF_BEAT // 2) // (TICKS_PER_BEAT * HALF_BEAT)

    def score(self) -> Score:
        """What the page needs to sound the song."""
        return Score(
            title=self.title,
            artist=self.artist,
            bpm=round(60_000_000 / self.beat_us, 2),
            duration_ms=-(-self.duration_us // 1_000),
            voices=[
                VoiceScore(
                    name=voice.name,
                    synth=voice.synth,
                    notes=[
                        [
                            start_us / 1_000,
                            (end_us - start_us) / 1_000,
                            tone.pitch,
                            round(min(tone.velocity, 1.0), 3),
                        ]
                        for tone in voice.tones
                        for start_us, end_us in (self._span_us(voice, tone),)
                    ],
                )
                for voice in self.voices
            ],
        )

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels it is charted at, the easiest first."""
        return tuple(LEVELS)

    def chart(self, keys: int, level: str = "easy") -> Chart:
        """What a player of `keys` lanes presses; raises ValueError for other lanes or levels."""
        if keys not in self.keys:
            raise ValueError(f"{self.title} is charted for {self.keys} lanes, not for {keys}")
        if level not in self.levels:
            raise ValueError(f"{self.title} is charted at {self.levels}, not at {level!r}")
        notes = charted_notes(self.heard(), keys, LEVELS[level])
        return Chart(self.title, self.artist, keys, (TimingPoint(0, self.beat_us),), notes)

    def heard(self) -> Iterator[Heard]:
        """Every tone of every voice, as charts are made of."""
        for voice in self.voices:
            for tone in voice.tones:
                start_us, end_us = self._span_us(voice, tone)
                yield Heard(
                    start_us,
                    end_us,
                    tone.pitch,
                    tone.is_held,
                    self._place(tone),
                    voice.part,
                    voice.hand,
                )

    def _place(self, tone: Tone) -> Place:
        if tone.start % self.ticks_per_bar:
            return Place.INSIDE
        is_strong = tone.start % (STRONG_BARS * self.ticks_per_bar) == 0
        return Place.STRONG if is_strong else Place.BAR

    def _span_us(self, voice: Voice, tone: Tone) -> tuple[int, int]:
        end = tone.start + tone.length
        return self.time_us(tone.start, voice.beat_us), self.time_us(end, voice.beat_us)
