"""Windows hold the notes they are asked for, and any client might have captured them."""

from random import Random

import numpy as np
import pytest

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import KeyEvent
from game.bots.human_like import HumanLike
from game.bots.recording import Recording
from simulations.detection.people import Play
from simulations.detection.windows import recaptured, traces_in, window_of, windows_of

STEP_US = 150_000
NOTES = tuple(
    Note(i * STEP_US, lane) for i in range(200) for lane in ((0, 3) if i % 10 == 3 else (i % 4,))
)
CHART = Chart("", "", 4, (TimingPoint(0, 600_000),), NOTES)
EVENTS = HumanLike().play(CHART, 200 * STEP_US, Random(1))
PLAY = Play("somebody", "something", "mania", Recording(CHART, EVENTS))


@pytest.mark.parametrize(("first", "notes"), [(0, 30), (50, 60), (len(NOTES) - 40, 40)])
def test_a_window_has_its_notes_in_its_own_time(first: int, notes: int):
    window = window_of(PLAY, first, notes)
    assert window is not None
    asked = window.recording.chart.notes
    assert notes <= len(asked) <= notes + 1
    lead_us = asked[0].start_us
    assert 0 <= lead_us <= 500_000
    lost_us = NOTES[first].start_us - lead_us
    back = [note._replace(start_us=note.start_us + lost_us) for note in asked]
    later = [note for note in NOTES if note.start_us >= NOTES[first].start_us]
    assert back == later[: len(asked)]
    assert all(0 <= event.time_us < window.window_us for event in window.recording.events)


def test_a_window_is_hit_as_the_play_was():
    window = window_of(PLAY, 60, 50)
    assert window is not None
    cut, whole = traces_in(window.recording), traces_in(PLAY.recording).part(60, 110)
    assert cut.errors_ms[:50] == pytest.approx(whole.errors_ms, abs=1e-9, nan_ok=True)


def test_there_is_no_window_beyond_the_end():
    assert window_of(PLAY, len(NOTES) - 39, 40) is None
    assert windows_of(PLAY, len(NOTES) + 1, 3, Random(1)) == []


def test_windows_lie_apart_by_a_quarter_and_are_drawn_by_lot():
    found = windows_of(PLAY, 40, 6, Random(1))
    firsts = [window.first for window in found]
    assert len(found) == 6
    assert firsts == sorted(set(firsts))
    assert all(first % 10 == 0 for first in firsts)
    assert windows_of(PLAY, 40, 6, Random(1)) == found != windows_of(PLAY, 40, 6, Random(2))


@pytest.mark.parametrize("seed", range(40))
def test_a_client_changes_times_by_a_look_and_nothing_else(seed: int):
    found = recaptured(EVENTS, Random(seed))
    assert list(found) == sorted(found)
    for lane in range(4):
        before, after = (
            [event for event in events if event.lane == lane] for events in (EVENTS, found)
        )
        assert [event.is_press for event in after] == [event.is_press for event in before]
        times_us = [event.time_us for event in after]
        assert all(np.diff(times_us) > 0)
        late_us = [one.time_us - other.time_us for one, other in zip(after, before, strict=True)]
        assert max(late_us) - min(late_us) < 45_000


def test_some_clients_have_grids_and_some_have_none():
    grids = set()
    for seed in range(60):
        times_us = np.array([event.time_us for event in recaptured(EVENTS, Random(seed))])
        grids.add(int(np.gcd.reduce(np.diff(np.unique(times_us)))))
    assert 1 in grids
    assert 1_000 in grids
    assert len(grids & {2_000, 3_000, 4_000, 7_000, 8_000, 10_000, 12_000}) >= 3


def test_a_release_stays_after_its_press_however_short():
    events = [KeyEvent(i * 100 + up, 0, not up) for i in range(50) for up in (0, 1)]
    for seed in range(20):
        found = recaptured(events, Random(seed))
        assert [event.is_press for event in found] == [True, False] * 50


def test_nothing_captured_is_nothing():
    assert all(recaptured((), Random(seed)) == () for seed in range(20))
