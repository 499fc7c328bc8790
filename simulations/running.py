"""Runs cells one after another, on several processes, or on a Dask cluster: always the same rows.

Rows come back in the order of cells, so that a run that was stopped goes on behind its last row and
ends with the same bytes as one that never was.
"""

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Final, NamedTuple

from consensus.parameters import RULES_VERSION
from simulations.cells import Cell, Plan, Row, row_of
from simulations.experiment import Tell
from simulations.run_folder import RunError, RunFolder, appending, write_record
from simulations.tables import Table, lines_of_csv, table_of


@dataclass(frozen=True, slots=True)
class Workers:
    """Who computes."""

    jobs: int = 1
    """Processes of this machine."""
    dask: str = ""
    """The address of a Dask scheduler, which is used instead."""


ALONE: Final = Workers()
"""One after another, in this process."""
STEPS: Final = 1_000
"""Of each cell, in which progress is told."""


def run_cells(plan: Plan, workers: Workers = ALONE, tell: Tell | None = None) -> Table:
    """Runs a plan without a folder; `tell` is told how far it is, in `STEPS` of each cell."""
    rows = rows_of(plan, plan.cells, workers, tell)
    return table_of(
        lines_of_csv([plan.columns, *([row[name] for name in plan.columns] for row in rows)])
    )


def carry_on(folder: RunFolder, workers: Workers = ALONE, tell: Tell | None = None) -> Table:
    """Runs whatever is missing in a folder; raises RunError and OSError.

    Whatever stops it, rows that are through stay, and the next call goes on behind them.
    """
    if folder.record["rules_version"] != RULES_VERSION:
        raise RunError(
            f"{folder.path} was begun under rules {folder.record['rules_version']}, and these are "
            f"rules {RULES_VERSION}: its cells would not compare"
        )
    cells, state = folder.plan.cells, "stopped"
    with appending(folder) as (done, append):
        try:
            write_record(folder, {**folder.record, "state": "running"})
            for row in rows_of(folder.plan, cells[done:], workers, tell):
                append(row)
            state = "done"
        finally:
            write_record(folder, {**folder.record, "state": state})
    return folder.table()


def rows_of(
    plan: Plan,
    cells: Sequence[Cell],
    workers: Workers = ALONE,
    tell: Tell | None = None,
) -> Generator[Row, None, None]:
    """The rows of some cells, in their order."""
    told = _Told(len(plan.cells) * STEPS, tell)
    if workers.jobs == 1 and not workers.dask:
        for cell in cells:
            yield row_of(plan, cell, told.within(cell.number))
            told(cell.number + 1)
        return
    with _parallel(workers) as gather, closing(gather(plan, cells)) as rows:
        try:
            for cell, row in zip(cells, rows, strict=True):
                yield row
                told(cell.number + 1)
        except BrokenProcessPool:
            raise RunError(
                "a process was killed, perhaps because memory ran out; --resume the run with "
                "fewer --jobs"
            ) from None


class _Told(NamedTuple):
    """Tells how far a run is."""

    total: int
    tell: Tell | None

    def __call__(self, cells: float) -> None:
        if self.tell is not None:
            self.tell(int(cells * STEPS), self.total)

    def within(self, cell: int) -> Tell:
        """What a cell tells its days to."""
        return lambda day, days: self(cell + day / days)


Gather = Callable[[Plan, Sequence[Cell]], Generator[Row, None, None]]


@contextmanager
def _parallel(workers: Workers) -> Iterator[Gather]:
    # Here, because only who computes on several processes needs it.
    from joblib import Parallel, delayed, parallel_config

    def gather(plan: Plan, cells: Sequence[Cell]) -> Any:
        run = Parallel(n_jobs=-1 if workers.dask else workers.jobs, return_as="generator")
        # A copy without the cells that it already listed: it travels with every one of them.
        light = replace(plan)
        return run(delayed(row_of)(light, cell) for cell in cells)

    if not workers.dask:
        with parallel_config("loky", initializer=_leave_interrupts_to_who_began):
            yield gather
        return
    with _client(workers.dask), parallel_config("dask"):
        yield gather


def _leave_interrupts_to_who_began() -> None:
    """Ctrl-C reaches all processes of a terminal; one word about it is enough."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _client(address: str) -> Iterator[None]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise RunError("Dask is not there; install it: pip install 'popd[dask]'") from None
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=True)
    except (OSError, ValueError) as error:
        raise RunError(f"no Dask scheduler answers at {address!r} ({error})") from None
    with client:
        yield
