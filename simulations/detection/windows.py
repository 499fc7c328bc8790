"""Pieces of plays with a given number of notes, as any client might have captured them."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from consensus.anomaly.traces import Traces, traces_of
from consensus.evidence import KeyEvent
from consensus.judgement import judge_notes
from game.bots.recording import Recording
from game.play.window import events_between
from simulations.detection.people import Play

LEAD_IN_US: Final = 500_000
GRIDS_US: Final = (2_000, 3_000, 4_000, 7_000, 8_000, 10_000, 12_000, 16_667)
"""How often clients look at their keys, as far as recorded ones show it."""
UNEVEN: Final = 0.12
"""By how much of their mean the intervals of an uneven grid differ."""


@dataclass(frozen=True, slots=True)
class Window:
    """So many notes of a play, from 0 on."""

    first: int
    """Which note of the piece is the first."""
    recording: Recording
    """The notes and the presses."""
    window_us: int
    """How long it lasts."""


def window_of(play: Play, first: int, notes: int) -> Window | None:
    """The window of `notes` notes from the one numbered `first` on; None where it isn't all there.

    A few more notes are in it where the last one is part of a chord.
    """
    chart, events = play.recording.chart, play.recording.events
    if first + notes > len(chart.notes):
        return None
    start_us = max(chart.notes[first].start_us - LEAD_IN_US, 0)
    last_us = chart.notes[first + notes - 1].start_us
    part = chart.cut(chart.notes[first].start_us, last_us - chart.notes[first].start_us + 1)
    lead_us = chart.notes[first].start_us - start_us
    moved = tuple(note._replace(start_us=note.start_us + lead_us) for note in part.notes)
    part = type(part)(part.title, part.artist, part.keys, part.timing, moved)
    window_us = last_us - start_us + LEAD_IN_US
    return Window(
        first, Recording(part, events_between(events, start_us, start_us + window_us)), window_us
    )


def windows_of(play: Play, notes: int, most: int, rng: Random) -> list[Window]:
    """Up to `most` windows at places drawn by lot, apart by a quarter of their length at least."""
    places = range(0, len(play.recording.chart.notes) - notes + 1, max(notes // 4, 1))
    drawn = sorted(rng.sample(places, min(most, len(places))))
    found = (window_of(play, first, notes) for first in drawn)
    return [window for window in found if window is not None]


def recaptured(events: Sequence[KeyEvent], rng: Random) -> tuple[KeyEvent, ...]:
    """The events as they are, with microseconds made up, or on an even or uneven grid; by lot.

    Whoever learns from plays of one client learns that client. A release stays after its press.
    """
    manner = rng.randrange(6)
    if manner == 0:
        return tuple(events)
    if manner == 1:
        moved = [event.time_us + rng.randrange(1_000) for event in events]
    elif manner < 4:
        grid_us, phase_us = rng.choice(GRIDS_US), rng.randrange(20_000)
        moved = [(event.time_us + phase_us) // grid_us * grid_us for event in events]
    else:
        moved = _on_uneven_grid([event.time_us for event in events], rng)
    latest: dict[int, int] = {}
    found = []
    for event, time_us in zip(events, moved, strict=True):
        time_us = max(time_us, latest.get(event.lane, -1) + 1)
        latest[event.lane] = time_us
        found.append(event._replace(time_us=time_us))
    return tuple(sorted(found))


def _on_uneven_grid(times_us: Sequence[int], rng: Random) -> list[int]:
    """Each time as the first look after it has it, in whole milliseconds."""
    interval_us = rng.choice(GRIDS_US)
    look_us = times_us[0] if times_us else 0
    moved = []
    for time_us in times_us:
        behind = (time_us - look_us) // (2 * interval_us)
        look_us += max(behind, 0) * interval_us
        while look_us < time_us:
            look_us += round(interval_us * rng.uniform(1 - UNEVEN, 1 + UNEVEN))
        moved.append(look_us // 1_000 * 1_000)
    return moved


def traces_in(recording: Recording) -> Traces:
    """What became of the notes."""
    chart = recording.chart
    return traces_of(judge_notes(chart.notes, recording.events), chart.keys)
