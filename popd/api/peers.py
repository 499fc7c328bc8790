"""Who is connected, over which ways, and what is held against whom."""

from collections.abc import Iterable

from consensus.identifiers import NodeKey, to_peer_id
from popd.api.desk import Desk
from popd.api.names import Names
from popd.api.peer_shapes import (
    BannedPeer,
    Incident,
    PeerPath,
    Peers,
    PeerState,
    Unreached,
)
from popd.api.routing import Call
from popd.node import standing
from popd.node.node import Node
from popd.reports import EdgeReport, PathReport, PeerPaths


async def read_peers(desk: Desk, call: Call) -> Peers:
    """Who is connected, who is kept out and why, and which addresses can't be reached."""
    return peers_view(desk.daemon.node, desk.daemon.edge(), desk.names())


def peers_view(node: Node, edge: EdgeReport, names: Names) -> Peers:
    """All of it, peers in order of their names."""
    now_ms = node.context.now_ms
    connected = [_peer(node, paths, names) for paths in edge.peers]
    return Peers(
        peers=sorted(connected, key=lambda peer: (peer.name, peer.node)),
        banned=[
            BannedPeer(
                to_peer_id(key),
                ban.until_ms,
                ban.times,
                ban.incidents[-1].offence.words,
                _incidents(ban.incidents),
            )
            for key, ban in node.standings.bans.items()
            if ban.until_ms > now_ms
        ],
        unreached=[
            Unreached(failure.address, failure.failures, failure.error)
            for failure in edge.network.failures
        ],
    )


def _peer(node: Node, paths: PeerPaths, names: Names) -> PeerState:
    key: NodeKey = paths.peer
    known = node.context.peers.get(key)
    held = node.standings.of.get(key)
    feed = node.spreading.feeds.get(key)
    identity = None if known is None else known.identity
    traffic = paths.traffic
    return PeerState(
        node=to_peer_id(key),
        identity=None if identity is None else identity.hex(),
        name=f"node {to_peer_id(key)[-6:]}" if identity is None else names.of(identity),
        practice=known is not None and known.is_automated,
        since_ms=paths.since_us // 1_000,
        subnet=paths.subnet,
        paths=[_path(path) for path in paths.paths],
        path_changes=paths.changes,
        messages_in=traffic.messages_in,
        messages_out=traffic.messages_out,
        bytes_in=traffic.bytes_in,
        bytes_out=traffic.bytes_out,
        waiting_bytes=traffic.kept_bytes,
        shed=traffic.live_shed,
        is_eager=feed is not None and feed.is_eager,
        refused=0 if held is None else held.refused,
        points=0 if held is None else node.standings.points(key),
        incidents=[] if held is None else _incidents(held.incidents),
    )


def _path(path: PathReport) -> PeerPath:
    return PeerPath(
        address=path.address,
        transport=path.transport,
        outbound=path.is_outbound,
        state=path.state.value,
        round_trip_ms=None if path.round_trip_us is None else path.round_trip_us / 1_000,
        loss_ppm=path.loss_ppm,
        bytes_per_s=path.bytes_per_s,
    )


def _incidents(incidents: Iterable[standing.Incident]) -> list[Incident]:
    return [Incident(item.time_ms, item.offence.words, item.detail) for item in incidents]
