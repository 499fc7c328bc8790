import numpy as np

from benchmarks.detectors_claims import CLAIMS, claimed_rows
from benchmarks.detectors_rates import (
    LONGEST,
    MODEL,
    SHIPPED,
    Cell,
    Subject,
    reactions,
    simpler_cells,
)
from benchmarks.detectors_table import table
from simulations.detection.comparison import MEASURES, OUTLIERS
from simulations.detection.dataset import HUMAN
from simulations.detection.evaluation import Rate
from simulations.detection.trial import Trial, Trials, columns_of
from simulations.detection.trials import NOTES

PEOPLE = 10
ATTACKS = {"exact": 990_000, "fitted": 50_000, "riff_reaction": 10_000}


def trial(attack: str, person: int, notes: int, alone: float, rng: np.random.Generator) -> Trial:
    answered = {HUMAN: -1, "riff_reaction": 1_000_000}.get(attack, 0)
    return Trial(
        attack=attack,
        person=f"mania {person}",
        kind="mania",
        piece="song",
        notes=notes,
        fold=person % 5,
        alone=alone,
        known=alone,
        riffs=np.inf if answered == 0 else alone,
        log_odds=0.0,
        liveness_ppm=answered,
        reaction_us=400_000 if attack == "riff_reaction" else 0,
        measures=rng.normal(0, 1, len(MEASURES)),
        errors_ms=rng.normal(0, 10, notes),
    )


def trials() -> Trials:
    rng = np.random.default_rng(1)
    made = [
        trial(attack, person, notes, alone, rng)
        for notes in NOTES
        for person in range(PEOPLE)
        for attack, alone in ({HUMAN: 20_000.0 + person} | ATTACKS).items()
    ]
    return columns_of(made)


def rate_at(cells: list[Cell], condition: str, attack: str, at: str) -> Rate:
    (found,) = [
        cell.rate
        for cell in cells
        if (cell.condition, cell.attack, cell.notes, cell.at) == (condition, attack, LONGEST, at)
    ]
    return found


def test_rates_follow_the_scores_of_people_and_the_floor_of_riffs() -> None:
    subject = Subject(trials(), "mania", seed=1)
    cells = subject.all_cells()
    everything, nothing = Rate(1.0, 1.0, 1.0), Rate(0.0, 0.0, 0.0)
    assert rate_at(cells, "alone", "fitted", "1 %") == everything
    assert rate_at(cells, "alone", "fitted", SHIPPED) == nothing
    assert rate_at(cells, "riffs", "fitted", SHIPPED) == everything
    assert rate_at(cells, "riffs", "riff_reaction", "1 %") == nothing
    assert rate_at(cells, "alone", HUMAN, SHIPPED) == nothing
    assert rate_at(cells, "alone", HUMAN, "1 %") == nothing
    assert subject.limit("alone", LONGEST, "1 %") == 20_009.0
    assert subject.people_above("alone", LONGEST, 20_006.0) == 3


def test_a_claim_that_nothing_was_tried_for_fails() -> None:
    rows = list(claimed_rows([]))
    assert len(rows) == len(CLAIMS)
    assert not any(row.holds for row in rows)


def test_every_detector_has_a_rate_for_every_attack() -> None:
    subject = Subject(trials(), "mania", seed=1)
    found = {(cell.condition, cell.attack) for cell in simpler_cells(subject, seed=1)}
    assert found == {
        (name, attack) for name in (MODEL, *MEASURES, *OUTLIERS) for attack in (HUMAN, *ATTACKS)
    }


def test_reactions_are_counted_in_the_step_that_they_fall_in() -> None:
    (found,) = reactions(Subject(trials(), "mania", seed=1))
    assert (found.from_ms, found.to_ms, found.sessions) == (300, 450, PEOPLE * len(NOTES))
    assert (found.unanswered, found.caught) == (0.0, 0.0)


def test_the_table_is_as_wide_for_every_attack_and_tells_every_claim() -> None:
    subject = Subject(trials(), "mania", seed=1)
    cells = subject.all_cells()
    claims = list(claimed_rows(cells))
    lines = list(table(subject, cells, simpler_cells(subject, 1), reactions(subject), (), claims))
    begin = lines.index("ALONE: the play by itself.") + 2
    assert len({len(line) for line in lines[begin : begin + 1 + len(ATTACKS)]}) == 1
    assert all(any(line.startswith(row.name) for line in lines) for row in claims)
