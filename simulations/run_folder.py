"""A run's folder: what was asked, and what came of each cell, so that nothing is computed twice.

`run.json` says what is computed, `cells.csv` holds a row for each cell that is through, in order,
and `columns.md` says what its columns mean. A row is written whole and synced before the next one.
"""

import csv
import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from io import StringIO
from pathlib import Path
from typing import Any, Final, TextIO

from consensus.parameters import RULES_VERSION
from simulations.cells import Plan, Row
from simulations.columns import columns_text
from simulations.rival_laws import LAWS
from simulations.scenario_toml import Study, study_from_toml, study_to_toml
from simulations.sweep import Axis
from simulations.tables import Table, lines_of_csv, table_of

FORMAT: Final = 1
ENGINE: Final = "fast"
"""The one that experiments run on."""
MAX_RECORD: Final = 32 * 1024 * 1024
MAX_CELLS_SIZE: Final = 512 * 1024 * 1024
MAX_SEED: Final = 2**53
NAME: Final = "[A-Za-z0-9._-]{1,80}"
KINDS: Final = ("run", "sweep", "tournament", "compare", "search")


class RunError(Exception):
    """A folder holds no run, or not one that goes on here; the message says why."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A run, as it lies on disk."""

    path: Path
    """The folder."""
    plan: Plan
    """What it computes."""
    record: Mapping[str, Any]
    """`run.json`."""

    @property
    def cells(self) -> Path:
        """Where rows are."""
        return self.path / "cells.csv"

    def table(self) -> Table:
        """What there is so far; raises RunError and OSError."""
        lines = _whole_lines(self.cells, self.plan)
        try:
            return table_of(lines_of_csv(lines))
        except ValueError as error:
            raise RunError(f"{self.cells}: {error}") from None

    def done(self) -> int:
        """How many cells are through."""
        return max(0, len(_whole_lines(self.cells, self.plan)) - 1)


def start_run(path: Path, plan: Plan, started: str) -> RunFolder:
    """Makes the folder of a new run; raises RunError where there is one, and OSError."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise RunError(f"{path} is there already; choose another --out, or --resume {path}")
    path.mkdir(parents=True, exist_ok=True)
    record = {
        "format": FORMAT,
        "kind": plan.kind,
        "name": plan.name,
        "seeds": list(plan.seeds),
        "laws": list(plan.laws),
        "axes": {axis.path: list(axis.values) for axis in plan.axes},
        "configurations": {
            name: study_to_toml(Study(scenario)) for name, scenario in plan.scenarios.items()
        },
        "engine": ENGINE,
        "rules_version": RULES_VERSION,
        "popd_version": metadata.version("popd"),
        "started": started,
        "cells": len(plan.cells),
        "state": "running",
    }
    folder = RunFolder(path, plan, record)
    (path / "columns.md").write_text(columns_text(plan))
    folder.cells.write_text(lines_of_csv([plan.columns]))
    write_record(folder, record)
    return folder


def open_run(path: Path) -> RunFolder:
    """The run in a folder; raises RunError and OSError."""
    try:
        data = _read(path / "run.json", MAX_RECORD)
    except FileNotFoundError:
        raise RunError(f"{path} holds no run: there is no run.json in it") from None
    try:
        record = json.loads(data)
        plan = _plan(record)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = " ".join(f"{error}".split())[:200]
        raise RunError(f"{path / 'run.json'} says no run ({why})") from None
    return RunFolder(path, plan, record)


def write_record(folder: RunFolder, record: Mapping[str, Any]) -> None:
    """Replaces `run.json` at once: a reader finds the old one or the new one."""
    fresh = folder.path / "run.json.new"
    with fresh.open("w") as file:
        json.dump(record, file, indent=1, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder.path / "run.json")


@contextmanager
def appending(folder: RunFolder) -> Iterator[tuple[int, Callable[[Row], None]]]:
    """How many cells are through, and what appends a row; a last row that is no whole one is cut.

    Raises RunError where somebody else is at it.
    """
    with folder.cells.open("r+", newline="") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunError(f"{folder.path} is being computed by another process") from None
        lines = _whole_lines(folder.cells, folder.plan)
        kept = lines_of_csv(lines or [folder.plan.columns])
        if not lines:
            file.write(kept)
        file.truncate(len(kept.encode()))
        file.seek(0, os.SEEK_END)
        yield max(0, len(lines) - 1), lambda row: _append(file, folder.plan, row)


def _append(file: TextIO, plan: Plan, row: Row) -> None:
    file.write(lines_of_csv([[row[name] for name in plan.columns]]))
    file.flush()
    os.fsync(file.fileno())


def _whole_lines(path: Path, plan: Plan) -> list[list[str]]:
    """The head and all rows that are whole; raises RunError where it is another run's."""
    try:
        data = _read(path, MAX_CELLS_SIZE)
        text = data[: data.rfind(b"\n") + 1].decode()
        lines = list(csv.reader(StringIO(text), strict=True))
    except FileNotFoundError:
        raise RunError(f"{path} is missing") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise RunError(f"{path} is damaged ({error})") from None
    if lines and tuple(lines[0]) != plan.columns:
        raise RunError(f"{path}:1: the columns are not those of this run")
    for number, line in enumerate(lines[1:]):
        if len(line) != len(plan.columns) or line[0] != str(number):
            raise RunError(f"{path}:{number + 2}: expected cell {number}")
    if len(lines) > len(plan.cells) + 1:
        raise RunError(f"{path}: more rows than the run has cells")
    return lines


def _plan(record: Any) -> Plan:
    """Of a `run.json`, whoever wrote it."""
    if record["format"] != FORMAT or record["kind"] not in KINDS:
        raise ValueError("it is of another version of popd")
    if not re.fullmatch(NAME, record["name"]):
        raise ValueError("its name is none")
    scenarios = {
        str(name): study_from_toml(text, str(name)).scenario
        for name, text in record["configurations"].items()
    }
    if not scenarios or not all(re.fullmatch(NAME, name) for name in scenarios):
        raise ValueError("it names no scenario")
    # Read as a sweep is, so that a stranger's file asks for no more.
    axes = {path: list(values) for path, values in record["axes"].items()}
    first = next(iter(scenarios.values()))
    swept = tuple(Axis(path, tuple(values)) for path, values in axes.items())
    if swept:
        swept = study_from_toml(study_to_toml(Study(first, swept)), first.name).axes
    seeds = tuple(record["seeds"])
    if not all(type(seed) is int and 0 <= seed < MAX_SEED for seed in seeds):
        raise ValueError("its seeds are none")
    laws = tuple(record["laws"])
    if not set(laws) <= LAWS.keys():
        raise ValueError("it names a law that there is not")
    return Plan(record["kind"], record["name"], scenarios, seeds, swept, laws)


def _read(path: Path, bound: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(bound + 1)
    if len(data) > bound:
        raise RunError(f"{path}: larger than any run's")
    return data
