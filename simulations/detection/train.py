"""`python -m simulations.detection.train`: the shipped model, from recordings and a seed.

The same data, seed and versions of numpy and scikit-learn give the same numbers. The recordings
stay where they are; the model holds thresholds and shares, from which nobody's play can be told.
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from consensus.anomaly.history import FILE as AXES_FILE
from consensus.anomaly.model import FILE, model_from_arrays
from simulations.detection.dataset import Rows, rows_from, rows_of
from simulations.detection.discriminating import axes_of
from simulations.detection.people import recorded_plays
from simulations.detection.training import trained

MODELS: Final = Path(__file__).parents[2] / "consensus" / "anomaly" / "models"


def main() -> None:
    """Trains, and writes the model where the daemon looks for it."""
    parser = argparse.ArgumentParser(description="Train the shipped model on recordings.")
    parser.add_argument("data", type=Path, help="the folder of recordings")
    parser.add_argument("--seed", type=int, default=1, help="chance of attacks and trees")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--rows", type=Path, help="where rows of features are kept between runs")
    parser.add_argument("--out", type=Path, default=MODELS / FILE, help="the model's file")
    asked = parser.parse_args()
    rows = _rows(asked.data, asked.seed, asked.jobs, asked.rows)
    arrays = trained(rows, asked.seed)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(asked.out, allow_pickle=False, **arrays)
    axes = axes_of(rows)
    np.savez_compressed(
        asked.out.with_name(AXES_FILE),
        means=axes.means,
        projection=axes.projection,
        variances=axes.variances,
    )
    people = len(set(rows.people.tolist()))
    digest = model_from_arrays(arrays).digest.hex()
    print(f"{len(rows.features):,} rows of {people} people; model {digest}; {asked.out}")


def _rows(data: Path, seed: int, jobs: int, kept: Path | None) -> Rows:
    if kept is not None and kept.exists():
        return rows_from(kept)
    rows = rows_of(recorded_plays(data), seed, jobs)
    if kept is not None:
        rows.save(kept)
    return rows


if __name__ == "__main__":
    main()
