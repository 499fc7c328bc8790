"""The set-up script on machines that lack something, with a PATH made for the occasion."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
BASE_TOOLS = ("bash", "cat", "cksum", "dirname", "env", "tail")


class Machine:
    """A copy of the script, and a folder of commands that is its whole PATH."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commands = root / "commands"
        self.commands.mkdir()
        (root / ".ci").mkdir()
        shutil.copy(REPOSITORY / ".ci/setup", root / ".ci/setup")
        shutil.copy(REPOSITORY / "pyproject.toml", root / "pyproject.toml")
        for name in BASE_TOOLS:
            path = shutil.which(name)
            assert path is not None
            (self.commands / name).symlink_to(path)

    def add_command(self, name: str, script: str) -> None:
        path = self.commands / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def add_python(self) -> None:
        self.add_command("python3", f'exec "{sys.executable}" "$@"')

    def add_apt(self, user_id: int) -> None:
        self.add_command("id", f"echo {user_id}")
        self.add_command("apt-get", f'echo "$@" >>{self.root}/apt.log')

    def run_setup(self, *arguments: str) -> tuple[int, list[str]]:
        done = subprocess.run(
            [str(self.root / ".ci/setup"), *arguments],
            env={"PATH": str(self.commands)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return done.returncode, done.stdout.splitlines()

    def apt_log(self) -> list[str]:
        return (self.root / "apt.log").read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_ordinary_user_without_a_compiler_gets_the_exact_line(machine: Machine) -> None:
    machine.add_python()
    machine.add_apt(user_id=1000)
    assert machine.run_setup() == (
        1,
        [
            "popd needs some system packages. Run this line, and then run this again:",
            "    sudo apt-get update && sudo apt-get install -y --no-install-recommends "
            "gcc libc6-dev libgmp-dev",
        ],
    )


def test_root_without_python_installs_everything_and_checks_that_it_came(machine: Machine) -> None:
    machine.add_apt(user_id=0)
    packages = "python3 python3-venv python3-dev gcc libc6-dev libgmp-dev chromium iproute2"
    assert machine.run_setup("--for-tests") == (
        1,
        [
            f"Installing system packages: {packages}",
            f"Still missing after the installation: {packages}",
            "popd needs Python 3.11 or newer with its headers, a C compiler and GMP.",
        ],
    )
    assert machine.apt_log() == ["update", f"install -y --no-install-recommends {packages}"]


def test_a_python_that_is_too_old_counts_as_none(machine: Machine) -> None:
    machine.add_command("python3", "exit 1")
    machine.add_apt(user_id=0)
    machine.run_setup()
    assert machine.apt_log()[-1].split()[3:5] == ["python3", "python3-venv"]


def test_a_system_without_apt_is_told_what_to_look_for(machine: Machine) -> None:
    machine.add_python()
    assert machine.run_setup() == (
        1,
        [
            "popd needs these, under the names your system has for them, and then run this again:",
            "    gcc libc6-dev libgmp-dev   (Python itself: 3.11 or newer)",
        ],
    )


def test_a_failing_installation_shows_what_apt_said(machine: Machine) -> None:
    machine.add_python()
    machine.add_apt(user_id=0)
    machine.add_command("apt-get", "echo no network; exit 100")
    assert machine.run_setup() == (
        1,
        [
            "Installing system packages: gcc libc6-dev libgmp-dev",
            "no network",
            "That did not work. Mend what it says above, or run it yourself: "
            "apt-get install -y --no-install-recommends gcc libc6-dev libgmp-dev",
        ],
    )


def add_made_environment(machine: Machine) -> None:
    """What a finished set-up leaves behind."""
    binaries = machine.root / ".venv/bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    content = (machine.root / "pyproject.toml").read_bytes()
    content += (machine.root / ".ci/setup").read_bytes() + f"{machine.root}\n".encode()
    done = subprocess.run(["cksum"], input=content, capture_output=True, check=True)
    (machine.root / ".venv/made-from").write_bytes(done.stdout)


def test_nothing_happens_when_nothing_changed(machine: Machine) -> None:
    add_made_environment(machine)
    assert machine.run_setup() == (0, [])


def test_a_changed_project_file_is_noticed(machine: Machine) -> None:
    add_made_environment(machine)
    machine.add_apt(user_id=1000)
    with (machine.root / "pyproject.toml").open("a") as project:
        project.write("# changed\n")
    assert machine.run_setup()[0] == 1


def test_only_the_tests_ask_for_a_browser(machine: Machine) -> None:
    add_made_environment(machine)
    machine.add_python()
    machine.add_command("gcc", f'PATH={os.environ["PATH"]} exec {shutil.which("gcc")} "$@"')
    machine.add_apt(user_id=1000)
    assert machine.run_setup() == (0, [])
    assert machine.run_setup("--for-tests")[1][-1].endswith("--no-install-recommends chromium")
    machine.add_command("chromium", "exit 0")
    assert machine.run_setup("--for-tests") == (0, [])
