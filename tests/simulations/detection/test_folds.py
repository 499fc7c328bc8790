from dataclasses import replace

import numpy as np

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import KeyEvent
from game.bots.recording import Recording
from simulations.detection.dataset import HUMAN, Rows
from simulations.detection.folds import LEVELS, QUICK, chosen_plays, snapped, thinned
from simulations.detection.people import Play


def rows(count: int) -> Rows:
    rng = np.random.default_rng(1)
    features = np.column_stack([rng.normal(0, 1, count), np.repeat(3.0, count)])
    words = np.array([HUMAN] * count)
    return Rows(features, words, words, words, words, np.arange(count))


def play(person: str, piece: int) -> Play:
    notes = tuple(Note(500_000 + 250_000 * number, number % 4) for number in range(900))
    events = tuple(
        event
        for note in notes
        for event in (
            KeyEvent(note.start_us, note.lane, True),
            KeyEvent(note.start_us + 50_000, note.lane, False),
        )
    )
    chart = Chart("", "", 4, (TimingPoint(0, 500_000),), notes)
    return Play(person, str(piece), "mania", Recording(chart, events))


def test_snapped_features_have_few_values_in_the_same_order_and_hardly_elsewhere() -> None:
    whole = rows(4_000)
    found = snapped(whole)
    order = np.argsort(whole.features[:, 0])
    assert len(np.unique(found.features[:, 0])) <= LEVELS
    assert (np.diff(found.features[order, 0]) >= 0).all()
    assert np.median(np.abs(found.features - whole.features)) < 0.01
    assert (found.features[:, 1] == 3.0).all()


def test_thinned_rows_are_some_of_the_rows_in_order_and_the_same_each_time() -> None:
    found = thinned(rows(100), 10, seed=1)
    assert len(found.notes) == 10
    assert (np.diff(found.notes) > 0).all()
    assert found.notes.tolist() == thinned(rows(100), 10, seed=1).notes.tolist()
    assert thinned(rows(5), 10, seed=1).notes.tolist() == [0, 1, 2, 3, 4]


def test_of_each_person_so_many_plays_are_chosen_and_cut() -> None:
    plays = [play(person, piece) for person in ("b", "a") for piece in range(3)]
    found = chosen_plays(plays, replace(QUICK, plays={"mania": 2, "tapping": 1, "drums": 1}))
    assert [(one.person, one.piece) for one in found] == [
        ("a", "0"),
        ("a", "1"),
        ("b", "0"),
        ("b", "1"),
    ]
    assert QUICK.most_notes is not None
    assert {len(one.recording.chart.notes) for one in found} == {QUICK.most_notes}
