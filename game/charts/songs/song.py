"""A song of our own: voices to be synthesised, and charts taken from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from consensus.chart import Chart, TimingPoint
from game.charts.songs.charting import charted_notes
from game.charts.songs.notation import TICKS_PER_BAR, TICKS_PER_BEAT, Tone


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
    """`melody` is charted, `rhythm` fills its rests; other voices only sound."""


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
    keys: tuple[int, ...] = (4, 7)
    """For how many lanes it has been charted and tried."""

    @property
    def duration_us(self) -> int:
        """From the count-in to the last echo."""
        return self.time_us(self.bars * TICKS_PER_BAR)

    def time_us(self, ticks: int) -> int:
        """When a tick falls, to the nearest microsecond."""
        return (ticks * self.beat_us + TICKS_PER_BEAT // 2) // TICKS_PER_BEAT

    def score(self) -> Score:
        """What the page needs to sound the song."""
        return Score(
            title=self.title,
            artist=self.artist,
            bpm=round(60_000_000 / self.beat_us, 2),
            duration_ms=self.duration_us // 1_000,
            voices=[
                VoiceScore(
                    name=voice.name,
                    synth=voice.synth,
                    notes=[
                        [
                            self.time_us(tone.start) / 1_000,
                            self.time_us(tone.length) / 1_000,
                            tone.pitch,
                            round(min(tone.velocity, 1.0), 3),
                        ]
                        for tone in voice.tones
                    ],
                )
                for voice in self.voices
            ],
        )

    def chart(self, keys: int) -> Chart:
        """What a player of `keys` lanes presses; raises ValueError for other lanes than `keys`."""
        if keys not in self.keys:
            raise ValueError(f"{self.title} is charted for {self.keys} lanes, not for {keys}")
        return Chart(
            self.title,
            self.artist,
            keys,
            (TimingPoint(0, self.beat_us),),
            charted_notes(self._part("melody"), self._part("rhythm"), keys, self.time_us),
        )

    def _part(self, part: str) -> Sequence[Tone]:
        return sorted(tone for voice in self.voices if voice.part == part for tone in voice.tones)
