"""Whether copies of known plays are found, how fast, and whom the search leaves alone.

    POPD_DATA=DATA python -m benchmarks.copies

Among 100,000 made people on 500 moments, and among all recorded plays. Every copy is moved by up
to 200 ms, played at another rate, and gets its noise on every press; moments don't know of lanes,
so that a mirrored copy is the same copy.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from time import perf_counter
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import Row, at_least, at_most, below, informs, progress, run_parts
from benchmarks.copies_bots import caught_bots
from benchmarks.copies_people import Recorded, crowd_of, recorded_plays, residuals_of
from consensus.anomaly.copies.library import Library, Nearest
from consensus.anomaly.copies.match import Known, matches
from consensus.anomaly.copies.moments import ChartKey, key_of
from consensus.anomaly.copies.play import Play, PlayId
from consensus.anomaly.copies.population import Population
from consensus.anomaly.copies.residuals import MISSED, STEPS, Residuals, Steps
from consensus.anomaly.traces import Floats

STORED: Final = 100_000
MOMENTS: Final = 500
AT_ONCE: Final = 500
"""Plays compared exactly at once: their columns fit the processor's cache."""
QUERIES: Final = 300
NOISES_MS: Final = (0.0, 4.0, 8.0)
RATES: Final = (0.75, 1.0, 1.5)
LENGTHS: Final = (30, 60, 120, 250, 500)
CUTS: Final = (1, 2, 3, 4, 5, 6)
CROWDED: Final = ("Aegleseeker", "MAGiCVLGiRL_ZVPH")
"""The charts with many players; those of the second have spreads of 5 to 7 ms."""
QUERY: Final[PlayId] = (b"query", 0)
Milliseconds: TypeAlias = NDArray[np.int16]


def copied(
    errors_ms: Floats, noise_ms: float, rng: np.random.Generator, chords: Floats | None = None
) -> Floats:
    """A copy of a play: noise on every press, at another rate, and later or earlier."""
    presses = np.ones(len(errors_ms)) if chords is None else chords
    noisy = errors_ms + rng.normal(0, 1, len(errors_ms)) * noise_ms / np.sqrt(presses)
    moved: Floats = np.rint(noisy / rng.choice(RATES) + rng.uniform(-200, 200))
    return moved


def in_a_crowd() -> Iterable[Row]:
    """Speed, recall and false alarms among 100,000 made people."""
    rng = np.random.default_rng(1)
    crowd = crowd_of(recorded(), CROWDED[0], MOMENTS)
    key = key_of(recorded()[0].key.starts_us[:MOMENTS])
    progress(f"making {STORED} people")
    people = [crowd.person(rng).astype(np.int16) for _ in range(STORED)]
    library = Library()
    steps = np.zeros((STORED, MOMENTS), np.int8)
    plays = [
        Play((b"", i), key, residuals_of(one.astype(np.float64))) for i, one in enumerate(people)
    ]
    start = perf_counter()
    for play in plays:
        library.add(play)
    yield informs("add_us", (perf_counter() - start) / STORED * 1e6, "us")
    yield at_most("memory_mb", library.size / 1e6, 256, "MB")
    for row, play in enumerate(plays):
        assert play.residuals is not None
        steps[row] = play.residuals.values
    del plays
    rows = rng.choice(STORED, QUERIES, replace=False)
    chords = recorded()[0].chords[:MOMENTS]
    queries = [
        Play(
            QUERY,
            key,
            residuals_of(copied(people[row].astype(np.float64), NOISES_MS[i % 3], rng, chords)),
        )
        for i, row in enumerate(rows)
    ]
    yield from _against_brute_force(library, steps, queries, rows.tolist())
    single = [
        _is_caught(
            library.nearest(
                Play(QUERY, key, residuals_of(copied(people[row].astype(np.float64), 8.0, rng)))
            ),
            row,
        )
        for row in rows[:100].tolist()
    ]
    yield informs("caught_in_crowd_8ms_no_chords", float(np.mean(single)), "share")
    yield from _parts_in_a_crowd(library, key, people, rng)
    strangers = [Play(QUERY, key, residuals_of(crowd.person(rng))) for _ in range(QUERIES)]
    yield from _left_alone("crowd", [library.nearest(play) for play in strangers])


