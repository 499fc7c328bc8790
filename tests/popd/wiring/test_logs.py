"""The log is JSON line by line, private, and never larger than it may be."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from popd.wiring import logs
from popd.wiring.logs import write_logs_to


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before = root.handlers[:]
    path = tmp_path / "daemon.log"
    write_logs_to(path)
    yield path
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    structlog.reset_defaults()


def test_our_lines_and_those_of_libraries_are_json_with_time_and_level(log: Path) -> None:
    structlog.get_logger("popd.test").info("parted", peer="ab", why="It floods.")
    logging.getLogger("somewhere").warning("low on %s", "ink")
    logging.getLogger("somewhere").info("not worth a line")
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger("popd.test").exception("stopped")
    ours, theirs, error = (json.loads(line) for line in log.read_text().splitlines())
    assert (ours["event"], ours["peer"], ours["level"]) == ("parted", "ab", "info")
    assert (theirs["event"], theirs["logger"]) == ("low on ink", "somewhere")
    assert "ValueError: broken" in error["exception"]
    assert all("timestamp" in line for line in (ours, theirs, error))
    assert log.stat().st_mode & 0o077 == 0


def test_the_log_turns_over_and_old_files_go(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for handler in logging.getLogger().handlers:
        monkeypatch.setattr(handler, "maxBytes", 2_000, raising=False)
    for number in range(200):
        structlog.get_logger("popd.test").info("again", number=number)
    files = sorted(log.parent.iterdir())
    assert len(files) == logs.OLD_LOGS + 1
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    assert json.loads(log.read_text().splitlines()[-1])["number"] == 199
