"""`popctl simulate` end to end, in worlds that are small."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from popd.cli.main import EXTENSIONS
from simulations.commands.search import honest_part
from simulations.commands.simulate import simulate
from simulations.commands.sweep import values_of
from simulations.experiment import run_experiment
from simulations.run_folder import open_run
from simulations.scenario_files import study_at
from simulations.scenario_toml import Study, study_to_toml
from simulations.search import attacked
from simulations.sweep import Axis
from tests.simulations.small_worlds import small

PROJECT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT)}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `small.toml` in it."""
    monkeypatch.chdir(tmp_path)
    study = Study(small(), (Axis("attack.crew", (3, 6)),))
    Path("small.toml").write_text(study_to_toml(study))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(simulate, words)


def record(*words: str) -> object:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


def refused(code: int, *words: str) -> str:
    result = run(*words)
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_the_commands_come_by_the_entry_point():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    module, name = project["project"]["entry-points"][EXTENSIONS]["simulate"].split(":")
    assert getattr(import_module(module), name) is simulate


def test_help_imports_nothing_heavy():
    program = (
        "import sys; from simulations.commands.simulate import simulate;"
        "simulate(['--help'], standalone_mode=False);"
        "print(sorted({'numpy', 'numba', 'matplotlib', 'joblib', 'rich'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert said.stdout.endswith("[]\n"), said.stderr


def test_every_command_has_help():
    for name in simulate.places:
        assert run(name, "--help").exit_code == 0


def test_list_names_every_shipped_scenario_with_its_attackers():
    found = record("list")
    assert isinstance(found, list)
    by_name = {one["name"]: one for one in found}
    assert set(by_name) == {
        path.stem for path in (PROJECT / "simulations/scenarios").glob("*.toml")
    }
    assert by_name["ring"]["attackers"] == ["ring"]
    assert by_name["honest"]["attackers"] == []
    assert set(by_name["ring"]) == {
        "name", "title", "about", "strategies", "attackers", "days", "people", "sweep",
    }  # fmt: skip
    assert "ring" in run("list").output
    assert "cycle-sybil" in run("list", "--strategies").output


def test_list_shows_a_folder_of_ones_own(here: Path):
    assert record("list", ".") == [
        {
            "name": "small",
            "title": "A small town",
            "about": "",
            "strategies": ["honest", "ring"],
            "attackers": ["ring"],
            "days": 12,
            "people": 46,
            "sweep": ["attack.crew"],
        }
    ]
    (here / "bad.toml").write_text('title = "a"\ncount = 3')
    assert refused(6, "list", ".").startswith("popctl simulate: bad.toml:2: count: ")
    refused(5, "list", "nowhere")


def test_run_says_what_the_experiment_says():
    found = record("run", "small.toml", "--seed", "3")
    assert isinstance(found, dict)
    outcome = json.loads(json.dumps(run_experiment(small(), 3).to_json()))
    assert found["seeds"] == [3]
    for what in (
        "gain_to_honest",
        "raw_gain",
        "operator_total",
        "honest_loss",
        "seconds_to_flag",
        "flagged",
        "digest",
    ):
        assert found[what] == outcome[what]


def test_run_tells_people_whether_it_pays(here: Path):
    said = run("run", "small.toml").output
    assert "ring does not pay: 0.00 of what a townsperson earns an hour" in said
    assert [path.name for path in here.iterdir()] == ["small.toml"]


def test_several_seeds_come_to_their_mean_and_are_kept(here: Path):
    single = [record("run", "small.toml", "--seed", str(seed)) for seed in (1, 2)]
    both = record("run", "small.toml", "--seeds", "2", "--out", "kept", "--jobs", "2")
    assert isinstance(both, dict)
    mean = sum(one["honest_loss"] for one in single) / 2
    assert both["honest_loss"] == pytest.approx(mean)
    assert both["cells"] == 2
    assert record("run", "--resume", "kept") == both
    assert "is there already" in refused(1, "run", "small.toml", "--out", "kept")


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (5, ("run", "rign"), "did you mean 'ring'"),
        (5, ("run", "none.toml"), "no file"),
        (2, ("sweep", "small.toml", "--set", "attack.crew="), "this sweep is empty"),
        (2, ("sweep", "small.toml", "--set", "attack.crew=-7"), "-7: expected a whole number"),
        (2, ("sweep", "small.toml", "--set", "attack.crew=a"), "expected a whole number"),
        (2, ("sweep", "small.toml", "--set", "attack.crew"), "PATH=VALUES"),
        (2, ("sweep", "small.toml", "--set", "crew=3"), "no parameter 'crew'"),
        (2, ("sweep", "small.toml", "--set", "days=9:90:1"), "steps: expected"),
        (2, ("tournament", "honest"), "nobody attacks in honest"),
        (2, ("tournament", "ring", "ring"), "the same name"),
        (2, ("tournament", "ring", "--people", "1000000"), "expected at most"),
        (2, ("new", "a b"), "is no name"),
        (2, ("new", "small"), "there already"),
        (5, ("new", "other", "--from", "nothing"), "no scenario"),
        (1, ("sweep", "--resume", "."), "holds no run"),
        (1, ("report", "."), "holds no run"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(code: int, words: tuple[str, ...], said: str):
    assert said in refused(code, *words)


@pytest.mark.parametrize("words", [("run",), ("sweep",), ("compare", "ring", "--resume", "x")])
def test_a_scenario_or_a_run_is_named(words: tuple[str, ...]):
    assert run(*words).exit_code == 2


def test_new_writes_a_scenario_that_runs():
    assert run("new", "mine", "--from", "sybil").exit_code == 0
    assert "change it" in run("new", "yours", "--from", "small.toml").output
    found = record("list", ".")
    assert isinstance(found, list)
    assert [one["attackers"] for one in found] == [["sybil", "colluder"], ["ring"], ["ring"]]
    assert isinstance(record("run", "yours.toml"), dict)


def test_sweep_makes_a_folder_with_a_cell_for_each_value():
    found = record("sweep", "small.toml")
    assert isinstance(found, dict)
    assert found["folder"] == "runs/sweep-small"
    assert [cell["at"] for cell in found["cells"]] == [{"attack.crew": 3}, {"attack.crew": 6}]
    other = record("sweep", "small.toml", "--set", "days=10,12", "--seeds", "2")
    assert isinstance(other, dict)
    assert other["folder"] == "runs/sweep-small-2"
    assert [cell["cells"] for cell in other["cells"]] == [2, 2]
    assert record("sweep", "--resume", "runs/sweep-small") == found
    assert "Kept in runs/sweep-small." in run("sweep", "--resume", "runs/sweep-small").output


def test_tournament_ranks_attacks_at_one_size():
    sizes = ("--people", "40", "--attackers", "6", "--days", "12")
    found = record("tournament", "ring", "sybil", *sizes)
    assert isinstance(found, dict)
    assert {one["scenario"] for one in found["ranking"]} == {"ring", "sybil"}
    best = [
        max(gain for name, gain in one["gain_to_honest"].items() if name != "honest")
        for one in found["ranking"]
    ]
    assert best == sorted(best, reverse=True)
    for scenario in open_run(Path(found["folder"])).plan.scenarios.values():
        counts = {group.name: group.count for group in scenario.groups}
        assert counts.pop("people") == 40
        assert sum(counts.values()) == pytest.approx(6, abs=1)
        assert (scenario.days, scenario.attack_day) == (12, 4)


def test_compare_puts_rival_laws_beside_ours():
    found = record("compare", "small.toml", "--law", "per-pair")
    assert isinstance(found, dict)
    assert list(found["laws"]) == ["shipped", "per-pair"]
    ours, theirs = found["laws"].values()
    assert theirs["raw_gain"]["ring"] > 2 * ours["raw_gain"]["ring"]
    assert "per-pair: e^(-0.25 n)" in run("compare", "--resume", found["folder"]).output


def test_search_ranks_what_it_tried_and_keeps_the_best(here: Path):
    found = record("search", "small.toml", "--budget", "4", "--keep", "best")
    assert isinstance(found, dict)
    gains = [attack["gain"] for attack in found["attacks"]]
    assert len(gains) == 4
    assert gains == sorted(gains, reverse=True)
    kept = study_at(here / "best.toml").scenario
    assert kept.groups == attacked(honest_part(small()), found["attacks"][0]["genes"]).groups
    assert "taken" in refused(2, "search", "small.toml", "--keep", "best")


def test_values_are_lists_steps_or_words():
    assert values_of("1,2.5, ring") == [1, 2.5, "ring"]
    assert values_of("1:9:5") == {"from": 1, "to": 9, "steps": 5}
    assert values_of("") == []


PROGRAM = "from simulations.commands.simulate import simulate; simulate()"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_says_how_to_go_on(jobs: str, here: Path):
    options = ("--seeds", "9", "--out", "kept", "--jobs", jobs)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "run", "small.toml", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=ENVIRONMENT,
    )
    cells = here / "kept" / "cells.csv"
    while process.poll() is None and not (cells.exists() and cells.read_text().count("\n") > 2):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert re.match(r"Stopped with \d of 9 cells through\. Go on: popctl simulate run", said)
    assert said.endswith(" --resume kept\n")
    assert open_run(here / "kept").record["state"] == "stopped"
