from functools import cache
from random import Random

import numpy as np

from consensus.anomaly.model import shipped_model
from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import KeyEvent
from game.bots.book import BOTS
from game.bots.recording import Recording
from simulations.detection.dataset import HUMAN
from simulations.detection.known import errors_of_others, ids_of, known_play
from simulations.detection.people import Play
from simulations.detection.trial import Trial
from simulations.detection.trials import Setting, trials_of
from simulations.detection.windows import traces_in, window_of

COUNT = 70


def play(person: str) -> Play:
    rng = Random(person)
    notes = tuple(Note(500_000 + 200_000 * number, number % 4) for number in range(COUNT))
    events = []
    for note in notes:
        press_us = note.start_us + round(rng.gauss(5_000, 12_000))
        events += [
            KeyEvent(press_us, note.lane, True),
            KeyEvent(press_us + 80_000, note.lane, False),
        ]
    chart = Chart("", "", 4, (TimingPoint(0, 400_000),), notes)
    return Play(f"mania {person}", "song", "mania", Recording(chart, tuple(sorted(events))))


@cache
def tried() -> list[Trial]:
    return tried_beside(())


def tried_beside(fellows: tuple[Play, ...]) -> list[Trial]:
    plays = (play("a"), *fellows)
    known = [known_play(one, number) for number, one in enumerate(plays)]
    return trials_of(Setting(plays[0], fellows, known, shipped_model(), 2, 2, 1, "seed"))


def test_people_and_all_attacks_are_tried_at_each_length_that_the_play_has() -> None:
    found = tried_beside((play("b"),))
    attacks = {bot.name for bot in BOTS}
    assert {trial.attack for trial in found if trial.notes == 60} == {HUMAN, *attacks}
    assert {trial.notes for trial in found} == {30, 60}
    assert {(trial.person, trial.fold, trial.piece) for trial in found} == {("mania a", 2, "song")}


def test_without_somebody_else_nothing_is_spliced() -> None:
    assert "splice" not in {trial.attack for trial in tried()}


def test_the_same_setting_gives_the_same_trials() -> None:
    first, again = tried(), tried_beside(())
    assert [(one.attack, one.alone, one.known, one.riffs) for one in first] == [
        (one.attack, one.alone, one.known, one.riffs) for one in again
    ]


def test_who_answers_no_riff_is_caught_by_them_and_people_are_asked_none() -> None:
    for trial in tried():
        if trial.attack == HUMAN:
            assert (trial.riffs, trial.liveness_ppm) == (trial.alone, -1)
        elif not trial.attack.startswith("riff_"):
            assert (trial.riffs, trial.liveness_ppm) == (np.inf, 0)


def test_nobody_is_held_against_their_own_plays() -> None:
    known = [known_play(play("a"), 0), known_play(play("a"), 1), known_play(play("b"), 2)]
    own = ids_of("mania a", known)
    window = window_of(play("a"), 10, 30)
    assert window is not None
    start_us = 500_000 + 200_000 * 10 - window.recording.chart.notes[0].start_us
    errors_ms = errors_of_others(known, own, traces_in(window.recording), start_us)
    assert len(own) == 2
    assert np.array_equal(errors_ms, [known[2].errors_ms[10:40]])
