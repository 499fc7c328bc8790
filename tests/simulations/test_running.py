"""Runs: the same rows on any workers, and after any stop."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulations import cells, running
from simulations.cells import Plan, row_of
from simulations.columns import BY_STRATEGY, COLUMNS
from simulations.experiment import Outcome, run_experiment
from simulations.run_folder import RunError, RunFolder, appending, open_run, start_run
from simulations.running import Workers, carry_on, run_cells
from simulations.strategies import all_strategies
from simulations.sweep import MAX_AXES, Axis, check_axes
from tests.simulations.small_worlds import small

STARTED = "2026-01-01T00:00:00Z"
PLAN = Plan("sweep", "small", {"small": small()}, (1, 2), (Axis("attack.with.suspected", (0, 1)),))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = start_run(tmp_path_factory.mktemp("runs") / "whole", PLAN, STARTED)
    carry_on(folder)
    return folder


def test_a_row_holds_what_the_experiment_says(whole: RunFolder):
    row = whole.table().rows[0]
    outcome = run_experiment(replace(small(), groups=whole_groups()), 1)
    assert (row["scenario"], row["law"], row["seed"], row["state"]) == (
        "small",
        "shipped",
        1,
        "done",
    )
    assert row["digest"] == outcome.digest
    assert row["gain_to_honest.ring"] == outcome.gain_to_honest["ring"]
    assert row["honest_loss"] == outcome.honest_loss
    assert row["seconds_to_flag"] == outcome.seconds_to_flag


def whole_groups():
    people, attack = small().groups
    return people, replace(attack, options={"suspected": 0})


def test_every_column_is_explained(whole: RunFolder):
    swept = {axis.path for axis in PLAN.axes}
    assert {name.partition(".")[0] for name in set(whole.table().columns) - swept} == {
        *COLUMNS,
        *BY_STRATEGY,
    }
    assert "attack.with.suspected" in (whole.path / "columns.md").read_text()


def test_run_json_says_all_that_is_needed_to_run_it_again(whole: RunFolder):
    assert open_run(whole.path).plan == PLAN
    record = json.loads((whole.path / "run.json").read_text())
    assert record["seeds"] == [1, 2]
    assert record["state"] == "done"
    assert {"rules_version", "popd_version", "started", "engine", "configurations"} <= set(record)


def test_two_processes_write_the_same_bytes(whole: RunFolder, tmp_path: Path):
    other = start_run(tmp_path / "other", PLAN, STARTED)
    carry_on(other, Workers(jobs=2))
    assert other.cells.read_bytes() == whole.cells.read_bytes()


@settings(max_examples=25)
@given(st.data())
def test_after_any_cut_the_run_ends_with_the_same_bytes(
    whole: RunFolder, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    goal = whole.cells.read_bytes()
    path = tmp_path_factory.mktemp("cut") / "run"
    shutil.copytree(whole.path, path)
    (path / "cells.csv").write_bytes(goal[: data.draw(st.integers(0, len(goal)))])
    rows = {cell.number: goal.splitlines(keepends=True)[cell.number + 1] for cell in PLAN.cells}
    folder = open_run(path)
    with appending(folder) as (done, append):
        assert (path / "cells.csv").read_bytes() == goal[
            : len(goal) - sum(len(rows[number]) for number in range(done, len(rows)))
        ]
        for row in written(whole)[done:]:
            append(row)
    assert (path / "cells.csv").read_bytes() == goal


def written(folder: RunFolder) -> list[dict[str, str]]:
    with folder.cells.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_failed_cell_is_kept_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, whole: RunFolder
):
    def fails(scenario: object, seed: int, *more: object) -> Outcome:
        if seed == 2:
            raise RuntimeError('nothing\nworks, "really"')
        return run_experiment(scenario, seed)

    monkeypatch.setattr(cells, "run_experiment", fails)
    table = carry_on(start_run(tmp_path / "run", PLAN, STARTED))
    assert table.column("state") == ["done", "failed"] * 2
    assert table.rows[1]["error"] == 'RuntimeError: nothing works, "really"'
    assert len(table.done) == 2
    assert table.rows[0] == whole.table().rows[0]
    assert open_run(tmp_path / "run").done() == 4


PROGRAM = """
import sys
from pathlib import Path
from simulations.run_folder import open_run
from simulations.running import Workers, carry_on
carry_on(open_run(Path(sys.argv[1])), Workers(int(sys.argv[2])))
"""


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_killed_run_goes_on_where_it_stopped(number: signal.Signals, jobs: int, tmp_path: Path):
    plan = Plan("run", "small", {"small": small()}, tuple(range(8)))
    folder = start_run(tmp_path / "run", plan, STARTED)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder.path), str(jobs)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    try:
        while folder.done() < 2 and process.poll() is None:
            time.sleep(0.02)
        os.kill(process.pid, number)
    finally:
        process.wait(30)
    done = folder.done()
    assert 2 <= done < 8
    carry_on(open_run(folder.path))
    assert folder.table() == run_cells(plan)


def test_two_do_not_compute_one_run(whole: RunFolder):
    with appending(whole), pytest.raises(RunError, match="another process"), appending(whole):
        pass


def test_a_run_under_other_rules_is_not_mixed(whole: RunFolder):
    with pytest.raises(RunError, match="under rules 0"):
        carry_on(replace(whole, record={**whole.record, "rules_version": 0}))


def test_no_run_is_begun_over_another(whole: RunFolder):
    with pytest.raises(RunError, match="--resume"):
        start_run(whole.path, PLAN, STARTED)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"kind": "walk"},
        {"name": "../x"},
        {"seeds": [-1]},
        {"seeds": [True]},
        {"seeds": []},
        {"seeds": list(range(20_000))},
        {"laws": ["none"]},
        {"axes": {"attack.crew": []}},
        {"axes": {"attack.crew": [-9]}},
        {"axes": 3},
        {"configurations": {}},
        {"configurations": {"a": "x ="}},
    ],
)
def test_a_strangers_run_json_is_refused_in_one_line(
    change: dict[str, object], whole: RunFolder, tmp_path: Path
):
    (tmp_path / "run.json").write_text(json.dumps({**whole.record, **change}))
    with pytest.raises(RunError, match="says no run") as caught:
        open_run(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[" * 100_000, "3", "{}", "\0"])
def test_what_is_no_run_json_is_refused(text: str, tmp_path: Path):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match="says no run"):
        open_run(tmp_path)


def test_rows_of_another_run_are_refused(whole: RunFolder, tmp_path: Path):
    shutil.copytree(whole.path, tmp_path / "run")
    folder = open_run(tmp_path / "run")
    text = folder.cells.read_text()
    for bad in (text.replace("\n1,", "\n7,"), text.replace("seed", "sede", 1), text + text[-50:]):
        folder.cells.write_text(bad)
        with pytest.raises(RunError):
            carry_on(folder)


def test_a_process_that_is_killed_is_named_and_what_is_through_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    folder = start_run(tmp_path / "run", PLAN, STARTED)
    monkeypatch.setattr(running, "row_of", lambda *_: os.abort())
    with pytest.raises(RunError, match="a process was killed"):
        carry_on(folder, Workers(jobs=2))
    assert open_run(folder.path).record["state"] == "stopped"
    monkeypatch.undo()
    assert len(carry_on(folder).done) == len(PLAN.cells)


@pytest.fixture
def cluster() -> Iterator[str]:
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as made:
        yield made.scheduler_address


@pytest.mark.slow
def test_two_dask_workers_write_the_same_bytes(cluster: str, whole: RunFolder, tmp_path: Path):
    other = start_run(tmp_path / "other", PLAN, STARTED)
    carry_on(other, Workers(dask=cluster))
    assert other.cells.read_bytes() == whole.cells.read_bytes()


def test_a_dask_scheduler_that_is_not_there_is_named():
    pytest.importorskip("distributed", reason="needs the extra dask")
    with pytest.raises(RunError, match="nowhere"):
        run_cells(PLAN, Workers(dask="nowhere"))


def test_rows_do_not_depend_on_what_else_is_computed():
    alone = Plan("run", "small", {"small": small()}, (2,))
    both = Plan("run", "small", {"small": small()}, (1, 2))
    first, second = row_of(alone, alone.cells[0]), row_of(both, both.cells[1])
    assert {**first, "cell": "1"} == second


@settings(max_examples=10)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "attack.strategy": st.sampled_from(sorted(all_strategies())),
            "attack.crew": st.integers(-1, 40),
            "attack.from_day": st.integers(0, 30),
            "law.verifiers_drawn": st.sampled_from([1, 2, 24]),
            "law.familiarity_days": st.sampled_from([0, 1, 31]),
            "law.budget_ppm": st.sampled_from([1, 10**15]),
            "venue_size": st.sampled_from([1, 1_000_000]),
            "town_size": st.sampled_from([1, 7, 1_000_000]),
            "attack.with.keys": st.integers(1, 5),
            "attack.with.rotate_days": st.integers(0, 3),
            "attack.with.crew_seats": st.sampled_from([0, 0.5, 100]),
            "attack.with.is_one_way": st.integers(0, 1),
            "people.with.windows": st.sampled_from([1, 30]),
            "people.with.sessions_per_week": st.sampled_from([0, 1_000]),
            "people.with.attends": st.sampled_from([0, 0.1, 100]),
            "people.with.accuracy": st.sampled_from([0, 1]),
        },
    )
)
def test_any_scenario_within_bounds_gives_figures_or_says_why(values: dict[str, float | str]):
    axes = tuple(Axis(path, (value,)) for path, value in values.items())[:MAX_AXES]
    check_axes(axes, small(days=8))
    plan = Plan("sweep", "small", {"small": small(days=8)}, (1,), axes)
    row = row_of(plan, plan.cells[0])
    if row["state"] == "failed":
        assert row["error"].startswith("ZeroDivisionError: ")
    else:
        assert float(row["gain_to_honest.honest"]) == 1.0
        assert "nan" not in row.values()