def _against_brute_force(
    library: Library,
    steps: Steps,
    queries: Sequence[Play],
    rows: Sequence[int],
) -> Iterable[Row]:
    """The index beside correlation with everybody, in the same run and on the same queries."""
    everybody = np.where(steps == MISSED, 0, steps).astype(np.float32) / STEPS
    habits = everybody.mean(axis=0)
    everybody -= habits
    everybody /= np.linalg.norm(everybody, axis=1, keepdims=True)
    found, brute, took_ms, brute_ms = [], [], [], []
    for play in queries:
        assert play.residuals is not None
        start = perf_counter()
        found.append(library.nearest(play))
        took_ms.append((perf_counter() - start) * 1e3)
        start = perf_counter()
        values = play.residuals.values
        brute.append(int(np.argmax(everybody @ (values / STEPS - habits).astype(np.float32))))
        brute_ms.append((perf_counter() - start) * 1e3)
    same = [one is not None and one.id[1] == row for one, row in zip(found, brute, strict=True)]
    yield below("query_ms", float(np.median(took_ms)), 50, "ms")
    yield informs("query_ms_p99", float(np.quantile(took_ms, 0.99)), "ms")
    yield informs("brute_force_ms", float(np.median(brute_ms)), "ms")
    exact_ms = _exact_ms(steps, queries[0])
    yield informs("exact_with_all_ms", exact_ms, "ms")
    yield at_least("times_as_fast", exact_ms / float(np.median(took_ms)), 20, "times")
    yield informs("brute_force_mb", everybody.nbytes / 1e6, "MB")
    yield at_least("recall_of_brute_force", float(np.mean(same)), 0.99, "share")
    for position, noise_ms in enumerate(NOISES_MS):
        part = slice(position, None, len(NOISES_MS))
        caught = [_is_caught(one, row) for one, row in zip(found[part], rows[part], strict=True)]
        yield at_least(f"caught_in_crowd_{noise_ms:.0f}ms", float(np.mean(caught)), 0.99, "share")


def _parts_in_a_crowd(
    library: Library, key: ChartKey, people: Sequence[Milliseconds], rng: np.random.Generator
) -> Iterable[Row]:
    """Runs of one play, and two plays by turns, as they are found among 100,000."""
    chords = recorded()[0].chords[:MOMENTS]
    for noise_ms in NOISES_MS[:2]:
        runs, turns = [], []
        for _ in range(60):
            first, second = rng.choice(STORED, 2, replace=False).tolist()
            ours = copied(people[first].astype(np.float64), noise_ms, rng, chords)
            theirs = copied(people[second].astype(np.float64), noise_ms, rng, chords)
            run = Play(QUERY, key, residuals_of(_part(ours, 120, rng)))
            runs.append(_is_caught(library.nearest(run), first))
            ours[170:330] = theirs[170:330]
            both = library.nearest(Play(QUERY, key, residuals_of(ours)))
            told = set() if both is None else {source.id[1] for source in both.sources}
            turns.append(told == {first, second})
        yield informs(f"run_of_120_in_crowd_{noise_ms:.0f}ms", float(np.mean(runs)), "share")
        yield informs(f"splice_in_crowd_{noise_ms:.0f}ms", float(np.mean(turns)), "share")


def _exact_ms(steps: Steps, query: Play) -> float:
    """What it takes to compare one play with all as the few candidates are compared."""
    population, took_s = Population(MOMENTS), 0.0
    everybody = [Residuals(0, one) for one in steps]
    for one in everybody:
        population.add(one)
    assert query.residuals is not None
    for begin in range(0, STORED, AT_ONCE):
        others = [Known(one, True, False) for one in everybody[begin : begin + AT_ONCE]]
        start = perf_counter()
        matches(query.residuals, others, population, STORED)
        took_s += perf_counter() - start
    return took_s * 1e3


@cache
def recorded() -> list[Recorded]:
    """All recorded plays."""
    return recorded_plays()


@cache
def known() -> Library:
    """All recorded plays, as a library."""
    library = Library()
    for number, one in enumerate(recorded()):
        library.add(_play(number, one, one.errors_ms))
    return library


def _play(number: int, one: Recorded, errors_ms: Floats, player: str | None = None) -> Play:
    player = one.player if player is None else player
    return Play((b"", number), one.key, residuals_of(errors_ms), player)


def innocents() -> Iterable[Row]:
    """Recorded plays held against each other, whole and in parts of every length."""
    rng = np.random.default_rng(2)
    whole = [known().nearest(_play(i, one, one.errors_ms)) for i, one in enumerate(recorded())]
    yield from _left_alone("recorded", whole)
    for length in LENGTHS:
        parts = [
            known().nearest(_play(i, one, _part(one.errors_ms, length, rng)))
            for i, one in enumerate(recorded())
            for _ in range(60)
        ]
        yield from _left_alone(f"recorded_{length}", parts)


