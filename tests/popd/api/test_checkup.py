"""The doctor says what is wrong in words that tell the next step, and nothing where all is well."""

from dataclasses import replace

import pytest

from consensus.identifiers import NodeKey
from popd.api.checkup import Facts, checkup
from popd.api.peer_shapes import Checkup
from popd.reports import (
    DialFailure,
    EdgeReport,
    NetworkReport,
    PathReport,
    PathState,
    PeerPaths,
    Traffic,
)

PATH = PathReport("/ip4/192.0.2.7/tcp/4001", "tcp", True, 900, 0, 0, PathState.ACTIVE, 0)
PEER = PeerPaths(NodeKey(bytes(32)), "192.0.2.0/24", 0, (PATH,), 0, Traffic(*[0] * 10))
NETWORK = NetworkReport(
    listening=("/ip4/0.0.0.0/tcp/4001",),
    peers=1,
    inbound=0,
    half_open=0,
    refused=0,
    banned=0,
    known_peers=1,
    dials=1,
    failures=(),
    mdns="running",
    table="running",
    table_peers=1,
    relays=(),
    circuits=0,
)
WELL = Facts(
    network="main",
    edge=EdgeReport(NETWORK, (PEER,), 0, 0, 0, 10**10),
    is_forked=False,
    has_begun=True,
    deferred_entries=0,
    unsettled_entries=0,
    banned=0,
    lateness_us=0,
    is_elsewhere=False,
    restoring=("", ""),
    policy_trouble="",
)


def with_edge(**changes: object) -> Facts:
    return replace(WELL, edge=replace(WELL.edge, **changes))  # type: ignore[arg-type]


def worst(found: Checkup) -> tuple[str, str]:
    return found.findings[0].level, found.findings[0].subject


def test_where_all_is_well_everything_is_good() -> None:
    found = checkup(WELL)
    assert found.healthy
    assert {finding.level for finding in found.findings} == {"good"}


@pytest.mark.parametrize(
    ("facts", "level", "subject"),
    [
        (with_edge(free_bytes=10**6), "problem", "Disk"),
        (with_edge(free_bytes=10**8), "note", "Disk"),
        (replace(WELL, is_forked=True), "problem", "Your chain"),
        (replace(WELL, is_elsewhere=True), "problem", "Your chain"),
        (replace(WELL, is_elsewhere=True, is_forked=True), "problem", "Your chain"),
        (replace(WELL, has_begun=False), "note", "Your chain"),
        (replace(WELL, restoring=("Nobody knows it.", "Wait.")), "note", "Your chain"),
        (with_edge(peers=()), "problem", "Peers"),
        (replace(with_edge(peers=()), network="practice"), "problem", "Peers"),
        (replace(WELL, banned=2), "note", "Peers"),
        (
            with_edge(network=replace(NETWORK, failures=(DialFailure("/x", 3, "refused"),))),
            "note",
            "Reaching",
        ),
        (
            with_edge(peers=(replace(PEER, paths=(replace(PATH, loss_ppm=200_000),)),)),
            "note",
            "Ways",
        ),
        (
            with_edge(peers=(replace(PEER, paths=(replace(PATH, round_trip_us=900_000),)),)),
            "note",
            "Ways",
        ),
        (with_edge(network=replace(NETWORK, listening=())), "problem", "Listening"),
        (with_edge(network=replace(NETWORK, mdns="no network")), "note", "Nearby"),
        (replace(WELL, deferred_entries=4), "note", "Clock"),
        (with_edge(waiting_events=10_000), "problem", "Load"),
        (replace(WELL, lateness_us=900_000), "problem", "Load"),
        (with_edge(dropped_messages=1), "note", "Load"),
        (replace(WELL, unsettled_entries=4), "note", "Ledger"),
        (replace(WELL, policy_trouble="policy.toml can't be used."), "problem", "Policy"),
    ],
)
def test_each_ill_is_found_and_comes_first(facts: Facts, level: str, subject: str) -> None:
    found = checkup(facts)
    assert worst(found) == (level, subject)
    assert found.healthy == (level != "problem")
    assert all(finding.next for finding in found.findings if finding.level == "problem")
    assert all(finding.what.endswith((".", "refused")) for finding in found.findings)
