"""A script that errs like a person: drifting, with habits, now and then not at all in time.

Errors of tapping people are an AR(1) process over slow 1/f drift (Gilden, Thornton and Mallon,
Science 267, 1995; Chen, Ding and Kelso, Phys. Rev. Lett. 79, 1997). The drift is a sum of AR(1)
processes whose memories grow tenfold, which is 1/f between them. On top: each finger's own lateness
and hold time, fingers of a chord that don't land together, notes missed. For the demo.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from random import Random
from typing import Final

from consensus.chart import Chart, Note
from consensus.evidence import KeyEvent
from game.bots.grid import drawn_grid_us, on_grid
from game.bots.strokes import Stroke, events_of

DRIFT_MEMORIES_S: Final = (0.3, 3.0, 30.0)
"""Time constants of the processes that add up to 1/f drift."""
SD_US: Final = (4_000, 24_000)
"""Between what spreads a drawn person's plays lie; one person's own differ by half."""
DRIFT_SHARE: Final = (0.1, 0.6)
MEMORY: Final = (-0.1, 0.5)
FINGER_SD_US: Final = (500, 6_000)
CHORD_SD_US: Final = (1_000, 8_000)
TAP_US: Final = (45_000, 110_000)
TAP_SD_US: Final = (5_000, 25_000)
END_SD_US: Final = (10_000, 40_000)
MISS_PPM: Final = (0, 20_000)


@dataclass(frozen=True, slots=True)
class HumanLike:
    """Habits of one imagined person; each play draws its own day within them."""

    sd_us: tuple[int, int] = (12_000, 18_000)
    """Between what spreads of error a play lies."""
    drift_share: float = 0.45
    """Part of the variance that drifts."""
    memory: float = 0.35
    """Correlation of the quick error with that of the note before."""
    finger_sd_us: int = 4_000
    """How much fingers differ in lateness."""
    chord_sd_us: int = 4_500
    """How far apart the fingers of a chord land."""
    tap_us: tuple[int, int] = (60_000, 110_000)
    """Between what times a finger holds a tap, by habit."""
    tap_sd_us: int = 11_000
    """How much one finger's hold times vary."""
    end_sd_us: int = 24_000
    """Spread of where a hold is let go."""
    miss_ppm: int = 12_000
    """How often a note is not pressed."""
    grid_us: int = 0
    """How often its client looks; 0 writes microseconds."""

    @classmethod
    def drawn(cls, rng: Random) -> "HumanLike":
        """An imagined person with habits from the ranges of this file."""
        sd_us, tap_us = rng.randint(*SD_US), rng.randint(*TAP_US)
        return cls(
            (sd_us * 5 // 6, sd_us * 5 // 4),
            rng.uniform(*DRIFT_SHARE),
            rng.uniform(*MEMORY),
            rng.randint(*FINGER_SD_US),
            rng.randint(*CHORD_SD_US),
            (tap_us * 4 // 5, tap_us * 6 // 5),
            rng.randint(*TAP_SD_US),
            rng.randint(*END_SD_US),
            rng.randint(*MISS_PPM),
            drawn_grid_us(rng),
        )

    def play(self, chart: Chart, window_us: int, rng: Random) -> tuple[KeyEvent, ...]:
        """One play, with errors that follow each other in time."""
        sd_us = rng.uniform(*self.sd_us)
        lateness_us = [rng.gauss(0, self.finger_sd_us) for _ in range(chart.keys)]
        taps_us = [rng.uniform(*self.tap_us) for _ in range(chart.keys)]
        errors_us = self._errors_us(chart.notes, sd_us, rng)
        strokes = []
        for note, error_us in zip(chart.notes, errors_us, strict=True):
            held_us = max(rng.gauss(taps_us[note.lane], self.tap_sd_us), 25_000)
            if note.duration_us:
                held_us = max(note.duration_us + rng.gauss(-8_000, self.end_sd_us), 25_000)
            press_us = note.start_us + round(
                error_us + lateness_us[note.lane] + rng.gauss(0, self.chord_sd_us)
            )
            if rng.randrange(1_000_000) >= self.miss_ppm:
                strokes.append(Stroke(press_us, note.lane, press_us + round(held_us)))
        return on_grid(events_of(strokes, window_us), self.grid_us, window_us, rng)

    def _errors_us(self, notes: Sequence[Note], sd_us: float, rng: Random) -> list[float]:
        """The error of each moment of the chart; the fingers of a chord share it."""
        slow_us = sd_us * sqrt(self.drift_share / len(DRIFT_MEMORIES_S))
        quick_us = sd_us * sqrt(1 - self.drift_share)
        drifts = [rng.gauss(0, slow_us) for _ in DRIFT_MEMORIES_S]
        quick = rng.gauss(0, quick_us)
        errors: list[float] = []
        before_us = notes[0].start_us if notes else 0
        for note in notes:
            passed_s = (note.start_us - before_us) / 1e6
            if passed_s > 0:
                quick = _next(quick, self.memory, quick_us, rng)
                drifts = [
                    _next(drift, exp(-passed_s / memory_s), slow_us, rng)
                    for drift, memory_s in zip(drifts, DRIFT_MEMORIES_S, strict=True)
                ]
            before_us = note.start_us
            errors.append(quick + sum(drifts))
        return errors


def _next(value: float, memory: float, sd: float, rng: Random) -> float:
    """The next value of an AR(1) process with stationary spread `sd`."""
    return memory * value + rng.gauss(0, sd * sqrt(1 - memory * memory))
