"""Where peers were reached is remembered from one start to the next, whatever the file holds."""

from pathlib import Path

import pytest

from popd.config import Home
from popd.net.network import MAX_REMEMBERED
from popd.wiring.remembering import MAX_FILE_SIZE, remembered, write_remembered

ADDRESS = "/ip4/192.0.2.7/tcp/4001/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"


def test_what_was_reached_comes_back_and_nobody_else_reads_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert remembered(home) == []
    write_remembered(home, (ADDRESS,))
    assert remembered(home) == [ADDRESS]
    assert home.peers.stat().st_mode & 0o077 == 0


def test_a_day_without_peers_does_not_make_a_node_forget(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_remembered(home, (ADDRESS,))
    write_remembered(home, ())
    assert remembered(home) == [ADDRESS]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff",
        b'["' + b"x" * 500 + b'"]',
        b"[" * MAX_FILE_SIZE,
        b"[" + b",".join([b'"x"'] * (MAX_REMEMBERED + 1)) + b"]",
    ],
    ids=["empty", "no list", "numbers", "no text", "long", "nested", "many"],
)
def test_a_file_that_is_none_is_no_memory(tmp_path: Path, content: bytes) -> None:
    home = Home(tmp_path)
    home.peers.write_bytes(content)
    assert remembered(home) == []
