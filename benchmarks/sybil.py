"""What inventing keys gains in the eyes of honest people, and what preventing it costs them.

Gain is the proximity of attackers and their keys together over the attackers' own without attack.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from joblib import Parallel, delayed

from benchmarks.common import Row, at_least, at_most, informs, progress, run_parts
from simulations.sybils.graphs import GRAPHS
from simulations.sybils.measuring import RULES
from simulations.sybils.ranking import auc_at
from simulations.sybils.trials import (
    COLLUDERS,
    EVADERS,
    Trial,
    evasions_trial,
    goals_trial,
    rivals_trial,
)

SEEDS: Final = 20
"""Honest graphs of each model."""
FEW_SEEDS: Final = 6
"""The same where nothing is claimed."""
MEDIANS: Final = {1: 1.10, 2: 1.20, 5: 1.25, 10: 1.25}
"""Goals for the median gain, by colluders."""
P90: Final = 1.5
"""Goal for nine in ten."""
ATTACK_EDGES: Final = 10_000
"""Acknowledgements between honest people and keys, who look like a town of their own."""


def goals() -> Iterator[Row]:
    """Gain in the three shapes, and what honest people lose."""
    trials = _all(goals_trial, SEEDS, "attacks in three shapes")
    for colluders in COLLUDERS:
        gains = [
            one.times for trial in trials for one in trial.outcomes if one.colluders == colluders
        ]
        yield at_most(f"gain_c{colluders}", float(np.median(gains)), MEDIANS[colluders], "x")
        yield at_most(f"gain_c{colluders}_p90", float(np.quantile(gains, 0.9)), P90, "x")
        yield informs(f"gain_c{colluders}_max", max(gains), "x")
        worst = max(_medians(trials, colluders), default=0.0)
        yield at_most(f"gain_c{colluders}_worst_shape", worst, MEDIANS[colluders], "x")
    yield from _honest_rows(trials)


def rivals() -> Iterator[Row]:
    """The same attacks under other rules, side by side: 100 keys, alpha 0.6 for the others."""
    trials = _all(rivals_trial, FEW_SEEDS, "the same under other rules")
    for rule in RULES:
        for colluders in COLLUDERS:
            gains = _gains(trials, rule=rule, colluders=colluders)
            yield informs(f"{rule}_c{colluders}", float(np.median(gains)), "x")


def evasions() -> Iterator[Row]:
    """Attacks that try not to look like one; nothing is claimed."""
    trials = _all(evasions_trial, FEW_SEEDS, "attacks that evade")
    for title, _, _ in EVADERS:
        for rule in ("popd", "pagerank"):
            gains = _gains(trials, rule=rule, shape=title)
            yield informs(f"{rule}_{title.replace(' ', '_')}", float(np.median(gains)), "x")
            if rule == "popd":
                p90 = float(np.quantile(gains, 0.9))
                yield informs(f"{rule}_{title.replace(' ', '_')}_p90", p90, "x")


def ranking() -> Iterator[Row]:
    """How well honest people are told from keys whom honest people were tricked to acknowledge."""
    for town, goal in ((400, None), (1_000, 0.99)):
        progress(f"a block model of {100 * town:,} people and half as many keys ...")
        for rule, value in auc_at(ATTACK_EDGES, town).items():
            name = f"auc_{rule}_{town * 100}_people"
            is_claim = rule == "popd" and goal is not None
            yield at_least(name, value, goal or 0, "") if is_claim else informs(name, value, "")


def _all(trial: Callable[[str, int], Trial], seeds: int, words: str) -> list[Trial]:
    progress(f"{words}: {seeds} graphs of each of {len(GRAPHS)} models ...")
    tasks = (delayed(trial)(name, seed) for seed in range(seeds) for name in GRAPHS)
    return list(Parallel(n_jobs=-1, return_as="list")(tasks))


def _gains(trials: Sequence[Trial], **wanted: object) -> list[float]:
    """The gains of all outcomes whose fields are as wanted."""
    return [
        one.times
        for trial in trials
        for one in trial.outcomes
        if all(getattr(one, name) == value for name, value in wanted.items())
    ]


def _medians(trials: Sequence[Trial], colluders: int) -> Iterator[float]:
    """The median gain of every shape and number of keys."""
    found: dict[tuple[str, int], list[float]] = {}
    for trial in trials:
        for one in trial.outcomes:
            if one.colluders == colluders:
                found.setdefault((one.shape, one.keys), []).append(one.times)
    return (float(np.median(gains)) for gains in found.values())


def _honest_rows(trials: Sequence[Trial]) -> Iterator[Row]:
    costs = [one for trial in trials for one in trial.honest]
    yield at_most("honest_loss", 100 * float(np.mean([one.lost for one in costs])), 2, "%")
    yield informs("honest_least_kept", min(one.least_kept for one in costs), "x")
    yield at_least("honest_zeroed", float(min(one.least_kept for one in costs) > 0), 1, "none")
    yield at_least("rank_correlation", float(np.median([one.likeness for one in costs])), 0.9, "")
    yield informs("reach_past_contacts", float(np.median([one.reach for one in costs])), "")
    for name in GRAPHS:
        lost = [one.lost for trial in trials if trial.graph == name for one in trial.honest]
        yield informs(f"honest_loss_{name}", 100 * float(np.mean(lost)), "%")


PARTS: Final = {"goals": goals, "rivals": rivals, "evasions": evasions, "ranking": ranking}

if __name__ == "__main__":
    run_parts(__doc__ or "", PARTS)
