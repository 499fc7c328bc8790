"""Where the recorded plays of real people are, if they are here."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def data_folder() -> Path:
    folder = Path(os.environ.get("POPD_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "replays_mania").is_dir():
        pytest.skip(f"recorded plays are not at {folder}; set POPD_DATA to where they are")
    return folder
