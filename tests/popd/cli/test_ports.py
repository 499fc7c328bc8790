"""Nodes that are told where to listen get there before anybody's connection does."""

import socket
from pathlib import Path

import pytest

from popd.cli.ports import PORTS, free_ports, listened
from popd.config import Home


def test_ports_differ_and_are_none_that_connections_going_out_are_given():
    ports = free_ports(50)
    assert len(set(ports)) == 50
    assert all(port in PORTS for port in ports)
    for _ in range(50):
        with socket.create_server(("127.0.0.1", 0)) as given:
            assert given.getsockname()[1] not in PORTS


def test_a_port_that_somebody_listens_on_is_not_offered():
    [first] = free_ports(1)
    with socket.create_server(("127.0.0.1", first)):
        assert first not in free_ports(len(PORTS) - 200)


def test_a_node_listens_where_it_did_last_unless_somebody_else_does(tmp_path: Path) -> None:
    home, addresses = Home(tmp_path), ["/ip4/0.0.0.0/tcp/0", "/ip4/0.0.0.0/tcp/0/ws"]
    first = listened(home, addresses)
    assert len(set(first)) == 2
    assert all(int(address.split("/")[4]) in PORTS for address in first)
    assert first[1].endswith("/ws")
    assert listened(home, addresses) == first
    port = int(first[0].split("/")[4])
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", port))
        somebody.listen()
        assert f"/tcp/{port}" not in "".join(listened(home, addresses))
    (mine,) = listened(home, addresses[:1])
    taken = int(mine.split("/")[4])
    assert listened(home, addresses[:1], [taken]) != [mine]


@pytest.mark.parametrize("kept", ["", "x\n", "0\n80\n", "9" * 999, "\x00\xff"])
def test_ports_that_nobody_could_have_kept_are_drawn_anew(kept: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.ports.write_text(kept)
    (address,) = listened(home, ["/ip4/127.0.0.1/tcp/0"])
    assert int(address.split("/")[4]) in PORTS


def test_a_port_that_was_chosen_stays(tmp_path: Path) -> None:
    assert listened(Home(tmp_path), ["/ip4/0.0.0.0/tcp/4001"]) == ["/ip4/0.0.0.0/tcp/4001"]
    assert not Home(tmp_path).ports.exists()