def copies() -> Iterable[Row]:
    """Copies of recorded plays, whole and in parts."""
    rng = np.random.default_rng(3)
    for noise_ms in NOISES_MS:
        caught = [
            _is_caught(_nearest(i, copied(one.errors_ms, noise_ms, rng, one.chords)), i)
            for i, one in enumerate(recorded())
        ]
        yield at_least(f"caught_whole_{noise_ms:.0f}ms", float(np.mean(caught)), 0.99, "share")
    for chart in CROWDED:
        for noise_ms in NOISES_MS:
            for length in LENGTHS:
                yield _caught_parts(chart, noise_ms, length, rng)


def _caught_parts(chart: str, noise_ms: float, length: int, rng: np.random.Generator) -> Row:
    caught = []
    for number, one in enumerate(recorded()):
        for _ in range(8 if one.chart == chart else 0):
            errors = copied(one.errors_ms, noise_ms, rng, one.chords)
            caught.append(_is_caught(_nearest(number, _part(errors, length, rng)), number))
    name = f"caught_{chart[:5]}_{length}_{noise_ms:.0f}ms"
    share = float(np.mean(caught))
    return at_least(name, share, 0.99, "share") if length >= 500 else informs(name, share, "share")


def splices() -> Iterable[Row]:
    """Pieces of several recorded plays put together, on 957 moments."""
    rng = np.random.default_rng(4)
    for chart in CROWDED:
        numbers = [i for i, one in enumerate(recorded()) if one.chart == chart]
        for noise_ms in NOISES_MS:
            for cuts in CUTS:
                yield from _caught_splices(chart, numbers, noise_ms, cuts, rng)


def _caught_splices(
    chart: str, numbers: list[int], noise_ms: float, cuts: int, rng: np.random.Generator
) -> Iterable[Row]:
    caught, named = [], []
    for _ in range(30):
        sources = rng.choice(numbers, cuts + 1, replace=False)
        ends = np.sort(rng.choice(np.arange(40, 917), cuts, replace=False))
        errors = np.full(len(recorded()[numbers[0]].errors_ms), np.nan)
        for source, begin, end in zip(sources, [0, *ends], [*ends, 957], strict=True):
            one = recorded()[source]
            errors[begin:end] = copied(one.errors_ms, noise_ms, rng, one.chords)[begin:end]
        nearest = _nearest(int(sources[0]), errors)
        caught.append(nearest is not None and nearest.kind != "none")
        told = set() if nearest is None else {source.id[1] for source in nearest.sources}
        named.append(told <= set(sources.tolist()))
    name = f"splice_{chart[:5]}_{cuts}_{noise_ms:.0f}ms"
    yield informs(name, float(np.mean(caught)), "share")
    yield at_least(f"{name}_named", float(np.mean(named)), 0.9, "share")


def _nearest(number: int, errors_ms: Floats) -> Nearest | None:
    """The nearest of somebody's play with these errors, on that recorded play's chart."""
    key: ChartKey = recorded()[number].key
    return known().nearest(Play(QUERY, key, residuals_of(errors_ms)))


def _part(errors_ms: Floats, length: int, rng: np.random.Generator) -> Floats:
    """A run of the moments, from anywhere on; the rest as if it was not asked for."""
    begin = int(rng.integers(max(1, len(errors_ms) - length)))
    part = np.full(len(errors_ms), np.nan)
    part[begin : begin + length] = errors_ms[begin : begin + length]
    return part


def _is_caught(nearest: Nearest | None, number: int) -> bool:
    return nearest is not None and nearest.kind != "none" and nearest.id[1] == number


def _left_alone(name: str, found: Sequence[Nearest | None]) -> Iterable[Row]:
    """None may be called a copy; and a tenth at most may be as rare as one in ten, and so on."""
    told = [one for one in found if one is not None]
    yield at_most(f"{name}_called_copies", sum(one.kind != "none" for one in told), 0, "plays")
    for decades in (1, 2, 3):
        share = sum(one.significance >= decades for one in told) / max(1, len(told))
        yield at_most(f"{name}_{decades}_decades", share, 10.0**-decades, "share")


if __name__ == "__main__":
    parts = {
        "innocents": innocents,
        "copies": copies,
        "splices": splices,
        "bots": caught_bots,
        "crowd": in_a_crowd,
    }
    run_parts("Copies of known plays: found, and nobody else.", parts)
