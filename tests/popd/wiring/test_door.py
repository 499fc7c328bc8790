"""A page that is open finds its node again, where it was."""

import socket
import stat
from pathlib import Path

import pytest

from popd.cli.ports import free_ports
from popd.config import Home
from popd.wiring.door import Door, door_of, keep_door

TOKEN = "t" * 43


def test_port_and_token_are_those_of_last_time_and_nobody_elses_to_read(tmp_path: Path) -> None:
    home = Home(tmp_path)
    [port] = free_ports(1)
    door = Door(port, TOKEN)
    keep_door(home, door)
    assert door_of(home) == door
    assert stat.S_IMODE(home.door.stat().st_mode) == 0o600


def test_a_port_that_is_taken_is_given_up_and_the_token_stays(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        keep_door(home, Door(taken.getsockname()[1], TOKEN))
        assert door_of(home) == Door(0, TOKEN)


@pytest.mark.parametrize(
    "words",
    ["", "{", "[]", '{"port": 70000, "token": "' + TOKEN + '"}', '{"port": 1, "token": ""}'],
)
def test_what_is_no_door_is_replaced_by_a_new_one_with_a_token_of_its_own(
    tmp_path: Path, words: str
) -> None:
    home = Home(tmp_path)
    home.door.write_text(words)
    first, second = door_of(home), door_of(home)
    assert (first.port, len(first.token)) == (0, 43)
    assert first.token != second.token
