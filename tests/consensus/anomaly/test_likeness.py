"""The trained model is asked about each stretch of a play, and says why in a few words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.anomaly.features.book import NAMES
from consensus.anomaly.findings import Finding, Performance
from consensus.anomaly.forest import Forest
from consensus.anomaly.likeness import (
    FEWEST_HITS,
    PRIOR_ODDS_PPM,
    STRETCH_NOTES,
    Likeness,
    doubtful_half,
    rows_of,
)
from consensus.anomaly.model import Model
from consensus.anomaly.odds import STEP, probability_ppm
from consensus.anomaly.traces import Floats
from consensus.anomaly.wording import WORDS
from consensus.chart import Note
from consensus.evidence import Evidence
from consensus.identifiers import EntryId
from consensus.judgement import Grade, JudgedNote, Judgement
from tests.consensus.anomaly.plays import STEP_US, bell, play, remembered

TOLD = ("lag_1", "lag_2", "hold_memory", "hold_lag")


def stumps(*asked: tuple[str, float, float, float]) -> Forest:
    """A tree for each (feature, threshold, what is said up to it, and above)."""
    count = len(asked)
    return Forest(
        np.arange(count) * 3,
        np.array([[NAMES.index(name), 0, 0] for name, *_ in asked]).ravel(),
        np.array([[limit, np.inf, np.inf] for _, limit, *_ in asked]).ravel(),
        np.array([[3 * i + 1, 3 * i + 1, 3 * i + 2] for i in range(count)]).ravel(),
        np.array([[0.0, low, high] for *_, low, high in asked]).ravel(),
        1,
    )


MODEL = Model(
    trees=stumps(("lag_1", 0.15, 0.9, 0.1)),
    isolation=stumps(("lag_1", 0.0, 1.0, 1.0)),
    boosted=stumps(*((name, 0.15, 1.5, -1.5) for name in TOLD)),
    base=0.0,
    people_means=np.full(len(NAMES), 0.4),
    people_scales=np.full(len(NAMES), 0.1),
    joint=np.array([1.0, 0.8, 0.0, 0.0, 0.0]),
    digest=bytes(range(32)),
)
"""It takes for a person who remembers, in presses and in holds."""
LIKENESS = Likeness(MODEL)


def performance(errors_ms: Floats, holds_ms: Floats) -> Performance:
    presses = np.round(errors_ms * 1_000).astype(int).tolist()
    holds = np.round(holds_ms * 1_000).astype(int).tolist()
    judged = tuple(
        JudgedNote(note, Grade.GOOD, note.start_us + late_us, note.start_us + late_us + held_us)
        for note, late_us, held_us in zip(
            (Note(i * STEP_US, i % 4) for i in range(len(presses))), presses, holds, strict=True
        )
    )
    evidence = Evidence(EntryId(bytes(32)), 0, max(len(presses), 1) * STEP_US, (), ())
    return Performance(4, evidence, Judgement(judged, (), 0))


def script(count: int, seed: int = 1) -> Performance:
    return performance(bell(seed, count), bell(seed + 50, count) + 180)


def person(count: int, seed: int = 1) -> Performance:
    fingers = [remembered(seed + lane, count // 4, 0.9) for lane in range(4)]
    holds = np.column_stack(fingers).ravel() + remembered(seed + 9, count, 0.9) + 180
    return performance(remembered(seed, count, 0.8), holds)


@pytest.mark.parametrize("count", [240, 400, 1_200])
@pytest.mark.parametrize("seed", range(3))
def test_a_script_is_more_suspicious_than_a_person(count: int, seed: int):
    (against_script,) = LIKENESS.findings(script(count, seed))
    (against_person,) = LIKENESS.findings(person(count, seed))
    assert against_script.anomaly_ppm > 900_000
    assert against_person == Finding(against_person.anomaly_ppm, "")
    assert against_person.anomaly_ppm < 10_000


def test_a_script_in_every_other_stretch_is_not_hidden_by_the_person():
    mixed = [
        (person if number % 2 else script)(STRETCH_NOTES, number).judgement.notes
        for number in range(6)
    ]
    notes = tuple(
        JudgedNote(
            judged.note._replace(start_us=judged.note.start_us + after_us),
            judged.grade,
            judged.press_us + after_us,
            judged.release_us + after_us,
        )
        for number, part in enumerate(mixed)
        for judged in part
        for after_us in [number * STRETCH_NOTES * STEP_US]
    )
    whole = Performance(4, script(1).evidence, Judgement(notes, (), 0))
    (found,) = LIKENESS.findings(whole)
    assert found.anomaly_ppm > 900_000


@pytest.mark.parametrize(
    ("count", "stretches"), [(20, 1), (500, 1), (749, 1), (751, 2), (1_000, 2), (5_200, 10)]
)
def test_a_long_play_is_cut_into_stretches(count: int, stretches: int):
    rows = rows_of(play(bell(1, count)))
    assert len(rows) == stretches
    assert {row.shape for row in rows} == {(len(NAMES),)}
    notes = sum(np.exp(row[0]) for row in rows)
    assert notes == pytest.approx(count)


def test_a_few_hits_say_nothing():
    assert LIKENESS.findings(script(FEWEST_HITS - 1)) == ()
    assert LIKENESS.findings(script(0)) == ()
    assert len(LIKENESS.findings(script(FEWEST_HITS))) == 1


def test_the_reason_names_the_features_that_tell_at_most_three_of_them():
    (found,) = LIKENESS.findings(script(400))
    assert found.reason.startswith("This is timed like a script: ")
    assert found.reason.endswith(").")
    named = [name for name in NAMES if any(words in found.reason for words in WORDS[name])]
    assert 1 <= len(named) <= 3
    assert set(named) <= set(TOLD)
    assert found.reason.count("; people 0.40 ± 0.10)") == len(named)


def test_where_no_feature_tells_the_reason_says_so():
    flat = stumps(("lag_1", 0.15, 3.0, 3.0))
    found = Likeness(
        Model(
            flat, flat, flat, 0.0, MODEL.people_means, MODEL.people_scales, MODEL.joint, bytes(32)
        )
    ).findings(script(100))
    assert [finding.reason for finding in found] == [
        "All in all, this is timed as no person that is known times."
    ]


def test_the_model_is_one_of_the_constants():
    assert dict(LIKENESS.constants)["model"] == MODEL.digest
    assert LIKENESS.name == "likeness 1"


odds = st.floats(-1e6, 1e6)


@given(odds, odds)
def test_higher_odds_are_never_less_suspicious(one: float, other: float):
    low, high = (probability_ppm(value, PRIOR_ODDS_PPM) for value in sorted((one, other)))
    assert 0 <= low <= high <= 1_000_000
    assert low % STEP == high % STEP == 0


def test_without_evidence_the_prior_remains():
    assert probability_ppm(0, 100_000) == 91_000
    assert probability_ppm(float(np.log(10)), 100_000) == 500_000


@given(st.lists(odds, min_size=1, max_size=9))
def test_the_doubtful_half_is_the_mean_of_the_higher_odds(values: list[float]):
    found = doubtful_half(np.array(values))
    higher = sorted(values, reverse=True)[: (len(values) + 1) // 2]
    assert found == pytest.approx(sum(higher) / len(higher), rel=1e-9, abs=1e-6)
    assert found == doubtful_half(np.array(values[::-1]))
