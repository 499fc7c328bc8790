"""Sentences name the command as it can be typed where the reader is."""

from pathlib import Path

import pytest

from popd.cli.called import command
from popd.config import Home, home_at


def test_a_program_off_the_path_is_named_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "my env" / "popctl"
    program.parent.mkdir()
    program.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [str(program)])
    monkeypatch.setenv("PATH", "/nowhere")
    assert command("down") == "'my env/popctl' down"
    monkeypatch.setenv("PATH", str(program.parent))
    assert command("down") == "popctl down"
    monkeypatch.setattr("sys.argv", ["pytest"])
    assert command("down") == "popctl down"


def test_a_home_elsewhere_is_part_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POPNODE_HOME", raising=False)
    monkeypatch.setattr("sys.argv", ["popctl"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert command("down", home_at(None, "practice")) == "popctl down"
    assert command("up --practice", home_at(None, "main")) == "popctl up --network main"
    assert command("down", Home(Path("/a b"))) == "popctl down --home '/a b'"
