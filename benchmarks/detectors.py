"""What the detectors catch, on recorded people whom the model has not seen: a table per attack."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchmarks.common import Row, progress
from benchmarks.detectors_claims import claimed_rows, informing_rows, only_informing
from benchmarks.detectors_rates import Subject, reactions, simpler_cells
from benchmarks.detectors_table import table
from simulations.detection.dataset import Rows, rows_from
from simulations.detection.folds import (
    FULL,
    QUICK,
    all_rows,
    all_trials,
    chosen_plays,
    fold_models,
    thinned,
)
from simulations.detection.people import Play, recorded_plays
from simulations.detection.trial import Trials

DATA: Final = Path(os.environ.get("POPD_DATA", Path(__file__).parents[2] / "shared" / "data"))
OTHERS: Final = ("tapping", "drums")


def main() -> int:
    """Trains, tries, prints; 1 when a claim doesn't hold, 2 when there is nothing to measure on."""
    given = _given()
    if not (DATA / "replays_mania").is_dir():
        progress(f"there are no recordings in {DATA}: name their folder in POPD_DATA")
        return 2
    size = QUICK if given.quick else FULL
    progress("reading the recordings")
    plays = chosen_plays(recorded_plays(DATA), size)
    rows = _rows(plays, given)
    rows = rows if given.all_rows else thinned(rows, size.most_rows, given.seed)
    models, fold_of = fold_models(rows, given.seed, given.jobs, progress)
    trials = all_trials(plays, models, fold_of, size, given.seed, given.jobs, progress)
    progress("counting")
    return _report(trials, given)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON a figure")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="draws the curves there")
    parser.add_argument("--quick", action="store_true", help="few people: figures without claims")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--seed", type=int, default=1, help="all chance follows from it")
    parser.add_argument(
        "--all-rows", action="store_true", help="trains on all rows and not on some: slower"
    )
    parser.add_argument(
        "--rows",
        type=Path,
        metavar="FILE",
        help="features of the plays: read from it, or kept in it where it is not there yet",
    )
    return parser.parse_args()


def _rows(plays: Sequence[Play], given: argparse.Namespace) -> Rows:
    if given.rows is not None and given.rows.exists():
        return rows_from(given.rows)
    rows = all_rows(plays, given.seed, given.jobs, progress)
    if given.rows is not None:
        rows.save(given.rows)
    return rows


def _report(trials: Trials, given: argparse.Namespace) -> int:
    subject = Subject(trials, "mania", given.seed)
    cells = subject.all_cells()
    simpler = simpler_cells(subject, given.seed)
    others = [Subject(trials, kind, given.seed) for kind in OTHERS]
    extra = [(kind, each, each.all_cells()) for kind, each in zip(OTHERS, others, strict=True)]
    claims = list(claimed_rows(cells))
    claims = list(only_informing(claims)) if given.quick else claims
    if given.plot is not None:
        from benchmarks.detectors_plots import draw  # here, because matplotlib is an extra

        draw(given.plot, subject, cells)
    if given.json:
        _print_json([*claims, *informing_rows("mania", [*cells, *simpler])])
        _print_json([row for kind, _, found in extra for row in informing_rows(kind, found)])
    else:
        print("\n".join(table(subject, cells, simpler, reactions(subject), extra, claims)))
    return 0 if all(row.holds for row in claims) else 1


def _print_json(rows: Sequence[Row]) -> None:
    for row in rows:
        print(json.dumps(asdict(row)))


if __name__ == "__main__":
    sys.exit(main())
