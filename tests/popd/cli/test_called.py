"""Sentences name the command as it can be typed where the reader is."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from popd.cli.called import command, hint
from popd.cli.client import home_options
from popd.cli.main import main
from popd.config import Home, home_at
from wallet.keyring import random_keyring
from wallet.keystore import create_practice_keystore


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


def said(text: str, *options: str) -> str:
    """What a command with these options prints for a hint."""

    @click.command()
    @home_options
    def speaks(home: str | None, network: str) -> None:
        hint(text)

    return CliRunner().invoke(speaks, list(options)).output.removesuffix("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See `popctl wallet receive`.", "See `popctl wallet receive --home '/a b'`."),
        ("Start: popctl up --practice.", "Start: popctl up --home '/a b' --practice."),
        (
            "Say popctl nearby accept or reject.",
            "Say popctl nearby accept --home '/a b' or reject.",
        ),
        ("popctl wallet write-on.", "popctl wallet write-on --home '/a b'."),
        ("`popctl down --home /c`", "`popctl down --home /c`"),
        ("popctl inspect: not a play.", "popctl inspect: not a play."),
        ("popctl judge a.osr", "popctl judge a.osr"),
        ("There: popctl device pair.", "There: popctl device pair."),
        ("popctl fly away; /bin/popctl down", "popctl fly away; /bin/popctl down"),
    ],
)
def test_a_hint_keeps_the_home_that_was_given(
    text: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POPNODE_HOME", raising=False)
    monkeypatch.setattr("sys.argv", ["popctl"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert said(text, "--home", "/a b") == expected
    assert said(text) == text


def test_a_refusal_keeps_the_home_that_was_given(tmp_path: Path) -> None:
    create_practice_keystore(tmp_path, random_keyring())
    arguments = ["wallet", "use", "band", "--home", str(tmp_path)]
    refused = CliRunner().invoke(main, arguments)
    assert f"`popctl wallet identities --home {tmp_path}`" in refused.output
