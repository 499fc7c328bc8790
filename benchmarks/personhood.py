"""Who is believed to be a real, single person: rings, puppets, villages, travellers, the famous.

`python -m benchmarks.personhood --json`. Belief in somebody, worst or median over seeds as named.
Rows without a goal say what the measure gives, good or not; docs/decisions/personhood.md argues it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import Row, at_least, at_most, below, informs, progress, run
from consensus.trust.freshness import Said
from consensus.trust.personhood import Personhood, personhoods
from consensus.units import MILLISECONDS_PER_DAY

NOW_MS: Final = 20_000 * MILLISECONDS_PER_DAY
SEEDS: Final = 10
RING: Final = 300
TOWN: Final = 100_000
Numbers = NDArray[np.int64]
Generator = np.random.Generator


def measure() -> Iterator[Row]:
    """All rows of this claim."""
    yield from _rings()
    yield from _people()
    yield from _villages()
    yield from _at_large()
    yield from _speed()


def _rings() -> Iterator[Row]:
    progress("personhood: rings")
    for density in (0.2, 0.4, 0.6, 0.8, 1.0):
        worst = max(_over_seeds(partial(_puppet, density=density)))
        yield below(f"ring of {RING}, density {density:g}: puppet, worst", worst, 0.35, "")
    for density in (0.15, 0.1, 0.05, 0.02, 0.0):
        found = median(_over_seeds(partial(_puppet, density=density)))
        yield informs(f"ring of {RING}, density {density:g}: puppet", found, "")
    for honest in (1, 2, 5):
        for density in (0.2, 1.0):
            found = max(_over_seeds(partial(_puppet, density=density, honest=honest)))
            name = f"ring, density {density:g}, and {honest} honest: puppet, worst"
            yield below(name, found, 0.35, "") if honest < 3 else informs(name, found, "")
    found = max(_over_seeds(partial(_puppet, density=0.2, outside=9_700)))
    yield below("ring in a town of 10,000: puppet, worst", found, 0.35, "")
    found = max(_over_seeds(partial(_puppet, density=0.2, outside=9_700, ties=5)))
    yield below("ring, each key with 5 honest ties: puppet, worst", found, 0.35, "")
    found = median(_over_seeds(partial(_puppet, density=0.2, outside=9_700, ties=500)))
    yield informs("ring, each key acknowledges 500 honest people: puppet", found, "")


def _people() -> Iterator[Row]:
    progress("personhood: people")
    for circle in (10, 20, 50):
        found = min(_over_seeds(partial(_famous, people=1_000, circle=circle)))
        goal = 0.99 if circle <= 20 else None
        name = f"1,000 people over a year, {1_000 // circle} circles: worst"
        yield informs(name, found, "") if goal is None else at_least(name, found, goal, "")
    for degree in (4, 20, 40, 60):
        found = min(_over_seeds(partial(_townsperson, people=1_000, degree=degree)))
        name = f"1,000 of one town over a year, {degree} ties each: worst"
        yield at_least(name, found, 0.99, "")
    for know in (False, True):
        rows = [(0, 2), (1, 2), (0, 3), (1, 4), *([(0, 1)] if know else [])]
        found = _belief(np.array(rows), 5, 2)
        yield below(
            f"two friends, who {'know' if know else 'do not know'} each other", found, 0.25, ""
        )
    for friends in (1, 5, 10, 20, 30, 50):
        rows = [(one, friends) for one in range(friends)]
        rows += [(one, friends + 1 + one) for one in range(friends)]
        found = _belief(np.array(rows), 2 * friends + 1, friends)
        yield informs(f"{friends} friends of different circles", found, "")
    rows = [(one, 1_000) for one in range(1_000)]
    yield at_most(
        "1,000 keys that know nobody else", _belief(np.array(rows), 1_001, 1_000), 0.1, ""
    )


def _villages() -> Iterator[Row]:
    progress("personhood: villages")
    for size in (10, 50, 150):
        everybody = np.ones((size, size), dtype=bool)
        found = _belief(np.argwhere(everybody), size, 0)
        yield informs(f"village of {size} where all know each other", found, "")
    for outside in (1, 3, 5, 10):
        beliefs = _over_seeds(partial(_village_with_guests, outside=outside))
        yield informs(f"village of 50, each known to {outside} outside", median(beliefs), "")
    for villages in (2, 5, 10, 20):
        yield informs(f"traveller known to all in {villages} villages", _traveller(villages), "")


def _at_large() -> Iterator[Row]:
    progress("personhood: going about, and a year among 100,000")
    going_about = _going_about(np.random.default_rng(1), met=1_000, within_days=7)
    yield informs("1,000 going about, met once this week: N_eff", going_about.n_eff, "people")
    yield at_least("1,000 going about, met once this week", going_about.belief, 0.99, "")
    year = _going_about(np.random.default_rng(1), met=TOWN, within_days=365)
    yield informs("100,000 over a year, diverse: N_eff, at least", year.n_eff, "people")
    yield at_least("100,000 over a year, diverse", year.belief, 0.99, "")


def _speed() -> Iterator[Row]:
    progress("personhood: 100,000 people")
    numbers, people, words = np.random.default_rng(1), 100_000, 1_000_000
    source = numbers.integers(0, people, words)
    target = (source + numbers.integers(1, 200, words)) % people
    said = _said(np.column_stack((source, target)), numbers.integers(0, 365, words))
    personhoods(_said(np.array([[0, 1]])), people, NOW_MS)
    start = perf_counter()
    personhoods(said, people, NOW_MS)
    yield below("100,000 people, a million words", perf_counter() - start, 30.0, "s")


def _puppet(
    numbers: Generator, density: float, honest: int = 0, outside: int = 0, ties: int = 0
) -> float:
    """A ring whose keys know each other at random, all of whom acknowledge a puppet."""
    ring = np.argwhere(np.triu(numbers.random((RING, RING)) < density, 1))
    puppet = RING
    rows = [ring, ring[:, ::-1], np.column_stack((np.arange(RING), np.full(RING, puppet)))]
    first = puppet + 1
    people = first + honest + honest + outside
    friends = np.arange(first, first + honest)
    rows.append(np.column_stack((friends, np.full(honest, puppet))))
    rows.append(np.column_stack((friends, friends + honest)))
    if outside:
        town = first + 2 * honest
        one = numbers.integers(0, outside, 30 * outside)
        rows.append(town + np.column_stack((one, (one + numbers.integers(1, 100)) % outside)))
        who = np.repeat(np.arange(RING), ties)
        rows.append(np.column_stack((who, town + numbers.integers(0, outside, len(who)))))
    return _belief(np.concatenate(rows), people, puppet)


def _famous(numbers: Generator, people: int, circle: int) -> float:
    """Somebody whom people acknowledge who know each other in circles."""
    who = np.repeat(np.arange(people), circle)
    friends = who // circle * circle + np.tile(np.arange(circle), people)
    return _acknowledged_by(numbers, people, np.column_stack((who, friends)))


def _townsperson(numbers: Generator, people: int, degree: int) -> float:
    """Somebody whom people acknowledge who know each other at random."""
    ties = numbers.integers(0, people, (people * degree // 2, 2))
    return _acknowledged_by(numbers, people, ties)


def _acknowledged_by(numbers: Generator, people: int, ties: Numbers) -> float:
    rows = np.column_stack((np.arange(people), np.full(people, people)))
    days = np.concatenate((np.zeros(len(ties), dtype=np.int64), numbers.integers(0, 365, people)))
    return _belief(np.concatenate((ties, rows)), people + 1, people, days)


def _village_with_guests(numbers: Generator, outside: int) -> float:
    """A village whose people are each known to some of a town of 2,000."""
    village = np.argwhere(np.ones((50, 50), dtype=bool))
    hosts = numbers.integers(50, 2_050, 50 * outside)
    rows = [village, np.column_stack((hosts, np.repeat(np.arange(50), outside)))]
    one = numbers.integers(0, 2_000, 40_000)
    rows.append(50 + np.column_stack((one, (one + numbers.integers(1, 50, 40_000)) % 2_000)))
    found = personhoods(_said(np.concatenate(rows)), 2_050, NOW_MS)
    return median(person.belief for person in found[:50])


def _traveller(villages: int) -> float:
    size = 50
    each = np.kron(np.eye(villages, dtype=bool), np.ones((size, size), dtype=bool))
    people = villages * size
    rows = np.column_stack((np.arange(people), np.full(people, people)))
    return _belief(np.concatenate((np.argwhere(each), rows)), people + 1, people)


def _going_about(numbers: Generator, met: int, within_days: int) -> Personhood:
    """Somebody whom people of a town of 100,000 met, who each know forty others who live nearby."""
    who = np.repeat(np.arange(TOWN), 20)
    town = np.column_stack((who, (who + numbers.integers(1, 60, len(who))) % TOWN))
    chosen = numbers.permutation(TOWN)[:met]
    rows = np.concatenate((town, np.column_stack((chosen, np.full(met, TOWN)))))
    days = numbers.integers(0, within_days, met)
    said = _said(rows, np.concatenate((np.zeros(len(town), dtype=np.int64), days)))
    return personhoods(said, TOWN + 1, NOW_MS)[TOWN]


def _over_seeds(belief: Callable[[Generator], float]) -> list[float]:
    return [belief(np.random.default_rng(seed)) for seed in range(SEEDS)]


def _belief(rows: Numbers, people: int, who: int, days: Numbers | None = None) -> float:
    return personhoods(_said(rows, days), people, NOW_MS)[who].belief


def _said(rows: Numbers, days: Numbers | None = None) -> Said:
    """Words by hand, some days old."""
    age = np.zeros(len(rows), dtype=np.int64) if days is None else days
    times = NOW_MS - age.astype(np.int64) * MILLISECONDS_PER_DAY
    return Said(rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64), times, np.ones(len(rows)))


if __name__ == "__main__":
    run(__doc__ or "", measure)
