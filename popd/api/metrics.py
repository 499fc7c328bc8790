"""Figures for Prometheus, gathered anew each time they are asked for."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from popd.api.desk import Desk
from popd.api.routing import Call
from popd.node.node import Node
from popd.reports import EdgeReport

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"


async def read_metrics(desk: Desk, call: Call) -> Response:
    """Figures of the node and its network in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(_Figures(desk.daemon.node, desk.daemon.edge()))
    return Response(generate_latest(registry), media_type=TEXT)


class _Figures(Collector):
    """The figures of one moment."""

    def __init__(self, node: Node, edge: EdgeReport) -> None:
        self._node = node
        self._edge = edge

    def collect(self) -> Iterator[Metric]:
        """All of them; names follow Prometheus's conventions."""
        node, edge = self._node, self._edge
        ledger = node.ledger
        gauges = (
            ("popd_entries", "Entries that took their place.", len(ledger.applied)),
            ("popd_entries_rejected", "Entries that break a rule.", len(ledger.rejected)),
            ("popd_entries_waiting", "Entries that wait for others.", len(node.admission.waiting)),
            ("popd_entries_deferred", "Entries ahead of our clock.", len(node.admission.deferred)),
            ("popd_authors", "Authors with a chain here.", len(ledger.tips)),
            ("popd_heads_wanted", "Heads that are being fetched.", len(node.pulling.wanted)),
            ("popd_blobs_wanted", "Charts and evidence being fetched.", len(node.blobs.wanted)),
            ("popd_peers", "Peers that can be reached.", len(edge.peers)),
            ("popd_peers_banned", "Peers that are kept out.", len(node.standings.bans)),
            (
                "popd_batch_delay_seconds",
                "How long fresh entries are collected.",
                node.spreading.delay_ms / 1_000,
            ),
            ("popd_waiting_events", "Events that the node has not taken in.", edge.waiting_events),
            ("popd_waiting_bytes", "Bytes of messages among them.", edge.waiting_bytes),
            ("popd_disk_free_bytes", "Room on the disk.", edge.free_bytes),
            ("popd_half_open", "Connections that have not shaken hands.", edge.network.half_open),
            (
                "popd_received_messages",
                "Messages of peers connected now.",
                sum(peer.traffic.messages_in for peer in edge.peers),
            ),
            ("popd_received_bytes", "Their bytes.", sum(p.traffic.bytes_in for p in edge.peers)),
            (
                "popd_sent_messages",
                "Messages to peers connected now.",
                sum(peer.traffic.messages_out for peer in edge.peers),
            ),
            ("popd_sent_bytes", "Their bytes.", sum(p.traffic.bytes_out for p in edge.peers)),
            (
                "popd_live_shed",
                "Live messages to peers that were too slow.",
                sum(peer.traffic.live_shed for peer in edge.peers),
            ),
            (
                "popd_path_changes",
                "Times that another path took over.",
                sum(peer.changes for peer in edge.peers),
            ),
        )
        for name, words, value in gauges:
            yield GaugeMetricFamily(name, words, value=value)
        counters = (
            ("popd_dropped_messages", "Messages without room.", edge.dropped_messages),
            ("popd_connections_refused", "Connections turned away.", edge.network.refused),
            ("popd_dials", "Attempts to reach somebody.", edge.network.dials),
        )
        for name, words, value in counters:
            yield CounterMetricFamily(name, words, value=value)
