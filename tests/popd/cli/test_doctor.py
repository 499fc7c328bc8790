"""`popctl doctor` while no node runs: what lies in the home is looked at all the same."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from popd.cli.main import main
from popd.own_file import OWN_WAY_OUT, filed_document
from wallet.private_files import create_private_file

WHOLE = filed_document(b"")


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [
        (WHOLE, 0o600, ""),
        (WHOLE[:-1] + b"x", 0o600, "is damaged"),
        (b"", 0o600, "another kind of file"),
        (b"x" * 5_000_000, 0o600, "longer than"),
        (WHOLE, 0o644, "chmod 600"),
    ],
)
def test_notes_that_can_not_be_used_are_a_problem_with_a_next_step(
    content: bytes, mode: int, why: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    create_private_file(home / "own", content)
    (home / "own").chmod(mode)
    done = CliRunner().invoke(main, ["doctor", "--home", str(home), "--json"])
    findings = json.loads(done.stdout)["findings"]
    notes = [one for one in findings if one["subject"] == "Your notes"]
    assert [(one["level"], one["next"]) for one in notes] == [("problem", OWN_WAY_OUT)] * bool(why)
    assert all(why in one["what"] for one in notes)
