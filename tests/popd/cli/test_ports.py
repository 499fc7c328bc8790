"""Nodes that are told where to listen get there before anybody's connection does."""

import socket

from popd.cli.ports import PORTS, free_ports


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
